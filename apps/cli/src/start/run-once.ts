import { channels, withoutUndefined } from '@vigilia/protocol';
import type { ChannelBus, Clock } from '@vigilia/service';
import { AutomaticNurse } from './automatic-nurse.ts';
import type { TimelineReporter } from './timeline-reporter.ts';

/** From the start until every room is watched, and from then to the end of the story. */
const limits = { readyMs: 90_000, storyMs: 175_000 };

/** Runs through the scenario once. Resolves with a sentence about what is missing, or undefined when all steps were seen. */
export async function runOnce(options: {
  bus: ChannelBus;
  reporter: TimelineReporter;
  clock: Clock;
  signal: AbortSignal;
}): Promise<string | undefined> {
  const { bus, reporter, clock, signal } = options;
  const { story } = reporter;
  const nurse = new AutomaticNurse();
  const startedMs = clock.monotonic();
  let readyMs: number | undefined;
  while (!signal.aborted) {
    const nowMs = clock.monotonic();
    if (story.unseen().length === 0) return undefined;
    if (story.seen.has('ready')) {
      readyMs ??= nowMs;
    }
    if (readyMs === undefined && nowMs - startedMs > limits.readyMs) return notReady(reporter);
    if (readyMs !== undefined && nowMs - readyMs > limits.storyMs) {
      return `Not seen within ${limits.storyMs / 1000} s: ${story.unseen().join(', ')}.`;
    }
    const action = nurse.nextAction(reporter.incident, nowMs);
    if (action !== undefined) {
      const resolves = action.command === 'resolve';
      const params = withoutUndefined<Record<string, unknown>>({
        incident_id: action.incidentId,
        by: 'the automatic nurse',
        outcome: resolves ? 'helped' : undefined,
        confirmed: resolves ? true : undefined,
      });
      await bus.publish(channels.orchestratorCommands, {}, { command: action.command, params });
    }
    await clock.sleep(200, signal).catch(() => undefined);
  }
  return undefined;
}

function notReady(reporter: TimelineReporter): string {
  const rooms = reporter.story.waitingFor;
  if (rooms.length > 0) return `No detections came from room ${rooms.join(', ')} within ${limits.readyMs / 1000} s.`;
  return `The orchestrator did not begin to act within ${limits.readyMs / 1000} s.`;
}
