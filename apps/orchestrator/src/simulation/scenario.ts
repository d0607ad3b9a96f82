import { unsavedMs } from '@vigilia/simulated-site';
import fc from 'fast-check';

/** Something that happens to a world. */
export type Step =
  | { readonly kind: 'fall' | 'stand' | 'acknowledge' | 'resolve' | 'release' | 'drill'; readonly room: number }
  | { readonly kind: 'undo_verdict'; readonly room: number }
  | { readonly kind: 'camera'; readonly room: number; readonly works: boolean }
  | { readonly kind: 'kill_home' | 'start_home'; readonly home: number }
  | { readonly kind: 'kill_dedicated' | 'kill_orchestrator' | 'start_orchestrator' }
  /** A process dies just before the orchestrator's n-th action from now. */
  | {
      readonly kind: 'crash_at';
      readonly action: number;
      readonly who: 'orchestrator' | 'processor-a' | 'processor-b' | 'dedicated';
    }
  /** `some`: a third of what is retained is missing afterwards; what came within `losesMs` was not on the disk. */
  | { readonly kind: 'broker_crash'; readonly forgets: false | 'some' | 'all'; readonly losesMs: number }
  /** Everything ends in one moment and comes back by itself. */
  | { readonly kind: 'power_cut' }
  /** QoS 0 messages get lost, and all messages are late. */
  | { readonly kind: 'lossy'; readonly lost: number; readonly lateMs: number }
  | { readonly kind: 'broker_restart' }
  | { readonly kind: 'engine'; readonly works: boolean }
  | { readonly kind: 'doubled'; readonly share: number }
  | { readonly kind: 'wall_jump'; readonly ms: number }
  | { readonly kind: 'operator_fps'; readonly room: number; readonly fps: number }
  | { readonly kind: 'operator_fps_all'; readonly home: number; readonly fps: number }
  | { readonly kind: 'operator_model'; readonly room: number; readonly model: string }
  | { readonly kind: 'operator_remove'; readonly room: number }
  | { readonly kind: 'operator_add'; readonly room: number }
  | { readonly kind: 'model_missing' | 'image_missing'; readonly missing: boolean };

export interface Scenario {
  readonly seed: number;
  readonly maxDedicated: number;
  /** Standbys. */
  readonly standby?: number;
  /** The engine starts again what dies, and homes keep what they were set to; otherwise plain processes. */
  readonly containers?: boolean;
  /** Processors take long to start. */
  readonly slow?: boolean;
  /** CPUs of the host, where the engine reports them. */
  readonly cpus?: number | undefined;
  readonly steps: readonly { readonly afterMs: number; readonly step: Step }[];
}

const room = fc.nat({ max: 7 });
const fewRooms = fc.nat({ max: 2 });
const home = fc.nat({ max: 1 });
/** Also the rates that only incidents use: 0.05 is that of relief, 0.5 that of degraded mode. */
const fps = fc.constantFrom(0.05, 0.1, 0.2, 0.3, 0.5, 1);
const model = fc.constantFrom('light', 'precise');

/** What people and residents do: no fault of any machine. */
const calmSteps: fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('fall'), room }) as fc.Arbitrary<Step> },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('stand', 'acknowledge', 'resolve'), room }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo_verdict'), room }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('release', 'drill'), room }) as fc.Arbitrary<Step> },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('operator_fps'), room, fps }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('operator_fps_all'), home, fps }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('operator_model'), room, model }) as fc.Arbitrary<Step> },
];

const roughSteps: fc.WeightedArbitrary<Step>[] = [
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('kill_home', 'start_home'), home }) as fc.Arbitrary<Step> },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('kill_dedicated', 'kill_orchestrator', 'start_orchestrator'),
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('crash_at'),
      action: fc.nat({ max: 12 }),
      who: fc.constantFrom('orchestrator', 'orchestrator', 'processor-a', 'processor-b', 'dedicated'),
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('broker_crash'),
      forgets: fc.constantFrom(false, 'some', 'all'),
      losesMs: fc.nat({ max: unsavedMs }),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('power_cut') }) as fc.Arbitrary<Step> },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lossy'),
      lost: fc.constantFrom(0, 0.2),
      lateMs: fc.constantFrom(30, 1000),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('broker_restart') }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('engine'), works: fc.boolean() }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('camera'), room, works: fc.boolean() }) as fc.Arbitrary<Step> },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('doubled'), share: fc.constantFrom(0, 0.3) }) as fc.Arbitrary<Step>,
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wall_jump'),
      ms: fc.integer({ min: -7_200_000, max: 7_200_000 }),
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('operator_remove', 'operator_add'), room }) as fc.Arbitrary<Step>,
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('model_missing', 'image_missing'),
      missing: fc.boolean(),
    }) as fc.Arbitrary<Step>,
  },
];

/** Operators who set rates and models of few rooms again and again, while falls come and either side is restarted. */
const operatorSteps: fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('fall'), room: fewRooms }) as fc.Arbitrary<Step> },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('stand', 'resolve', 'undo_verdict'),
      room: fewRooms,
    }) as fc.Arbitrary<Step>,
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('operator_fps'), room: fewRooms, fps }) as fc.Arbitrary<Step> },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('operator_fps_all'), home, fps }) as fc.Arbitrary<Step> },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('operator_model'), room: fewRooms, model }) as fc.Arbitrary<Step>,
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('kill_home', 'start_home'), home }) as fc.Arbitrary<Step> },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('kill_orchestrator', 'start_orchestrator') }) as fc.Arbitrary<Step>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash_at'),
      action: fc.nat({ max: 6 }),
      who: fc.constantFrom('orchestrator', 'processor-a'),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('engine'), works: fc.boolean() }) as fc.Arbitrary<Step> },
];

function scenarios(
  steps: fc.WeightedArbitrary<Step>[],
  maxLength: number,
  maxAfterMs = 25_000,
): fc.Arbitrary<Scenario> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    maxDedicated: fc.constantFrom(1, 2, 3),
    standby: fc.constantFrom(0, 0, 0, 1),
    containers: fc.boolean(),
    slow: fc.constantFrom(false, false, true),
    cpus: fc.constantFrom(undefined, undefined, 1, 2, 8),
    steps: fc.array(fc.record({ afterMs: fc.nat({ max: maxAfterMs }), step: fc.oneof(...steps) }), {
      minLength: 1,
      maxLength,
    }),
  });
}

/** Falls and people only. */
export const calmScenarios = scenarios(calmSteps, 12);
/** Everything that can happen. */
export const roughScenarios = scenarios([...calmSteps, ...roughSteps], 16);
/** Operators, falls and restarts, close together. */
export const operatorScenarios = scenarios(operatorSteps, 16, 8000);
