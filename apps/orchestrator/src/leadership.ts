import { channels, type OrchestratorStatus } from '@vigilia/protocol';
import { type ChannelBus, type Clock, CommandClient, UsageError } from '@vigilia/service';

/** How long an orchestrator that claims to act may take to prove it. */
const answerMs = 3000;
const retainedMs = 300;

/**
 * One orchestrator acts at a time. Looks, on a connection of its own, for one that says it acts and asks it; one that
 * does not answer is taken for dead. Two that start in the same moment meet at the broker: they share a client id, and the
 * first to be pushed out ends.
 * @returns the last status on the broker, for its term
 * @throws UsageError `another_acts`
 */
export async function lookForAnother(bus: ChannelBus, clock: Clock): Promise<OrchestratorStatus | undefined> {
  let status: OrchestratorStatus | undefined;
  const limit = new AbortController();
  await bus.subscribe(channels.orchestratorStatus, ({ value }) => {
    status = value ?? status;
    if (status?.status === 'offline') limit.abort('offline');
  });
  await clock.sleep(retainedMs);
  if (status === undefined || limit.signal.aborted) return status;
  const { ended } = await new CommandClient({ bus, clock }).send({
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

/** Returns a term later than every one before: also where the broker has forgotten them, as long as no clock went back. */
export function nextTerm(before: number | undefined, wallMs: number): number {
  return Math.min(Math.max((before ?? 0) + 1, Math.floor(wallMs / 1000)), Number.MAX_SAFE_INTEGER);
}
