import type { House } from '@vigilia/house';
import { EXIT } from '@vigilia/service';
import type { ConnectionFlags } from '../client/connection-options.ts';
import { describeFinding } from '../doctor/describe-finding.ts';
import { siteHealth } from '../health/site-health.ts';
import { watchSite } from '../health/watch-site.ts';
import { printLine, withBus } from './with-bus.ts';

/** `status --check`: faults only, or one line that all is well; exit code 1 when something failed. */
export async function checkSite(flags: ConnectionFlags): Promise<void> {
  const { house, nowMs } = await withBus(flags, (bus, clock) => watchSite(bus, clock, isMeasured));
  const { findings } = siteHealth(house, nowMs);
  const failed = findings.filter(({ result }) => result === 'failed');
  const shown = findings.filter(({ result }) => result === 'failed' || result === 'warning');
  const rooms = findings.filter(({ check, result }) => check.startsWith('room ') && result === 'ok').length;
  const watched = `${counted(rooms, 'room is', 'rooms are')} watched.`;
  const summary =
    failed.length === 0 ? `All is well: ${watched}` : `${counted(failed.length, 'fault', 'faults')}; ${watched}`;
  printLine(flags, [...shown.map(describeFinding), summary].join('\n'), { healthy: failed.length === 0, findings });
  if (failed.length > 0) {
    process.exitCode = EXIT.failure;
  }
}

/** Each room was heard and the load of each home is known. */
const isMeasured = (house: House, nowMs: number): boolean => siteHealth(house, nowMs).isComplete;

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
