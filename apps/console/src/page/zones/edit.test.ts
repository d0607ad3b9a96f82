import { type Zone, zonesSchema } from '@vigilia/protocol';
import fc from 'fast-check';
import { editZones, type ZoneEdit, zoneKindChoices } from './edit.ts';
import { suggestZones } from './suggest-zones.ts';
import { redo, startWork, undo, workOnZones, type ZoneWork } from './zone-work.ts';

const index = fc.integer({ min: 0, max: 4 });
const anywhere = fc.double({ min: -2, max: 3, noNaN: true });
const edits: fc.Arbitrary<ZoneEdit> = fc.oneof(
  fc.constant<ZoneEdit>({ do: 'add' }),
  fc.record({ do: fc.constant('remove' as const), zone: index }),
  fc.record({ do: fc.constant('kind' as const), zone: index, kind: fc.constantFrom(...zoneKindChoices) }),
  fc.record({ do: fc.constant('name' as const), zone: index, name: fc.string({ maxLength: 100 }) }),
  fc.record({ do: fc.constant('move' as const), zone: index, corner: index, x: anywhere, y: anywhere }),
  fc.record({ do: fc.constant('add_corner' as const), zone: index }),
  fc.record({ do: fc.constant('corner_at' as const), zone: index, x: anywhere, y: anywhere }),
  fc.record({
    do: fc.constant('add_drawn' as const),
    zone: fc.record({
      kind: fc.constantFrom(...zoneKindChoices),
      points: fc.array(fc.tuple(anywhere, anywhere), { minLength: 3, maxLength: 80 }),
    }),
  }),
  fc.record({ do: fc.constant('remove_corner' as const), zone: index, corner: index }),
);

describe('drawing zones', () => {
  it('can only make what the protocol accepts, however one drags', () => {
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 90 }), (list) => {
        const zones = list.reduce((before: readonly Zone[], edit) => editZones(before, edit), []);
        expect(zonesSchema.safeParse(zones).success).toBe(true);
      }),
    );
  });

  it('puts a new corner in the middle of the longest side', () => {
    const zone: Zone = {
      kind: 'exit',
      points: [
        [0, 0],
        [0.8, 0],
        [0, 0.1],
      ],
    };
    expect(editZones([zone], { do: 'add_corner', zone: 0 })[0]?.points).toEqual([
      [0, 0],
      [0.8, 0],
      [0.4, 0.05],
      [0, 0.1],
    ]);
  });
});

describe('work on zones', () => {
  const start = startWork([]);
  const add = { do: 'add' } as const;
  const move = (x: number, corner = 0) => ({ do: 'move', zone: 0, corner, x, y: 0.2 }) as const;

  it('is taken back and made again step by step; a drag of one corner is one step', () => {
    const steps = [add, move(0.1), move(0.11), move(0.12), move(0.5, 1)] as const;
    const done = steps.reduce((work: ZoneWork, edit) => workOnZones(work, edit), start);
    const [one, two, three] = [1, 2, 3].map((n) => Array.from({ length: n }).reduce(undo, done));
    expect(one?.zones[0]?.points[0]).toEqual([0.12, 0.2]);
    expect(one?.zones[0]?.points[1]).not.toEqual([0.5, 0.2]);
    expect(two?.zones[0]?.points[0]).toEqual([0.3, 0.35]);
    expect(three?.zones).toEqual([]);
    expect(Array.from({ length: 3 }).reduce(redo, three as ZoneWork).zones).toEqual(done.zones);
  });

  it('that was taken back is forgotten with the next change, and nothing is there before the first one', () => {
    expect(undo(start)).toEqual(start);
    const changed = workOnZones(undo(workOnZones(start, add)), add);
    expect(redo(changed)).toEqual(changed);
  });
});

describe('suggested zones', () => {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.2, person: false, low: false };

  it('come from the furniture that the model sees, and not from people or where a zone is already', () => {
    const outlines = [
      { ...box, furniture: 'bed' as const },
      { ...box, x: 0.6, furniture: 'couch' as const },
      { ...box, person: true },
    ];
    expect(suggestZones(outlines, []).map(({ kind, points }) => ({ kind, first: points[0] }))).toEqual([
      { kind: 'bed', first: [0.1, 0.2] },
      { kind: 'sofa', first: [0.6, 0.2] },
    ]);
    const known = suggestZones(outlines, []).slice(0, 1);
    expect(suggestZones(outlines, known).map(({ kind }) => kind)).toEqual(['sofa']);
  });
});
