import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Recorded {
  readonly event: { readonly action?: string };
  readonly trace?: { readonly id?: string };
  readonly user?: { readonly name?: string };
  readonly vigilia: { readonly instance_id?: string; readonly command?: { readonly name?: string } };
}
interface Logged {
  readonly event?: string;
  readonly trace_id?: string;
}

/**
 * One trace joins everything that docs/elasticsearch-traceability.md promises: looks for that of the fall, and for nothing else, in what the
 * sink recorded and the services logged in one run.
 */
export function checkTrace(dataDir: string): void {
  const recorded = readdirSync(join(dataDir, 'events')).flatMap((file) =>
    linesOf<Recorded>(join(dataDir, 'events', file)),
  );
  const traceId = recorded.find(({ event }) => event.action === 'fall_detected')?.trace?.id;
  expect(traceId).toMatch(/./);
  const story = recorded.filter(({ trace }) => trace?.id === traceId);
  const of = (action: string) => story.filter(({ event }) => event.action === action);

  const help = ['incident_opened', 'incident_state', 'command', 'command_ack', 'incident_acknowledged'];
  const moves = ['processor_status', 'room_released', 'room_taken', 'room_returned'];
  expect(story.map(({ event }) => event.action)).toEqual(
    expect.arrayContaining(['fall_suspected', 'fall_detected', ...help, ...moves]),
  );
  const commands = of('command').map(({ vigilia }) => vigilia.command?.name);
  expect(commands).toEqual(expect.arrayContaining(['set_fps', 'remove_stream', 'acknowledge', 'add_stream']));
  expect(of('incident_acknowledged')[0]?.user?.name).toBe('the automatic nurse');
  expect(of('frame_analysed').map(({ vigilia }) => vigilia.instance_id)).toContain('processor-a_1');

  const acts = linesOf<Logged>(join(dataDir, 'logs', 'orchestrator.ndjson')).filter(
    (line) => line.trace_id === traceId,
  );
  expect(acts.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['set_fps_completed', 'spawn_dedicated_completed', 'remove_stream_completed']),
  );
  expect(acts.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['add_stream_completed', 'stop_dedicated_completed']),
  );
  const dedicated = linesOf<Logged>(join(dataDir, 'orchestrator', 'logs', 'processor-a_1.ndjson'));
  expect(dedicated.length).toBeGreaterThan(0);
  expect(dedicated.filter((line) => line.trace_id !== traceId)).toEqual([]);
}

function linesOf<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
