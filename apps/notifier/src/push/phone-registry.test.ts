import type { ActivePushSubscription } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { PhoneRegistry } from './phone-registry.ts';
import type { SubscriptionFile } from './subscription-file.ts';

const id = 'a'.repeat(32);
type Handler = (message: object) => Promise<void> | void;

/** A registry that knows no device, and a broker whose moves and messages the test makes. */
async function setup() {
  const clock = new FakeClock();
  const cleared: unknown[] = [];
  let moves = 0;
  let take: Handler = () => undefined;
  let disconnected = (): void => undefined;
  let connected = (): void => undefined;
  const bus = {
    subscribe: async (_: unknown, handler: Handler) => {
      take = handler;
    },
    publish: async () => undefined,
    clear: async (_: unknown, places: unknown) => void cleared.push(places),
    bus: {
      health: () => ({ moves }),
      onConnect: (fn: () => void) => {
        connected = fn;
      },
      onDisconnect: (fn: () => void) => {
        disconnected = fn;
      },
    },
  } as unknown as ChannelBus;
  const file = { load: async () => [], save: async () => undefined } as unknown as SubscriptionFile;
  const registry = new PhoneRegistry({
    bus,
    file,
    clock,
    logger: silentLogger(),
    wardOf: () => undefined,
    onChanged: () => undefined,
  });
  await registry.start();
  return {
    clock,
    cleared,
    devices: () => registry.of(undefined, undefined).length,
    /** The broker is lost, and the next one is used. */
    move: () => {
      disconnected();
      moves += 1;
      connected();
    },
    receive: (createdAgoMs: number, retain: boolean) => {
      const created_at = new Date(clock.now() - createdAgoMs).toISOString();
      const value: ActivePushSubscription = {
        subscription_id: id,
        state: 'active',
        endpoint: 'https://push.example/1',
        keys: { p256dh: 'p', auth: 'a' },
        created_at,
      };
      return take({ places: { subscription_id: id }, value, arrival: { retain } });
    },
  };
}

test('a device that was removed while the next broker was offline is cleared there and receives no alarms', async () => {
  const site = await setup();
  site.move();
  await site.receive(3_600_000, true);
  expect(site.devices()).toBe(0);
  expect(site.cleared).toEqual([{ subscription_id: id }]);
});

test.each([
  ['it was registered during the move', 1000, true],
  ['it is registered now', 3_600_000, false],
])('a device that is not known receives alarms after a move when %s', async (_, createdAgoMs, retain) => {
  const site = await setup();
  site.move();
  await site.receive(createdAgoMs, retain);
  expect(site.devices()).toBe(1);
});

test('a notifier that starts takes the devices of its broker', async () => {
  const site = await setup();
  await site.receive(3_600_000, true);
  expect(site.devices()).toBe(1);
});

test('once the devices of the next broker are read, those that it keeps are trusted', async () => {
  const site = await setup();
  site.move();
  await site.clock.advance(15_000);
  await site.receive(3_600_000, true);
  expect(site.devices()).toBe(1);
});
