import { eventually, requires } from '@vigilia/testing';
import { type Moment, onTheWayThere } from './crash-moments.ts';
import { docker, type House, startHouse } from './house.ts';
import { minute, Story } from './story.ts';

const dedicated = 'processor-a_1';
const [, , seenToWatch] = onTheWayThere as [Moment, Moment, Moment];
const nobody = { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0 };

requires('docker')('the house of docker compose', () => {
  let house: House;
  let story: Story;
  beforeAll(async () => {
    house = await startHouse();
    story = new Story(house);
    await story.look();
  }, 15 * minute);
  afterAll(() => house?.remove(), 3 * minute);

  test('all eight rooms are watched', () => story.allSeen(2 * minute), 3 * minute);

  test(
    'a bare fall gives the room a container of its own, and help takes it away again; no room was left alone',
    async () => {
      await story.reportFall(2);
      expect(await story.movedAway(2)).toBe(dedicated);
      expect(await story.containers()).toContain(`vigilia-${dedicated}`);
      expect(story.observer.ratesOf('processor-a')).toEqual({ 0: 0.05, 1: 0.05, 3: 0.05 });
      expect(story.observer.ratesOf(dedicated)).toEqual({ 2: 1 });
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
      await story.tell('resolve', { source_id: 2, by: 'nurse', outcome: 'helped' });
      await story.movedBack(2);
      await story.allSeen();
      expect(story.observer.meter.report(performance.now())).toEqual(nobody);
    },
    7 * minute,
  );

  test(
    'kill -9 of the orchestrator in the middle of a hand-over: its next life finishes it, and no room was left alone',
    async () => {
      await story.survives(3, 'orchestrator', seenToWatch, 'there');
      await story.allSeen();
      expect(story.observer.meter.report(performance.now())).toEqual(nobody);
    },
    7 * minute,
  );

  test('the console lets the first user in with the password it made, and nobody without', async () => {
    const ask = (path: string, init?: RequestInit) => fetch(`${house.consoleUrl}/api/${path}`, init);
    const headers = { 'content-type': 'application/json' };
    const signIn = (password: string) =>
      ask('sign-in', { method: 'POST', headers, body: JSON.stringify({ name: 'admin', password }) });
    expect((await ask('live')).status).toBe(401);
    expect((await signIn('guessed by somebody')).status).toBe(401);
    const right = await signIn(await house.exec('console', 'cat', '/var/lib/vigilia/first-password'));
    expect(await right.json()).toMatchObject({ signedIn: true, role: 'technician' });
  }, 60_000);

  test(
    'a camera is replaced in go2rtc and no service is restarted',
    async () => {
      const boot = story.observer.statuses.get('processor-b')?.boot_id;
      const url = 'http://127.0.0.1:1984/api/streams?name=7&src=/media/8.mp4';
      await house.exec('go2rtc', 'curl', '-sf', '-X', 'PUT', url);
      await story.observer.seenBy('processor-b', [7], minute);
      await story.observer.seenBy('processor-b', [7], minute);
      expect(story.observer.statuses.get('processor-b')?.boot_id).toBe(boot);
    },
    3 * minute,
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
    'kill -9 of the event sink: every line that a container said is recorded once',
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
    'everything ends at once in the middle of an incident, as when the power fails: it goes on where it was',
    async () => {
      await story.reportFall(1);
      await story.movedAway(1);
      await story.powerFails();
      await story.observer.seenBy(await story.movedAway(1), [1], minute);
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
      expect(await story.movedAway(1)).toBe(dedicated);
      await story.observer.seenBy(dedicated, [1], minute);
      await story.tell('resolve', { source_id: 1, by: 'nurse', outcome: 'false_alarm' });
      await story.movedBack(1);
      await story.allSeen();
    },
    10 * minute,
  );
});
