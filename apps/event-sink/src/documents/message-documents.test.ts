import { createTopics } from '@vigilia/protocol';
import { asRecord, type Json } from '../schema/json-fields.ts';
import { received, sampleMessages } from '../test-support/sample-messages.ts';
import { decodeDocument, encodeDocument, type SinkDocument } from './document.ts';
import { localHourIn, makeDocument } from './ecs.ts';
import { logDocument } from './log-document.ts';
import { messageDocuments, type ReceivedMessage, readMessage } from './message-documents.ts';
import { TraceRegistry } from './trace-registry.ts';

const NOON = Date.UTC(2026, 2, 1, 12, 0, 0);
const localHour = localHourIn('Europe/Madrid');

function documentsOf(message: ReceivedMessage, receivedAtMs = NOON): SinkDocument[] {
  return messageDocuments(message, readMessage(message, createTopics().roots), {
    receivedAtMs,
    namespace: 'home',
    localHour,
  });
}
function sample(name: string, receivedAtMs = NOON, retain = false): SinkDocument[] {
  const message = sampleMessages[name];
  if (message === undefined) throw new Error(name);
  return documentsOf(received(message, retain), receivedAtMs);
}
const first = (name: string) => sample(name)[0]?.body as Record<string, Record<string, unknown>>;

