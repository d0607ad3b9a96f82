import { addDays, addMinute, type IncidentRecord, incidentRecord, newDay, siteTime } from '@vigilia/reports';
import { dayFile, monthFile } from '@vigilia/reports/files';
import { writeFileAtomic } from '@vigilia/service';
import { newYearTruth, Random, simulatedYear, type YearTruth } from '@vigilia/simulated-site';

const timeZone = 'Europe/Madrid';

/** Writes what an event sink keeps for reports: simulated days that end with today. Returns the first and the last day, and what really happened. */
export async function writeReportRecords(
  dir: string,
  options: { readonly rooms: number; readonly days: number; readonly seed?: number },
): Promise<{ readonly from: string; readonly to: string; readonly truth: YearTruth }> {
  const site = siteTime(timeZone);
  const to = site.date(Date.now());
  const from = addDays(to, 1 - options.days);
  const truth = newYearTruth();
  const rooms = Array.from({ length: options.rooms }, (_, room) => room);
  const months = new Map<string, Record<string, IncidentRecord>>();
  const days = { rooms, startMs: site.at(from, 0), days: options.days, incidentRate: 0.06, gapRate: 0.2 };
  for (const day of simulatedYear(new Random(options.seed ?? 19), days, truth)) {
    const record = newDay(day.date, timeZone);
    for (const minute of day.minutes) {
      addMinute(record, { ...minute, bootId: 'a' });
    }
    await writeFileAtomic(dayFile(dir, day.date), JSON.stringify(record));
    for (const incident of day.incidents.map(incidentRecord)) {
      const month = months.get(incident.opened_at.slice(0, 7)) ?? {};
      months.set(incident.opened_at.slice(0, 7), month);
      month[incident.incident_id] = incident;
    }
  }
  for (const [month, incidents] of months) {
    await writeFileAtomic(monthFile(dir, month), JSON.stringify(incidents));
  }
  return { from, to, truth };
}
