import { type ChildProcess, spawn } from 'node:child_process';
import { findFfmpeg } from '@vigilia/processor';
import { endProcess } from '@vigilia/service';
import { letterboxFilter } from '@vigilia/vision';

/**
 * The floor of a room: key frames only, the same filter and pixel format as the processor's, the same playlist at the speed
 * of a camera, the pictures thrown away. Written out here, so that a change of the processor's arguments shows in the ratio.
 */
export class BareFfmpeg {
  readonly #child: ChildProcess;

  constructor(options: { readonly clip: string; readonly size: number }) {
    const { clip, size } = options;
    const input = ['-protocol_whitelist', 'file,pipe,fd', '-f', 'concat', '-safe', '0', '-re', '-i', 'pipe:0'];
    const output = ['-map', '0:v:0', '-vf', letterboxFilter(size, size), '-fps_mode', 'passthrough'];
    const args = [
      ...['-nostdin', '-v', 'error', '-threads', '1', '-skip_frame', 'nokey'],
      ...input,
      ...output,
      ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
    ];
    this.#child = spawn(findFfmpeg(), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.resume();
    this.#child.stdin?.end(`ffconcat version 1.0\n${`file 'file:${clip}'\n`.repeat(500)}`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, { graceMs: 1000 });
  }
}
