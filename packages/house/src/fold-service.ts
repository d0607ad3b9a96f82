import type { ServiceReport } from '@vigilia/protocol';
import type { House, ServiceFacts } from './house.ts';

/** The clock of a service is judged by this many of its last reports. */
const keptClocks = 3;
/** Some services have another name at each start. */
const forgetAfterMs = 24 * 3_600_000;

/**
 * Returns the site after a service reported about itself; pure. Of a service that stopped in order nothing is kept, but of the event
 * sink: nothing else shows that it is missing.
 * @param wallMs the machine's clock when the report arrived, epoch ms
 */
export function foldService(house: House, report: ServiceReport, wallMs: number, nowMs: number): House {
  const { instance_id: id, boot_id: bootId, state, service } = report;
  const services = new Map([...house.services].filter(([, { atMs }]) => nowMs - atMs < forgetAfterMs));
  if (state === 'stopped' && service !== 'event-sink') {
    services.delete(id);
    return { ...house, services };
  }
  const known = house.services.get(id);
  const earlier = known?.report.boot_id === bootId ? known.clockAheadMs : [];
  const clockAheadMs = [...earlier, Date.parse(report.timestamp) - wallMs].slice(-keptClocks);
  const facts: ServiceFacts = { report, atMs: nowMs, clockAheadMs };
  return { ...house, services: services.set(id, facts) };
}
