import { type Ack, type OrchestratorCommand, streamAddress, withoutUndefined } from '@vigilia/protocol';
import type { CommandClient, CommandResult } from '../command-client.ts';
import { redactUrl } from '../redact.ts';
import { go2rtcSchemes, hasCredentials, processorSchemes, schemeProblem } from './camera-address.ts';
import { type Go2rtc, Go2rtcError } from './go2rtc.ts';

export interface RoomEditorOptions {
  readonly client: CommandClient;
  /** Where cameras are kept with their credentials; undefined: a camera is read where the stream server has it, or by its own address. */
  readonly go2rtc: Go2rtc | undefined;
  /** Where processors read the streams of go2rtc that are not named like a room. */
  readonly streamServer?: string | undefined;
  /** How long each service may take to answer, ms. */
  readonly waitMs: number;
}

/** How a change of a room ended. The message states the consequence, or why nothing was changed. */
export interface RoomOutcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly field?: string;
  readonly message: string;
  /** What a person still has to do. */
  readonly notes: readonly string[];
  readonly result?: Readonly<Record<string, unknown>>;
}

type Params<Name extends OrchestratorCommand['command']> = Extract<OrchestratorCommand, { command: Name }>['params'];
/** The address of the camera, with credentials where go2rtc is to keep it. */
type WithAddress<P> = Omit<P, 'uri'> & {
  readonly address?: string | undefined;
  /** Instead of an address: the name of a stream that go2rtc has. */
  readonly stream?: string | undefined;
};
type RoomToAdd = WithAddress<Params<'add_room'>>;
type RoomToSet = WithAddress<Params<'set_room'>>;

/** A camera that was written into go2rtc for a change that is not finished. */
interface WrittenCamera {
  readonly notes: readonly string[];
  undo(): Promise<void>;
}

const untouched: WrittenCamera = { notes: [], undo: async () => {} };

/**
 * Adds, changes, moves and removes rooms. Each change is one command to the orchestrator, which alone writes the desired state and the
 * policy; where go2rtc keeps the cameras it is changed before or after, and what it was is restored when the command fails.
 */
export class RoomEditor {
  readonly #options: RoomEditorOptions;

  constructor(options: RoomEditorOptions) {
    this.#options = options;
  }

