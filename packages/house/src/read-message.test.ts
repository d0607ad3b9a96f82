import { readMessage } from './read-message.ts';

describe('reading MQTT', () => {
  it('takes an empty retained payload as gone', () => {
    expect(readMessage('nvr', 'nvr/incidents/inc-1', '')).toEqual({
      kind: 'incident',
      incidentId: 'inc-1',
      incident: undefined,
    });
    expect(readMessage('nvr', 'nvr/control/status/a_1', '')).toEqual({
      kind: 'status',
      instanceId: 'a_1',
      status: undefined,
    });
  });

  it.each([
    ['not JSON', 'nvr/detections/1', '{'],
    ['not the protocol’s', 'nvr/detections/1', '{"source_id": "one"}'],
    ['another prefix', 'other/detections/1', '{}'],
    ['a bare report of another sensor, which an incident will follow', 'nvr/events/fall_detected', '{"source_id": 2}'],
  ])('ignores what is %s', (_, topic, payload) => {
    expect(readMessage('nvr', topic, payload)).toBeUndefined();
  });
});
