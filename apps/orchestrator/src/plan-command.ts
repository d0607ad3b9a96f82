import { randomUUID } from 'node:crypto';
import type { Topics } from '@vigilia/protocol';
import { type Bus, ChannelBus, type Clock, type Logger, redactUrl, UsageError } from '@vigilia/service';
import { describeAction } from './act/describe.ts';
import { createRuntime } from './create-runtime.ts';
import { Observer } from './observe/observer.ts';
import { RuntimePoller } from './observe/runtime-poller.ts';
import { Store } from './observe/store.ts';
import type { Action } from './plan/action.ts';
import { plan } from './plan/plan.ts';
import { readPolicy } from './read-policy.ts';
import type { OrchestratorSettings } from './settings.ts';

/** Long enough to see most rooms watched at the usual rates. */
const lookForMs = 12_000;
const connectWithinMs = 10_000;

/**
 * Shows what an orchestrator with this policy would do at this moment. Looks only: its connection has a random client id,
 * it sends no command and writes nothing.
 * @throws UsageError `broker_unreachable`
 */
export async function showPlan(options: {
  readonly settings: OrchestratorSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** One JSON object instead of lines for people. */
  readonly json: boolean;
  readonly connect: (clientId: string) => Bus;
  readonly write: (line: string) => void;
}): Promise<void> {
  const { settings, topics, clock, logger, write } = options;
  const policy = readPolicy(settings.policy);
  const runtime = createRuntime(options);
  const bus = options.connect(`orchestrator-plan-${randomUUID().slice(0, 8)}`);
  const store = new Store(settings.instanceId);
  const typed = new ChannelBus({ bus, roots: topics.roots, logger, clock });
  const silent = { bus: typed, clock, logger, store, changed: () => {} };
  const observer = new Observer({ ...silent, bootId: randomUUID(), onStatus: () => {} });
  const poller = new RuntimePoller({ ...silent, runtime });
  try {
    await observer.subscribe();
    await bus.start(AbortSignal.timeout(connectWithinMs)).catch((cause: unknown) => {
      throw new UsageError({
        code: 'broker_unreachable',
        message: `The broker ${redactUrl(settings.mqttUrl)} does not answer.`,
        cause,
      });
    });
    observer.reset();
    store.whole(clock.monotonic());
    await poller.refresh();
    await clock.sleep(lookForMs);
    const view = { ...store.facts(), pending: new Set<string>(), failures: new Map() };
    const { actions } = plan(view, policy, { wallMs: clock.now(), monoMs: clock.monotonic() });
    for (const line of planLines(actions, options.json)) write(line);
  } finally {
    await bus.stop();
    await runtime.close();
  }
}

/** One line an action, or `{"actions": [{"kind", "text"}]}`. */
export function planLines(actions: readonly Action[], json: boolean): string[] {
  const told = actions.map((action) => ({ kind: action.kind, text: describeAction(action) }));
  if (json) return [JSON.stringify({ actions: told })];
  return told.length === 0
    ? ['Nothing is to be done: everything is as the policy wants it.']
    : told.map(({ text }) => text);
}
