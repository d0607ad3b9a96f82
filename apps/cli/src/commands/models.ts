import { UsageError } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { withProgress } from '../client/progress.ts';
import { repoRoot } from '../repo-root.ts';
import { printLine } from './with-bus.ts';

interface ModelFlags {
  readonly modelsDir: string;
  readonly picture: string;
  readonly json?: boolean;
}

interface CheckFlags extends ModelFlags {
  readonly confidence: string;
  readonly pictures?: string;
  readonly save?: boolean;
}

/** `models list | check ID | add FILE --id ID`; ONNX Runtime is loaded only when one of them runs. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('Models: what is there, whether it works here, and adding one')
    .addHelpText('after', '\nExamples:\n  vigilia models list\n  vigilia models add ./yolo11x.onnx --id yolov11x-640');
  withModels(models.command('list'))
    .description('The models in the folder')
    .addHelpText('after', '\nExample:\n  vigilia models list --json')
    .action(async (flags: ModelFlags) => {
      const { listModels } = await import('@vigilia/processor');
      const ids = listModels(flags.modelsDir);
      printLine(flags, ids.length === 0 ? `No model in ${flags.modelsDir}.` : ids.join('\n'), ids);
    });
  withModels(models.command('check <id>'))
    .description('Load a model as a processor does and try it on a picture')
    .option('--confidence <share>', 'report what is found from this confidence', '0.25')
    .option('--pictures <folder>', 'measure the calibration on its pictures in "people" and "empty"')
    .option('--save', 'write the measured calibration into <id>.json')
    .addHelpText(
      'after',
      '\nExamples:\n  vigilia models check movenet --picture room.jpg\n  vigilia models check mine --pictures ./pictures --save',
    )
    .action(async (modelId: string, flags: CheckFlags) => {
      checkFlags(flags);
      const { checkModel, describeReport } = await import('../models/check-model.ts');
      const report = await withProgress(`trying ${modelId}`, () =>
        checkModel({ ...flags, modelId, confidence: Number(flags.confidence) }),
      );
      printLine(flags, describeReport(report), report);
      if (flags.save !== true || report.measured === undefined) return;
      const { saveCalibration } = await import('../models/save-calibration.ts');
      const path = saveCalibration(flags.modelsDir, modelId, report.measured.calibration);
      process.stderr.write(`Written to ${path}. Processors read it when they load the model.\n`);
    });
  withModels(models.command('add <file>'))
    .description('Try an ONNX file and copy it into the folder')
    .requiredOption('--id <id>', 'the id that commands will name it by')
    .option('--replace', 'also where a model of this id exists')
    .addHelpText('after', '\nExample:\n  vigilia models add ./yolo11x.onnx --id yolov11x-640')
    .action(async (file: string, flags: ModelFlags & { id: string; replace?: boolean }) => {
      const { addModel } = await import('../models/add-model.ts');
      const { describeReport } = await import('../models/check-model.ts');
      const report = await withProgress(`trying ${file}`, () =>
        addModel({ ...flags, file, modelId: flags.id, replace: flags.replace === true }),
      );
      printLine(flags, `Added.\n${describeReport(report)}`, report);
    });
}

/** @throws UsageError `invalid_settings` */
function checkFlags({ save, pictures }: CheckFlags): void {
  if (save !== true || pictures !== undefined) return;
  throw new UsageError({
    code: 'invalid_settings',
    message: '--save has nothing to save: the calibration is measured with --pictures only.',
    remedy: 'Give a folder with --pictures.',
  });
}

function withModels(command: Command): Command {
  return command
    .addOption(
      new Option('--models-dir <dir>', 'folder of <id>.onnx files')
        .env('MODELS_DIR')
        .default(`${repoRoot()}/.cache/vigilia/models`),
    )
    .option('--picture <file>', 'picture to try it on', `${repoRoot()}/demo/stills/still-standing.png`)
    .option('--json', 'machine-readable output');
}
