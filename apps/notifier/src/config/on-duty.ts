import type { AlertRule, AlertsFile } from './alerts-schema.ts';
import { distinctMoments, isOnDuty, type LocalMoment, localMoment } from './duty-shifts.ts';

/** What decides which rules count for a ward at a time. */
export type DutyPlan = Pick<AlertsFile, 'shifts' | 'holidays' | 'time_zone'> & {
  /** The ward of a room, as far as that is known. */
  readonly wardOf?: (sourceId: number) => string | undefined;
};

/** Returns whether a rule counts for the room at a time (epoch ms). What concerns no single room is of no ward. */
export function isRuleOnDuty(rule: AlertRule, sourceId: number | undefined, plan: DutyPlan, atMs: number): boolean {
  const { shifts: names, wards } = rule;
  if (wards !== undefined) {
    const ward = sourceId === undefined ? undefined : plan.wardOf?.(sourceId);
    if (ward === undefined || !wards.includes(ward)) return false;
  }
  return names === undefined || countsAt(names, plan, localMoment(plan.time_zone, plan.holidays, atMs));
}

function countsAt(names: readonly string[], { shifts }: Pick<DutyPlan, 'shifts'>, moment: LocalMoment): boolean {
  return names.some((name) => {
    const shift = shifts[name];
    return shift !== undefined && isOnDuty(shift, moment);
  });
}

/**
 * Returns, in words, a time at which a fall would notify no target; undefined where there is none. Wards that no rule names, rooms
 * without a ward and rooms whose ward is not known yet are served by rules without `wards`. A rule for some rooms or kinds only does
 * not count.
 */
export function unservedTime(file: Pick<AlertsFile, 'rules' | 'shifts' | 'holidays'>): string | undefined {
  const rules = file.rules.filter(
    ({ severity, kinds, rooms }) => severity.includes('critical') && kinds === undefined && rooms === undefined,
  );
  const wards = [undefined, ...new Set(file.rules.flatMap((rule) => rule.wards ?? []))];
  const moments = distinctMoments(Object.values(file.shifts)).filter(
    ({ today, yesterday }) => file.holidays.length > 0 || (!today.isHoliday && !yesterday.isHoliday),
  );
  for (const ward of wards) {
    const ofWard = rules.filter(
      (rule) => rule.wards === undefined || (ward !== undefined && rule.wards.includes(ward)),
    );
    const gap = moments.find(
      (moment) => !ofWard.some(({ shifts }) => shifts === undefined || countsAt(shifts, file, moment)),
    );
    if (gap !== undefined) return whenAndWhere(gap, ward);
  }
  return undefined;
}

const dayNames = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function whenAndWhere({ time, today }: LocalMoment, ward: string | undefined): string {
  const day = `${today.isHoliday ? 'a holiday, ' : ''}${dayNames[today.weekday]}`;
  return `on ${day}, at ${time}, in ${ward === undefined ? 'a room without a ward' : `ward ${ward}`}`;
}
