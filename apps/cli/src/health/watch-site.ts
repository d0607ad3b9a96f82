import { emptyHouse, fold, houseChannels, houseMessage } from '@vigilia/house';
import type { ChannelBus, Clock } from '@vigilia/service';
import { type DescribedHealth, siteHealth } from './site-health.ts';

/** What the broker retains arrives within this time, ms. */
const gatherMs = 2000;
const lookMs = 500;
/** At the lowest rate a room is heard, or counts as unwatched, before that, ms. */
const longestMs = 180_000;

/** Listens until each room was heard and the load of each home is known, or the time for that is over, and returns the health of the site. The bus must be connected. */
export async function watchSite(bus: ChannelBus, clock: Clock): Promise<DescribedHealth> {
  const wallOffsetMs = clock.now() - clock.monotonic();
  const nowMs = (): number => clock.monotonic() + wallOffsetMs;
  const startMs = nowMs();
  let house = fold(emptyHouse(nowMs()), { kind: 'connected' }, nowMs());
  await bus.subscribeAll(houseChannels, (message) => {
    const heard = houseMessage(message);
    if (heard !== undefined) {
      house = fold(house, heard, nowMs());
    }
  });
  await clock.sleep(gatherMs);
  let health = siteHealth(house, nowMs());
  while (!health.isComplete && nowMs() - startMs < longestMs) {
    await clock.sleep(lookMs);
    health = siteHealth(house, nowMs());
  }
  return health;
}
