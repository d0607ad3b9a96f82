import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding } from '@vigilia/protocol';
import { channels } from '@vigilia/protocol';
import { type ChannelBus, examine, systemClock, within } from '@vigilia/service';
import { type BrokerConnectOptions, connect } from '../client/connect.ts';

const run = promisify(execFile);
/** Services beat every 10 s. */
const listenMs = 12_000;
/** What processors themselves warn of. */
const mostSkewMs = 2000;
const ntp = 'Turn on NTP (timedatectl set-ntp true): times of falls and expiries of commands depend on the clock.';

/** Checks whether NTP keeps the clock; without systemd, compares it with the clocks of the site's services. */
export async function checkClock(broker: BrokerConnectOptions): Promise<Finding> {
  const kept = await run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeout: 5000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  if (kept === 'yes') return { check: 'clock', result: 'ok', detail: 'kept by NTP' };
  if (kept === 'no') {
    return { check: 'clock', result: 'warning', code: 'clock_not_kept', detail: 'not kept by NTP', remedy: ntp };
  }
  return examine('clock', 'Start the broker, or name it with --mqtt-url.', async () => {
    const bus = await connect(broker).catch(() => undefined);
    if (bus === undefined) return judgeClock(undefined);
    try {
      return judgeClock(await skewToHouse(bus));
    } finally {
      await bus.bus.stop();
    }
  });
}

/** @param skewMs this machine's clock minus that of a service of the site; undefined: none has published */
export function judgeClock(skewMs: number | undefined): Finding {
  const check = 'clock';
  if (skewMs === undefined) {
    const detail = 'this machine does not report whether its clock is kept, and no service of the site has published';
    return { check, result: 'skipped', detail, remedy: 'Run the doctor again while the services run.' };
  }
  const figures = { skew_ms: Math.round(skewMs) };
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  if (Math.abs(skewMs) <= mostSkewMs) {
    return { check, result: 'ok', detail: `within ${seconds} s of the site's services`, figures };
  }
  const detail = `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the site's services`;
  return { check, result: 'warning', code: 'clock_skewed', detail, remedy: ntp, figures };
}

/** Of the first message that is not retained; undefined when none comes in time. */
async function skewToHouse(bus: ChannelBus): Promise<number | undefined> {
  let onSkew: (skewMs: number) => void = () => undefined;
  const measured = new Promise<number>((resolve) => {
    onSkew = resolve;
  });
  await bus.subscribeAll([channels.status, channels.metrics, channels.orchestratorStatus], ({ value, arrival }) => {
    if (value === undefined || arrival.retain) return;
    onSkew(systemClock.now() - Date.parse(value.timestamp));
  });
  using limit = within(listenMs);
  return await limit.waitFor(measured);
}
