import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endRegistered } from '@vigilia/orchestrator';
import { endProcess } from '@vigilia/service';
import { freePort, repoRoot, type TempFolder } from '@vigilia/testing';
import type { RoleBroker } from '../../deploy/mosquitto/testing/start-with-roles.ts';
import type { Home } from './simulated-homes.ts';

const serviceNames = ['orchestrator', 'event-sink', 'console', 'notifier'] as const;
type ServiceName = (typeof serviceNames)[number];

const idle = join(import.meta.dirname, 'idle-main.mjs');
const roles = { orchestrator: 'orchestrator', 'event-sink': 'sink', console: 'console', notifier: 'notifier' } as const;

export interface RunningServices {
  /** Address of the page. */
  readonly pageUrl: string;
  readonly pids: Readonly<Record<ServiceName, number>>;
  stop(): Promise<void>;
}

/** The built services as they run for a user, each with its own role at the broker. Dedicated processors are processes that do nothing. */
export async function startServices(
  broker: RoleBroker,
  folder: TempFolder,
  homes: readonly Home[],
): Promise<RunningServices> {
  const rooms = homes.flatMap(({ instanceId, rooms }) => rooms.map((room) => [room, { home: instanceId }]));
  const policy = {
    quiet: { max_fps: 0.1 },
    relief: { max_fps: 0.05 },
    limits: { max_dedicated: 5 },
    rooms: Object.fromEntries(rooms),
  };
  await writeFile(folder.file('policy.yaml'), JSON.stringify(policy)); // JSON is YAML
  const port = await freePort();
  const flags: Record<ServiceName, string[]> = {
    orchestrator: [
      '--policy',
      folder.file('policy.yaml'),
      '--data-dir',
      folder.file('orchestrator'),
      '--processor-entry',
      idle,
    ],
    'event-sink': ['--ndjson-dir', folder.file('events'), '--spool-dir', folder.file('spool')],
    console: ['--no-auth', '--port', String(port)],
    notifier: ['--home-assistant', '--state-dir', folder.file('notifier')],
  };
  const running = new Map<ServiceName, ChildProcess>();
  for (const name of serviceNames) {
    const env = {
      PATH: process.env.PATH,
      MQTT_URL: broker.url(roles[name]),
      MQTT_USERNAME: roles[name],
      MQTT_PASSWORD: await broker.password(roles[name]),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
      LOG_LEVEL: 'warn',
    };
    const entry = join(repoRoot, 'apps', name, 'dist', 'main.js');
    const child = spawn(process.execPath, [entry, ...flags[name]], { stdio: ['ignore', 'ignore', 'inherit'], env });
    running.set(name, child);
  }
  const pid = (name: ServiceName): number => running.get(name)?.pid ?? 0;
  return {
    pageUrl: `http://127.0.0.1:${port}/`,
    pids: {
      orchestrator: pid('orchestrator'),
      'event-sink': pid('event-sink'),
      console: pid('console'),
      notifier: pid('notifier'),
    },
    stop: async () => {
      await Promise.all([...running.values()].map((child) => endProcess(child, { graceMs: 12_000 })));
      await endRegistered(folder.file('orchestrator'));
    },
  };
}
