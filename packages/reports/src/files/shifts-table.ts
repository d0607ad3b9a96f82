import { setting } from '@vigilia/service';
import { minuteOfDay, usualShifts } from '../last-shift.ts';

/** When shifts begin; the page and `vigilia report` show the same last shift by it. */
export const shiftsTable = {
  shifts: {
    flag: '--shifts <times>',
    env: 'SHIFTS',
    schema: setting
      .textList()
      .refine(
        (times) => times.length > 0 && times.every((time) => minuteOfDay(time) !== undefined),
        'must be a list of times such as 07:00,15:00,22:00',
      ),
    default: [...usualShifts],
    describe: 'When shifts begin, by the clock of the site, for the report of the last shift',
  },
} as const;
