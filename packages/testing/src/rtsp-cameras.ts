import { spawn } from 'node:child_process';
import { endProcess, isAlive } from '@vigilia/service';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { testTool } from './repo-root.ts';

export interface RtspCameras {
  /** `rtsp://127.0.0.1:PORT`; room 2 is at `{url}/2`. */
  readonly url: string;
  /** The API, as go2rtc's. */
  readonly apiUrl: string;
  /** Ends one camera's feed (the RTSP server stays): readers get no more frames. */
  cut(room: string | number): Promise<void>;
  /** Starts the feed again. */
  restore(room: string | number): Promise<void>;
  stop(): Promise<void>;
}

interface StreamView {
  producers: { pid: number | null }[];
}

/** Live RTSP cameras from files that loop, each room one (needs `requires('rtsp')`). */
export async function startRtspCameras(rooms: Record<string, string>): Promise<RtspCameras> {
  const [rtspPort, apiPort] = [await freePort(), await freePort()];
  const pairs = Object.entries(rooms).map(([room, file]) => `${room}=${file}`);
  const script = testTool('images', 'go2rtc', 'rtsp-cameras');
  const args = [script, '--rtsp-port', String(rtspPort), '--api-port', String(apiPort), ...pairs];
  const child = spawn('/usr/bin/python3', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  await eventually(async () => {
    await fetch(`${apiUrl}/api/streams`);
  }).catch(async (error: unknown) => {
    await endProcess(child);
    throw new Error(`the cameras did not start: ${log}`, { cause: error });
  });
  return {
    url: `rtsp://127.0.0.1:${rtspPort}`,
    apiUrl,
    cut: (room) => cutFeed(apiUrl, room),
    restore: async (room) => {
      const response = await fetch(`${apiUrl}/api/restore?src=${room}`, { method: 'POST' });
      if (!response.ok) {
        throw new Error(`room ${room} was not restored: HTTP ${response.status}`);
      }
    },
    stop: async () => {
      await endProcess(child);
    },
  };
}

async function cutFeed(apiUrl: string, room: string | number): Promise<void> {
  const streams = (await (await fetch(`${apiUrl}/api/streams`)).json()) as Record<string, StreamView>;
  const view = streams[String(room)];
  if (view === undefined) {
    throw new Error(`there is no room ${room}`);
  }
  const pid = view.producers[0]?.pid;
  if (pid !== undefined && pid !== null) {
    process.kill(pid, 'SIGKILL');
    await eventually(() => assertGone(pid));
  }
}

function assertGone(pid: number): void {
  if (isAlive(pid)) {
    throw new Error(`process ${pid} is still there`);
  }
}
