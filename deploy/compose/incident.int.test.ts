import { createTopics } from '@vigilia/protocol';
import { eventually, requires } from '@vigilia/testing';
import { type Moment, onTheWayThere } from './crash-moments.ts';
import { docker, type House, startHouse } from './house.ts';
import { asCopied, listening, readmeCommands } from './readme-commands.ts';
import { minute, Story } from './story.ts';

const topics = createTopics();
const dedicated = 'processor-a_1';
/** Of a home's rooms, at 0.1 frames per second. */
const quietIntervalMs = 10_000;
const [, , seenToWatch] = onTheWayThere as [Moment, Moment, Moment];

requires('docker')('the services of docker compose', () => {
  let house: House;
  let story: Story;
  beforeAll(async () => {
    house = await startHouse();
    story = new Story(house);
    await story.look();
  }, 15 * minute);
  afterAll(() => house?.remove(), 3 * minute);

  test(
    'all eight rooms are watched, and whatever stays is healthy',
    async () => {
      await story.allSeen(2 * minute);
      await story.allHealthy();
    },
    5 * minute,
  );

  test(
    'a bare fall gives the room a container of its own, and help takes it away again; no room was left alone',
    async () => {
      await story.reportFall(2);
      expect(await story.movedAway(2)).toBe(dedicated);
      expect(await story.containers()).toContain(`vigilia-${dedicated}`);
      await eventually(() => {
        expect(story.observer.ratesOf('processor-a')).toEqual({ 0: 0.05, 1: 0.05, 3: 0.05 });
        expect(story.observer.ratesOf(dedicated)).toEqual({ 2: 1 });
      });
      const [inspected] = JSON.parse(await docker(['inspect', `vigilia-${dedicated}`])) as {
        HostConfig: object;
        Config: { User: string };
      }[];
      expect(inspected).toMatchObject({
        Config: { User: '1000:1000' },
        HostConfig: { ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, NetworkMode: 'vigilia_rooms' },
      });
      await story.tell('acknowledge', { source_id: 2, by: 'nurse' });
      await eventually(() => expect(story.observer.incidentOf(2)?.steps).toHaveProperty('acknowledged'));
      await story.tell('resolve', { source_id: 2, by: 'nurse', outcome: 'helped', confirmed: true });
      await story.movedBack(2);
      await story.allSeen();
      story.nobodyLeftAlone();
    },
    7 * minute,
  );

  test(
    'kill -9 of the orchestrator in the middle of a hand-over: its next life finishes it, and no room was left alone',
    async () => {
      await story.survives(3, 'orchestrator', seenToWatch, 'there');
      await story.allSeen();
      story.nobodyLeftAlone();
    },
    7 * minute,
  );

  test('the console lets the first user in with the password it made, and no one without', async () => {
    const ask = (path: string, init?: RequestInit) => fetch(`${house.consoleUrl}/api/${path}`, init);
    const headers = { 'content-type': 'application/json' };
    const signIn = (password: string) =>
      ask('sign-in', { method: 'POST', headers, body: JSON.stringify({ name: 'admin', password }) });
    expect((await ask('live')).status).toBe(401);
    expect((await signIn('a guessed password')).status).toBe(401);
    const right = await signIn(await house.exec('console', 'cat', '/var/lib/vigilia/first-password'));
    expect(await right.json()).toMatchObject({ signedIn: true, role: 'administrator' });
  });

  test(
    'the README’s commands work as copied',
    async () => {
      const [publish, listen, password] = await readmeCommands();
      await asCopied(publish);
      const rates = (fps: number) => () =>
        expect(story.observer.ratesOf('processor-b')).toEqual({ 4: fps, 5: fps, 6: fps, 7: fps });
      await eventually(rates(0.5), { timeoutMs: minute, message: 'the rate of the README' });
      const heard = listening(listen);
      try {
        await eventually(
          async () => {
            await house.bus.publish(topics.event('fall_detected'), { source_id: 99 });
            expect(heard.text()).toContain(`${topics.event('incident_refused')} {`);
          },
          { timeoutMs: minute, intervalMs: 1500, message: 'an event on the README’s subscription' },
        );
      } finally {
        heard.stop();
      }
      expect(await asCopied(password)).toMatch(/^\S{8,}$/);
      await house.bus.publish(topics.commands, { command: 'set_fps', params: { max_fps: 0.1 } });
      await eventually(rates(0.1), { timeoutMs: minute, message: 'the rate as before' });
    },
    4 * minute,
  );

  test(
    'a camera is replaced in go2rtc and no service is restarted',
    async () => {
      const before = await story.startTimes();
      const boots = ['processor-a', 'processor-b'].map((name) => story.observer.statuses.get(name)?.boot_id);
      expect(story.observer.pictures.get(7)).toBe('640x360');
      const clip = [
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=320x240:rate=10',
        '-t',
        '20',
        '-g',
        '10',
        '-pix_fmt',
        'yuv420p',
      ];
      await house.exec('go2rtc', 'ffmpeg', '-nostdin', '-v', 'error', ...clip, '/tmp/another.mp4');
      const source = encodeURIComponent('ffmpeg:/tmp/another.mp4#video=copy');
      const url = `http://127.0.0.1:1984/api/streams?name=7&src=${source}`;
      await house.exec('go2rtc', 'curl', '-sf', '-X', 'PUT', url);
      const picture = () => expect(story.observer.pictures.get(7)).toBe('320x240');
      await eventually(picture, { timeoutMs: 2 * minute, intervalMs: 500, message: 'the other camera’s picture' });
      await story.observer.seenBy('processor-b', [7], minute);
      expect(await story.startTimes()).toEqual(before);
      expect(['processor-a', 'processor-b'].map((name) => story.observer.statuses.get(name)?.boot_id)).toEqual(boots);
    },
    4 * minute,
  );

  test(
    'the event sink has it all: statuses, the fall, the incident, and the containers’ logs',
    async () => {
      await eventually(
        async () => {
          const records = await house.exec('event-sink', 'sh', '-c', 'cat /var/lib/vigilia/records/*');
          for (const part of ['"fall_detected"', '"incident_opened"', '"incident_closed"', '"room_taken"', dedicated]) {
            expect(records.includes(part) ? part : `no ${part}`).toBe(part);
          }
        },
        { timeoutMs: minute, intervalMs: 1000 },
      );
      // the container is long gone
      const lines = await story.recordedLines(`vigilia-${dedicated}`);
      expect(lines.length).toBeGreaterThan(0);
      expect(new Set(lines).size).toBe(lines.length);
    },
    2 * minute,
  );

  test(
    'kill -9 of the event sink: every log line of a container is recorded once',
    async () => {
      const container = 'vigilia-processor-a-1';
      await story.killWhen('event-sink', ['at once', () => true], 0);
      await eventually(
        async () => {
          const said = (await docker(['logs', container])).split('\n').length;
          const lines = await story.recordedLines(container);
          expect({ recorded: lines.length, different: new Set(lines).size }).toEqual({
            recorded: said,
            different: said,
          });
        },
        { timeoutMs: 2 * minute, intervalMs: 1000 },
      );
    },
    4 * minute,
  );

  test(
    'kill -9 of a dedicated container: its room is monitored within ten seconds and an interval, and has a container again',
    async () => {
      await story.reportFall(1);
      const instanceId = await story.movedAway(1, 'before the kill');
      const aloneMs = await story.killProcessor(instanceId, `vigilia-${instanceId}`, 1);
      expect(aloneMs).toBeLessThan(10_000 + quietIntervalMs);
      await story.movedAway(1, 'after the kill');
    },
    5 * minute,
  );

  test(
    'everything ends at once in the middle of an incident, as when the power fails: it goes on where it was',
    async () => {
      await story.movedAway(1, 'before the power fails');
      await story.powerFails();
      const again = await story.movedAway(1, 'after the power failed', 4 * minute);
      await story.observer.seenBy(again, [1], minute);
      expect(story.observer.incidentOf(1)?.state).not.toBe('closed');
    },
    9 * minute,
  );

  test(
    'down takes a dedicated container along, and up goes on with the incident under the same name',
    async () => {
      await house.compose('down', '--remove-orphans');
      expect(await story.containers()).toEqual([]);
      await house.compose('up', '--detach', '--no-build');
      await story.reconnect();
      expect(await story.movedAway(1, 'after down and up', 4 * minute)).toBe(dedicated);
      await story.observer.seenBy(dedicated, [1], minute);
      await story.tell('resolve', { source_id: 1, by: 'nurse', outcome: 'false_alarm', confirmed: true });
      await story.movedBack(1);
      await story.allSeen();
    },
    10 * minute,
  );
});
