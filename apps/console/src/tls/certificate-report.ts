import { join } from 'node:path';
import type { Logger } from '@vigilia/service';
import type { CertificateView } from '../shared/system-view.ts';
import type { CertificateOptions, CertificateResult } from './certificates.ts';
import type { ServerCertificate } from './read-certificate.ts';
import { tlsFiles } from './tls-files.ts';

const dayMs = 86_400_000;
/** The devices of a home are not all at hand on one day. */
const authorityWarnDays = 365;
const certificateWarnDays = 30;

/** Returns what "create-certificate" prints: what it did, and what is left for people to do; pure. */
export function certificateReport(
  { outcome, authorityCreated, expiresAt, authorityExpiresAt, authorityExpiredAt }: CertificateResult,
  { dir, authorityDir, names, nowMs }: Omit<CertificateOptions, 'renewAuthority'>,
): readonly string[] {
  const until = dateOf(expiresAt);
  const install = `install ${join(authorityDir, tlsFiles.authority)} on each device as a trusted authority; see docs/web-push.md.`;
  const first =
    outcome === 'kept'
      ? `The certificate in ${dir} fits and is valid until ${until}; nothing was changed.`
      : `The certificate for ${names.join(', ')} in ${dir} is valid until ${until}. Restart the console to use it.`;
  if (authorityExpiredAt !== undefined) {
    return [first, `The authority expired on ${dateOf(authorityExpiredAt)}. A new one was made: ${install}`];
  }
  if (authorityCreated) return [first, `I${install.slice(1)}`];
  if (!endsWithin(authorityExpiresAt, authorityWarnDays, nowMs)) return [first];
  const ends = `The authority ends on ${dateOf(authorityExpiresAt)}: devices refuse the page from then on.`;
  return [first, `${ends} Run this command again with --renew-authority, and then ${install}`];
}

/** Logs until when the page can be served with the certificate and its authority, as a warning when a person has to act. */
export function logExpiry(
  { expiresAt, authorityExpiresAt }: ServerCertificate,
  { nowMs, logger }: { nowMs: number; logger: Logger },
): void {
  const fieldsOf = (event: string, end: Date) => {
    return { event, expires_at: end.toISOString(), days: Math.floor((end.getTime() - nowMs) / dayMs) };
  };
  const fields = fieldsOf('console_certificate', expiresAt);
  const renew = 'run "vigilia console create-certificate" and restart the console';
  if (expiresAt.getTime() <= nowMs) {
    logger.warn(fields, `the certificate of the page has expired and devices refuse the page: ${renew}`);
  } else if (endsWithin(expiresAt, certificateWarnDays, nowMs)) {
    logger.warn(fields, `the certificate of the page ends soon: ${renew}`);
  } else {
    logger.info(fields, 'the page is served with TLS');
  }
  if (authorityExpiresAt === undefined || !endsWithin(authorityExpiresAt, authorityWarnDays, nowMs)) return;
  const authority = fieldsOf('console_authority_ends', authorityExpiresAt);
  if (authorityExpiresAt.getTime() <= nowMs) {
    logger.warn(authority, `the authority of the page has expired: ${renew}, then install the new one on each device`);
    return;
  }
  const prepare = 'run "vigilia console create-certificate --renew-authority" and install the new one on each device';
  logger.warn(authority, `the authority of the page ends, and devices refuse the page from then on: ${prepare}`);
}

/** Returns when the certificate of the page and its authority end, with the limits of the log's warnings. */
export function certificateEnds(
  { expiresAt, authorityExpiresAt }: Pick<ServerCertificate, 'expiresAt' | 'authorityExpiresAt'>,
  nowMs: number,
): CertificateView[] {
  const viewOf = (what: CertificateView['what'], end: Date, warnDays: number): CertificateView => {
    const state = end.getTime() <= nowMs ? 'expired' : endsWithin(end, warnDays, nowMs) ? 'ends_soon' : 'valid';
    const daysLeft = Math.floor((end.getTime() - nowMs) / dayMs);
    return { what, expiresAt: end.toISOString(), daysLeft, state };
  };
  const certificate = viewOf('certificate', expiresAt, certificateWarnDays);
  if (authorityExpiresAt === undefined) return [certificate];
  return [certificate, viewOf('authority', authorityExpiresAt, authorityWarnDays)];
}

function endsWithin(end: Date, days: number, nowMs: number): boolean {
  return end.getTime() - nowMs < days * dayMs;
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
