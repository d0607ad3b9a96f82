import { randomUUID } from 'node:crypto';
import type { OrchestratorStatus, Policy } from '@vigilia/protocol';
import { type ChannelBus, CommandClient, type ServiceScope, serve, version } from '@vigilia/service';
import { ActProgress } from './act/act-progress.ts';
import { CommandSender, ownCommandPrefix } from './act/command-sender.ts';
import { Performer } from './act/performer.ts';
import { Recorder } from './act/recorder.ts';
import { answerQuestion } from './answer-question.ts';
import { createRuntime } from './create-runtime.ts';
import { askForAnother, nextTerm } from './leadership.ts';
import { registerMeters } from './metrics.ts';
import { Inbox, type Question } from './observe/inbox.ts';
import { Observer } from './observe/observer.ts';
import { watchOwnStatus } from './observe/own-status.ts';
import { RuntimePoller } from './observe/runtime-poller.ts';
import { Store } from './observe/store.ts';
import { Orchestrator } from './orchestrator.ts';
import { planCommand } from './plan-command.ts';
import { PlanLoop } from './plan-loop.ts';
import { PresenceBeat } from './presence-beat.ts';
import { readPolicy } from './read-policy.ts';
import { type OrchestratorSettings, settingsSpec } from './settings.ts';

/**
 * `vigilia orchestrator …`: runs until a signal ends it; `vigilia orchestrator plan [--json] …` shows what it would do and
 * ends.
 * @throws UsageError `invalid_settings`, `policy_unreadable`, `policy_invalid`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'orchestrator',
  settings: settingsSpec,
  leads: true,
  start: startOrchestrator,
  commands: { plan: planCommand },
});

/**
 * The composition root: builds everything that the orchestrator consists of, and starts it.
 * @throws UsageError `policy_unreadable`, `policy_invalid`; `another_acts` when another orchestrator acts at this broker
 */
async function startOrchestrator(scope: ServiceScope<OrchestratorSettings>): Promise<void> {
  const { settings, clock, logger, instanceId: self } = scope;
  const policy = readPolicy(settings.policy);
  const runtime = createRuntime(scope);
  scope.onStop('runtime', () => runtime.close());
  const term = nextTerm((await askForAnother(scope))?.term, clock.now());
  const store = new Store(self);
  const bootId = randomUUID();
  const moves = (): number => scope.place.moves;
  const status = statusOf({ self, bootId, term, moves, runtime: runtime.name, store, clock, policy });
  const { bus, inboxChannels } = connections(scope, status.body('offline'));
  const mark = () => ({ boot_id: bootId, term, moves: moves() });
  const presence = new PresenceBeat({ bus, clock, several: scope.place.several, mark });
  // the parts notify each other of changes through here, and the plan loop is built last
  const changed = (): void => planLoop.changed();
  const common = { bus, clock, logger, store, changed };
  const bootOf = (instanceId: string): string | undefined => store.processors.all.get(instanceId)?.bootId;
  const client = new CommandClient({ bus, clock, idPrefix: ownCommandPrefix });
  const sender = new CommandSender({ client, leader: () => ({ instance_id: self, term }), bootOf });
  const observer = new Observer({
    ...common,
    bootId: status.bootId,
    moves,
    onStatus: (heard) => sender.status(heard),
  });
  bus.bus.onConnect(() => sender.connected());
  const poller = new RuntimePoller({ ...common, runtime });
  const progress = new ActProgress();
  const told = () => ({ ...status.body(stateOf(observer)), policy: store.policy ?? policy });
  const ask = (question: Question) => answerQuestion(question, { planLoop, store, status: told() });
  const inbox = new Inbox({ ...common, bus: inboxChannels, self, ask });
  const recorder = new Recorder({
    ...common,
    settled: (id, given) => inbox.settled(id, given),
    policyChanged: () => orchestrator.publishStatus(),
  });
  const performer = new Performer({ ...common, progress, sender, runtime, refresh: () => poller.refresh() });
  const ready = (): boolean => observer.whole && store.facts().runtime.listed;
  const { planned } = registerMeters(scope.registry, store, () => clock.monotonic());
  const epoch = (): number => observer.epoch;
  const planLoop = new PlanLoop({ ...common, progress, recorder, performer, policy, ready, epoch, planned });
  await scope.startHealth((broker) => {
    return { ...broker, ok: ready() && broker.ok, view_whole: observer.whole, runtime: runtime.name };
  });
  const parts = { inboxBus: inboxChannels.bus, observer, inbox, poller, runtime, planLoop, performer };
  const orchestrator = new Orchestrator({
    scope,
    presence,
    ...common,
    ...parts,
    status: () => status.body(stateOf(observer)),
    offline: () => status.body('offline'),
    watchOwnStatus: () => watchOwnStatus({ bus, term, instanceId: self, bootId: status.bootId }),
  });
  await orchestrator.start();
}

function stateOf(observer: Observer): OrchestratorStatus['status'] {
  return observer.whole ? 'acting' : 'starting';
}

function statusOf(o: {
  readonly self: string;
  readonly bootId: string;
  readonly term: number;
  readonly moves: () => number;
  readonly runtime: string;
  readonly store: Store;
  readonly clock: ServiceScope['clock'];
  /** Of the file: in force unless a person set another. */
  readonly policy: Policy;
}): { readonly bootId: string; body(state: OrchestratorStatus['status']): OrchestratorStatus } {
  const { store, clock } = o;
  const body = (state: OrchestratorStatus['status']): OrchestratorStatus => ({
    instance_id: o.self,
    boot_id: o.bootId,
    version,
    status: state,
    term: o.term,
    moves: o.moves(),
    timestamp: new Date(clock.now()).toISOString(),
    runtime: o.runtime,
    policy_revision: store.policyHistory.revision,
    snapshots: state === 'acting' && (store.policy ?? o.policy).snapshots,
    open_incidents: [...store.incidents.all.values()].filter(({ incident }) => incident.state !== 'closed').length,
    longest_unwatched_ms: store.unwatched.report(clock.monotonic()),
    clock_skew_seconds: store.clockSkew.report(),
  });
  return { bootId: o.bootId, body };
}

/** Two connections, both with persistent sessions: what waits to be decided must not hold up what is seen. */
function connections(
  scope: ServiceScope<OrchestratorSettings>,
  offline: OrchestratorStatus,
): { bus: ChannelBus; inboxChannels: ChannelBus } {
  const will = { topic: scope.topics.orchestratorStatus, payload: offline, retain: true };
  return {
    bus: scope.connect({ clean: false, will }),
    inboxChannels: scope.connect({ clientName: `${scope.instanceId}-inbox`, clean: false }),
  };
}
