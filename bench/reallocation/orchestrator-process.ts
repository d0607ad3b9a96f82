import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endRegistered } from '@vigilia/orchestrator';
import { endProcess } from '@vigilia/service';
import { repoRoot } from '@vigilia/testing';

const entry = (app: string): string => join(repoRoot, 'apps', app, 'dist', 'main.js');

export interface OrchestratorOptions {
  readonly url: string;
  /** Clips and models; policy and registry go there too. */
  readonly folder: string;
  readonly modelId: string;
  readonly clipClock: string;
  /** Standbys that the policy wants. */
  readonly standby?: number;
}

/** The built orchestrator with the process runtime, over one home `processor-a` with rooms 0 and 1. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<{ stop(): Promise<void> }> {
  const { folder, modelId, standby = 0 } = options;
  const policy = {
    standby,
    quiet: { model_id: modelId, max_fps: 0.1 },
    incident: { model_id: modelId, max_fps: 1 },
    rooms: { 0: { home: 'processor-a' }, 1: { home: 'processor-a' } },
  };
  const policyFile = join(folder, 'policy.yaml');
  const dataDir = join(folder, 'orchestrator');
  // JSON is YAML
  await writeFile(policyFile, JSON.stringify(policy));
  const child = spawn(process.execPath, [entry('orchestrator'), ...flagsOf(options, policyFile, dataDir)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment(options),
  });
  return {
    stop: async () => {
      await end(child);
      await endRegistered(dataDir);
    },
  };
}

function flagsOf({ url, folder, modelId }: OrchestratorOptions, policyFile: string, dataDir: string): string[] {
  return [
    ...['--mqtt-url', url, '--runtime', 'process', '--processor-entry', entry('processor')],
    ...['--data-dir', dataDir, '--policy', policyFile, '--processor-model', modelId],
    ...['--stream-server', `file://${folder}/{source_id}.mp4`],
  ];
}

/** Dedicated processors inherit what they need to find clips and models. */
function environment({ folder, clipClock }: OrchestratorOptions): NodeJS.ProcessEnv {
  const { PATH, FFMPEG_BIN } = process.env;
  const cameras = { MEDIA_DIR: folder, STREAM_SERVER: `file://${folder}/{source_id}.mp4`, CLIP_CLOCK: clipClock };
  return { PATH, FFMPEG_BIN, MODELS_DIR: folder, ...cameras };
}

async function end(child: ChildProcess): Promise<void> {
  await endProcess(child, { graceMs: 12_000 });
}
