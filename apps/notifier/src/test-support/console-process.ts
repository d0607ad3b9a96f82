import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endProcess } from '@vigilia/service';
import { eventually, spawnTypeScript, type TempFolder, typeScriptArgs } from '@vigilia/testing';

const entry = fileURLToPath(new URL('../../../console/src/main.ts', import.meta.url));
const password = 'a long password';

interface Answer {
  readonly ok: boolean;
  readonly message?: string;
}

/** The console as a process of its own, with one technician who is signed in; it serves no page. */
export interface ConsoleProcess {
  /** Sends a command to the orchestrator as the page does; resolves with its answer. */
  command(name: string, params?: object): Promise<Answer | undefined>;
  /** Confirms the link “I am on my way” of a message, as its button does; resolves with the HTTP status. */
  confirm(link: unknown): Promise<number>;
  stop(): Promise<void>;
}

export interface ConsoleOptions {
  readonly folder: TempFolder;
  readonly port: number;
  /** How the technician is shown in incidents. */
  readonly displayName: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Adds the technician and starts the console; resolves when the technician is signed in. */
export async function startConsole({ folder, port, displayName, env }: ConsoleOptions): Promise<ConsoleProcess> {
  const users = ['--users-file', folder.file('console/users.json')];
  await mkdir(folder.file('console'));
  await writeFile(folder.file('console/index.html'), '');
  const user = ['--name', 'technician', '--display-name', displayName, '--role', 'technician'];
  const added = promisify(execFile)(process.execPath, [...typeScriptArgs, entry, 'add-user', ...users, ...user]);
  added.child.stdin?.end(`${password}\n`);
  await added;
  const flags = ['--port', `${port}`, '--page-dir', folder.file('console'), ...users];
  const { child } = spawnTypeScript(entry, flags, { env });
  const url = `http://127.0.0.1:${port}/`;
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}api/${path}`, {
      method: 'POST',
      headers: Object.assign({ 'content-type': 'application/json' }, headers),
      body: JSON.stringify(body),
    });
  const signedIn = await eventually(() => post('sign-in', { name: 'technician', password }), { timeoutMs: 60_000 });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };
  return {
    command: async (name, params = {}) => {
      const response = await post(`orchestrator/${name}`, { params }, { cookie, 'x-csrf-token': csrfToken });
      return ((await response.json()) as { answers?: Answer[] }).answers?.[0];
    },
    confirm: async (link) => {
      const token = new URL(String(link)).searchParams.get('token') ?? '';
      const body = new URLSearchParams({ token, lang: 'en' });
      return (await fetch(`${url}on-my-way`, { method: 'POST', body })).status;
    },
    stop: async () => {
      await endProcess(child);
    },
  };
}
