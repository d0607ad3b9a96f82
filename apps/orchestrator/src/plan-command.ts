import { randomUUID } from 'node:crypto';
import { createTopics } from '@vigilia/protocol';
import {
  brokerOptions,
  ChannelBus,
  createBus,
  createLogger,
  parseSettings,
  redactUrl,
  systemClock,
  UsageError,
  within,
} from '@vigilia/service';
import { describeAction } from './act/describe.ts';
import { createRuntime } from './create-runtime.ts';
import { Observer } from './observe/observer.ts';
import { RuntimePoller } from './observe/runtime-poller.ts';
import { Store } from './observe/store.ts';
import type { Action } from './plan/action.ts';
import { plan } from './plan/plan.ts';
import { readPolicy } from './read-policy.ts';
import { type OrchestratorSettings, settingsSpec } from './settings.ts';

/** Long enough to see most rooms watched at the usual rates. */
const lookForMs = 12_000;
const connectWithinMs = 10_000;

/**
 * `vigilia orchestrator plan [--json] …`.
 * @throws UsageError `invalid_settings`, `policy_unreadable`, `policy_invalid`, `broker_unreachable`
 */
export async function planCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const flags = argv.filter((flag) => flag !== '--json');
  const settings = parseSettings(settingsSpec, flags, env);
  const lines = planLines(await planNow(settings, env), argv.includes('--json'));
  for (const line of lines) {
    process.stdout.write(`${redactUrl(line)}\n`);
  }
}

/**
 * Returns what an orchestrator with this policy would do at this moment. Looks only: its connection has a random client id,
 * it sends no command and writes nothing.
 * @throws UsageError `broker_unreachable`
 */
async function planNow(settings: OrchestratorSettings, env: NodeJS.ProcessEnv): Promise<readonly Action[]> {
  const clock = systemClock;
  const { instanceId } = settings;
  const logger = createLogger({ logger: 'orchestrator', component: 'orchestrator', instanceId, level: 'error' });
  const policy = readPolicy(settings.policy);
  const runtime = createRuntime({ settings, env, clock, logger });
  const clientId = `orchestrator-plan-${randomUUID().slice(0, 8)}`;
  const bus = createBus({ ...brokerOptions(settings, clientId), logger, clock });
  const store = new Store(settings.instanceId);
  const typed = new ChannelBus({ bus, roots: createTopics(settings.topicPrefix).roots, logger, clock });
  const silent = { bus: typed, clock, logger, store, changed: () => {} };
  const observer = new Observer({ ...silent, bootId: randomUUID(), moves: () => 0, onStatus: () => {} });
  const poller = new RuntimePoller({ ...silent, runtime });
  try {
    await observer.subscribe();
    using limit = within(connectWithinMs);
    await bus.start(limit.signal).catch((cause: unknown) => {
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
    return plan(view, policy, { wallMs: clock.now(), monoMs: clock.monotonic() }).actions;
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
