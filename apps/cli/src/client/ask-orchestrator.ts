import { randomUUID } from 'node:crypto';
import { type Ack, ackSchema, createTopics, type OrchestratorCommandName } from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';

/** Sends a command to the orchestrator and waits for its final answer; undefined when none came in time. */
export async function askOrchestrator(o: {
  bus: Bus;
  clock: Clock;
  prefix: string;
  command: OrchestratorCommandName;
  params: Record<string, unknown>;
  waitMs?: number;
}): Promise<Ack | undefined> {
  const { bus, clock, command, params, waitMs = 10_000 } = o;
  const topics = createTopics(o.prefix);
  const commandId = randomUUID();
  let answer: Ack | undefined;
  await bus.subscribe(topics.orchestratorAck, (message) => {
    const ack = ackSchema.safeParse(message.json());
    if (ack.success && ack.data.command_id === commandId && ack.data.ack_status !== 'received') answer = ack.data;
  });
  await bus.publish(topics.orchestratorCommands, { command, params, command_id: commandId });
  const endMs = clock.monotonic() + waitMs;
  while (answer === undefined && clock.monotonic() < endMs) await clock.sleep(50);
  return answer;
}
