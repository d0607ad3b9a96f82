import {
  addDays,
  askedPeriod,
  computeReport,
  daysToRead,
  type Report,
  type ReportRecords,
  recordsOfRooms,
  reportCsv,
  wardsOf,
} from '@vigilia/reports';
import { readRecords } from '@vigilia/reports/files';
import type { Clock, Logger } from '@vigilia/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ReportView } from '../../shared/report-view.ts';
import type { Access } from '../access.ts';
import { RequestError } from '../request-error.ts';
import { checked } from './command-routes.ts';

export interface ReportRouteOptions {
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the event sink keeps what reports are made of. */
  readonly reportsDir: string | undefined;
  /** When shifts begin, such as 07:00. */
  readonly shifts: readonly string[];
}

const rateLimit = { max: 60, timeWindow: 60_000 };
/** Longer than records are kept by default. */
const longestDays = 800;

const querySchema = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  ward: z.string().max(128).optional(),
});

/**
 * `GET api/report` and `GET api/report.csv`: the report of a period, or of the last seven days that are over. Every signed-in person
 * may see it; a wall screen may not.
 */
export function reportRoutes(app: FastifyInstance, options: ReportRouteOptions): void {
  app.get('/api/report', { config: { rateLimit, forWards: true } }, async (request): Promise<ReportView> => {
    const { report, records, damaged } = await reportOf(request, options);
    return { report, wards: wardsOf(records), damaged };
  });
  app.get('/api/report.csv', { config: { rateLimit, forWards: true } }, async (request, reply): Promise<string> => {
    const { report } = await reportOf(request, options);
    void reply.header('content-disposition', `attachment; filename="vigilia-${report.from}-${report.to}.csv"`);
    void reply.type('text/csv; charset=utf-8');
    return reportCsv(report);
  });
}

async function reportOf(
  request: FastifyRequest,
  { access, clock, logger, reportsDir, shifts }: ReportRouteOptions,
): Promise<{ report: Report; records: ReportRecords; damaged: number }> {
  const { site } = access.require(request, 'report');
  const { from, to, ward } = checked(querySchema, request.query);
  if (reportsDir === undefined) {
    throw new RequestError(404, 'no_reports', 'This console has no reports: start it with --reports-dir.');
  }
  const nowMs = clock.now();
  const { readFrom, readTo } = daysToRead({ from, to }, nowMs);
  const { damaged, ...all } = await readRecords(reportsDir, readFrom, readTo).catch((err: unknown) => {
    logger.error({ event: 'reports_unreadable', err }, 'the records of reports cannot be read');
    throw new RequestError(503, 'reports_unreadable', 'The records of reports cannot be read. Ask the technician.');
  });
  if (damaged.length > 0) {
    logger.warn({ event: 'reports_damaged', files: damaged }, 'files of reports are damaged');
  }
  const records = recordsOfRooms(all, ({ sourceId, ward: lastWard }) => site.hasRecorded(sourceId, lastWard));
  const period = askedPeriod({ from, to }, records, nowMs);
  if (period.from > period.to || addDays(period.from, longestDays) < period.to) {
    const message = `The period must have 1 to ${longestDays} days (got ${period.from} to ${period.to}). Choose another one.`;
    throw new RequestError(400, 'invalid_params', message);
  }
  const options = { from: period.from, to: period.to, ward, shifts, nowMs };
  return { report: computeReport(records, options), records, damaged: damaged.length };
}
