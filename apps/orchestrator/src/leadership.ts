import { randomUUID } from 'node:crypto';
import { channels, type OrchestratorStatus } from '@vigilia/protocol';
import {
  BusError,
  brokerOptions,
  ChannelBus,
  type Clock,
  CommandClient,
  createBus,
  type ServiceScope,
  UsageError,
} from '@vigilia/service';
import type { OrchestratorSettings } from './settings.ts';

/** How long an orchestrator that claims to act may take to prove it. */
const answerMs = 3000;
const retainedMs = 300;

/**
 * Returns the last status of the orchestrators at this broker, for its term. Asks on a connection of its own.
 * @throws UsageError `another_acts`; the reason of the scope's signal
 */
export async function askForAnother(
  scope: ServiceScope<OrchestratorSettings>,
): Promise<OrchestratorStatus | undefined> {
  const { settings, logger, clock, topics } = scope;
  const probe = createBus({
    ...brokerOptions(settings, `orchestrator-probe-${randomUUID().slice(0, 8)}`),
    place: scope.place,
    logger,
    clock,
  });
  try {
    await probe.start(scope.signal);
    return await lookForAnother(new ChannelBus({ bus: probe, roots: topics.roots, logger, clock }), clock);
  } finally {
    await probe.stop();
  }
}

/**
 * One orchestrator acts at a time. Looks for one that reports that it acts and asks it; one that
 * does not answer is taken for dead. Two that start in the same moment meet at the broker: they share a client id, and the
 * first to be pushed out ends.
 * @returns the last status on the broker, for its term
 * @throws UsageError `another_acts`
 */
async function lookForAnother(bus: ChannelBus, clock: Clock): Promise<OrchestratorStatus | undefined> {
  let status: OrchestratorStatus | undefined;
  const limit = new AbortController();
  const subscribed = bus.subscribe(channels.orchestratorStatus, ({ value }) => {
    status = value ?? status;
    if (status?.status === 'offline') {
      limit.abort('offline');
    }
  });
  if (!(await granted(subscribed))) return status;
  await clock.sleep(retainedMs);
  if (status === undefined || limit.signal.aborted) return status;
  const client = new CommandClient({ bus, clock });
  if (!(await granted(client.listen()))) return status;
  const { ended } = await client.send({
    to: 'orchestrator',
    command: { command: 'status', params: {} },
    timeoutMs: answerMs,
    signal: limit.signal,
  });
  if (ended !== 'answered') return status;
  throw new UsageError({
    code: 'another_acts',
    message: `Another orchestrator (${status.instance_id}, since term ${status.term ?? 0}) acts at this broker.`,
    remedy: 'Stop it first; only one may move rooms.',
  });
}

/**
 * A broker that refuses the question, or that was unreachable for too long, gives no answer. That must not end the orchestrator:
 * its readiness shows what is refused, and the view decides when it acts.
 */
async function granted(asked: Promise<void>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof BusError) return false;
    throw error;
  }
}

/** Returns a term later than every one before: also where the broker has forgotten them, as long as no clock went back. */
export function nextTerm(before: number | undefined, wallMs: number): number {
  return Math.min(Math.max((before ?? 0) + 1, Math.floor(wallMs / 1000)), Number.MAX_SAFE_INTEGER);
}
