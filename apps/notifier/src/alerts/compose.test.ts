import { startMs } from '../test-support/samples.ts';
import type { AlertCase } from './alert-case.ts';
import { compose, composeTest } from './compose.ts';

const madrid = { language: 'es', timeZone: 'Europe/Madrid', consoleUrl: 'https://house.example/' } as const;
const utc = { language: 'en', timeZone: 'UTC' } as const;
const fall: AlertCase = {
  key: 'inc-1',
  kind: 'fall',
  openedMs: startMs,
  happenedAt: '2026-01-01T10:02:00.000Z',
  sourceId: 2,
  roomName: 'Sra. Gil',
  incidentId: 'inc-1',
  acknowledged: { at: '2026-01-01T10:03:00.000Z', by: 'Ana' },
  closed: { at: '2026-01-01T10:09:00.000Z', outcome: 'helped', ms: startMs },
};

test('a fall alert states where and since when, in the language and the time of the site', () => {
  expect(compose(fall, 'raised', 'phone', madrid)).toMatchObject({
    title: 'Caída: Sra. Gil (habitación 2)',
    text: 'Hay una persona en el suelo desde las 11:02. Todavía no va nadie en camino.',
    severity: 'critical',
    url: 'https://house.example/#/rooms/2',
    facts: { source_id: 2, room_name: 'Sra. Gil', incident_id: 'inc-1' },
  });
  expect(compose({ ...fall, roomName: undefined }, 'escalated_120', 'phone', utc)).toMatchObject({
    title: 'STILL UNANSWERED · Fall: room 2',
    text: 'A person has been on the floor since 10:02. The alarm has been unanswered for 2 min.',
  });
});

test('an alarm states for how long the person has been on the floor, and who was notified; news carry no link', () => {
  const context = {
    nowMs: Date.parse('2026-01-01T10:07:59.000Z'),
    notified: ['ward-phone', 'head-nurse'],
    onMyWayUrl: 'https://house.example/on-my-way?token=a.b',
  };
  const open = { ...fall, closed: undefined, acknowledged: undefined };
  const message = compose(open, 'escalated_120', 'phone', utc, context);
  expect(message.text).toMatch(/Duration: 5 min\. Notified so far: ward-phone, head-nurse\.$/);
  expect(message.onMyWayUrl).toBe(context.onMyWayUrl);
  expect(message.facts).toMatchObject({ on_floor_seconds: 359, notified: ['ward-phone', 'head-nurse'] });
  const first = compose(open, 'raised', 'phone', madrid, { ...context, nowMs: startMs, notified: [] });
  expect(first.text).toMatch(/Duración: menos de un minuto\.$/);
  for (const step of ['acknowledged', 'recovered', 'closed'] as const) {
    expect(compose(fall, step, 'phone', utc, context)).not.toHaveProperty('onMyWayUrl');
  }
  // without an incident there is nothing that the orchestrator could acknowledge
  expect(compose({ ...open, incidentId: undefined }, 'raised', 'phone', utc, context)).not.toHaveProperty('onMyWayUrl');
  expect(compose({ ...open, kind: 'blind' }, 'raised', 'phone', utc, context).text).not.toContain('Duration');
});

test('news state who acted, and are not urgent', () => {
  expect(compose(fall, 'acknowledged', 'phone', utc)).toMatchObject({
    title: 'Ana is on the way: Sra. Gil (room 2)',
    text: 'Acknowledged at 10:03.',
    severity: 'info',
  });
  expect(compose(fall, 'closed', 'phone', madrid).text).toBe(
    'La incidencia de las 11:02 está cerrada. Resultado: atendida. Confirmado por Ana.',
  );
});

test('a drill and a test cannot be taken for the real thing', () => {
  expect(compose({ ...fall, kind: 'drill' }, 'raised', 'phone', madrid).title).toMatch(/^SIMULACRO · /);
  expect(composeTest('phone', 'n', '2026-01-01T10:00:00.000Z', utc)).toMatchObject({
    kind: 'test',
    title: expect.stringMatching(/^TEST/),
  });
});

