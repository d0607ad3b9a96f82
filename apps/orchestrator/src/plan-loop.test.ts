import { policySchema, type Status } from '@vigilia/protocol';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { ActProgress } from './act/act-progress.ts';
import { Store } from './observe/store.ts';
import type { Act, RecordAction } from './plan/action.ts';
import { PlanLoop } from './plan-loop.ts';

const status: Status = {
  instance_id: 'processor-a',
  client_id: 'processor-a',
  boot_id: 'boot',
  role: 'home',
  status: 'running',
  timestamp: '2026-01-01T00:00:00.000Z',
  streams: [],
};

/** A site whose round records a fall's incident and then starts a processor for it. */
function house() {
  const clock = new FakeClock();
  const store = new Store('orchestrator');
  const world = { ready: true, epoch: 1, looks: 0 };
  store.putDesired({ rooms: { 2: { home: 'processor-a' } }, updated_at: '2026-01-01T00:00:00.000Z', revision: 1 });
  store.setRuntime([], undefined, 0);
  store.whole(0);
  store.status(status, { retained: false, nowMs: 0, wallMs: 0 });
  store.enqueue({
    kind: 'fall',
    type: 'fall_detected',
    report: { source_id: 2, event_id: 'fall-1', unread: [] },
    fingerprint: 'report-1',
    redelivered: false,
  });
  const acts: Act[] = [];
  const records: RecordAction[] = [];
  let recorded = (): void => {};
  const planLoop = new PlanLoop({
    store,
    clock,
    progress: new ActProgress(),
    logger: silentLogger(),
    policy: policySchema.parse({}),
    performer: { perform: (act) => void acts.push(act) },
    recorder: {
      record: async (action) => {
        records.push(action);
        recorded();
      },
    },
    ready: () => world.ready,
    epoch: () => world.epoch,
    planned: () => {
      world.looks += 1;
    },
  });
  const onRecord = (then: () => void): void => {
    recorded = then;
  };
  return { clock, planLoop, world, acts, records, onRecord };
}

describe('a plan whose record had to wait for the broker', () => {
  it('does nothing else of it when the connection is another one: a processor may have died meanwhile', async () => {
    const { clock, planLoop, world, acts, records, onRecord } = house();
    onRecord(() => {
      world.epoch = 2;
      world.ready = false;
    });
    planLoop.start();
    await clock.advance(100);
    expect(records.map(({ kind }) => kind)).toEqual(['publish_incident']);
    expect(acts).toEqual([]);
    onRecord(() => {});
    world.ready = true;
    planLoop.changed();
    await clock.advance(100);
    expect(acts.map(({ key }) => key)).toContainEqual(expect.stringMatching(/^spawn:/));
    await planLoop.stop();
  });

  it('looks again at once when the view was whole again before the record was through', async () => {
    const { clock, planLoop, world, acts, onRecord } = house();
    onRecord(() => {
      world.epoch = 2;
      onRecord(() => {});
    });
    planLoop.start();
    await clock.advance(5);
    expect({ looks: world.looks, acts }).toEqual({ looks: 1, acts: [] });
    await clock.advance(100);
    expect(world.looks).toBeGreaterThan(1);
    expect(acts.map(({ key }) => key)).toContainEqual(expect.stringMatching(/^spawn:/));
    await planLoop.stop();
  });
});
