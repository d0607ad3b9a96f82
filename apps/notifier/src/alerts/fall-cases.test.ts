import type { HouseMessage } from '@vigilia/house';
import type { OrchestratorStatus } from '@vigilia/protocol';
import {
  acknowledged,
  at,
  closed,
  connected,
  detectionsMessage,
  houseOf,
  incident,
  incidentMessage,
  startMs,
  status,
  statusMessage,
} from '../test-support/samples.ts';
import type { AlertCase } from './alert-case.ts';
import { updateFallCases, withReaction, withRecovery, withReportedFall } from './fall-cases.ts';
import { updateTroubleCases } from './trouble-cases.ts';

type Heard = readonly (readonly [number, HouseMessage])[];
const view = (ms: number, whole: boolean, ...heard: Heard) => ({
  house: houseOf(...heard),
  nowMs: startMs + ms,
  whole,
});
const orchestratorMessage = (state: 'online' | 'offline'): HouseMessage => ({
  kind: 'orchestrator',
  orchestrator: { status: state } as OrchestratorStatus,
});
const kinds = (cases: readonly AlertCase[]) =>
  cases.map(({ kind, closed }) => `${kind}${closed === undefined ? '' : ' closed'}`);

const ringing: NonNullable<AlertCase['alarm']> = {
  fall: 1,
  fallKey: 'first',
  startedMs: startMs,
  person: 'down',
  notices: 1,
  phase: { kind: 'ringing', level: 0, listMs: startMs, fired: 1, lastMs: startMs },
};

