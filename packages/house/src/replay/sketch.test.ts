import type { Replay, ZoneKind } from '@vigilia/protocol';
import { sketchContent } from './sketch.ts';

const kinds: readonly ZoneKind[] = ['bed', 'sofa', 'floor_mat', 'exit', 'ignore', 'thing'];

const square = (left: number, top: number, size: number): Replay['zones'][number]['points'] => [
  [left, top],
  [left + size, top],
  [left + size, top + size],
  [left, top + size],
];
const sketched = (zones: Replay['zones'], zoneName?: (kind: ZoneKind) => string): string =>
  sketchContent(
    { size: { width: 320, height: 180 }, zones },
    zoneName === undefined ? { moment: undefined } : { moment: undefined, zoneName },
  );

test('each kind of zone has a symbol of its own: a picture without text shows what stands in the room', () => {
  const symbols = kinds.map((kind) => / d="([^"]+)"/.exec(sketched([{ kind, points: square(100, 60, 60) }]))?.[1]);
  expect(symbols).not.toContain(undefined);
  expect(new Set(symbols).size).toBe(kinds.length);
  expect(sketched([{ kind: 'bed', points: square(100, 60, 60) }])).not.toContain('<text');
});

test('a symbol lies within its zone, however small that is', () => {
  for (const size of [20, 60, 170]) {
    const drawn = sketched([{ kind: 'sofa', points: square(100, 5, size) }]);
    const [, x, y, scale] = /translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+)\)/.exec(drawn)?.map(Number) ?? [];
    expect(x).toBeGreaterThanOrEqual(100);
    expect((x ?? 0) + 24 * (scale ?? 0)).toBeLessThanOrEqual(100 + size);
    expect(y).toBeGreaterThanOrEqual(5);
    expect((y ?? 0) + 16 * (scale ?? 0)).toBeLessThanOrEqual(5 + size);
  }
});

test('a thing that was learned is drawn over the bed or mat that it lies in, and named where names can be shown', () => {
  const zones: Replay['zones'] = [
    { kind: 'thing', points: square(120, 80, 20) },
    { kind: 'bed', points: square(100, 60, 90) },
  ];
  const drawn = sketched(zones, (kind) => `<${kind}>`);
  expect(drawn.indexOf('&lt;thing&gt;')).toBeGreaterThan(drawn.indexOf('&lt;bed&gt;'));
});
