import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { eventually, requires, testTool } from '@vigilia/testing';
import { onTheWayBack, onTheWayThere } from './crash-moments.ts';
import { docker, type House, startHouse } from './house.ts';
import { minute, Story } from './story.ts';

const run = promisify(execFile);
/** From the kill to the first detection of another processor: ten seconds and an interval of a home at 0.1 frames per second. */
const worstMs = 20_000;

requires('docker')('crashes at every step, in containers', () => {
  let house: House;
  let story: Story;
  beforeAll(async () => {
    house = await startHouse();
    story = new Story(house);
  }, 15 * minute);
  beforeEach(async () => {
    await story.look();
    await story.allSeen(3 * minute);
  }, 4 * minute);
  afterAll(() => house?.remove(), 3 * minute);

  const allWatched = async () => {
    await story.allSeen();
    story.nobodyLeftAlone();
  };
  const moments = [
    ...onTheWayThere.map((moment, room) => ({ what: moment[0], moment, when: 'there' as const, room })),
    ...onTheWayBack.map((moment, room) => ({ what: moment[0], moment, when: 'back' as const, room })),
  ];

  test.each(moments)(
    'kill -9 of the orchestrator when $what: its next life finishes it, and no room was left alone',
    async ({ moment, when, room }) => {
      await story.survives(room, 'orchestrator', moment, when);
      await allWatched();
    },
    8 * minute,
  );

  test.each(moments)(
    'kill -9 of docker-proxy when $what: same end, and no room was left alone',
    async ({ moment, when, room }) => {
      await story.survives(room, 'docker-proxy', moment, when);
      await allWatched();
    },
    8 * minute,
  );

  test.each([
    ['the home', 'processor-a', 'vigilia-processor-a-1', 0],
    ['the other home', 'processor-b', 'vigilia-processor-b-1', 4],
  ])(
    'kill -9 of the container of %s: another processor monitors its room within ten seconds and an interval',
    async (_, instanceId, container, room) => {
      expect(await story.killProcessor(instanceId, container, room)).toBeLessThan(worstMs);
      await story.allSeen(3 * minute);
    },
    6 * minute,
  );

  test(
    'kill -9 of the dedicated container again and again: its room is monitored each time, and has one incident',
    async () => {
      await story.reportFall(2);
      for (let time = 0; time < 3; time += 1) {
        const instanceId = await story.movedAway(2, `time ${time}`);
        expect(await story.killProcessor(instanceId, `vigilia-${instanceId}`, 2)).toBeLessThan(worstMs);
      }
      await story.movedAway(2, 'at last');
      await story.tell('resolve', { source_id: 2, by: 'nurse', outcome: 'helped', confirmed: true });
      await story.movedBack(2);
    },
    10 * minute,
  );

  test.each([
    ['keeps its memory', false],
    ['has forgotten everything', true],
  ])(
    'a broker that is offline for a minute in mid-incident and %s: same watcher, and no room was unwatched',
    async (_, forgets) => {
      await story.reportFall(2);
      const dedicated = await story.movedAway(2);
      await docker(['stop', 'vigilia-mosquitto-1']);
      if (forgets) {
        await emptyVolume('vigilia_mosquitto-data');
      }
      await new Promise((resolve) => setTimeout(resolve, minute));
      await docker(['start', 'vigilia-mosquitto-1']);
      await story.reconnect();
      await eventually(() => expect(story.observer.incidentOf(2)?.watched_by).toBe(dedicated), { timeoutMs: minute });
      await story.observer.seenBy(dedicated, [2], minute);
      await story.tell('resolve', { source_id: 2, by: 'nurse', outcome: 'helped', confirmed: true });
      await story.movedBack(2);
      await allWatched();
    },
    10 * minute,
  );

  test(
    'the engine is restarted in mid-incident: its containers come back, and the incident goes on',
    async () => {
      await story.reportFall(3);
      await story.movedAway(3, 'before the engine is restarted');
      await restartEngine();
      await story.reconnect();
      await story.movedAway(3, 'after the engine was restarted', 4 * minute);
      await story.tell('resolve', { source_id: 3, by: 'nurse', outcome: 'helped', confirmed: true });
      await story.movedBack(3);
      await story.allSeen();
    },
    15 * minute,
  );
});

/** A stopped broker without its disk. */
async function emptyVolume(name: string): Promise<void> {
  const script = 'rm -rf /data/*';
  const words = ['run', '--rm', '--user', '0:0', '--network', 'none', '-v', `${name}:/data`, '--entrypoint', 'sh'];
  await docker([...words, 'eclipse-mosquitto:2.0', '-c', script]);
}

/** Stops and starts the engine with the program that started it here (`docker-engine` of the test tools). */
async function restartEngine(): Promise<void> {
  const engine = testTool('docker-engine');
  const answers = () => docker(['info', '--format', '{{.ServerVersion}}']);
  await run(engine, ['stop']);
  // it answers no more long before its containers have ended
  const gone = () => expect(access('/var/run/docker.pid')).rejects.toThrow();
  await eventually(gone, { timeoutMs: 2 * minute, intervalMs: 500, message: 'the end of the engine' });
  await run(engine, []);
  await eventually(answers, { timeoutMs: 2 * minute, intervalMs: 500, message: 'the engine' });
}
