#!/usr/bin/env python3
"""Turns an Ultralytics YOLO model (v8, 11 and those built like them) into an ONNX file that Vigilia reads.

The result is one graph of fixed shape: input [1,3,size,size] float32 RGB 0..1, output [1,4+classes,N] for a detector or
[1,56,N] for a pose model. Suppression of doubles (NMS) is left out: the processor does it.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

# Nothing is fetched or installed while this runs; these are read when the library is imported.
os.environ["YOLO_OFFLINE"] = "true"
os.environ["YOLO_AUTOINSTALL"] = "false"
os.environ.setdefault("YOLO_VERBOSE", "false")

OPSET = 17  # every operator of these networks is in it, and ONNX Runtime has known it since 1.12
POSE_ROWS = 56  # box 4, person 1, 17 points × (x, y, visibility)


class ExportError(Exception):
    """A user's mistake, told in one sentence without a stack."""


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--weights", type=Path, metavar="FILE.pt", help="a trained model; it can run code: trust its origin")
    source.add_argument("--untrained", metavar="NAME.yaml", help="an architecture with random weights, to try the way")
    parser.add_argument("--size", type=int, default=640, help="side of the input in pixels, a multiple of 32 (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx", help="where to write; FILE.json goes beside it")
    return parser.parse_args()


def check(arguments: argparse.Namespace) -> None:
    if arguments.size < 32 or arguments.size > 4096 or arguments.size % 32 != 0:
        raise ExportError(f"--size: {arguments.size} is no multiple of 32 between 32 and 4096.")
    if arguments.out.suffix != ".onnx":
        raise ExportError(f"--out: {arguments.out} does not end in .onnx.")
    if not arguments.out.parent.is_dir():
        raise ExportError(f"--out: the folder {arguments.out.parent} does not exist; mount or make it first.")
    weights = arguments.weights
    # The library would look for a missing file on the net.
    if weights is not None and (weights.suffix != ".pt" or not weights.is_file()):
        raise ExportError(f"--weights: {weights} is no .pt file that exists; mount its folder.")


def load(arguments: argparse.Namespace):
    from ultralytics import YOLO

    try:
        model = YOLO(str(arguments.weights or arguments.untrained))
    except (OSError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
        name = f"--weights: {arguments.weights}" if arguments.weights else f"--untrained: {arguments.untrained}"
        reason = str(error).splitlines()[0]
        raise ExportError(f"{name} is no YOLO model that this version of the library can read ({reason})") from error
    if model.task not in ("detect", "pose"):
        raise ExportError(f"The model is one for {model.task}; only those for detect and pose can be used.")
    return model


def export(model, size: int, out: Path) -> None:
    """Writes `out` whole or not at all."""
    # The library writes beside the weights, which may be mounted read-only; it is given a place of its own.
    with tempfile.TemporaryDirectory() as folder:
        model.model.pt_path = str(Path(folder) / "model.pt")
        made = model.export(
            format="onnx", imgsz=size, batch=1, opset=OPSET, dynamic=False, simplify=True, nms=None, device="cpu"
        )
        check_shapes(Path(made), model, size)
        partial = out.with_name(f".{out.name}.partial")
        shutil.copyfile(made, partial)
        partial.replace(out)


def check_shapes(made: Path, model, size: int) -> None:
    import onnx

    onnx.checker.check_model(str(made))
    graph = onnx.load(str(made)).graph

    def shape(tensor) -> list[int]:
        return [dimension.dim_value for dimension in tensor.type.tensor_type.shape.dim]

    rows = POSE_ROWS if model.task == "pose" else 4 + len(model.names)
    cells = sum((size // stride) ** 2 for stride in (8, 16, 32))
    expected = [[1, 3, size, size]], [[1, rows, cells]]
    found = [shape(tensor) for tensor in graph.input], [shape(tensor) for tensor in graph.output]
    if found != expected:
        raise ExportError(f"Inputs and outputs are {found}, where {expected} was expected; this architecture is not supported.")
    print(f"opset {OPSET}, inputs {found[0]}, outputs {found[1]}")


def describe(model, arguments: argparse.Namespace) -> dict[str, object]:
    """The JSON beside the model: names of the classes and where it comes from."""
    from ultralytics import __version__

    names = [str(model.names[index]) for index in sorted(model.names)]
    source = f"weights {arguments.weights.name}" if arguments.weights else f"{arguments.untrained}, untrained: finds nothing"
    description: dict[str, object] = {"note": f"From {source}; exported with ultralytics {__version__} (AGPL-3.0)."}
    # An untrained network of COCO's 80 classes only numbers them.
    if arguments.weights is not None:
        description["labels"] = names
    return description


def main() -> int:
    arguments = parse_arguments()
    try:
        check(arguments)
        model = load(arguments)
        export(model, arguments.size, arguments.out)
    except ExportError as error:
        print(f"export.py: {error}", file=sys.stderr)
        return 2
    description = json.dumps(describe(model, arguments), indent=2, ensure_ascii=False)
    arguments.out.with_suffix(".json").write_text(f"{description}\n", encoding="utf-8")
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
