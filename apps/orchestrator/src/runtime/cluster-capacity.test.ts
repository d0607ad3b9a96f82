import { capacityOf } from './cluster-capacity.ts';
import { quantity } from './quantity.ts';

const node = (ready: string, unschedulable = false) => ({
  spec: { unschedulable },
  status: { allocatable: { cpu: '4', memory: '8Gi' }, conditions: [{ type: 'Ready', status: ready }] },
});

test('nodes that are ready and take Pods count, and the smallest quota bounds them', () => {
  const nodes = [node('True'), node('True'), node('False'), node('True', true)];
  expect(capacityOf(nodes, [])).toEqual({ cpus: 8, bytes: 16 * 2 ** 30 });
  const quota = { spec: { hard: { 'requests.cpu': '6', 'limits.cpu': '5500m' } } };
  expect(capacityOf(nodes, [quota])).toEqual({ cpus: 5.5, bytes: 16 * 2 ** 30 });
});

test.each([
  ['1500m', 1.5],
  ['2Gi', 2 ** 31],
  ['1e3', 1000],
  ['12E9x', Number.NaN],
])('%s is the quantity %d', (text, value) => {
  expect(quantity(text)).toBe(value);
});
