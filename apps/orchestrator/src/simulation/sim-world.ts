import { type Policy, type PolicyInput, policySchema } from '@vigilia/protocol';
import { SimSite, type SimSiteOptions } from '@vigilia/simulated-site';
import type { Action } from '../plan/action.ts';
import { Crash, SimOrchestrator } from './sim-orchestrator.ts';

export interface SimWorldOptions extends SimSiteOptions {
  readonly policy?: Omit<PolicyInput, 'rooms'>;
  readonly before?: (action: Action) => void;
}

/** A simulated site with the orchestrator's own store and planner. */
export class SimWorld extends SimSite {
  /** What `before` throws to kill the orchestrator. */
  readonly Crash = Crash;
  readonly policy: Policy;
  orchestrator: SimOrchestrator;
  readonly #before: ((action: Action) => void) | undefined;

  constructor(options: SimWorldOptions = {}) {
    super(options);
    this.#before = options.before;
    const rooms = Object.entries(this.homes).flatMap(([home, ids]) =>
      ids.map((id) => [String(id), { home, zones: [] }] as const),
    );
    this.policy = policySchema.parse({
      quiet: { model_id: 'light', max_fps: 0.1 },
      incident: { model_id: 'precise', max_fps: 1 },
      ...options.policy,
      rooms: Object.fromEntries(rooms),
    });
    this.orchestrator = this.#newOrchestrator();
  }

  /** Everything starts; runs until the view is complete and every room has a processor. */
  start(): this {
    for (const home of Object.keys(this.homes)) {
      this.startHome(home);
    }
    this.orchestrator.start();
    this.time.run(15_000);
    return this;
  }

  override powerCut(): void {
    super.powerCut();
    this.orchestrator.kill();
    this.time.after(this.random.between(300, 8000), () => this.orchestrator.alive || this.restartOrchestrator());
  }

  restartOrchestrator(): void {
    this.orchestrator.kill();
    this.orchestrator = this.#newOrchestrator();
    this.orchestrator.start();
  }

  #newOrchestrator(): SimOrchestrator {
    const { time, broker, runtime, policy } = this;
    const parts = { time, broker, runtime, policy };
    return new SimOrchestrator(this.#before === undefined ? parts : { ...parts, before: this.#before });
  }
}
