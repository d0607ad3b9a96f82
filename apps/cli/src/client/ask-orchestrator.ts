import { type Ack, parseOrchestratorCommand } from '@vigilia/protocol';
import { type ChannelBus, type Clock, CommandClient } from '@vigilia/service';

/** Sends a command to the orchestrator and returns its final answer; undefined when none came in time. */
export async function askOrchestrator(o: {
  bus: ChannelBus;
  clock: Clock;
  command: string;
  params: Record<string, unknown>;
  waitMs?: number;
}): Promise<Ack | undefined> {
  const { bus, clock, params, waitMs = 10_000 } = o;
  const command = parseOrchestratorCommand(o.command, params);
  const { answers } = await new CommandClient({ bus, clock }).send({ to: 'orchestrator', command, timeoutMs: waitMs });
  return answers[0];
}