  /** Adds a room. Without an answer of the orchestrator the camera stays in go2rtc, because the room may still be added. */
  add({ address, stream, ...room }: RoomToAdd): Promise<RoomOutcome> {
    return this.#guarded(async () => {
      if (stream !== undefined) return this.#withStream('add_room', room, stream);
      const problem = await this.#addressProblem(room.source_id, address);
      if (problem !== undefined) return problem;
      const { go2rtc } = this.#options;
      const taken = go2rtc && address ? await otherCamera(go2rtc, room.source_id, address) : undefined;
      if (taken !== undefined) return taken;
      const written = go2rtc && address ? await this.#write(go2rtc, room.source_id, address) : untouched;
      const uri = go2rtc === undefined ? address : undefined;
      const answer = await this.#orchestrator({ command: 'add_room', params: withoutUndefined({ ...room, uri }) });
      if (!answer.ok && answer.code !== 'timeout') {
        await written.undo();
        return answer;
      }
      return { ...answer, notes: written.notes };
    });
  }

  /** Changes a room; another camera is used once a frame came from it, and the present one stays when none comes. */
  set({ address, stream, ...room }: RoomToSet): Promise<RoomOutcome> {
    return this.#guarded(async () => {
      if (stream !== undefined) return this.#withStream('set_room', room, stream);
      const { go2rtc } = this.#options;
      const problem = address === undefined ? undefined : await this.#addressProblem(room.source_id, address);
      if (problem !== undefined) return problem;
      const uri = go2rtc === undefined ? address : undefined;
      const answer = await this.#orchestrator({ command: 'set_room', params: withoutUndefined({ ...room, uri }) });
      if (!answer.ok || go2rtc === undefined || address === undefined) return answer;
      return this.#replaceCamera(go2rtc, { sourceId: room.source_id, address, answer });
    });
  }

  move(params: Params<'move_room'>): Promise<RoomOutcome> {
    return this.#guarded(() => this.#orchestrator({ command: 'move_room', params }));
  }

  /** Removes a room; its camera leaves go2rtc afterwards. */
  remove(params: Params<'remove_room'>): Promise<RoomOutcome> {
    return this.#guarded(async () => {
      const answer = await this.#orchestrator({ command: 'remove_room', params });
      const { go2rtc } = this.#options;
      if (!answer.ok || go2rtc === undefined) return answer;
      try {
        await go2rtc.remove(String(params.source_id));
        return answer;
      } catch (error) {
        if (!(error instanceof Go2rtcError)) throw error;
        return { ...answer, notes: [`${error.message} Remove stream ${params.source_id} from go2rtc.yaml.`] };
      }
    });
  }

  /** The room is read from a stream of go2rtc: the one with its number without an address, another one by its address. */
  async #withStream<Name extends 'add_room' | 'set_room'>(
    command: Name,
    room: Omit<Params<Name>, 'uri'>,
    stream: string,
  ): Promise<RoomOutcome> {
    const { go2rtc, streamServer } = this.#options;
    if ((await go2rtc?.sourcesOf(stream)) === undefined) {
      return refusal('unknown_camera', `go2rtc has no stream named ${stream}.`, 'stream');
    }
    const isOwn = stream === String(room.source_id);
    if (!isOwn && streamServer === undefined) {
      const message = 'Streams with another name than the number of the room need --stream-server (STREAM_SERVER).';
      return refusal('no_stream_server', message, 'stream');
    }
    const uri = isOwn || streamServer === undefined ? undefined : streamAddress(streamServer, stream);
    const answer = await this.#orchestrator({
      command,
      params: withoutUndefined({ ...room, uri }),
    } as OrchestratorCommand);
    const keepsOwn = command === 'set_room' && isOwn && answer.result?.has_address === true;
    return keepsOwn ? ownAddress(room.source_id) : answer;
  }

  async #replaceCamera(
    go2rtc: Go2rtc,
    { sourceId, address, answer }: { sourceId: number; address: string; answer: RoomOutcome },
  ): Promise<RoomOutcome> {
    if (answer.result?.has_address === true) return ownAddress(sourceId);
    const written = await this.#write(go2rtc, sourceId, address);
    const opened = await this.#openAgain(sourceId, watchersOf(answer));
    if (opened !== undefined) {
      await written.undo();
      return refusal(opened.code, `Room ${sourceId} keeps its camera: ${opened.message}`, 'address');
    }
    const message = `Room ${sourceId} has another camera, ${redactUrl(address)}.`;
    return { ...answer, message, notes: written.notes };
  }

  /** Lets the watchers open the camera anew; returns why one of them could not. A camera that is opened for the first time may be late. */
  async #openAgain(sourceId: number, targets: readonly string[]): Promise<Failed | undefined> {
    const failed = await this.#restart(sourceId, targets);
    return failed?.code === 'stream_unreachable' ? this.#restart(sourceId, targets) : failed;
  }

  async #restart(sourceId: number, targets: readonly string[]): Promise<Failed | undefined> {
    if (targets.length === 0) return undefined;
    const { client, waitMs } = this.#options;
    const command = { command: 'restart', params: { source_id: sourceId } } as const;
    const sent = await client.send({ to: 'processors', command, targets, expected: targets, timeoutMs: waitMs });
    if (sent.ended !== 'answered') return { code: 'timeout', message: 'the processor did not answer.' };
    const failed = sent.answers.find(({ ack_status }) => ack_status !== 'completed');
    return failed === undefined
      ? undefined
      : { code: failed.error?.code ?? 'internal', message: redactUrl(failed.message ?? 'it gave no frame.') };
  }

  async #addressProblem(sourceId: number, address: string | undefined): Promise<RoomOutcome | undefined> {
    const { go2rtc } = this.#options;
    if (address === undefined) {
      if (go2rtc === undefined || (await go2rtc.sourcesOf(String(sourceId))) !== undefined) return undefined;
      const message = `go2rtc has no stream named ${sourceId}. Give the address of the camera.`;
      return refusal('unknown_camera', message, 'address');
    }
    const problem = schemeProblem(address, go2rtc === undefined ? processorSchemes : go2rtcSchemes);
    if (problem !== undefined) return refusal('invalid_params', problem, 'address');
    if (go2rtc !== undefined || !hasCredentials(address)) return undefined;
    const message =
      'The address contains credentials, which are kept in go2rtc only. Give --go2rtc-url, or write the camera into go2rtc.yaml and leave the address out.';
    return refusal('address_has_credentials', message, 'address');
  }

  async #write(go2rtc: Go2rtc, sourceId: number, address: string): Promise<WrittenCamera> {
    const name = String(sourceId);
    const before = await go2rtc.sourcesOf(name);
    const { written } = await go2rtc.put(name, [address]);
    const note = `go2rtc may not write its file: write stream ${name} into go2rtc.yaml, or its next start forgets the camera.`;
    return {
      notes: written ? [] : [note],
      undo: async () => {
        await (before === undefined ? go2rtc.remove(name) : go2rtc.put(name, before));
      },
    };
  }

  async #orchestrator(command: OrchestratorCommand): Promise<RoomOutcome> {
    const { client, waitMs } = this.#options;
    return outcomeOf(await client.send({ to: 'orchestrator', command, timeoutMs: waitMs }));
  }

  async #guarded(body: () => Promise<RoomOutcome>): Promise<RoomOutcome> {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof Go2rtcError)) throw error;
      return refusal(error.code, error.message);
    }
  }
}

