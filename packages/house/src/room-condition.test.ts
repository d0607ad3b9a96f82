import type { AlertStage, AlertState, DetectionsMessage, Incident, RoomState, Status } from '@vigilia/protocol';
import { fold } from './fold.ts';
import { emptyHouse, type House, type HouseMessage } from './house.ts';
import { judgeRoom, type RoomCondition } from './room-condition.ts';
import { gatherRoomEvidence, roomIds } from './room-evidence.ts';

const startMs = Date.parse('2026-01-01T10:00:00.000Z');
const at = (ms: number): string => new Date(startMs + ms).toISOString();

/** Plays messages at their times (ms after the start) and answers the room at the end. */
function play(messages: readonly (readonly [number, HouseMessage])[], untilMs: number, id = 2) {
  const house = messages.reduce((before: House, [ms, one]) => fold(before, one, startMs + ms), emptyHouse(startMs));
  const room = gatherRoomEvidence(house, id, startMs + untilMs);
  return { ...judgeRoom(room), name: room.name, watchers: room.watchers, known: roomIds(house).includes(id) };
}

const status = (instanceId: string, maxFps: number, change: Partial<Status> = {}): HouseMessage => ({
  kind: 'status',
  instanceId,
  status: {
    instance_id: instanceId,
    client_id: instanceId,
    boot_id: 'b1',
    role: 'home',
    status: 'running',
    timestamp: at(0),
    streams: [
      {
        source_id: 2,
        uri: 'rtsp://cameras/2',
        model_id: 'light',
        max_fps: maxFps,
        confidence: 0.3,
        tracking: true,
        decode: 'auto',
        state: 'watching',
        zones_configured: true,
      },
    ],
    ...change,
  },
});
const detections = (instanceId = 'a'): HouseMessage => {
  const body: DetectionsMessage = {
    instance_id: instanceId,
    boot_id: 'b1',
    source_id: 2,
    frame_id: 1,
    timestamp: at(0),
    model_id: 'light',
    inference_time_ms: 10,
    latency_ms: 20,
    fps: 0.1,
    image: { width: 100, height: 50 },
    detections: [
      { class_name: 'person', confidence: 0.9, bbox: { x: 50, y: 25, width: 20, height: 10 }, posture: 'low' },
    ],
  };
  return { kind: 'detections', detections: body };
};
const fall = (state: RoomState['fall']['state'], quiet = false): HouseMessage => ({
  kind: 'room',
  sourceId: 2,
  room: { source_id: 2, watcher: 'a', since: at(0), fall: { state, quiet, low_since: at(0), event_id: 'fall-1' } },
});
const incident = (change: Partial<Incident> = {}): HouseMessage => {
  const body: Incident = {
    incident_id: 'inc-1',
    source_id: 2,
    state: 'open',
    drill: false,
    degraded: false,
    by: [],
    home: 'a',
    watched_by: 'a',
    steps: {},
    durations_ms: {},
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [],
    opened_at: at(100),
    updated_at: at(100),
    trace_id: 't',
    ...change,
  };
  return { kind: 'incident', incidentId: 'inc-1', incident: body };
};
const connected: HouseMessage = { kind: 'connected' };
const watched = [
  [0, connected],
  [0, status('a', 0.1)],
  [10, detections()],
] as const;

test('a person has been on the floor since first seen there at the last fall, not since the alarm or the incident', () => {
  const falls = [
    { event_id: 'e-1', first_low_at: at(-20_000), alarm_at: at(0), reported_at: at(0), recovered_at: at(5000) },
    { event_id: 'e-2', first_low_at: at(60_000), alarm_at: at(80_000), reported_at: at(80_000) },
  ];
  const since = (change: Partial<Incident>) => play([...watched, [100, incident(change)]], 1000).since;
  expect(since({ falls: falls.slice(0, 1) })).toBe(at(-20_000));
  expect(since({ falls })).toBe(at(60_000));
  expect(since({})).toBe(at(100));
});

