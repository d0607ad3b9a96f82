import { randomUUID } from 'node:crypto';
import { createTopics, type OrchestratorStatus, type Policy, type Topics } from '@vigilia/protocol';
import {
  type Bus,
  brokerCheck,
  brokerOptions,
  ChannelBus,
  type Clock,
  CommandClient,
  createBus,
  createLogger,
  createRegistry,
  EXIT,
  HealthServer,
  isEntry,
  type Logger,
  parseSettings,
  redactUrl,
  registerRejections,
  runMain,
  runService,
  type ServiceControl,
  systemClock,
} from '@vigilia/service';
import { CommandSender, ownCommandPrefix } from './act/command-sender.ts';
import { describeAction } from './act/describe.ts';
import { Ledger } from './act/ledger.ts';
import { Performer } from './act/performer.ts';
import { Recorder } from './act/recorder.ts';
import { createRuntime } from './create-runtime.ts';
import { lookForAnother, nextTerm } from './leadership.ts';
import { registerMeters } from './metrics.ts';
import { Inbox } from './observe/inbox.ts';
import { Observer } from './observe/observer.ts';
import { watchOwnStatus } from './observe/own-status.ts';
import { RuntimePoller } from './observe/runtime-poller.ts';
import { Store } from './observe/store.ts';
import { Orchestrator } from './orchestrator.ts';
import type { Answer } from './plan/action.ts';
import { showPlan } from './plan-command.ts';
import { readPolicy } from './read-policy.ts';
import { Reconciler } from './reconciler.ts';
import type { Runtime } from './runtime/runtime.ts';
import { type OrchestratorSettings, settingsSpec } from './settings.ts';

/**
 * `vigilia orchestrator …`: runs until a signal ends it; `vigilia orchestrator plan [--json] …` shows what it would do and
 * ends.
 * @throws UsageError `invalid_settings`, `policy_unreadable`, `policy_invalid`
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const showOnly = argv[0] === 'plan';
  const json = showOnly && argv.includes('--json');
  const flags = showOnly ? argv.slice(1).filter((flag) => flag !== '--json') : argv;
  const settings = parseSettings(settingsSpec, flags, env);
  const logger = createLogger({
    logger: 'orchestrator',
    component: 'orchestrator',
    instanceId: settings.instanceId,
    level: showOnly ? 'error' : settings.logLevel,
  });
  const common: Common = { settings, env, logger, clock: systemClock, topics: createTopics(settings.topicPrefix) };
  if (showOnly)
    return showPlan({
      ...common,
      json,
      connect: (instanceId) => connection(common, instanceId),
      write: (line) => void process.stdout.write(`${redactUrl(line)}\n`),
    });
  const build = (control: ServiceControl): Promise<Orchestrator> => buildOrchestrator({ ...common, control });
  await runService({ name: 'orchestrator', logger, build });
}

interface Common {
  readonly settings: OrchestratorSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly topics: Topics;
}

export interface BuildOptions extends Common {
  readonly control: ServiceControl;
  /** Instead of the one that the settings name; for tests. */
  readonly runtime?: Runtime;
}

/**
 * The composition root: everything the orchestrator is made of.
 * @throws UsageError `another_acts` when another orchestrator acts at this broker
 */
