import { systemClock } from '@vigilia/service';
import { eventually, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import type { LogLine } from '../documents/log-document.ts';
import { logDocument } from '../documents/log-document.ts';
import { ContainerLogs } from './container-logs.ts';
import type { ContainerInfo, DockerLogs } from './docker-api.ts';

/** An engine of one container: keeps its log, serves it from `since` on as Docker does (that moment included). */
class FakeEngine implements DockerLogs {
  containers: ContainerInfo[] = [{ id: 'c1', name: 'vigilia-processor-a', isRunning: true }];
  entries: { nanos: number; text: string }[] = [];
  asked: (string | undefined)[] = [];
  isAway = false;
  #wakers: (() => void)[] = [];

  write(nanos: number, text: string): void {
    this.entries.push({ nanos, text });
    for (const wake of this.#wakers.splice(0)) {
      wake();
    }
  }
  endStreams(): void {
    for (const wake of this.#wakers.splice(0)) {
      wake();
    }
  }
  list = async (): Promise<ContainerInfo[]> => {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    return this.containers;
  };
  async *logs(_: string, since: string | undefined, signal: AbortSignal): AsyncIterable<Buffer> {
    this.asked.push(since);
    const from = since === undefined ? 0 : Number(since.split('.')[1]);
    for (let at = this.entries.findIndex(({ nanos }) => nanos >= from); !signal.aborted; at += 1) {
      if (at === -1) {
        at = this.entries.length;
      }
      while (at >= this.entries.length && !signal.aborted) {
        if (this.containers[0]?.isRunning !== true) return;
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          this.#wakers.push(resolve);
        });
      }
      const entry = this.entries[at];
      if (entry === undefined) return;
      yield frame(`2026-03-01T00:00:00.${String(entry.nanos).padStart(9, '0')}Z ${entry.text}\n`);
    }
  }
  async *events(signal: AbortSignal): AsyncIterable<Buffer> {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    yield* [];
  }
}

function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('container logs', () => {
  let folder: TempFolder;
  let engine: FakeEngine;
  let lines: LogLine[];
  const running: ContainerLogs[] = [];

  beforeEach(async () => {
    folder = await tempFolder('containers');
    engine = new FakeEngine();
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((logs) => logs.stop()));
    await folder.remove();
  });

  async function follow(take?: (taken: readonly LogLine[]) => Promise<void>): Promise<ContainerLogs> {
    const logs = new ContainerLogs({
      docker: engine,
      positionsFile: folder.file('positions.json'),
      take: take ?? (async (taken) => void lines.push(...taken)),
      clock: systemClock,
      logger: silentLogger(),
      listIntervalMs: 20,
    });
    running.push(logs);
    await logs.start();
    return logs;
  }
  const texts = () => lines.map(({ text }) => text);
  const idsOf = (taken: readonly LogLine[]) =>
    taken.map((line) => logDocument(line, { receivedAtMs: 0, namespace: 'x', localHour: () => 0 }).id);

  it('goes on over a restart with no gap and no repetition, also among lines of the same nanosecond', async () => {
    for (const [nanos, text] of [
      [1, 'a'],
      [2, 'b'],
      [2, 'b'],
    ] as const) {
      engine.write(nanos, text);
    }
    const first = await follow();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'b']));
    await first.stop();
    for (const [nanos, text] of [
      [2, 'b'],
      [2, 'c'],
      [3, 'd'],
    ] as const) {
      engine.write(nanos, text);
    }
    await follow();
    await eventually(() => expect(texts()).toEqual(['a', 'b', 'b', 'b', 'c', 'd']));
    expect(engine.asked.at(-1)).toMatch(/\.000000002$/);
    expect(new Set(idsOf(lines)).size).toBe(6);
  });

  it('takes again under the same ids what was not safe when the sink was killed', async () => {
    for (let nanos = 1; nanos <= 5; nanos += 1) {
      engine.write(nanos, `line ${nanos}`);
    }
    engine.write(5, 'line 5');
    const seen: LogLine[] = [];
    const dying = await follow(async (taken) => {
      seen.push(...taken);
      if (seen.length >= 4) throw new Error('killed');
    });
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(6));
    await dying.stop();
    await follow();
    await eventually(() => expect(texts().at(-1)).toBe('line 5'));
    await eventually(() => expect(new Set([...idsOf(seen), ...idsOf(lines)]).size).toBe(6));
  });

  it('finds containers that start later, and an engine that was unreachable', async () => {
    engine.isAway = true;
    await follow();
    engine.write(1, 'late');
    engine.isAway = false;
    await eventually(() => expect(texts()).toEqual(['late']));
  });

  it('reads a stopped container to its end, once, and again when it runs again', async () => {
    engine.containers = [{ id: 'c1', name: 'vigilia-x', isRunning: false }];
    engine.write(1, 'last words');
    await follow();
    await eventually(() => expect(texts()).toEqual(['last words']));
    const asked = engine.asked.length;
    engine.containers = [{ id: 'c1', name: 'vigilia-x', isRunning: true }];
    engine.write(2, 'back');
    await eventually(() => expect(texts()).toEqual(['last words', 'back']));
    expect(engine.asked.length).toBe(asked + 1);
  });
});
