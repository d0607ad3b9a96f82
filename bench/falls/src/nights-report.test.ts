import type { NightRun } from './nights.ts';
import { nightTable, programTable, summariseNights } from './nights-report.ts';

function night(hours: number, footageMinutes: number, alarms: number, looksBack = false): NightRun {
  const told = Array.from({ length: alarms }, (_, at) => ({ at, effect: { kind: 'detected' } }));
  return {
    program: { title: `${hours} h`, hours, pieces: [], zonesOf: '' },
    modelId: 'm',
    fps: 1,
    looksBack,
    hours,
    sourceSeconds: footageMinutes * 60,
    simulated: { told: told as unknown as NightRun['simulated']['told'], frames: 0, logicMs: 0 },
  };
}

test('504 quiet hours exclude more than one false alarm per room-week for nights like these, and no more', () => {
  const { perWeek, simulatedBound } = summariseNights([night(504, 60, 0)]);
  expect(perWeek).toBe(0);
  expect(simulatedBound).toBeCloseTo(0.9986, 3);
});

test('repeating the same footage narrows only the bound of the simulated hours', () => {
  const once = summariseNights([night(24, 6, 0)]);
  const often = summariseNights([night(2400, 6, 0)]);
  expect(often.simulatedBound).toBeCloseTo(once.simulatedBound / 100, 6);
  expect(often.footageBound).toBe(once.footageBound);
  expect(once.footageBound).toBeCloseTo((2.9957 / 0.1) * 168, 0);
});

test('false alarms count per 168 hours', () => {
  expect(summariseNights([night(100, 5, 2), night(236, 5, 2)]).perWeek).toBe(2);
});

test('nights with look-back are not counted among those without, so that neither hides the alarms of the other', () => {
  const runs = [night(168, 5, 3), night(168, 5, 0, true)];
  const rows = nightTable(runs)
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | '));
  expect(rows.map((cells) => [cells[2], cells[6]])).toEqual([
    ['no', '3'],
    ['yes', '0'],
  ]);
  expect(programTable(runs)).toContain('| 168 h | 3 / 0 | 0 / 0 |');
});