describe('falls', () => {
  const report = { key: 'inc-1', eventId: 'e-1', sourceId: 2, happenedAt: at(0) };

  test('an open incident is a case with the room’s name; who acknowledged and who closed it is kept', () => {
    const open = updateFallCases([], view(0, true, [0, incidentMessage(incident())]));
    expect(open).toMatchObject([{ kind: 'fall', roomName: 'Mrs C', sourceId: 2 }]);
    const attended = updateFallCases(open, view(1, true, [0, incidentMessage(incident(acknowledged('Ana')))]));
    expect(attended).toMatchObject([{ acknowledged: { by: 'Ana' } }]);
    const over = updateFallCases(attended, view(2, true, [0, incidentMessage(incident(closed('Eva')))]));
    expect(over).toMatchObject([{ closed: { by: 'Eva', outcome: 'helped' } }]);
  });

  test('one that is closed when it is first received notifies no one', () => {
    expect(updateFallCases([], view(0, true, [0, incidentMessage(incident(closed()))]))).toEqual([]);
  });

  test('a broker that lost its memory ends no fall while no orchestrator is there to publish the incident again', () => {
    const known = incidentMessage(incident());
    const open = updateFallCases([], view(0, true, [0, known]));
    expect(kinds(updateFallCases(open, view(60_000, true, [0, connected])))).toEqual(['fall']);
    expect(
      kinds(updateFallCases(open, view(60_000, true, [0, connected], [1, orchestratorMessage('offline')]))),
    ).toEqual(['fall']);
    expect(
      kinds(updateFallCases(open, view(60_000, true, [0, connected], [1, orchestratorMessage('online')]))),
    ).toEqual(['fall closed']);
  });

  test('one that a person resolved is over although its room is still on the way home, and open again after an undo', () => {
    const open = updateFallCases([], view(0, true, [0, incidentMessage(incident())]));
    const closing = { ...closed('Eva'), state: 'closing' as const };
    const over = updateFallCases(open, view(1, true, [0, incidentMessage(incident(closing))]));
    expect(over).toMatchObject([{ closed: { by: 'Eva' } }]);
    const known = over.map((one): AlertCase => ({ ...one, alarm: ringing }));
    const undone = updateFallCases(known, view(2, true, [0, incidentMessage(incident())]));
    expect(undone[0]?.closed).toBeUndefined();
    expect(undone).toMatchObject([{ alarm: { phase: { listMs: startMs + 2, fired: 0 } } }]);
    expect(updateFallCases(undone, view(3, true, [0, incidentMessage(incident())]))).toEqual(undone);
  });

  test('the person has been on the floor since first seen there, and each later fall is another one', () => {
    const fall = (id: string, ms: number) => ({
      event_id: id,
      first_low_at: at(ms),
      alarm_at: at(ms + 20_000),
      reported_at: at(ms + 20_000),
    });
    const one = incident({ event_ids: ['e-1'], falls: [fall('e-1', -20_000)], person: 'down' });
    const first = updateFallCases([], view(0, true, [0, incidentMessage(one)]));
    expect(first).toMatchObject([{ happenedAt: at(-20_000), fallKey: 'e-1', falls: 1, person: 'down' }]);
    const two = incident({ event_ids: ['e-1', 'e-2'], falls: [fall('e-1', -20_000), fall('e-2', 300_000)] });
    const second = updateFallCases(first, view(1, true, [0, incidentMessage(two)]));
    expect(second).toMatchObject([{ happenedAt: at(300_000), fallKey: 'e-2', falls: 2 }]);
  });

  test('without an orchestrator a fall after the person was up is another one, and an earlier acknowledgment does not count', () => {
    const known = incident({ ...acknowledged('Ana'), event_ids: ['e-1'], person: 'down' });
    const house = view(0, true, [0, incidentMessage(known)]);
    const open = updateFallCases([], house);
    const up = updateFallCases(withRecovery(open, { sourceId: 2, at: at(5), ...house }), house);
    expect(up).toMatchObject([{ person: 'up', recoveredAt: at(5) }]);
    const again = updateFallCases(withReportedFall(up, { ...report, eventId: 'e-2', key: 'inc-2' }, house), house);
    expect(again).toMatchObject([{ incidentId: 'inc-1', fallKey: 'e-2', falls: 2, person: 'down' }]);
    expect(again[0]?.acknowledged).toBeUndefined();
    const by = [...known.by, { who: 'Eva', what: 'acknowledge', at: at(90_000) }];
    const answered = updateFallCases(again, view(0, true, [0, incidentMessage({ ...known, by })]));
    expect(answered).toMatchObject([{ acknowledged: { by: 'Eva' } }]);
  });

  test('a fall without an incident can be acknowledged and closed by the command that people send anyway', () => {
    const open = withReportedFall([], report, view(0, true));
    const reaction = { command: 'acknowledge', sourceId: 2, incidentId: undefined, by: 'Ana', via: 'cli' } as const;
    const held = withReaction(open, reaction, startMs);
    expect(held).toMatchObject([{ acknowledged: { by: 'Ana', via: 'cli' } }]);
    expect(withReaction(held, { ...reaction, command: 'resolve' }, startMs)).toMatchObject([{ closed: { by: 'Ana' } }]);
    expect(withReaction(open, { ...reaction, sourceId: 3 }, startMs)).toEqual(open);
  });

  test('a reported fall becomes the incident that the orchestrator makes of it, also under another id', () => {
    const reported = withReportedFall([], report, view(0, true));
    for (const incident_id of ['inc-1', 'inc-other']) {
      const joined = updateFallCases(reported, view(1, true, [0, incidentMessage(incident({ incident_id }))]));
      expect(joined).toMatchObject([{ key: 'inc-1', incidentId: incident_id }]);
    }
  });

  test('a fall that is reported again is not a second one: while it is open, and after it was closed', () => {
    const open = withReportedFall([], report, view(0, true));
    expect(withReportedFall(open, { ...report, key: 'inc-2', eventId: 'e-2' }, view(1, true))).toBe(open);
    const over = open.map((one) => ({ ...one, closed: { at: at(1), ms: startMs + 1 } }));
    expect(withReportedFall(over, report, view(2, true))).toBe(over);
  });

  test('a fall whose incident is known to be over is not one again, though we remember nothing', () => {
    const house = view(0, true, [
      0,
      incidentMessage(incident({ ...closed(), incident_id: 'inc-9', event_ids: ['e-1'] })),
    ]);
    expect(withReportedFall([], report, house)).toEqual([]);
  });

  test('without an orchestrator it ends when the person is up', () => {
    const open = withReportedFall([], report, view(0, true));
    const up = withRecovery(open, { sourceId: 2, at: at(5), ...view(5, true) });
    expect(up).toMatchObject([{ recoveredAt: at(5), closed: { at: at(5) } }]);
  });

  test('a flood of reports cannot fill the memory', () => {
    const many = Array.from({ length: 200 }, (_, sourceId) => ({
      ...report,
      key: `k-${sourceId}`,
      eventId: undefined,
      sourceId,
    }));
    const cases = many.reduce(
      (before, one) => withReportedFall(before, one, view(0, true)),
      [] as readonly AlertCase[],
    );
    expect(cases).toHaveLength(20);
  });

  test('a flood of reports for unknown rooms displaces no fall in a room of the site', () => {
    const desired: HouseMessage = {
      kind: 'desired',
      desired: { rooms: { '900': { home: 'a' } }, updated_at: at(0), revision: 1 },
    };
    const known = view(0, true, [0, connected], [0, desired]);
    const rooms = [...Array.from({ length: 200 }, (_, id) => id), 900];
    const cases = rooms.reduce(
      (before, sourceId) =>
        withReportedFall(before, { ...report, key: `k-${sourceId}`, eventId: undefined, sourceId }, known),
      [] as readonly AlertCase[],
    );
    expect(cases).toHaveLength(21);
    expect(cases.at(-1)?.sourceId).toBe(900);
  });

  test('a drill is announced as a drill, so that people do not run', () => {
    expect(kinds(updateFallCases([], view(0, true, [0, incidentMessage(incident({ drill: true }))])))).toEqual([
      'drill',
    ]);
  });
});

