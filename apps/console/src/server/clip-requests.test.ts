import {
  type ClipFrame,
  type ClipRequest,
  channels,
  clipFrameLabel,
  clipPurpose,
  createTopics,
  topicOf,
} from '@vigilia/protocol';
import { type Bus, type BusMessage, ChannelBus, createSealer, type MessageHandler } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import type { ClipView } from '../shared/clip-view.ts';
import { ClipRequests } from './clip-requests.ts';

const topics = createTopics();

/** Counts the timers that are started. */
class CountingClock extends FakeClock {
  started = 0;

  override setTimeout(...args: Parameters<FakeClock['setTimeout']>): ReturnType<FakeClock['setTimeout']> {
    this.started += 1;
    return super.setTimeout(...args);
  }
}

/** A console whose request for a clip is under way, and processors that answer when the test lets them. */
async function asked() {
  const clock = new CountingClock();
  let handler: MessageHandler = () => {};
  let request: ClipRequest | undefined;
  const bus = {
    subscribe: async (_filter: string, given: MessageHandler) => {
      handler = given;
    },
    publish: async (_topic: string, body: ClipRequest) => {
      request = body;
    },
  } as unknown as Bus;
  const typed = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock });
  const clipRequests = new ClipRequests({ bus: typed, clock });
  clipRequests.start();
  const shown: { readonly atMs: number; readonly view: ClipView }[] = [];
  const failed: unknown[] = [];
  clipRequests.ask({ requestId: 'request-1', incidentId: 'inc-1', mode: 'plain' }).then(
    (view) => shown.push({ atMs: clock.monotonic(), view }),
    (error: unknown) => failed.push(error),
  );
  await clock.advance(0);
  const send = (instance_id: string, index: number, count: number): void => {
    const sealer = createSealer(request?.public_key ?? '', clipPurpose);
    const frame: Omit<ClipFrame, 'sealed'> = {
      request_id: 'request-1',
      instance_id,
      incident_id: 'inc-1',
      public_key: sealer.publicKey,
      index,
      count,
      at: new Date(clock.now()).toISOString(),
      mode: 'plain',
    };
    const sealed = sealer.seal(index, Buffer.from('a picture'), clipFrameLabel(frame));
    const payload = Buffer.from(JSON.stringify({ ...frame, sealed }));
    void handler({
      topic: topicOf(channels.clipFrame, { instance_id }, topics.roots),
      payload,
      retain: false,
    } as BusMessage);
  };
  return { clock, send, shown, failed };
}

it('a clip is shown one second after its last frame, and while frames are missing it is waited for', async () => {
  const { clock, send, shown } = await asked();
  await clock.advance(4000);
  send('a', 0, 2);
  await clock.advance(5050);
  expect(shown).toEqual([]);
  send('a', 1, 2);
  await clock.advance(970);
  // another processor has frames, too
  send('b', 0, 1);
  await clock.advance(999);
  expect(shown).toEqual([]);
  await clock.advance(1);
  expect(shown).toMatchObject([{ atMs: 4000 + 5050 + 970 + 1000 }]);
  expect(shown[0]?.view.frames).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

it('a console that waits for a clip does nothing until a message comes', async () => {
  const { clock, send, shown } = await asked();
  await clock.advance(19_000);
  expect(clock.started).toBeLessThanOrEqual(2);
  send('a', 0, 1);
  await clock.advance(1000);
  expect(clock.started).toBeLessThanOrEqual(3);
  expect(shown).toHaveLength(1);
});

it.each([
  ['no processor answers', 20_000, false],
  ['a processor ends while it sends', 30_000, true],
])('a person does not wait longer than that where %s: %i ms', async (_, limitMs, partly) => {
  const { clock, send, shown, failed } = await asked();
  if (partly) {
    send('a', 0, 2);
  }
  await clock.advance(limitMs - 1);
  expect([shown, failed]).toEqual([[], []]);
  await clock.advance(1);
  expect(partly ? shown : failed).toMatchObject([partly ? { view: { mode: 'plain' } } : { code: 'no_clip' }]);
  expect(clock.pending).toBe(0);
});
