import type { ShiftIncident, ShiftReport } from '../shift-report.ts';
import type { ReportWords } from '../texts/report-texts.ts';
import { type ReportSection, roomLabel } from './section.ts';

/** Returns the part of a report about the last shift: one page on paper. */
export function shiftSection(shift: ShiftReport, words: ReportWords): ReportSection {
  const { text, minutes, moment, cause } = words;
  const incidents = {
    caption: text('shift.incidents'),
    columns: [
      text('shift.room'),
      text('shift.time'),
      text('shift.result'),
      text('shift.acknowledged'),
      text('shift.attended'),
      text('shift.state'),
    ],
    rows: shift.incidents.map((one) => incidentRow(one, words)),
    none: text('shift.none'),
  };
  const gaps = {
    caption: text('shift.gaps'),
    columns: [text('rooms.room'), text('gaps.kind'), text('gaps.cause'), text('gaps.minutes')],
    rows: shift.gaps.map((gap) => [
      roomLabel(gap.room, words),
      text(`gaps.${gap.kind}`),
      cause(gap.cause),
      minutes(gap.ms),
    ]),
    none: text(shift.isRecorded ? 'shift.watched' : 'shift.not_recorded'),
  };
  const title = text('shift.title', { from: moment(shift.fromMs), to: moment(shift.toMs) });
  return { id: 'shift', title, note: undefined, chart: undefined, tables: [incidents, gaps] };
}

function incidentRow(incident: ShiftIncident, words: ReportWords): string[] {
  const { text, minutes, moment } = words;
  return [
    roomLabel(incident.room, words),
    moment(incident.alarmMs),
    text(incident.drill ? 'result.drill' : `result.${incident.judgement}`),
    minutes(incident.acknowledgedAfterMs),
    minutes(incident.attendedAfterMs),
    text(incident.isOpen ? 'shift.open' : 'shift.closed'),
  ];
}
