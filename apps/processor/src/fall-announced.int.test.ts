import { type Incident, incidentIdOf, type RoomState, replaySchema } from '@vigilia/protocol';
import { collect, connectBus, eventually, makeClip, makeModel, requires, startMosquitto } from '@vigilia/testing';
import { makeSite, startHouse, topics } from './test-support/processor-house.ts';

/** A fall must not be forgotten because a part was offline: the broker, the orchestrator, or the processor itself. */
requires('ffmpeg', 'mosquitto')('a fall', () => {
  it('is published again on each connection with the same event, known to who takes the room, and quiet once resolved', async () => {
    const site = await makeSite();
    const broker = await startMosquitto();
    const file = (name: string): string => site.folder.file(name);
    const upright = [{ x1: 130, y1: 90, x2: 180, y2: 230 }];
    const lying = [{ x1: 90, y1: 190, x2: 230, y2: 235 }];
    await makeModel({ file: file('scene.onnx'), boxes: upright, brightBoxes: lying });
    const pattern = [
      { seconds: 18, level: 40 },
      { seconds: 300, level: 220 },
    ];
    await makeClip({ file: file('50.mp4'), size: '320x320', fps: 5, gop: 5, pattern });
    const flags = ['--model', 'scene', '--streams', '50', '--max-fps', '2', '--clip-clock', String(Date.now())];
    const house = await startHouse({ site, url: broker.url, flags: [...flags, '--instance-id', 'first'] });
    const client = await connectBus(broker.url);
    try {
      const falls = await collect(client, topics.event('fall_detected'));
      const fall = (await falls.next(({ body }) => body?.source_id === 50, 120_000)).body;
      // a rename leaves and comes back: a connection whose moment a test can choose, so that every subscriber is there before it
      await house.send('rename_instance', { new_instance_id: 'second' });
      const again = (await falls.next(({ body }) => body?.source_id === 50)).body;
      expect([again?.event_id, again?.detected_at]).toEqual([fall?.event_id, fall?.detected_at]);
      const rooms = await collect(client, topics.room(50));
      const eventId = String(fall?.event_id);
      const state = (await rooms.next()).body as unknown as RoomState;
      expect(state.fall).toMatchObject({ state: 'alarm', event_id: eventId });
      const replays = await collect(client, topics.replay(incidentIdOf(eventId)));
      const replay_until = new Date(Date.now() + 3_600_000).toISOString();
      const detected_at = String(fall?.detected_at);
      const opened: Incident = { ...incident(eventId, fall), state: 'open', steps: {}, detected_at, replay_until };
      await client.publish(topics.incident(opened.incident_id), opened, { retain: true });
      const replay = replaySchema.parse((await replays.next()).body);
      const before = replay.moments.filter(({ ms, people }) => ms < -1000 && people[0]?.posture !== 'low');
      const after = replay.moments.filter(({ ms, people }) => ms > 1000 && people[0]?.posture === 'low');
      expect([before.length, after.length].map((count) => count > 3)).toEqual([true, true]);
      await house.processor.stop();
      const heir = await startHouse({ site, url: broker.url, flags: [...flags, '--instance-id', 'heir'] });
      try {
        await eventually(() => {
          const newest = rooms.messages.at(-1)?.body as unknown as RoomState;
          expect(newest).toMatchObject({ watcher: 'heir', fall: { event_id: eventId } });
        });
        await heir.send('rename_instance', { new_instance_id: 'heir-2' });
        const inherited = await falls.next(({ body }) => body?.instance_id === 'heir-2');
        expect(inherited.body).toMatchObject({ event_id: eventId, detected_at: fall?.detected_at });
        const resolved = incident(eventId, fall);
        await client.publish(topics.incident(resolved.incident_id), resolved, { retain: true });
        await eventually(() => {
          const newest = rooms.messages.at(-1)?.body as unknown as RoomState;
          expect(newest.fall.quiet).toBe(true);
        });
        const { resolved: _takenBack, ...steps } = resolved.steps;
        await client.publish(
          topics.incident(resolved.incident_id),
          { ...resolved, state: 'acknowledged', steps },
          { retain: true },
        );
        await eventually(() => {
          const newest = rooms.messages.at(-1)?.body as unknown as RoomState;
          expect(newest.fall).toMatchObject({ state: 'alarm', event_id: eventId });
        });
        expect(new Set(falls.messages.map(({ body }) => body?.event_id))).toEqual(new Set([eventId]));
      } finally {
        await heir.stop();
      }
    } finally {
      await client.stop();
      await house.stop();
      await broker.stop();
      await site.remove();
    }
  });
});

function incident(eventId: string, fall: Record<string, unknown> | undefined): Incident {
  const at = new Date().toISOString();
  return {
    incident_id: incidentIdOf(eventId),
    source_id: 50,
    state: 'closing',
    drill: false,
    degraded: false,
    by: [],
    home: 'first',
    watched_by: 'heir',
    steps: { acknowledged: at, resolved: at },
    durations_ms: {},
    overrides: [],
    attempts: { spawn: 0 },
    event_ids: [eventId],
    opened_at: at,
    updated_at: at,
    trace_id: String(fall?.trace_id),
  };
}
