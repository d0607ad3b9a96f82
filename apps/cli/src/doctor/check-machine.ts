import { execFile } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { findFfmpeg } from '@vigilia/processor';
import type { Finding } from '@vigilia/protocol';
import { examine } from '@vigilia/service';

const run = promisify(execFile);
const leastDiskGb = 5;
const leastMemoryGb = 2;

/** ffmpeg: found, and new enough for `-fps_mode` (5.1). */
export function checkFfmpeg(): Promise<Finding> {
  return examine('ffmpeg', 'Install ffmpeg 5.1 or later, or set FFMPEG_BIN.', async () => {
    const path = findFfmpeg();
    const { stdout } = await run(path, ['-hide_banner', '-version']);
    const version = /ffmpeg version n?(\d+)\.(\d+)/.exec(stdout);
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    if (version !== null && (major < 5 || (major === 5 && minor < 1))) {
      return {
        check: 'ffmpeg',
        result: 'failed',
        code: 'ffmpeg_too_old',
        detail: `${path} is version ${major}.${minor}`,
        remedy: 'Install 5.1 or later.',
      };
    }
    return { check: 'ffmpeg', result: 'ok', detail: `${path}, ${stdout.split('\n')[0] ?? ''}` };
  });
}

export function checkDisk(folder: string): Promise<Finding> {
  return examine('disk', 'Give an existing folder with --data-dir.', () => {
    const disk = statfsSync(folder);
    return judgeDisk(folder, disk.bavail * disk.bsize);
  });
}

export function judgeDisk(folder: string, freeBytes: number): Finding {
  const figures = { free_gb: Math.round(freeBytes / 1e8) / 10 };
  const detail = `${figures.free_gb} GB free in ${folder}`;
  if (freeBytes >= leastDiskGb * 1e9) return { check: 'disk', result: 'ok', detail, figures };
  const remedy = 'Free some space: while Elasticsearch is unreachable, the event sink keeps everything on disk.';
  return { check: 'disk', result: 'warning', code: 'disk_low', detail: `only ${detail}`, remedy, figures };
}

export function checkMemory(): Finding {
  const free = Math.round(freemem() / 1e8) / 10;
  const figures = { free_gb: free, total_gb: Math.round(totalmem() / 1e8) / 10 };
  if (free >= leastMemoryGb)
    return { check: 'memory', result: 'ok', detail: `${free} of ${figures.total_gb} GB free`, figures };
  return {
    check: 'memory',
    result: 'warning',
    code: 'memory_low',
    detail: `only ${free} of ${figures.total_gb} GB free`,
    remedy: 'A dedicated processor needs about 0.7 GB; lower max_dedicated in the policy or add memory.',
    figures,
  };
}

/** The engine: `docker compose up` needs it, `vigilia start` does not. */
export async function checkDocker(env: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  try {
    const { stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000, env });
    return { check: 'docker', result: 'ok', detail: `engine ${stdout.trim()}` };
  } catch (error) {
    return withoutEngine(error as { code?: unknown; stderr?: string });
  }
}

function withoutEngine({ code, stderr = '' }: { code?: unknown; stderr?: string }): Finding {
  const check = 'docker';
  const only = 'Only "docker compose up" needs it; "vigilia start" does without.';
  if (code === 'ENOENT')
    return { check, result: 'skipped', detail: 'it is not installed', remedy: `${only} Install docker and compose.` };
  if (!/permission denied/i.test(stderr))
    return {
      check,
      result: 'skipped',
      detail: 'no engine answers',
      remedy: `${only} Start it: systemctl start docker.`,
    };
  const remedy = `Add the user to the group docker and log in again. ${only}`;
  return { check, result: 'warning', code: 'docker_refused', detail: 'the engine refuses this user', remedy };
}
