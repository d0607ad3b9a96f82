import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { type LogLine, logDocument } from '../documents/log-document.ts';
import { ContainerLogs } from './container-logs.ts';
import { connectDocker } from './docker-api.ts';

const run = promisify(execFile);
const IMAGE = 'debian:bookworm-slim';
const SOCKET = 'unix:///var/run/docker.sock';

requires('docker')('container logs, from a real engine', () => {
  let folder: TempFolder;
  let label: string;
  let name: string;
  let lines: LogLine[];
  const following: ContainerLogs[] = [];

  beforeEach(async () => {
    folder = await tempFolder('docker-logs');
    const unique = `${process.pid}-${Date.now()}`;
    label = `io.vigilia.test=${unique}`;
    name = `vigilia-test-logs-${unique}`;
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(following.splice(0).map((logs) => logs.stop()));
    await run('docker', ['rm', '-f', name]).catch(() => undefined);
    await folder.remove();
  });

  async function follow(): Promise<ContainerLogs> {
    const take = async (taken: readonly LogLine[]) => void lines.push(...taken);
    const logs = new ContainerLogs({
      docker: connectDocker(SOCKET, label),
      positionsFile: folder.file('positions.json'),
      take,
      clock: systemClock,
      logger: silentLogger(),
      listIntervalMs: 60_000,
    });
    following.push(logs);
    await logs.start();
    return logs;
  }
  const start = (script: string) =>
    run('docker', ['run', '-d', '--name', name, '--label', label, '--network', 'none', IMAGE, 'bash', '-c', script]);

  it('sees a container that starts later, both its streams, and every line once over restarts of the sink', async () => {
    await follow();
    await start(
      'for n in $(seq 1 300); do echo "line $n"; [ $((n % 50)) = 0 ] && sleep 0.4; done; echo "an error" >&2; sleep 1',
    );
    for (const enough of [60, 160, 260]) {
      await eventually(() => expect(lines.length).toBeGreaterThanOrEqual(enough), { timeoutMs: 120_000 });
      await following.pop()?.stop();
      await follow();
    }
    await eventually(() => expect(lines.map(({ text }) => text)).toContain('an error'), { timeoutMs: 120_000 });
    const texts = lines.map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('line')).sort()).toEqual(
      Array.from({ length: 300 }, (_, n) => `line ${n + 1}`).sort(),
    );
    const ids = lines.map((line) => logDocument(line, { receivedAtMs: 0, namespace: 'x', localHour: () => 0 }).id);
    expect(new Set(ids).size).toBe(301);
    expect(lines[0]?.origin).toMatchObject({ kind: 'container', name });
  });

  it('joins a line of 40 kB, which the engine keeps in pieces', async () => {
    await start(`printf 'x%.0s' $(seq 1 40000); echo; echo after`);
    await follow();
    await eventually(() => expect(lines.map(({ text }) => text.length)).toEqual([40_000, 5]), { timeoutMs: 120_000 });
  });
});
