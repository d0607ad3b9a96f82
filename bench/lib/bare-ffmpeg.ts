import { type ChildProcess, spawn } from 'node:child_process';
import { findFfmpeg } from '@vigilia/processor';
import { endProcess } from '@vigilia/service';
import { letterboxFilter } from '@vigilia/vision';

/**
 * A floor of a room, written out here, so that a change of the processor's arguments shows in the ratio. `decode`: key frames only, the
 * same filter and pixel format as the processor's, the pictures thrown away. `copy`: packets received and written out without being
 * decoded. Both read the same playlist at the speed of a camera.
 */
export class BareFfmpeg {
  readonly #child: ChildProcess;

  constructor(options: { readonly clip: string; readonly work: { readonly decodeTo: number } | 'copy' }) {
    const { clip, work } = options;
    const input = ['-protocol_whitelist', 'file,pipe,fd', '-f', 'concat', '-safe', '0', '-re', '-i', 'pipe:0'];
    const decoder = work === 'copy' ? [] : ['-skip_frame', 'nokey'];
    const output = work === 'copy' ? ['-c:v', 'copy', '-f', 'data'] : frames(work.decodeTo);
    const args = [
      ...['-nostdin', '-v', 'error', '-threads', '1', ...decoder],
      ...[...input, '-map', '0:v:0', ...output, '-flush_packets', '1', 'pipe:1'],
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

function frames(size: number): string[] {
  const scaled = ['-vf', letterboxFilter(size, size), '-fps_mode', 'passthrough'];
  return [...scaled, '-pix_fmt', 'rgb24', '-f', 'rawvideo'];
}
