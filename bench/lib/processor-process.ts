import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Ack, createTopics, type DetectionsMessage } from '@vigilia/protocol';
import { type Bus, endProcess } from '@vigilia/service';
import { connectBus, eventually, repoRoot } from '@vigilia/testing';

/** Results of a room before it is measured: the first ones include opening the stream and warming up. */
export const warmAfter = 6;

export interface ProcessorProcessOptions {
  readonly url: string;
  /** Folder of clips and models. */
  readonly folder: string;
  readonly flags: readonly string[];
  /** For a look at where the time goes: `--cpu-prof` and the like. */
  readonly nodeArgs?: readonly string[];
}

export interface SeenResult {
  readonly room: number;
  /** When the message came, ms of `performance.now()`. */
  readonly atMs: number;
  readonly message: DetectionsMessage;
}

const topics = createTopics();

/** The built processor in a process of its own, as it runs for a user, and a client that subscribes and sends commands. */
export class ProcessorProcess {
  readonly results: SeenResult[] = [];
  readonly #child: ChildProcess;
  readonly #client: Bus;
  readonly #acks = new Map<string, (ack: Ack) => void>();
  #commands = 0;

  constructor(child: ChildProcess, client: Bus) {
    this.#child = child;
    this.#client = client;
  }

  /** Resolves as soon as the process was started. */
  static async start(options: ProcessorProcessOptions): Promise<ProcessorProcess> {
    const { url, folder, flags, nodeArgs = [] } = options;
    const client = await connectBus(url);
    const entry = join(repoRoot, 'apps', 'processor', 'dist', 'main.js');
    const places = [
      '--models-dir',
      folder,
      '--media-dir',
      folder,
      '--stream-server',
      `file://${folder}/{source_id}.mp4`,
    ];
    const args = [...nodeArgs, entry, ...places, '--mqtt-url', url, '--enable-control', ...flags];
    const env = { PATH: process.env.PATH, FFMPEG_BIN: process.env.FFMPEG_BIN };
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    const processor = new ProcessorProcess(child, client);
    await processor.#listen();
    return processor;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when each of the rooms had so many results since now, one by default. */
  async watches(rooms: readonly number[], { results = 1, timeoutMs = 120_000 } = {}): Promise<void> {
    const from = this.results.length;
    const missing = (): number[] => {
      const seen = this.results.slice(from).map(({ room }) => room);
      return rooms.filter((room) => seen.filter((one) => one === room).length < results);
    };
    const check = (): void => {
      if (missing().length > 0) throw new Error(`no result of rooms ${missing().join(', ')}`);
    };
    await eventually(check, { timeoutMs, message: 'every room watched' });
  }

  /** Sends a command and waits for its final answer. @throws Error when it was refused. */
  async command(command: string, params: object = {}): Promise<Ack> {
    const commandId = `bench-${++this.#commands}`;
    const answer = new Promise<Ack>((resolve) => this.#acks.set(commandId, resolve));
    await this.#client.publish(topics.commands, { command, params, command_id: commandId }, { qos: 1 });
    const ack = await answer;
    if (ack.ack_status !== 'completed') throw new Error(`${command}: ${ack.error?.code} ${ack.message}`);
    return ack;
  }

  /** Ends it in an orderly way; what was seen stays readable. */
  async stop(): Promise<void> {
    await endProcess(this.#child, { graceMs: 12_000 });
    await this.#client.stop();
  }

  async #listen(): Promise<void> {
    await this.#client.subscribe(topics.detectionsAny, (message) => {
      const body = message.json() as DetectionsMessage;
      this.results.push({ room: body.source_id, atMs: performance.now(), message: body });
    });
    await this.#client.subscribe(topics.ackShared, (message) => {
      const ack = message.json() as Ack;
      if (ack.ack_status === 'received' || ack.command_id === undefined) return;
      this.#acks.get(ack.command_id)?.(ack);
      this.#acks.delete(ack.command_id);
    });
  }
}
