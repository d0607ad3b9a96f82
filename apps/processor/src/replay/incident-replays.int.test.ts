import { jest } from '@jest/globals';
import { channels, createTopics, type DetectionPayload, type Incident, type Replay } from '@vigilia/protocol';
import { type Bus, ChannelBus } from '@vigilia/service';
import { makeIncident } from '@vigilia/simulated-site';
import { eventually, FakeClock, requires, silentLogger } from '@vigilia/testing';
import { type Role, type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { IncidentReplays } from './incident-replays.ts';

const topics = createTopics();
const logger = silentLogger();
const dayMs = 86_400_000;

/** The part of a processor that publishes replays, on a clock of the test. */
interface Site {
  readonly clock: FakeClock;
  readonly replays: IncidentReplays;
}

interface Retained {
  readonly replay: Replay;
  readonly expirySeconds: number | undefined;
}

requires('mosquitto')('the replay of an incident', () => {
  let broker: RoleBroker;
  const connected: Bus[] = [];
  const keep = async (connecting: Promise<Bus>): Promise<ChannelBus> => {
    const bus = await connecting;
    connected.push(bus);
    return new ChannelBus({ bus, roots: topics.roots, logger, clock: new FakeClock() });
  };
  const startProcessor = async (name: string): Promise<Site> => {
    const clock = new FakeClock();
    const replays = new IncidentReplays({ bus: await keep(broker.connect('processor', name)), clock });
    await replays.start();
    return { clock, replays };
  };
  /** What a role that connects only now receives of the retained replays, and of their changes. */
  const retainedReplays = async (role: Role): Promise<Map<string, Retained>> => {
    const bus = await keep(broker.connect(role));
    const replays = new Map<string, Retained>();
    await bus.subscribe(channels.replay, ({ places, value, arrival }) => {
      if (value !== undefined) {
        replays.set(places.incident_id, { replay: value, expirySeconds: arrival.expirySeconds });
      }
    });
    return replays;
  };
  const replayOf = async (replays: ReadonlyMap<string, Retained>, incidentId: string): Promise<Retained> =>
    eventually(() => {
      const found = replays.get(incidentId);
      if (found === undefined) throw new Error(`no replay of ${incidentId} is retained`);
      return found;
    });
  beforeAll(async () => {
    broker = await startRoleBroker();
  });
  afterEach(async () => {
    await Promise.all(connected.splice(0).map((bus) => bus.stop()));
  });
  afterAll(() => broker?.stop());

  const person: DetectionPayload = {
    class_name: 'person',
    confidence: 0.9,
    bbox: { x: 320, y: 180, width: 60, height: 160 },
    posture: 'up',
  };
  const observe = ({ replays }: Site, atMs: number, frame = { width: 640, height: 360 }, sourceId = 2): void =>
    replays.observe({
      sourceId,
      atMs,
      modelId: 'light',
      frame,
      detections: [person],
      zones: [],
    });
  const fallOf = (incidentId: string, fallMs: number, more: Partial<Incident> = {}): Incident => {
    const at = new Date(fallMs).toISOString();
    const fall = { event_id: incidentId, first_low_at: at, alarm_at: at, reported_at: at };
    const replay_until = new Date(fallMs + 30 * dayMs).toISOString();
    const changes = { incident_id: incidentId, falls: [fall], replay_until, ...more };
    return makeIncident({ home: 'processor-a', sourceId: 2, at }, changes);
  };
  const open = async (incident: Incident): Promise<void> => {
    const orchestrator = await keep(broker.connect('orchestrator'));
    await orchestrator.publish(channels.incident, { incident_id: incident.incident_id }, incident);
  };
  const times = ({ moments }: Replay): number[] => moments.map(({ ms }) => ms);

  it('is there at once, continues on the processor that takes the room, and is complete 20 s after the fall', async () => {
    const home = await startProcessor('processor-a');
    const dedicated = await startProcessor('processor-a_1');
    const fallMs = home.clock.now();
    for (const second of [-30, -10, 0]) {
      observe(home, fallMs + second * 1000);
    }
    await open(fallOf('inc-moved', fallMs));
    const replays = await retainedReplays('console');
    const early = await replayOf(replays, 'inc-moved');
    expect(times(early.replay)).toEqual([-10_000, 0]);
    expect(early.replay.complete).toBe(false);
    expect(early.expirySeconds).toBeGreaterThan(29 * 86_400);
    for (const second of [5, 10, 15]) {
      observe(dedicated, fallMs + second * 1000);
    }
    await dedicated.clock.advance(22_050);
    await eventually(async () => {
      const { replay } = await replayOf(replays, 'inc-moved');
      expect(times(replay)).toEqual([-10_000, 0, 5000, 10_000, 15_000]);
      expect(replay.complete).toBe(true);
    });
  });

  it('is not emptied by a processor that starts again without what it had observed', async () => {
    const first = await startProcessor('processor-a');
    const fallMs = first.clock.now();
    observe(first, fallMs);
    await open(fallOf('inc-kept', fallMs));
    const replays = await retainedReplays('notifier');
    await replayOf(replays, 'inc-kept');
    const second = await startProcessor('processor-b');
    observe(second, fallMs + 8000);
    await second.clock.advance(22_050);
    await eventually(async () => expect(times((await replayOf(replays, 'inc-kept')).replay)).toEqual([0, 8000]));
  });

  it('is published a few times only where two processors see the room in different shapes', async () => {
    const [wide, turned] = [await startProcessor('processor-a'), await startProcessor('processor-b')];
    const fallMs = wide.clock.now();
    for (const second of [-4, -2, 0]) {
      observe(wide, fallMs + second * 1000);
      observe(turned, fallMs + second * 1000, { width: 360, height: 640 });
    }
    const published: string[] = [];
    const counting = await keep(broker.connect('notifier'));
    await counting.subscribe(channels.replay, ({ places }) => void published.push(places.incident_id));
    await open(fallOf('inc-shapes', fallMs));
    for (const later of ['inc-later-1', 'inc-later-2', 'inc-later-3', 'inc-later-4']) {
      await open(fallOf(later, fallMs));
      await eventually(() => expect(published).toContain(later));
    }
    expect(published.filter((id) => id === 'inc-shapes').length).toBeLessThanOrEqual(3);
  });

  it('is not published again after it was deleted by hand, until another fall', async () => {
    const home = await startProcessor('processor-a');
    const fallMs = home.clock.now();
    observe(home, fallMs);
    await open(fallOf('inc-deleted', fallMs));
    const replays = await retainedReplays('console');
    await replayOf(replays, 'inc-deleted');
    const orchestrator = await keep(broker.connect('orchestrator'));
    await orchestrator.clear(channels.replay, { incident_id: 'inc-deleted' });
    replays.delete('inc-deleted');
    await open(fallOf('inc-deleted', fallMs, { note: 'changed' }));
    observe(home, fallMs + 5000);
    await home.clock.advance(22_050);
    await open(fallOf('inc-after-deletion', fallMs));
    await replayOf(replays, 'inc-after-deletion');
    expect([...replays.keys()]).not.toContain('inc-deleted');
    await open(fallOf('inc-deleted', fallMs + 5000));
    expect((await replayOf(replays, 'inc-deleted')).replay.fall_at).toBe(new Date(fallMs + 5000).toISOString());
  });

  it('is not made of a room that was last observed more than seven minutes ago', async () => {
    const home = await startProcessor('processor-a');
    const fallMs = home.clock.now();
    observe(home, fallMs);
    await home.clock.advance(420_001);
    const replays = await retainedReplays('console');
    await open(fallOf('inc-old-room', fallMs));
    // another room of the same processor: its replay comes after one of the first room would
    observe(home, home.clock.now(), undefined, 3);
    await open(fallOf('inc-new-room', home.clock.now(), { source_id: 3 }));
    await replayOf(replays, 'inc-new-room');
    expect([...replays.keys()]).not.toContain('inc-old-room');
  });

  it('is read by processors that observed its room, and by no other processor', async () => {
    const bus = await keep(broker.connect('processor', 'processor-a'));
    const subscribed = jest.spyOn(bus.bus, 'subscribe');
    const unsubscribed = jest.spyOn(bus.bus, 'unsubscribe');
    const clock = new FakeClock();
    const replays = new IncidentReplays({ bus, clock });
    await replays.start();
    observe({ clock, replays }, clock.now(), undefined, 7);
    await open(fallOf('inc-elsewhere', clock.now(), { source_id: 6 }));
    await open(fallOf('inc-here', clock.now(), { source_id: 7 }));
    const filters = (): string[] => subscribed.mock.calls.map(([filter]) => filter).sort();
    const here = topics.replay('inc-here');
    await eventually(() => expect(filters()).toEqual([here, topics.incidentAny]));
    // the room of the other incident is taken over
    observe({ clock, replays }, clock.now(), undefined, 6);
    await eventually(() =>
      expect(filters()).toEqual([topics.replay('inc-elsewhere'), here, topics.incidentAny].sort()),
    );
    const { replay_until: _, ...forbidden } = fallOf('inc-here', clock.now(), { source_id: 7 });
    await open(forbidden);
    await eventually(() => expect(unsubscribed.mock.calls.map(([filter]) => filter)).toEqual([here]));
  });

  it('is not made where the policy disables replays', async () => {
    const home = await startProcessor('processor-a');
    const fallMs = home.clock.now();
    observe(home, fallMs);
    const { replay_until: _, ...withoutReplay } = fallOf('inc-none', fallMs);
    const replays = await retainedReplays('console');
    await open(withoutReplay);
    await open(fallOf('inc-after', fallMs));
    await replayOf(replays, 'inc-after');
    expect([...replays.keys()]).not.toContain('inc-none');
  });

  it('is deleted by the broker when its time is over, also while no orchestrator runs', async () => {
    const home = await startProcessor('processor-a');
    const fallMs = home.clock.now();
    observe(home, fallMs);
    await open(fallOf('inc-long', fallMs));
    await open(fallOf('inc-short', fallMs, { replay_until: new Date(fallMs + 2000).toISOString() }));
    await replayOf(await retainedReplays('console'), 'inc-short');
    await eventually(async () => {
      const replays = await retainedReplays('console');
      await replayOf(replays, 'inc-long');
      expect([...replays.keys()]).not.toContain('inc-short');
    });
  });
});
