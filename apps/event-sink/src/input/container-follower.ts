import type { LogLine } from '../documents/log-document.ts';
import { asInteger, asRecord, asText } from '../schema/json-fields.ts';
import type { ContainerInfo, DockerLogs } from './docker-api.ts';
import { DockerLogParser, type LogEntry, sinceOf } from './docker-frames.ts';

/** The engine's time of the last line taken, and how many lines of exactly that time were. */
export interface ContainerPosition {
  readonly time: string;
  readonly lines: number;
}

export function asContainerPosition(value: unknown): ContainerPosition | undefined {
  const record = asRecord(value);
  const time = asText(record?.time);
  const lines = asInteger(record?.lines);
  return time === undefined || lines === undefined ? undefined : { time, lines };
}

export interface FollowOptions {
  readonly docker: DockerLogs;
  readonly container: ContainerInfo;
  readonly from: ContainerPosition | undefined;
  /** Resolves when all of these lines are safe. */
  readonly take: (lines: readonly LogLine[]) => Promise<void>;
  readonly onPosition: (position: ContainerPosition) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Follows one container's log until it ends or the signal aborts. Goes on exactly behind `from`: the engine's `since` includes that moment,
 * so as many lines of it as were taken before are passed over, and a line's ordinal among equal ones comes out the same each time.
 */
export async function followContainer(options: FollowOptions): Promise<void> {
  const { docker, container, from, take, onPosition, signal } = options;
  const parser = new DockerLogParser();
  const counter = new LineCounter(from);
  for await (const chunk of docker.logs(container.name, from === undefined ? undefined : sinceOf(from.time), signal)) {
    const fresh: LogLine[] = [];
    for (const entry of parser.push(chunk)) {
      const ordinal = counter.next(entry);
      if (ordinal !== undefined) {
        fresh.push(lineOf(entry, ordinal, container));
      }
    }
    if (fresh.length === 0) continue;
    await take(fresh);
    await onPosition(counter.position);
  }
}

function lineOf(entry: LogEntry, ordinal: number, container: ContainerInfo): LogLine {
  const timeMs = Date.parse(entry.time);
  return {
    text: entry.text,
    origin: { kind: 'container', name: container.name, id: container.id },
    place: [entry.time, String(ordinal)],
    timeMs: Number.isNaN(timeMs) ? undefined : timeMs,
  };
}

class LineCounter {
  #time: string;
  #lines = 0;
  #skip: number;
  readonly #equal = new Map<string, number>();

  constructor(from: ContainerPosition | undefined) {
    this.#time = from?.time ?? '';
    this.#skip = from?.lines ?? 0;
  }

  get position(): ContainerPosition {
    return { time: this.#time, lines: this.#lines };
  }

  /** The entry's ordinal among lines of the same time and text; `undefined` when it was taken before. */
  next(entry: LogEntry): number | undefined {
    if (entry.time !== this.#time) {
      this.#time = entry.time;
      this.#lines = 0;
      this.#skip = 0;
      this.#equal.clear();
    }
    this.#lines += 1;
    const ordinal = this.#equal.get(entry.text) ?? 0;
    this.#equal.set(entry.text, ordinal + 1);
    return this.#lines <= this.#skip ? undefined : ordinal;
  }
}
