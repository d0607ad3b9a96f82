import { emptyHouse, fold, type House } from '@vigilia/house';
import { type Incident, withoutUndefined } from '@vigilia/protocol';
import fc from 'fast-check';
import { updateFallCases } from '../alerts/fall-cases.ts';
import { type Delivery, emptyMemory, isAlarm, type Memory, memorySchema } from '../alerts/memory.ts';
import { type AlertPlan, planDeliveries } from '../alerts/plan.ts';
import { alertsSchema } from '../config/alerts-schema.ts';
import { at, incident, incidentMessage, startMs } from './samples.ts';

/** Something that happens in a ward with one resident. */
export type WardStep =
  | { readonly kind: 'fall' | 'up' | 'lost' | 'acknowledge' | 'resolve' | 'undo' | 'restart' }
  /** The notifier is stopped for so long. */
  | { readonly kind: 'down'; readonly seconds: number }
  /** The next messages arrive, and the notifier dies before it remembers that. */
  | { readonly kind: 'crash' }
  | { readonly kind: 'wait'; readonly seconds: number };

const kinds = fc.constantFrom('fall', 'up', 'lost', 'acknowledge', 'resolve', 'undo', 'restart', 'crash');
const seconds = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 30, max: 700 }));

export const wardSteps: fc.Arbitrary<WardStep[]> = fc.array(
  fc.oneof(
    fc.record({ kind: kinds }) as fc.Arbitrary<WardStep>,
    fc.record({ kind: fc.constant('wait' as const), seconds }) as fc.Arbitrary<WardStep>,
    fc.record({
      kind: fc.constant('down' as const),
      seconds: fc.integer({ min: 1, max: 600 }),
    }) as fc.Arbitrary<WardStep>,
  ),
  { minLength: 3, maxLength: 16 },
);

export interface WardSettings {
  readonly repeatS: number;
  readonly returnS: number;
  readonly levelIncrease: number;
  readonly escalateS: readonly number[];
  readonly quiet: boolean;
}

export const wardSettings: fc.Arbitrary<WardSettings> = fc.record({
  repeatS: fc.integer({ min: 5, max: 300 }),
  returnS: fc.integer({ min: 5, max: 600 }),
  levelIncrease: fc.nat({ max: 3 }),
  escalateS: fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 3 }),
  quiet: fc.boolean(),
});

const target = { type: 'ntfy', topic: 'ward' } as const;

export function planFor({ repeatS, returnS, levelIncrease, escalateS, quiet }: WardSettings): AlertPlan {
  const file = alertsSchema.parse(
    withoutUndefined({
      quiet_hours: quiet ? { from: '00:00', to: '23:59' } : undefined,
      alarm: { repeat_s: repeatS, return_s: returnS, level_increase: levelIncrease },
      targets: { nurse: target, head: target },
      rules: [
        { severity: 'critical', to: ['nurse'], escalate: escalateS.map((after_s) => ({ after_s, to: ['head'] })) },
      ],
    }),
  );
  return { ...file, targets: Object.keys(file.targets) };
}

/** What a broken machine makes of its memory, before and after it plans. */
export interface Breaks {
  readonly looked?: (memory: Memory) => Memory;
  readonly planned?: (memory: Memory) => Memory;
}

/** A message as a target got it. */
export interface Arrived {
  readonly atMs: number;
  readonly delivery: Delivery;
}

/** One resident, an orchestrator that records what happens, and a notifier that may be restarted at any moment. */
export class Ward {
  readonly arrived: Arrived[] = [];
  /** When verdicts were taken back. */
  readonly reopenedMs: number[] = [];
  readonly #plan: AlertPlan;
  readonly #breaks: Breaks;
  #memory: Memory = emptyMemory;
  #incident: Incident | undefined;
  #before: Incident | undefined;
  #count = 0;
  #running = true;
  #crashes = false;
  nowMs = startMs;
  /** Since when the notifier has run without a break. */
  runningSinceMs = startMs;
  /** Since when the incident has needed a person without a break: the last fall has not been acknowledged. */
  unansweredSinceMs: number | undefined;
  /** Since when it has been acknowledged while the person was not up, without a break. */
  heldSinceMs: number | undefined;

  constructor(plan: AlertPlan, breaks: Breaks = {}) {
    this.#plan = plan;
    this.#breaks = breaks;
  }

  get incident(): Incident | undefined {
    return this.#incident;
  }

  get repeatMs(): number {
    return this.#plan.alarm.repeat_s * 1000;
  }

  get running(): boolean {
    return this.#running;
  }

  get isOpen(): boolean {
    return this.#incident !== undefined && this.#incident.state !== 'closed';
  }

  /** @param each called after each second */
  play(steps: readonly WardStep[], each: () => void): void {
    for (const step of steps) {
      this.#do(step, each);
      this.pass(1, each);
    }
  }

