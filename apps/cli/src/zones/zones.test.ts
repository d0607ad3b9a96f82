import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesiredRooms, Zone } from '@vigilia/protocol';
import { checkShapes, zoneOfText, zonesOfFile } from './read-zones.ts';
import { describeZones, holdsZones, zonesOfRoom } from './room-zones.ts';

const bed: Zone = {
  kind: 'bed',
  points: [
    [0.1, 0.2],
    [0.4, 0.2],
    [0.4, 0.6],
  ],
};
const bedText = 'bed:0.1,0.2 0.4,0.2 0.4,0.6';
const desired: DesiredRooms = {
  rooms: { '2': { home: 'processor-a', name: 'Room 2', zones: [bed] }, '3': { home: 'processor-a' } },
  updated_at: '2026-01-01T00:00:00.000Z',
  revision: 4,
};

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'vigilia-zones-')), 'zones.yaml');
  writeFileSync(path, text);
  return path;
}

describe('zones as people write them', () => {
  test('in one line, with and without a name', () => {
    expect(zoneOfText(bedText)).toEqual(bed);
    expect(zoneOfText(bedText.replace('bed', 'exit=Front door'))).toEqual({ ...bed, kind: 'exit', name: 'Front door' });
  });

  test.each(['bed', 'bath:0,0 1,0 1,1', 'bed:0,0 1', 'bed:0,0 1,0', 'bed:0,0 1,x 1,1', 'bed:0,0 2,0 1,1'])(
    '%s is refused with the word at fault',
    (text) => {
      expect(() => zoneOfText(text)).toThrow(text.split(':')[0]);
    },
  );

  test('in a file: YAML or what "zones ROOM --json" printed', () => {
    expect(zonesOfFile(file('- kind: bed\n  points: [[0.1, 0.2], [0.4, 0.2], [0.4, 0.6]]\n'))).toEqual([bed]);
    expect(zonesOfFile(file(JSON.stringify({ source_id: 2, zones: [bed] })))).toEqual([bed]);
    expect(() => zonesOfFile(file('zones: [{kind: bed, points: [[0, 0]]}]'))).toThrow(/zones\.0\.points/);
    expect(() => zonesOfFile('/nowhere/zones.yaml')).toThrow(/cannot be read/);
  });
});

describe('zones that cannot be set', () => {
  test.each([
    ['crosses itself', ['bed:0.1,0.1 0.5,0.5 0.5,0.1 0.1,0.5'], /Zone 1 \(bed\) crosses itself at 0\.30, 0\.30/],
    [
      'overlaps another',
      ['bed:0.1,0.1 0.5,0.1 0.5,0.5 0.1,0.5', 'exit=Door:0.4,0.4 0.8,0.4 0.8,0.8 0.4,0.8'],
      /Zone 2 \(Door\) overlaps zone 1 \(bed\)/,
    ],
  ])('are refused before anything is sent, with the place: one %s', (_name, texts, message) => {
    expect(() => checkShapes(texts.map(zoneOfText))).toThrow(message);
  });
});

describe('zones of the site', () => {
  test('are shown in the form that --zone takes', () => {
    const known = zonesOfRoom(2, { processors: [], rooms: [], desired });
    expect(known).toEqual({ watchers: [], inForce: undefined, desired: [bed] });
    expect(describeZones(2, known).split('\n')).toEqual([bedText, 'No processor monitors room 2 at the moment.']);
  });

  test('none and never set are distinguished', () => {
    const watched = { watchers: ['a'], desired: undefined };
    expect(describeZones(2, { ...watched, inForce: [] })).toBe('Room 2 has no zones.');
    expect(describeZones(2, { ...watched, inForce: undefined })).toBe('The zones of room 2 were never set.');
  });

  test('are in the desired state only as a whole and for the room itself', () => {
    expect(holdsZones(desired, 2, [bed])).toBe(true);
    expect(holdsZones(desired, 2, [])).toBe(false);
    expect(holdsZones(desired, 3, [bed])).toBe(false);
    expect(holdsZones(undefined, 2, [bed])).toBe(false);
  });
});
