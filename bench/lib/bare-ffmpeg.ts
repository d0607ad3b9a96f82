import { type ChildProcess, spawn } from 'node:child_process';
import { findFfmpeg } from '@vigilia/processor';
import { endProcess } from '@vigilia/service';
import { letterboxFilter } from '@vigilia/vision';

/**
 * A floor of a room, written out here, so that a change of the processor's arguments shows in the ratio. `decode`: keyframes only, the
 * same filter and pixel format as the processor's, the frames thrown away. `copy`: packets received and written out without being
 * decoded. Both receive an RTSP camera over TCP.
 */
export class BareFfmpeg {
  readonly #child: ChildProcess;

  constructor(options: { readonly url: string; readonly work: { readonly decodeTo: number } | 'copy' }) {
    const { url, work } = options;
    const decoder = work === 'copy' ? [] : ['-skip_frame', 'nokey'];
    const output = work === 'copy' ? ['-c:v', 'copy', '-f', 'data'] : frames(work.decodeTo);
    const args = [
      ...['-nostdin', '-v', 'error', '-threads', '1', ...decoder, '-rtsp_transport', 'tcp'],
      ...[
        '-use_wallclock_as_timestamps',
        '1',
        '-i',
        url,
        '-copytb',
        '1',
        '-map',
        '0:v:0',
        ...output,
        '-flush_packets',
        '1',
        'pipe:1',
      ],
    ];
    this.#child = spawn(findFfmpeg(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.resume();
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
