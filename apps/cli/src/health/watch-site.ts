import { emptyHouse, fold, type House, houseChannels, houseMessage } from '@vigilia/house';
import type { ChannelBus, Clock } from '@vigilia/service';

/** What was heard of a site, and when listening ended (epoch ms of the clock that `fold` was given). */
export interface HeardSite {
  readonly house: House;
  readonly nowMs: number;
}

/** What the broker retains arrives within this time, ms. */
const gatherMs = 2000;
const lookMs = 500;
/** At the lowest rate a room is heard, or counts as unwatched, before that, ms. */
const longestMs = 180_000;

/** Listens until enough is known, or the time for that is over. The bus must be connected. */
export async function watchSite(
  bus: ChannelBus,
  clock: Clock,
  isEnough: (house: House, nowMs: number) => boolean,
): Promise<HeardSite> {
  const wallOffsetMs = clock.now() - clock.monotonic();
  const nowMs = (): number => clock.monotonic() + wallOffsetMs;
  const startMs = nowMs();
  let house = fold(emptyHouse(nowMs()), { kind: 'connected' }, nowMs());
  await bus.subscribeAll(houseChannels, (message) => {
    const heard = houseMessage(message, clock.now());
    if (heard !== undefined) {
      house = fold(house, heard, nowMs());
    }
  });
  await clock.sleep(gatherMs);
  while (!isEnough(house, nowMs()) && nowMs() - startMs < longestMs) {
    await clock.sleep(lookMs);
  }
  return { house, nowMs: nowMs() };
}
