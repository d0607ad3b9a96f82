import { type ChangeCommand, type CommandError, parseCommand, type RoomState } from '@vigilia/protocol';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { editAll } from '../config/edit-config.ts';
import { initialConfig, type ProcessorConfig, type RoomSettings } from '../config/processor-config.ts';
import { defaultLimits } from '../reconcile/limits.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { createFakeParts, type FakeParts } from './fake-parts.ts';

export const defaults = { modelId: 'small', maxFps: 0.5, confidence: 0.25, tracking: true, decode: 'auto' } as const;
const rules = { streamServer: 'rtsp://server', checkUri: () => {}, inputArgs: () => [], frozenAfterSeconds: 60 };
export const never = new AbortController().signal;

/** A reconciler at a site whose cameras, models and results are played by a test. */
export interface House {
  readonly clock: FakeClock;
  readonly parts: FakeParts;
  readonly reconciler: Reconciler;
  readonly switched: { added: readonly number[]; removed: readonly number[] }[];
  readonly late: { sourceId: number; gapMs: number; traceId: string | undefined }[];
  /** Rooms whose camera shows nothing when it is opened. */
  readonly dark: Set<number>;
  failPersist: boolean;
  restored: Map<number, RoomState>;
  next(...commands: [string, object?][]): ProcessorConfig;
}

const models = { small: 320, same: 320, large: 640, 'empty-model': 320, free: 'resizable', stuck: 'hang' } as const;

/** A site that monitors these rooms, with model `small` by default. */
export async function playedHouse(
  sourceIds: number[] = [0, 1],
  settings: RoomSettings = defaults,
  restored = new Map<number, RoomState>(),
): Promise<House> {
  const clock = new FakeClock();
  const dark = new Set<number>();
  const shows = (spec: StreamSpec): boolean => !dark.has(spec.sourceId) && !spec.address.includes('dark');
  const parts = createFakeParts({ clock, shows, models });
  const one = {
    clock,
    parts,
    dark,
    failPersist: false,
    switched: [],
    late: [],
    restored,
  } as unknown as House;
  const reconciler = new Reconciler(
    {
      parts,
      rules,
      clock,
      limits: defaultLimits,
      logger: silentLogger(),
      restoredRoom: (sourceId) => one.restored.get(sourceId),
      persist: async () => {
        if (one.failPersist) throw new Error('ENOSPC');
      },
      onSwitched: (change) => one.switched.push(change),
      onLateResult: (late) => one.late.push(late),
    },
    settings,
  );
  await settle(reconciler.start(initialConfig(settings, sourceIds), never), clock);
  const next = (...commands: [string, object?][]): ProcessorConfig => {
    const parsed = commands.map(([name, params]) => parseCommand(name, params ?? {}) as ChangeCommand);
    const owner = { by: 'operator', command_id: 'c-1', at: new Date(clock.now()).toISOString() } as const;
    return editAll(reconciler.config, parsed, { rules, owner }).config;
  };
  return Object.assign(one, { reconciler, next });
}

/** Lets promises and short timers run until the work is done. */
export async function settle<T>(work: Promise<T>, clock: FakeClock, stepMs = 50): Promise<T> {
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  finished.catch(() => {});
  for (let step = 0; step < 2000 && !done; step++) {
    await clock.advance(stepMs);
  }
  return finished;
}

/** Applies a change; the rooms have their next result soon after the switch. */
export async function apply(
  one: House,
  next: ProcessorConfig,
  options: { allowBlind?: number[]; mustFindPerson?: readonly string[]; retune?: boolean } = {},
) {
  const before = one.switched.length;
  const work = one.reconciler.apply(next, { signal: never, ...options });
  work.catch(() => {});
  for (let step = 0; step < 2000 && one.switched.length === before; step++) {
    await one.clock.advance(20);
    if (await isSettled(work)) return work;
  }
  await one.clock.advance(100);
  for (const monitor of one.parts.monitors) {
    monitor.result();
  }
  return settle(work, one.clock);
}

async function isSettled(work: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([work.catch(() => {}), Promise.resolve(pending)])) !== pending;
}

/** What a change failed with. */
export const failure = async (work: Promise<unknown>): Promise<CommandError> =>
  work.then(
    () => {
      throw new Error('nothing failed');
    },
    (error: unknown) => error as CommandError,
  );
