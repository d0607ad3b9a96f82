import { withoutUndefined } from '@vigilia/protocol';
import { type IncidentView, type RoomView, roomConditions } from '../../shared/view.ts';
import { alarmsOf, byUrgency, sortIncidents } from './rank.ts';

const room = (id: number, condition: RoomView['condition'], incidentId?: string): RoomView =>
  withoutUndefined({
    id,
    condition,
    watchers: [],
    people: 0,
    outlines: [],
    zones: [],
    incidentId,
  });
const incident = (id: string, change: Partial<IncidentView>): IncidentView =>
  ({
    incident_id: id,
    source_id: 1,
    state: 'open',
    drill: false,
    opened_at: `2026-01-01T10:00:0${id}Z`,
    on_floor_since: `2026-01-01T10:00:0${id}Z`,
    ...change,
  }) as IncidentView;
const keysOf = (incidents: readonly IncidentView[], rooms: readonly RoomView[] = []): string[] =>
  alarmsOf({
    incidents: Object.fromEntries(incidents.map((one) => [one.incident_id, one])),
    rooms: Object.fromEntries(rooms.map((one) => [String(one.id), one])),
  }).map(({ key }) => key.replace(/ 0 .*/, ''));
const ids = (incidents: readonly IncidentView[]): string => incidents.map((one) => one.incident_id).join(' ');

describe('what a carer sees first', () => {
  it.each(roomConditions.slice(1).map((condition, at) => [roomConditions[at] ?? 'fall', condition] as const))(
    'a room that is %s before one that is %s, whatever their numbers',
    (worse, better) => {
      expect(byUrgency([room(1, better), room(2, worse)]).map(({ id }) => id)).toEqual([2, 1]);
    },
  );

  it('is a fall before everything and "all well" last; equals by number', () => {
    expect([roomConditions[0], roomConditions.at(-1)]).toEqual(['fall', 'well']);
    expect(byUrgency([room(10, 'well'), room(9, 'well'), room(2, 'well')]).map(({ id }) => id)).toEqual([2, 9, 10]);
  });

  it('is an alarm until a person is on the way, and never a drill', () => {
    const all = [
      incident('3', {}),
      incident('1', { state: 'attended' }),
      incident('2', { state: 'acknowledged' }),
      incident('4', { drill: true }),
      incident('5', { state: 'closed' }),
    ];
    expect(keysOf(all)).toEqual(['1', '3']);
    const back = incident('6', { state: 'acknowledged', alert_stage: 'returned' });
    const audible = incident('7', { drill: true, with_alerts: true });
    expect(keysOf([...all, audible, back])).toEqual(['1', '3', '6', '7']);
    const { open, closed } = sortIncidents(all);
    expect([ids(open), ids(closed)]).toEqual(['1 3 2 4', '5']);
  });

  it('is the person who has been on the floor longest, before who is up again, whatever came last', () => {
    const up = incident('1', { recovered_at: '2026-01-01T10:05:00Z' });
    expect(keysOf([incident('4', {}), up, incident('2', {}), incident('3', {})])).toEqual(['2', '3', '4', '1']);
  });

  it('is also a fall that no orchestrator has opened an incident for', () => {
    expect(keysOf([], [room(1, 'fall', 'inc'), room(2, 'fall'), room(3, 'well')])).toEqual(['room 2']);
  });

  it('is an incident before any number of reports that the orchestrator has not confirmed, however old they claim to be', () => {
    const since = '2020-01-01T00:00:00Z';
    const reports = Array.from({ length: 30 }, (_, id) => ({
      ...room(id, 'fall'),
      since,
      report: { id: `r-${id}`, waits: true },
    }));
    const confirmed = room(100, 'fall', '5');
    expect(keysOf([incident('5', { source_id: 100 })], [...reports, confirmed])[0]).toBe('5');
    expect(byUrgency([...reports, confirmed])[0]?.id).toBe(100);
  });
});
