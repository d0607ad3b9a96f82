import { randomUUID } from 'node:crypto';
import { ackSchema, type OrchestratorStatus, orchestratorStatusSchema, type Topics } from '@vigilia/protocol';
import { type Bus, BusError, type BusMessage, type Clock, UsageError } from '@vigilia/service';
import { bodyOf } from './observe/observer.ts';

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
export async function lookForAnother(bus: Bus, topics: Topics, clock: Clock): Promise<OrchestratorStatus | undefined> {
  let status: OrchestratorStatus | undefined;
  const onStatus = (message: BusMessage): void => {
    const parsed = orchestratorStatusSchema.safeParse(bodyOf(message));
    if (parsed.success) status = parsed.data;
  };
  await orUnanswered(bus.subscribe(topics.orchestratorStatus, onStatus));
  await clock.sleep(retainedMs);
  if (status === undefined || status.status === 'offline') return status;
  const commandId = randomUUID();
  let answered = false;
  const onAck = (message: BusMessage): void => {
    const ack = ackSchema.safeParse(bodyOf(message));
    if (ack.success && ack.data.command_id === commandId) answered = true;
  };
  await orUnanswered(bus.subscribe(topics.orchestratorAck, onAck));
  const question = { command: 'status', command_id: commandId };
  await orUnanswered(bus.publish(topics.orchestratorCommands, question, { expirySeconds: 5 }));
  const end = clock.monotonic() + answerMs;
  while (!answered && clock.monotonic() < end && status.status !== ('offline' as string)) await clock.sleep(50);
  if (!answered) return status;
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
async function orUnanswered(asked: Promise<void>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
  }
}

/** Later than every term before: also where the broker has forgotten them, as long as no clock went back. */
export function nextTerm(before: number | undefined, wallMs: number): number {
  return Math.max((before ?? 0) + 1, Math.floor(wallMs / 1000));
}
