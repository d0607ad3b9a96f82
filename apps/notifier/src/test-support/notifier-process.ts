import { fileURLToPath } from 'node:url';
import { endProcess } from '@vigilia/service';
import { eventually, spawnTypeScript } from '@vigilia/testing';

const entry = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface NotifierProcess {
  /** Everything it printed, both streams. */
  output(): string;
  /** Resolves when it has logged this event. */
  until(event: string): Promise<void>;
  /** kill -9; resolves when it has ended. */
  kill(): Promise<void>;
  /** Ends it in order; its exit code. */
  stop(): Promise<number | null>;
}

/** The notifier as a process of its own, connected when this resolves. */
export async function startNotifier(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<NotifierProcess> {
  const { child, stdout, stderr, ended } = spawnTypeScript(entry, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const output = () => stdout() + stderr();
  const until = (event: string) =>
    eventually(
      () => {
        if (!output().includes(`"event":"${event}"`)) throw new Error(output().slice(-2000));
      },
      { timeoutMs: 180_000, message: `the notifier’s event ${event}` },
    );
  await until('mqtt_connected');
  return {
    output,
    until,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => (await endProcess(child, { graceMs: 60_000 })).code,
  };
}