describe('the documents of messages', () => {
  it.each(Object.keys(sampleMessages))(
    '%s: every document has a time, an id, a data stream and the hour of the day',
    (name) => {
      const documents = sample(name);
      expect(documents.length).toBeGreaterThan(0);
      for (const { id, body } of documents) {
        expect(Buffer.byteLength(id)).toBeLessThanOrEqual(512);
        expect(body['@timestamp']).toMatch(/^2026-03-01T\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(asRecord(body.event)?.id).toBe(id);
        expect(asRecord(body.data_stream)).toMatchObject({ namespace: 'home' });
        expect(asRecord(body.vigilia)?.local_hour).toBe(
          name.startsWith('bare') || ['command', 'orchestratorCommand', 'unreadable', 'room'].includes(name) ? 13 : 4,
        );
      }
    },
  );

  it.each(Object.keys(sampleMessages))('%s: delivered again it has the same ids', (name) => {
    expect(sample(name, NOON + 1000).map(({ id }) => id)).toEqual(sample(name).map(({ id }) => id));
  });

  it('puts each kind into its data stream, and falls and incidents where nothing is dropped', () => {
    const kinds = Object.fromEntries(
      Object.keys(sampleMessages).map((name) => [
        name,
        sample(name).map(({ stream, priority }) => `${stream} ${priority}`),
      ]),
    );
    expect(kinds).toMatchObject({
      detections: ['detections bulk'],
      fall: ['events critical'],
      bareFall: ['events critical'],
      roomBlind: ['events normal'],
      incident: ['events critical', 'events critical', 'reports critical'],
      command: ['events normal'],
      status: ['service normal'],
      metrics: ['metrics bulk', 'metrics bulk'],
      unreadable: ['service normal'],
    });
  });

  it('names an event by its event_id, a detection by who saw it in which life, room and frame', () => {
    expect(sample('fall')[0]?.id).toBe('fall-2-77');
    expect(sample('detections')[0]?.id).toBe('d:processor-a:b1:2:7');
  });

  it('distinguishes a second bare command a minute later from a redelivery of the first', () => {
    const ids = [0, 20_000, 60_000].map((later) => sample('bareCommand', NOON + later)[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('gives a retained message the same id at every restart of the sink', () => {
    const [topic] = sampleMessages.desiredRooms ?? [''];
    const message = received([topic, { rooms: {} }], true);
    expect(documentsOf(message, NOON)[0]?.id).toBe(documentsOf(message, NOON + 86_400_000)[0]?.id);
  });

  it('measures from the first low moment to the alarm', () => {
    expect(first('fall').vigilia).toMatchObject({
      source_id: 2,
      room_name: 'Room 2',
      durations_ms: { fall_to_alarm: 22_000 },
    });
    expect(first('fall')).toMatchObject({
      event: { kind: 'alert', action: 'fall_detected', severity: 90 },
      trace: { id: 'trace-1' },
    });
  });

  it('sums a closed incident up once: from the fall to help, and each step from its opening', () => {
    const [state, summary] = sample('incident');
    expect(asRecord(state?.body.event)?.action).toBe('incident_state');
    expect(summary?.id).toBe('incident:inc-1:summary');
    expect(summary?.body).toMatchObject({
      '@timestamp': '2026-03-01T03:14:18.000Z',
      event: { action: 'incident_summary' },
      user: { name: 'Ana' },
      vigilia: {
        incident: { outcome: 'helped', relieved_rooms: 1 },
        durations_ms: {
          fall_to_open: 23_000,
          fall_to_acknowledged: 32_000,
          fall_to_closed: 40_000,
          open_to_room_released: 6000,
          hand_over: 4000,
        },
      },
    });
  });

  it('names the person who acknowledged, though another one resolved and a third began the drill', () => {
    const [topic, payload] = sampleMessages.incident ?? ['', {}];
    const at = '2026-03-01T03:14:00Z';
    const by = [
      { who: 'technician', what: 'drill', at },
      { who: 'Ana', what: 'acknowledge', at },
      { who: 'Luis', what: 'resolve', at },
    ];
    const told = (people: unknown) => documentsOf(received([topic, { ...(payload as object), by: people }]))[1]?.body;
    expect(told(by)).toMatchObject({ user: { name: 'Ana' }, vigilia: { incident: { resolved_by: 'Luis' } } });
    expect(told(by.slice(2))?.user).toBeUndefined();
    const acknowledged = received([
      'nvr/events/incident_acknowledged',
      {
        event_id: 'e',
        event: 'incident_acknowledged',
        instance_id: 'orchestrator',
        timestamp: at,
        severity: 'info',
        trace_id: 't',
        incident_id: 'inc-1',
        by: 'Ana',
      },
    ]);
    expect(documentsOf(acknowledged)[0]?.body).toMatchObject({ user: { name: 'Ana' } });
  });

  describe('what names no trace gets that of its incident', () => {
    const traces = new TraceRegistry();
    const told = (topic: string, payload: Json, receivedAtMs = NOON) => {
      const message = received([topic, payload]);
      const reading = readMessage(message, createTopics().roots);
      if (reading.kind === 'read') {
        traces.observe(reading.parsed, reading.payload);
      }
      const [document] = messageDocuments(message, reading, { receivedAtMs, namespace: 'home', localHour, traces });
      return asRecord(document?.body.trace)?.id;
    };
    const [, incident] = sampleMessages.incident ?? ['', {}];
    const open = { ...(incident as Json), state: 'open', trace_id: 't-1' };
    beforeAll(() => told('nvr/incidents/inc-1', open));

    it.each([
      ['acknowledge', { source_id: 2, by: 'Ana' }, 't-1'],
      ['resolve', { incident_id: 'inc-1', by: 'Ana' }, 't-1'],
      ['acknowledge', { source_id: 3 }, undefined],
    ])('%s %j of a nurse', (command, params, trace) => {
      expect(told('nvr/orchestrator/commands', { command, params })).toBe(trace);
    });

    it('a command of an operator about that room does not', () => {
      expect(told('nvr/control/commands', { command: 'set_fps', params: { source_id: 2 } })).toBeUndefined();
    });

    it('a bare report of another sensor has the trace of the incident that it joins', () => {
      expect(told('nvr/events/fall_detected', { source_id: 2 })).toBe('t-1');
      expect(told('nvr/events/fall_detected', { room_id: 3 })).toBeUndefined();
    });
  });

  it('a room that returns to an earlier state is recorded again; the same message twice is not', () => {
    const [first, again, later] = [0, 1000, 60_000].map((ms) => sample('room', NOON + ms)[0]?.id);
    expect(again).toBe(first);
    expect(later).not.toBe(first);
    expect(sample('room', NOON, true)[0]?.id).toBe(sample('room', NOON + 86_400_000, true)[0]?.id);
  });

  it('keeps who and where of a person in the room, and no keypoints', () => {
    const [document] = sample('detections');
    expect(document?.body.vigilia).toMatchObject({
      people: 1,
      objects: 2,
      max_confidence: 0.81,
      postures: ['low'],
      classes: ['person', 'chair'],
    });
    expect(JSON.stringify(document?.body)).not.toContain('keypoints');
    expect(JSON.stringify(sample('room')[0]?.body)).not.toContain('keypoints');
  });

  it('contains the longest gap of a switch and the rooms that had none', () => {
    expect(first('ack').vigilia).toMatchObject({
      gap: { rooms: 2, missing: 1, max_ms: 300 },
      command: { ack_status: 'completed' },
    });
    expect(first('failedAck')).toMatchObject({ event: { outcome: 'failure' }, error: { code: 'model_not_found' } });
  });

  it('leaves out shared copies, markers, cleared topics and other people’s topics', () => {
    const texts: [string, string][] = [
      ['nvr/control/status', '{"status":"running"}'],
      ['nvr/control/status/ack', '{}'],
      ['nvr/orchestrator/marker/x', '{}'],
      ['nvr/rooms/2', ''],
      ['home/light', '{}'],
    ];
    for (const [topic, text] of texts) {
      expect(documentsOf({ topic, payload: Buffer.from(text), retain: false })).toEqual([]);
    }
  });

  it.each([
    '{"source_id": 5, "timestamp": "2026-11-29T15:40:18.000000"}',
    '{"room_id": "5"}',
    '{"source_id": 5, "event_id": 17, "bbox": null, "evidence": "radar", "confidence": "high"}',
    '\ufeff{"source_id": 5}\0',
    "{'source_id': 5}",
  ])('the fall report %j of another sensor is one event of room 5, whatever else it contains', (text) => {
    const raw = { topic: 'nvr/events/fall_detected', payload: Buffer.from(text), retain: false };
    const [document, ...more] = documentsOf(raw);
    expect(more).toEqual([]);
    expect(document?.body).toMatchObject({ event: { action: 'fall_detected' }, vigilia: { source_id: 5 } });
  });

  it('a report of a room beyond every limit is recorded as unreadable and reaches no field of the index', () => {
    const raw = {
      topic: 'nvr/events/fall_detected',
      payload: Buffer.from('{"source_id": 1099511627776}'),
      retain: false,
    };
    expect(documentsOf(raw)[0]?.body).toMatchObject({ event: { action: 'message_unreadable' } });
  });

  it('records what it cannot read instead of stopping', () => {
    const poison = [
      '{',
      '[]',
      '7',
      'null',
      '"x"',
      '\u0000\uffff',
      '{"timestamp": 5, "source_id": "two", "detections": 3, "steps": [], "by": {}, "rooms": 4, "streams": [null, 1]}',
    ];
    for (const topic of Object.values(sampleMessages).map(([name]) => name)) {
      for (const text of poison) {
        const documents = documentsOf({ topic, payload: Buffer.from(text), retain: false });
        expect(documents.length).toBeGreaterThan(0);
        if (!text.startsWith('{"')) {
          expect(documents[0]?.body).toMatchObject({
            event: { kind: 'pipeline_error', action: 'message_unreadable' },
            error: { code: expect.stringMatching(/^invalid_(json|payload)$/) },
          });
        }
      }
    }
    expect(
      documentsOf({ topic: 'nvr/what/is/this', payload: Buffer.from('{}'), retain: false })[0]?.body,
    ).toMatchObject({ error: { code: 'topic_unknown' } });
  });

  it('a room number beyond every limit reaches no field of the index, and the original keeps it', () => {
    const report = (room: number) => received(['nvr/events/fall_detected', { source_id: room }]);
    const [fits, unfit] = [1_000_000, 2 ** 40].map((room) => documentsOf(report(room))[0]?.body);
    expect(asRecord(fits?.vigilia)?.source_id).toBe(1_000_000);
    expect(asRecord(unfit?.vigilia)).not.toHaveProperty('source_id');
    expect(asRecord(unfit?.event)?.original).toContain('1099511627776');
  });

  it.each(['1970-01-01T00:03:11Z', '2000-01-01T00:00:00Z', '2026-03-03T12:00:00Z'])(
    'files a message of a clock that shows %s under the time of its arrival, and keeps what the clock showed',
    (timestamp) => {
      const event = { event_id: 'e', event: 'room_blind', instance_id: 'a', severity: 'warning', trace_id: 't' };
      const message = received(['nvr/events/room_blind', { ...event, source_id: 1, timestamp }]);
      const [document] = documentsOf(message);
      expect(document?.body['@timestamp']).toBe('2026-03-01T12:00:00.000Z');
      expect(asRecord(document?.body.labels)?.sender_clock).toBe(new Date(timestamp).toISOString());
    },
  );

  it('records who saw a clip of a fall and why, as a document that a full disk does not push out', () => {
    const view = { event_id: 'v', event: 'clip_viewed', instance_id: 'console', severity: 'info', trace_id: 't' };
    const who = { by: 'Ana Ruiz', account: 'ana', reason: 'Head injury?' };
    const where = { incident_id: 'inc-1', source_id: 2, timestamp: '2026-03-01T12:00:00.000Z' };
    const [document] = documentsOf(received(['nvr/events/clip_viewed', { ...view, ...who, ...where }]));
    expect(document?.priority).toBe('critical');
    expect(document?.body.user).toEqual({ name: 'Ana Ruiz', id: 'ana' });
    expect(asRecord(document?.body.vigilia)).toMatchObject({ reason: who.reason, incident_id: 'inc-1', source_id: 2 });
  });

  it('takes credentials out of addresses, wherever they stand', () => {
    const uri = 'rtsp://admin:hunter2@10.0.0.9:554/stream';
    const command = received(['nvr/control/commands', { command: 'add_stream', params: { source_id: 8, uri } }]);
    const broken = { topic: 'nvr/control/commands', payload: Buffer.from(`{"uri": "${uri}"`), retain: false };
    const escaped = {
      topic: 'nvr/control/commands',
      payload: Buffer.from(`{"uri": "rtsp:\\/\\/admin:hunter2@10.0.0.9\\/stream"`),
      retain: false,
    };
    for (const message of [command, broken, escaped]) {
      expect(JSON.stringify(documentsOf(message))).not.toContain('hunter2');
    }
  });

  it('shows no secret of other programs, in whatever field it is', () => {
    const uri = 'rtsp://admin:a/S3CRET@10.0.0.9/1';
    const ack = { instance_id: 'a', command: 'add_stream', command_id: 'c', ack_status: 'error', message: uri };
    const messages = [
      received(['nvr/control/ack/a', { ...ack, error: { code: uri } }]),
      received(['nvr/events/room_blind', { source_id: 2, reason: uri, detail: uri, accessToken: 'S3CRET' }]),
      received(['nvr/incidents/i1', { incident_id: 'i1', source_id: 2, state: 'open', note: uri, by: [{ who: uri }] }]),
      received(['nvr/control/commands', { command: uri, params: { by: uri, passphrase: 'S3CRET' } }]),
    ];
    for (const message of messages) {
      const documents = documentsOf(message);
      expect(documents).toHaveLength(1);
      expect(JSON.stringify(documents)).not.toContain('S3CRET');
    }
  });

  it.each([
    ['JSON of another program', '{"level":"warn","error":"read tcp: i/o timeout","url":"rtsp://u:a#S3CRET@h/1"}'],
    [
      'JSON with escaped slashes',
      String.raw`{"message":"rtsp:\/\/u:S3CRET@h\/1","error":{"message":"rtsp:\/\/S3CRET@h"}}`,
    ],
    ['JSON with a change', '{"old_uri":"rtsp://u:S3CRET@h/1","new_uri":{"url":"rtsp://u:S3CRET@h/2"},"message":"x"}'],
    ['JSON with an error as text', '{"message":"x","error":"rtsp://u:a S3CRET@h/1","authorization":"Bearer S3CRET"}'],
    ['broken JSON', '{"url":"rtsp://u:S3CRET@h/1","token":"S3CRET"'],
    ['go2rtc', '10:00:00.000 WRN [rtsp] error="dial tcp: i/o timeout" url="rtsp://u:a S3CRET@h/1" stream=cam'],
    ['an address at the place where long lines are cut', `${'x'.repeat(32_750)} rtsp://u:12S3CRET@h/1`],
  ])('a log line of a container shows no secret: %s', (_, text) => {
    const origin = { kind: 'container', name: 'go2rtc', id: 'c' } as const;
    const document = logDocument({ text, origin, place: ['1'] }, { receivedAtMs: NOON, namespace: 'home', localHour });
    expect(JSON.stringify(document)).not.toMatch(/S3CRET|rtsp:\/\/u:/);
    expect(document.body).toMatchObject({ container: { name: 'go2rtc' } });
  });

  it('survives the way through the spool', () => {
    const document = makeDocument(
      { id: 'a:b', stream: 'events', priority: 'normal', timeMs: 0, ecs: { message: 'line\nbreak – ü' }, own: {} },
      { receivedAtMs: 0, namespace: 'x', localHour },
    );
    expect(decodeDocument(encodeDocument(document))).toEqual({
      id: 'a:b',
      stream: 'events',
      json: JSON.stringify(document.body),
    });
    expect(decodeDocument(Buffer.from('garbage'))).toBeUndefined();
  });
});
