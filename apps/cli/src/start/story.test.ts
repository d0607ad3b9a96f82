import type { Incident, Status, VigiliaEvent } from '@vigilia/protocol';
import { Story, type StoryInput, storySteps } from './story.ts';

const at = '2026-01-01T00:00:10.000Z';

function incident(steps: Incident['steps'], id = 'inc-1'): StoryInput {
  return {
    kind: 'incident',
    incident: {
      incident_id: id,
      source_id: 2,
      state: 'open',
      drill: false,
      degraded: false,
      by: [{ who: 'Ana', what: 'acknowledge', at }],
      home: 'processor-a',
      dedicated: 'processor-a_1',
      watched_by: 'processor-a',
      steps,
      durations_ms: {},
      overrides: [],
      attempts: { spawn: 1 },
      event_ids: ['e1'],
      opened_at: at,
      updated_at: at,
      trace_id: 't',
    },
  };
}

const seenIn = (room: number): StoryInput => ({ kind: 'detections', sourceId: room, instanceId: 'processor-a' });

test('ready needs every room and an orchestrator that acts', () => {
  const story = new Story({ rooms: [0, 1] });
  expect(story.take(seenIn(0), at)).toEqual([]);
  expect(story.take({ kind: 'orchestrator', acting: true }, at)).toEqual([]);
  expect(story.waitingFor).toEqual([1]);
  expect(story.take(seenIn(1), at).map((entry) => entry.step)).toEqual(['ready']);
  expect(story.take(seenIn(1), at)).toEqual([]);
});

test('a step is shown once, with the time of the incident, in the order of time', () => {
  const story = new Story({ rooms: [] });
  const early = '2026-01-01T00:00:01.000Z';
  const first = story.take(incident({ dedicated_started: at, relief_applied: early }), at);
  expect(first.map(({ step, at: time }) => [step, time])).toEqual([
    ['relief_applied', early],
    ['dedicated_started', at],
  ]);
  const second = story.take(incident({ dedicated_started: at, relief_applied: early, room_released: at }), at);
  expect(second.map((entry) => entry.step)).toEqual(['room_released']);
});

test('another incident does not complete the story of the first', () => {
  const story = new Story({ rooms: [] });
  story.take(incident({ dedicated_started: at }), at);
  expect(story.take(incident({ relief_lifted: at }, 'inc-2'), at)).toEqual([]);
  expect(story.unseen()).toContain('relief_lifted');
});

test('the fall of another sensor is a fall', () => {
  const story = new Story({ rooms: [] });
  const [entry] = story.take({ kind: 'fall_report', sourceId: 2, instanceId: 'mat' }, at);
  expect(entry).toMatchObject({ step: 'fall_detected', sourceId: 2, tone: 'alarm' });
});

test('each further fall is shown, once, and a suspicion that ended is not a person who got up', () => {
  const story = new Story({ rooms: [] });
  const event = (event_id: string, more: Partial<VigiliaEvent> = {}): StoryInput => ({
    kind: 'event',
    event: {
      event_id,
      event: 'fall_detected',
      source_id: 2,
      instance_id: 'processor-a',
      timestamp: at,
      severity: 'critical',
      trace_id: 't',
      ...more,
    },
  });
  const texts = (input: StoryInput) => story.take(input, at).map(({ text }) => text);
  expect(texts(event('first'))).toEqual(['A fall in room 2']);
  expect(texts(event('first'))).toEqual([]);
  expect(texts(event('second'))).toEqual(['A fall in room 2']);
  expect(texts(event('second'))).toEqual([]);
  expect(texts(event('third', { event: 'fall_recovered', was_alarm: false }))).toEqual(['No fall after all in room 2']);
  expect(texts(event('fourth', { event: 'fall_recovered', was_alarm: true }))).toEqual([
    'The person is up again in room 2',
  ]);
});

test('nothing is left unseen at the end of a whole story', () => {
  const story = new Story({ rooms: [2] });
  story.take({ kind: 'orchestrator', acting: true }, at);
  story.take(seenIn(2), at);
  const event: VigiliaEvent = {
    event_id: 'e1',
    event: 'fall_detected',
    source_id: 2,
    instance_id: 'processor-a',
    timestamp: at,
    severity: 'critical',
    trace_id: 't',
  };
  story.take({ kind: 'event', event }, at);
  expect(story.unseen()).toEqual(storySteps.slice(2));
  story.take(
    incident({
      relief_applied: at,
      dedicated_started: at,
      dedicated_watching: at,
      room_released: at,
      acknowledged: at,
      room_returned: at,
      dedicated_stopped: at,
      relief_lifted: at,
    }),
    at,
  );
  expect(story.unseen()).toEqual([]);
});

describe('who watches what', () => {
  const status = (fps: number, rooms = [0, 1]): StoryInput => ({
    kind: 'status',
    status: {
      instance_id: 'processor-a',
      client_id: 'processor-a',
      boot_id: 'b',
      role: 'home',
      status: 'running',
      timestamp: at,
      streams: rooms.map((room) => ({
        source_id: room,
        uri: `file:///${room}.mp4`,
        model_id: 'm',
        max_fps: fps,
        confidence: 0.25,
        tracking: true,
        decode: 'auto',
        state: 'watching',
        zones_configured: true,
      })),
    } satisfies Status,
  });

  test('is shown when it changes and only then', () => {
    const story = new Story({ rooms: [] });
    expect(story.take(status(0.1), at)[0]?.text).toBe('processor-a watches rooms 0, 1 at 0.1 fps (m)');
    expect(story.take(status(0.1), at)).toEqual([]);
    expect(story.take(status(0.05, [1]), at)[0]?.text).toBe('processor-a watches room 1 at 0.05 fps (m)');
  });
});
