import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { endProcess } from '@vigilia/service';

/** A program that serves one video as any number of RTSP cameras: sending is not among the CPU time that is measured. */
export class CameraProcess {
  readonly #child: ChildProcess;
  /** `rtsp://127.0.0.1:PORT`; each path is a camera. */
  readonly url: string;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(options: { readonly video: string; readonly fps: number }): Promise<CameraProcess> {
    const child = fork(new URL('./camera-main.ts', import.meta.url), [options.video, String(options.fps)]);
    const [url] = (await once(child, 'message')) as [string];
    return new CameraProcess(child, url);
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, { graceMs: 1000 });
  }
}