describe('troubles', () => {
  const watched = [
    [0, connected],
    [0, statusMessage(status())],
    [10, detectionsMessage()],
  ] as const;

  test('a room that no processor monitors any more, and its return', () => {
    const silent = updateTroubleCases([], view(20_000, true, ...watched));
    expect(silent).toMatchObject([{ kind: 'unwatched', sourceId: 2, happenedAt: at(10) }]);
    const onTime = [20_005, 28_000, 36_010].map((ms) => [ms, detectionsMessage()] as const);
    expect(kinds(updateTroubleCases(silent, view(20_010, true, ...watched, ...onTime.slice(0, 1))))).toEqual([
      'unwatched',
    ]);
    expect(kinds(updateTroubleCases(silent, view(36_010, true, ...watched, ...onTime)))).toEqual(['unwatched closed']);
  });

  test('right after a start nothing is known, so nothing is opened and nothing closed', () => {
    const before: AlertCase = { key: 'u', kind: 'unwatched', openedMs: startMs, happenedAt: at(0), sourceId: 2 };
    expect(updateTroubleCases([before], view(100, false, [0, connected], [1, statusMessage(status())]))).toEqual([
      before,
    ]);
    expect(kinds(updateTroubleCases([before], view(60_000, true, [0, connected])))).toEqual(['unwatched closed']);
  });

  test('a blind room that then falls silent stays one trouble', () => {
    const stream = { ...status().streams?.[0], state: 'blind', blind_since: at(0), blind_cause: 'dark' } as never;
    const blind = updateTroubleCases(
      [],
      view(50, true, [0, connected], [0, statusMessage(status({ streams: [stream] }))]),
    );
    expect(blind).toMatchObject([{ kind: 'blind', blindCause: 'dark' }]);
    expect(kinds(updateTroubleCases(blind, view(60_000, true, ...watched)))).toEqual(['blind']);
  });

  test.each([
    ['a home that is offline', status({ status: 'offline', streams: [] }), ['processor_offline']],
    ['a dedicated one that is offline', status({ status: 'offline', role: 'dedicated', streams: [] }), []],
    ['a home that is there', status({ streams: [] }), []],
  ])('%s', (_, body, wanted) => {
    expect(kinds(updateTroubleCases([], view(0, true, [0, connected], [0, statusMessage(body)])))).toEqual(wanted);
  });

  test('without the broker only that is known', () => {
    const lost = updateTroubleCases([], view(60_000, false, ...watched, [20, { kind: 'disconnected' }]));
    expect(kinds(lost)).toEqual(['broker_lost']);
    expect(kinds(updateTroubleCases(lost, view(60_001, false, ...watched)))).toContain('broker_lost closed');
  });
});
