import { type Clock, version } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { systemView } from '../../house/system-view.ts';
import type { SystemView } from '../../shared/system-view.ts';
import { certificateEnds } from '../../tls/certificate-report.ts';
import type { ServerCertificate } from '../../tls/read-certificate.ts';
import type { Access } from '../access.ts';

export interface SystemRouteOptions {
  readonly access: Access;
  readonly clock: Clock;
  /** What the page is served with; undefined over plain HTTP. */
  readonly certificate: ServerCertificate | undefined;
  /** Of this console. */
  readonly instanceId: string;
}

/** Pages ask every five seconds. */
const rateLimit = { max: 240, timeWindow: 60_000 };

/** `GET api/system`: for technicians of the whole site, because services are not those of a ward. */
export function systemRoute(
  app: FastifyInstance,
  { access, clock, certificate, instanceId }: SystemRouteOptions,
): void {
  const own = { instanceId, version, startedAt: new Date(clock.now()).toISOString() };
  app.get('/api/system', { config: { rateLimit } }, async (request): Promise<SystemView> => {
    const { site } = access.require(request, 'configure');
    return {
      tls: certificate !== undefined,
      certificates: certificate === undefined ? [] : certificateEnds(certificate, clock.now()),
      ...systemView(site.house, site.nowMs(), own),
    };
  });
}