const alertOf = (stage: AlertStage): HouseMessage => ({
  kind: 'alert',
  incidentId: 'inc-1',
  alert: { incident_id: 'inc-1', source_id: 2, stage } as AlertState,
});

describe('the condition of a room', () => {
  const cases: readonly [string, readonly (readonly [number, HouseMessage])[], number, RoomCondition][] = [
    [
      'no detections have been received yet',
      [
        [0, connected],
        [0, status('a', 0.1)],
      ],
      5000,
      'waiting',
    ],
    ['frames come', watched, 5000, 'well'],
    ['1.5 intervals + 1 s have passed in silence', watched, 16_011, 'unwatched'],
    ['the silence is still within the slowest rate', watched, 15_900, 'well'],
    ['the fall machine has a doubt', [...watched, [20, fall('candidate')]], 1000, 'suspected'],
    ['an incident is open', [...watched, [100, incident()]], 1000, 'fall'],
    ['an alarm has no incident, for want of an orchestrator', [...watched, [20, fall('alarm')]], 1000, 'fall'],
    ['an alarm was resolved by a person', [...watched, [20, fall('alarm', true)]], 1000, 'well'],
    [
      'a person gave a verdict of which a processor that stopped never learned',
      [
        ...watched,
        [20, fall('alarm')],
        [100, incident({ state: 'closed', event_ids: ['fall-1'], steps: { resolved: at(90) } })],
      ],
      1000,
      'well',
    ],
    [
      'the verdict was about another fall of the room',
      [
        ...watched,
        [20, fall('alarm')],
        [100, incident({ state: 'closed', event_ids: ['fall-0'], steps: { resolved: at(90) } })],
      ],
      1000,
      'fall',
    ],
    ['an incident is acknowledged', [...watched, [100, incident({ state: 'acknowledged' })]], 1000, 'helping'],
    [
      'the alarm of an acknowledged incident has returned, because the person is still down',
      [...watched, [100, incident({ state: 'acknowledged' })], [400, alertOf('returned')]],
      1000,
      'fall',
    ],
    [
      'a second person is on the way after the alarm returned',
      [
        ...watched,
        [100, incident({ state: 'acknowledged' })],
        [400, alertOf('returned')],
        [500, alertOf('acknowledged')],
      ],
      1000,
      'helping',
    ],
    [
      'the person is up, but no person has come yet',
      [...watched, [100, incident({ recovered_at: at(500) })]],
      1000,
      'recovered',
    ],
    ['it is a drill', [...watched, [100, incident({ drill: true })]], 1000, 'drill'],
    ['the incident is closed', [...watched, [100, incident({ state: 'closed' })]], 1000, 'well'],
    ['two watch it', [...watched, [20, status('b', 0.1)]], 1000, 'handover'],
    ['its only watcher is paused', [...watched, [20, status('a', 0.1, { status: 'paused' })]], 1000, 'paused'],
    [
      'help is on the way, but no processor sees the room',
      [...watched, [100, incident({ state: 'acknowledged' })]],
      60_000,
      'unwatched',
    ],
  ];
  it.each(cases)('is what the page must show: %s', (_, messages, untilMs, wanted) => {
    expect(play(messages, untilMs).condition).toBe(wanted);
  });

  it('does not count a room as unwatched for messages that could not arrive while the broker was unreachable', () => {
    const away = [...watched, [20, { kind: 'disconnected' }], [60_000, connected]] as const;
    expect(play(away, 61_000).condition).toBe('waiting');
    expect(play(away, 60_000 + 16_001).condition).toBe('unwatched');
  });

  it('goes by the faster rate only after a frame at that rate', () => {
    const faster = [...watched, [20, status('a', 1)]] as const;
    expect(play(faster, 10_000).condition).toBe('well');
    expect(play([...faster, [1000, detections()]], 4000).condition).toBe('unwatched');
  });

  const atOneASecond = (gapsMs: readonly number[], untilMs = 0) => {
    const messages: (readonly [number, HouseMessage])[] = [
      [0, connected],
      [0, status('a', 1)],
    ];
    let atMs = 0;
    for (const gapMs of [500, ...gapsMs]) {
      atMs += gapMs;
      messages.push([atMs, detections()]);
    }
    return { messages, atMs: atMs + untilMs };
  };
  const conditionsEach100ms = ({ messages, atMs }: ReturnType<typeof atOneASecond>): RoomCondition[] =>
    Array.from({ length: Math.floor(atMs / 100) }, (_, n) => {
      const nowMs = (n + 1) * 100;
      return play(
        messages.filter(([ms]) => ms <= nowMs),
        nowMs,
      ).condition;
    });
  const changes = (conditions: readonly RoomCondition[]): RoomCondition[] =>
    conditions.filter((one, index) => one !== conditions[index - 1]);

  it('does not flip between unwatched and watched while results come a little too late', () => {
    const busy = atOneASecond([1000, ...Array.from({ length: 12 }, () => [2900, 1200]).flat()]);
    expect(changes(conditionsEach100ms(busy))).toEqual(['waiting', 'well', 'unwatched']);
  });

  it('is watched again once results have been on time for ten seconds, and not before', () => {
    const recovers = atOneASecond([1000, 4000, ...Array.from({ length: 11 }, () => 1000)], 500);
    const seen = conditionsEach100ms(recovers);
    expect(changes(seen)).toEqual(['waiting', 'well', 'unwatched', 'well']);
    expect(seen.indexOf('well', seen.indexOf('unwatched')) / 10 - 5.5).toBeCloseTo(10, 0);
  });

  it('names the cause, and since when, however often a late result has arrived since', () => {
    const { messages, atMs } = atOneASecond([1000, 3000, 1000, 3000, 1000]);
    expect(play(messages, atMs)).toMatchObject({ condition: 'unwatched', unwatchedCause: 'late', since: at(1500) });
    expect(play(messages, atMs + 60_000)).toMatchObject({ condition: 'unwatched', unwatchedCause: 'silent' });
    expect(play([[0, connected]], 60_000)).toMatchObject({ condition: 'unwatched', unwatchedCause: 'no_processor' });
  });

  it('does not call the first result of a camera that starts slowly late', () => {
    const slow = [
      [0, connected],
      [0, status('a', 1)],
      [9000, detections()],
    ] as const;
    expect(play(slow, 9100).condition).toBe('well');
  });

  it('keeps a desired room that no processor monitors', () => {
    const desired: HouseMessage = {
      kind: 'desired',
      desired: { rooms: { '2': { home: 'a', name: 'Mrs C' } }, updated_at: at(0), revision: 1 },
    };
    expect(
      play(
        [
          [0, connected],
          [0, desired],
        ],
        60_000,
      ),
    ).toMatchObject({ condition: 'unwatched', name: 'Mrs C', watchers: [], known: true });
  });
});