export async function buildOrchestrator(options: BuildOptions): Promise<Orchestrator> {
  const { settings, clock, logger, topics } = options;
  const policy = readPolicy(settings.policy);
  const runtime = options.runtime ?? createRuntime(options);
  const term = nextTerm((await askForAnother(options, options.control.signal))?.term, clock.now());
  const self = settings.instanceId;
  const store = new Store(self);
  const status = statusOf({ self, bootId: randomUUID(), term, runtime: runtime.name, store, clock, policy });
  const { bus: mainBus, inboxBus } = connections(options, status.body('offline'));
  const typed = (connection: Bus): ChannelBus =>
    new ChannelBus({ bus: connection, roots: topics.roots, logger, clock });
  const bus = typed(mainBus);
  const inboxChannels = typed(inboxBus);
  // the parts tell each other of changes through here, and the reconciler is built last
  const changed = (): void => reconciler.changed();
  const common = { bus, clock, logger, store, changed };
  const bootOf = (instanceId: string): string | undefined => store.processors.all.get(instanceId)?.bootId;
  const client = new CommandClient({ bus, clock, idPrefix: ownCommandPrefix });
  const sender = new CommandSender({ client, leader: () => ({ instance_id: self, term }), bootOf });
  const observer = new Observer({
    ...common,
    bootId: status.bootId,
    onStatus: (heard) => sender.status(heard),
  });
  mainBus.onConnect(() => sender.connected());
  const poller = new RuntimePoller({ ...common, runtime });
  const ledger = new Ledger();
  const told = () => ({ ...status.body(stateOf(observer)), policy: store.policy ?? policy });
  const ask = (command: 'plan' | 'status'): Answer => answer(command, reconciler, told());
  const inbox = new Inbox({ ...common, bus: inboxChannels, self, ask });
  const recorder = new Recorder({
    ...common,
    settled: (id, given) => inbox.settled(id, given),
    policyChanged: () => orchestrator.publishStatus(),
  });
  const performer = new Performer({ ...common, ledger, sender, runtime, refresh: () => poller.refresh() });
  const ready = (): boolean => observer.whole && store.facts().runtime.listed;
  const registry = createRegistry('orchestrator', self);
  registerRejections(registry, bus, inboxChannels);
  const { looked } = registerMeters(registry, store, () => clock.monotonic());
  const epoch = (): number => observer.epoch;
  const reconciler = new Reconciler({ ...common, ledger, recorder, performer, policy, ready, epoch, looked });
  const health = new HealthServer({
    host: settings.healthHost,
    port: settings.healthPort,
    logger,
    live: () => ({ ok: true }),
    ready: () => {
      const broker = brokerCheck(mainBus, inboxBus);
      return { ...broker, ok: ready() && broker.ok, view_whole: observer.whole, runtime: runtime.name };
    },
    registry,
  });
  const parts = { inboxBus, observer, inbox, poller, runtime, reconciler, performer, health };
  const orchestrator = new Orchestrator({
    ...common,
    ...parts,
    status: () => status.body(stateOf(observer)),
    offline: () => status.body('offline'),
    watchOwnStatus: () => watchOwnStatus({ bus, term, instanceId: self, bootId: status.bootId }),
  });
  return orchestrator;
}

function stateOf(observer: Observer): OrchestratorStatus['status'] {
  return observer.whole ? 'acting' : 'starting';
}

function statusOf(o: {
  readonly self: string;
  readonly bootId: string;
  readonly term: number;
  readonly runtime: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Of the file: in force unless a person set another. */
  readonly policy: Policy;
}): { readonly bootId: string; body(state: OrchestratorStatus['status']): OrchestratorStatus } {
  const { store, clock } = o;
  const body = (state: OrchestratorStatus['status']): OrchestratorStatus => ({
    instance_id: o.self,
    boot_id: o.bootId,
    status: state,
    term: o.term,
    timestamp: new Date(clock.now()).toISOString(),
    runtime: o.runtime,
    snapshots: state === 'acting' && (store.policy ?? o.policy).snapshots,
    open_incidents: [...store.incidents.all.values()].filter(({ incident }) => incident.state !== 'closed').length,
    longest_unwatched_ms: store.unwatched.report(clock.monotonic()),
    clock_skew_seconds: store.clockSkew.report(),
  });
  return { bootId: o.bootId, body };
}

/** Two connections, both with persistent sessions: what waits to be decided must not hold up what is seen. */
function connections(options: BuildOptions, offline: OrchestratorStatus): { bus: Bus; inboxBus: Bus } {
  const { topics, settings, control } = options;
  const onTakenOver = (): void => control.requestExit(EXIT.takenOver, 'another orchestrator uses this client id');
  const will = { topic: topics.orchestratorStatus, payload: offline, retain: true };
  return {
    bus: connection(options, settings.instanceId, { clean: false, will, onTakenOver }),
    inboxBus: connection(options, `${settings.instanceId}-inbox`, { clean: false, onTakenOver }),
  };
}

function answer(command: 'plan' | 'status', reconciler: Reconciler, status: OrchestratorStatus): Answer {
  if (command === 'status') return { ok: true, message: `The orchestrator is ${status.status}.`, result: status };
  const actions = reconciler.plan().actions.map(describeAction);
  const message = actions.length === 0 ? 'Nothing is to be done.' : `${actions.length} actions.`;
  return { ok: true, message, result: { actions } };
}

/** @throws UsageError `another_acts`; the signal's reason */
async function askForAnother(common: Common, signal: AbortSignal | undefined): Promise<OrchestratorStatus | undefined> {
  const { logger, clock, topics } = common;
  const probe = connection(common, `orchestrator-probe-${randomUUID().slice(0, 8)}`);
  try {
    await probe.start(signal);
    return await lookForAnother(new ChannelBus({ bus: probe, roots: topics.roots, logger, clock }), clock);
  } finally {
    await probe.stop();
  }
}

function connection(common: Common, instanceId: string, more: Partial<Parameters<typeof createBus>[0]> = {}): Bus {
  const { settings, logger, clock } = common;
  return createBus({
    ...brokerOptions(settings, instanceId),
    logger,
    clock,
    ...more,
  });
}

if (isEntry(import.meta.url)) await runMain(() => main(process.argv.slice(2), process.env));
