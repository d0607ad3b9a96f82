import { type DutyShift, isOnDuty, localMoment } from './duty-shifts.ts';
import { parseAlerts } from './load-alerts.ts';

const zone = 'Europe/Madrid';
const holidays = ['2026-12-25'];
const night: DutyShift = { from: '22:00', to: '07:00', holidays: 'also' };

/** Whether the shift is on duty at this time in Madrid, in winter. */
const on = (shift: DutyShift, at: string): boolean =>
  isOnDuty(shift, localMoment(zone, holidays, Date.parse(`${at}+01:00`)));

describe('a shift', () => {
  test('goes over midnight and belongs to the day on which it begins', () => {
    // 2026-12-18 is a Friday
    const friday: DutyShift = { ...night, days: ['fri'] };
    expect(on(friday, '2026-12-18T21:59')).toBe(false);
    expect(on(friday, '2026-12-18T22:00')).toBe(true);
    expect(on(friday, '2026-12-19T06:59')).toBe(true);
    expect(on(friday, '2026-12-19T07:00')).toBe(false);
    expect(on(friday, '2026-12-19T23:00')).toBe(false);
    expect(on(friday, '2026-12-18T06:00')).toBe(false);
  });

  test('that never begins on holidays is off from the evening of the holiday on, and one for holidays only is on', () => {
    expect(on({ ...night, holidays: 'never' }, '2026-12-25T06:00')).toBe(true);
    expect(on({ ...night, holidays: 'never' }, '2026-12-25T23:00')).toBe(false);
    expect(on({ ...night, holidays: 'never' }, '2026-12-26T06:00')).toBe(false);
    expect(on({ ...night, holidays: 'only' }, '2026-12-25T23:00')).toBe(true);
    expect(on({ ...night, holidays: 'only' }, '2026-12-26T06:00')).toBe(true);
    expect(on({ ...night, holidays: 'only' }, '2026-12-26T23:00')).toBe(false);
  });

  test('with equal times lasts around the clock', () => {
    const weekend: DutyShift = { from: '07:00', to: '07:00', days: ['sat'], holidays: 'also' };
    expect(on(weekend, '2026-12-19T07:00')).toBe(true);
    expect(on(weekend, '2026-12-20T06:59')).toBe(true);
    expect(on(weekend, '2026-12-20T07:00')).toBe(false);
  });

  test('keeps the clock of the site in the night in which it changes', () => {
    // 2026-10-25: at 03:00 it is 02:00 again
    const moment = (utc: string): boolean => isOnDuty(night, localMoment(zone, [], Date.parse(utc)));
    expect(moment('2026-10-25T05:59:00Z')).toBe(true);
    expect(moment('2026-10-25T06:00:00Z')).toBe(false);
  });
});

const file = (rules: string, shifts = '') => `
targets: { day: { type: ntfy, topic: day }, night: { type: ntfy, topic: night } }
shifts:
  day: { from: "07:00", to: "22:00" }
  night: { from: "22:00", to: "07:00" }
${shifts}
rules:
${rules}`;

describe('a file whose rules are for wards and shifts', () => {
  test('is taken where a fall reaches a target in each ward at each time', () => {
    const rules =
      '  - { severity: critical, shifts: [day], to: [day] }\n  - { severity: critical, shifts: [night], to: [night] }';
    expect(parseAlerts(file(rules), 'x').rules).toHaveLength(2);
  });

  test.each([
    [
      'a time of day without a shift',
      '  - { severity: critical, shifts: [night], to: [night] }',
      '',
      'on Monday, at 07:00, in a room without a ward',
    ],
    ['rooms without a ward', '  - { severity: critical, wards: ["1"], to: [day] }', '', 'in a room without a ward'],
    [
      'a ward at night',
      '  - { severity: critical, wards: ["1"], shifts: [day], to: [day] }\n  - { severity: critical, rooms: [3], to: [day] }\n  - { severity: critical, shifts: [day], to: [day] }',
      '',
      'on Monday, at 00:00',
    ],
    [
      'a holiday',
      '  - { severity: critical, shifts: [work, night], to: [day] }',
      '  work: { from: "07:00", to: "22:00", holidays: never }\nholidays: [2026-12-25]',
      'on a holiday, Monday, at 07:00',
    ],
    [
      'Sunday',
      '  - { severity: critical, shifts: [week, night], to: [day] }',
      '  week: { from: "07:00", to: "22:00", days: [mon, tue, wed, thu, fri, sat] }',
      'on Sunday, at 07:00',
    ],
  ])('is refused where a fall would reach no target (%s), and the message names that time', (_, rules, shifts, gap) => {
    expect(() => parseAlerts(file(rules, shifts), 'x')).toThrow(gap);
  });

  test('is refused where a rule names a shift that is not there', () => {
    const rules = '  - { severity: critical, to: [day] }\n  - { severity: warning, shifts: [dya], to: [day] }';
    expect(() => parseAlerts(file(rules), 'x')).toThrow('rules.1.shifts.0: names dya, which is not among shifts');
  });
});