test('a fall reported in an unknown room is shown like one of the site, until a person is on the way and again when the alarm returns', () => {
  const report = (stage: AlertStage): HouseMessage => ({
    kind: 'alert',
    incidentId: 'inc-9',
    alert: {
      incident_id: 'inc-9',
      source_id: 9,
      without_incident: true,
      stage,
      opened_at: at(0),
      acknowledged: { at: at(500), by: 'Ana' },
    } as AlertState,
  });
  const after = (...stages: AlertStage[]) =>
    play([[0, connected], ...stages.map((stage, n) => [n, report(stage)] as const)], 1000, 9);
  expect(after('notified')).toMatchObject({ condition: 'fall', since: at(0), known: true });
  expect(after('notified', 'acknowledged')).toMatchObject({ condition: 'helping', since: at(500), known: true });
  expect(after('notified', 'acknowledged', 'returned')).toMatchObject({ condition: 'fall' });
  expect(after('notified', 'closed')).toMatchObject({ known: false });
});

test.each(['dark', 'covered', 'unreachable'])('a room without a picture is blind with its cause: %s', (cause) => {
  const streams = [{ source_id: 2, state: 'blind', blind_since: at(0), blind_cause: cause }] as Status['streams'];
  expect(play([[0, status('a', 1, { streams })]], 10)).toMatchObject({ condition: 'blind', cause });
});