test('the id is the same at every attempt, and another for every step and target', () => {
  const ids = [compose(fall, 'raised', 'a', utc), compose(fall, 'raised', 'b', utc), compose(fall, 'closed', 'a', utc)];
  expect(new Set(ids.map(({ id }) => id)).size).toBe(3);
  expect(compose({ ...fall, roomName: 'renamed' }, 'raised', 'a', utc).id).toBe(ids[0]?.id);
});

test('a name is neither a template nor a second line', () => {
  const room = { ...fall, roomName: '{by}\r\nBcc: all@example.org' };
  expect(compose(room, 'raised', 'a', utc).title).toBe('Fall: {by} Bcc: all@example.org (room 2)');
});

it('a message to people shows no credentials, whatever a room is called', () => {
  const message = compose({ ...fall, roomName: 'rtsp://nurse:a/S3CRET@cam/1' }, 'raised', 'phone', utc);
  expect(JSON.stringify(message)).not.toContain('S3CRET');
});

test.each([
  ['dark', utc, 'too dark to see by since 10:02', 'infrared light'],
  ['covered', utc, 'covered the camera since 10:02', 'clean the lens'],
  ['dark', madrid, 'demasiado oscura desde las 11:02', 'luz infrarroja'],
  ['covered', madrid, 'tapa la cámara desde las 11:02', 'limpie el objetivo'],
] as const)('a picture that is %s is named with what to do (%j)', (blindCause, options, cause, remedy) => {
  const { title, text, facts } = compose({ ...fall, kind: 'blind', blindCause }, 'raised', 'phone', options);
  expect(title).toMatch(/^(Camera without a picture|Cámara sin imagen): Sra. Gil/);
  expect(text).toContain(cause);
  expect(text).toContain(remedy);
  expect(facts).toMatchObject({ blind_cause: blindCause });
});

test('an alarm of a person who is up again does not claim that the person is on the floor', () => {
  const up: AlertCase = {
    ...fall,
    closed: undefined,
    acknowledged: undefined,
    recoveredAt: '2026-01-01T10:05:00.000Z',
  };
  const context = { nowMs: Date.parse('2026-01-01T10:07:59.000Z'), notified: ['phone'], onMyWayUrl: undefined };
  for (const step of ['raised', 'escalated_120', 'repeated_300'] as const) {
    expect(compose(up, step, 'phone', utc, context).text).toBe(
      'A person fell at 10:02 and has been up since 10:05. The alarm has not been acknowledged yet. Notified so far: phone.',
    );
  }
});

test('no message of a drill claims that a person is on the floor', () => {
  const drill: AlertCase = { ...fall, kind: 'drill', withAlerts: true, closed: undefined };
  const texts = (['raised', 'escalated_120', 'returned_600'] as const).map((step) => {
    const { title, text } = compose(drill, step, 'phone', utc);
    return `${title} ${text}`;
  });
  expect(texts.join(' ')).not.toMatch(/on the floor/i);
  expect(texts[1]).toContain('The drill of 10:02 has been unanswered for 2 min.');
});

test('an incident that the system closed is not reported as closed by the person who acknowledged', () => {
  const { text, facts } = compose(fall, 'closed', 'phone', utc);
  expect(text).toBe('The incident of 10:02 is closed. Outcome: helped. Acknowledged by Ana.');
  expect(facts).not.toHaveProperty('by');
  const byEva = { ...fall, closed: { at: fall.happenedAt, by: 'Eva', ms: startMs } };
  expect(compose(byEva, 'closed', 'phone', utc)).toMatchObject({
    text: 'The incident of 10:02 is closed. Closed by Eva.',
    facts: { by: 'Eva' },
  });
});

test('a verdict that was taken back is reported with who is on the way, in both languages and not as an alarm', () => {
  const open = { ...fall, closed: undefined };
  const english = compose(open, 'reopened', 'x', utc);
  expect(english).toMatchObject({ title: 'Open again: Sra. Gil (room 2)', severity: 'info' });
  expect(english.text).toBe('The verdict was taken back. The incident of 10:02 is open again. Acknowledged by Ana.');
  const spanish = compose({ ...open, kind: 'drill', acknowledged: undefined }, 'reopened', 'x', madrid);
  expect(spanish.title).toBe('SIMULACRO · Abierta de nuevo: Sra. Gil (habitación 2)');
  expect(spanish.text).toBe('Se ha retirado el resultado. La incidencia de las 11:02 vuelve a estar abierta.');
});
