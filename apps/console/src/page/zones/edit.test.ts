import { type Zone, zonesSchema } from '@vigilia/protocol';
import fc from 'fast-check';
import { editZones, type ZoneEdit, zoneKindChoices } from './edit.ts';

const index = fc.integer({ min: 0, max: 4 });
const anywhere = fc.double({ min: -2, max: 3, noNaN: true });
const edits: fc.Arbitrary<ZoneEdit> = fc.oneof(
  fc.constant<ZoneEdit>({ do: 'add' }),
  fc.record({ do: fc.constant('remove' as const), zone: index }),
  fc.record({ do: fc.constant('kind' as const), zone: index, kind: fc.constantFrom(...zoneKindChoices) }),
  fc.record({ do: fc.constant('name' as const), zone: index, name: fc.string({ maxLength: 100 }) }),
  fc.record({ do: fc.constant('move' as const), zone: index, corner: index, x: anywhere, y: anywhere }),
  fc.record({ do: fc.constant('add_corner' as const), zone: index }),
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