  pass(seconds: number, each: () => void): void {
    for (let left = seconds; left > 0; left -= 1) {
      this.nowMs += 1000;
      if (this.#running) {
        this.#look();
      }
      each();
    }
  }

  #do(step: WardStep, each: () => void): void {
    switch (step.kind) {
      case 'wait':
        this.pass(step.seconds, each);
        break;
      case 'down':
        this.#running = false;
        this.pass(step.seconds, each);
        this.#restart();
        break;
      case 'restart':
        this.#restart();
        break;
      case 'crash':
        this.#crashes = true;
        break;
      default:
        this.#happen(step.kind);
        this.#note();
    }
  }

  #happen(kind: 'fall' | 'up' | 'lost' | 'acknowledge' | 'resolve' | 'undo'): void {
    const now = new Date(this.nowMs).toISOString();
    const known = this.#incident;
    if (kind === 'fall') {
      this.#fall(now);
    }
    if (known === undefined) return;
    if (kind === 'undo' && known.state === 'closed') {
      this.#incident = this.#before;
      this.reopenedMs.push(this.nowMs);
    }
    if (known.state === 'closed') return;
    if (kind === 'up') {
      this.#incident = { ...known, person: 'up', recovered_at: now };
    }
    if (kind === 'lost' && known.person === 'down') {
      this.#incident = { ...known, person: 'unknown' };
    }
    if (kind === 'acknowledge') {
      const by = [...known.by, { who: 'Ana', what: 'acknowledge', at: now }];
      this.#incident = { ...known, state: 'acknowledged', acknowledged_at: known.acknowledged_at ?? now, by };
    }
    if (kind === 'resolve') {
      this.#before = known;
      this.#incident = { ...known, state: 'closed', closed_at: now, outcome: 'helped' };
    }
  }

  #fall(now: string): void {
    const known = this.#incident;
    if (this.isOpen && known?.person !== 'up') return;
    this.#count += 1;
    const fall = { event_id: `e-${this.#count}`, first_low_at: now, alarm_at: now, reported_at: now };
    const base = this.isOpen && known !== undefined ? known : incident({ incident_id: `inc-${this.#count}` });
    const { acknowledged_at: _, recovered_at: __, ...rest } = base;
    this.#incident = {
      ...rest,
      state: 'open',
      person: 'down',
      falls: [...(base.falls ?? []), fall],
      event_ids: [...base.event_ids, fall.event_id],
      updated_at: now,
    };
    this.unansweredSinceMs = this.nowMs;
    this.heldSinceMs = undefined;
  }

  #note(): void {
    const { acknowledged_at: acknowledged, person } = this.#incident ?? {};
    const latest = this.#incident?.by.at(-1)?.at;
    if (!this.isOpen || acknowledged === undefined) {
      this.heldSinceMs = undefined;
    } else if (person === 'up') {
      this.heldSinceMs = undefined;
    } else {
      this.heldSinceMs = latest === at(this.nowMs - startMs) ? this.nowMs : this.heldSinceMs;
    }
    if (!this.isOpen || acknowledged !== undefined) {
      this.unansweredSinceMs = undefined;
    } else {
      this.unansweredSinceMs ??= this.nowMs;
    }
  }

  #restart(): void {
    this.#memory = memorySchema.parse(JSON.parse(JSON.stringify(this.#memory)));
    this.#running = true;
    this.runningSinceMs = this.nowMs;
  }

  #look(): void {
    const view = { house: this.#house(), nowMs: this.nowMs, whole: false };
    const cases = [...updateFallCases(this.#memory.cases, view)];
    const { looked = unchanged, planned = unchanged } = this.#breaks;
    const memory = looked({ ...this.#memory, cases });
    this.#memory = planned(planDeliveries(memory, this.#plan, this.nowMs));
    const pending = this.#memory.deliveries.filter(({ state }) => state === 'pending');
    for (const delivery of pending) {
      this.arrived.push({ atMs: this.nowMs, delivery });
    }
    const marked = { state: this.#crashes ? ('pending' as const) : ('sent' as const), begun: true };
    const deliveries = this.#memory.deliveries.map((one) => (one.state === 'pending' ? { ...one, ...marked } : one));
    this.#memory = { ...this.#memory, deliveries };
    if (this.#crashes && pending.length > 0) {
      this.#crashes = false;
      this.#restart();
    }
  }

  #house(): House {
    const house = emptyHouse(startMs);
    return this.#incident === undefined ? house : fold(house, incidentMessage(this.#incident), this.nowMs);
  }

  /** The last alarm that reached a target, ms. */
  get lastAlarmMs(): number {
    return this.arrived.findLast(({ delivery }) => isAlarm(delivery.step))?.atMs ?? Number.NEGATIVE_INFINITY;
  }
}

function unchanged(memory: Memory): Memory {
  return memory;
}