/** A stream that is there already may be the camera of a room that is monitored: a mistyped number must not replace it. */
async function otherCamera(go2rtc: Go2rtc, sourceId: number, address: string): Promise<RoomOutcome | undefined> {
  const present = await go2rtc.sourcesOf(String(sourceId));
  if (present === undefined || present.every((source) => source === address)) return undefined;
  const message = `go2rtc has another camera under ${sourceId}. Use another number, or leave the address out to use that camera.`;
  return refusal('stream_exists', message, 'source_id');
}

interface Failed {
  readonly code: string;
  readonly message: string;
}

function ownAddress(sourceId: number): RoomOutcome {
  const message = `Room ${sourceId} has an address of its own instead of a stream of go2rtc. Remove it and add it again.`;
  return refusal('own_address', message, 'address');
}

function refusal(code: string, message: string, field?: string): RoomOutcome {
  return withoutUndefined<RoomOutcome>({ ok: false, code, field, message, notes: [] });
}

function outcomeOf({ answers, ended }: CommandResult): RoomOutcome {
  const ack: Ack | undefined = answers[0];
  if (ack === undefined) {
    return ended === 'not_sent'
      ? refusal('not_sent', 'The broker did not take the command: nothing was changed.')
      : refusal(
          'timeout',
          'No answer from the orchestrator: is it running? See "vigilia room list" for what came of it.',
        );
  }
  return withoutUndefined<RoomOutcome>({
    ok: ack.ack_status === 'completed',
    code: ack.error?.code,
    field: ack.error?.field,
    message: redactUrl(ack.message ?? ack.ack_status),
    notes: [],
    result: ack.result,
  });
}

function watchersOf({ result }: RoomOutcome): readonly string[] {
  const watchers = result?.watchers;
  return Array.isArray(watchers) ? watchers.filter((one) => typeof one === 'string') : [];
}
