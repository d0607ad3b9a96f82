import { eventually, requires } from '@vigilia/testing';
import { docker, type House, startHouse } from './house.ts';
import { Observer } from './observer.ts';

const dedicated = 'processor-a_1';
const homes = { 'processor-a': [0, 1, 2, 3], 'processor-b': [4, 5, 6, 7] };
const minute = 60_000;

requires('docker')('the house of docker compose', () => {
  let house: House;
  let observer: Observer;
  beforeAll(async () => {
    house = await startHouse();
    observer = new Observer();
    await observer.start(house.bus);
  }, 15 * minute);
  afterAll(() => house?.remove(), 3 * minute);

  const containers = async () =>
    (await docker(['ps', '--format', '{{.Names}}', '--filter', 'name=vigilia-'])).split('\n');
  const allSeen = (timeoutMs = minute) =>
    Promise.all(Object.entries(homes).map(([home, rooms]) => observer.seenBy(home, rooms, timeoutMs)));
  const orchestrate = (command: string, params: Record<string, unknown>) =>
    house.bus.publish('nvr/orchestrator/commands', { command, params });
  /** As the README has it: in the broker's container, with no password on the command line. */
  const reportFall = (room: number) =>
    house.exec('mosquitto', 'mosquitto_pub', '-t', 'nvr/events/fall_detected', '-m', `{"source_id": ${room}}`);
  /** @returns the dedicated processor that watches the room alone */
  const movedAway = (room: number) =>
    eventually(
      () => {
        const incident = observer.incidentOf(room);
        expect(incident).toMatchObject({ watched_by: expect.stringMatching(/^processor-a_\d+$/), degraded: false });
        expect(observer.watchedBy.get(room)).toBe(incident?.watched_by);
        expect(observer.ratesOf('processor-a')).not.toHaveProperty(String(room));
        return incident?.watched_by ?? '';
      },
      { timeoutMs: 2 * minute, message: 'the move to a dedicated processor' },
    );
  const movedBack = (room: number) =>
    eventually(
      async () => {
        expect(observer.incidentOf(room)).toMatchObject({ state: 'closed', watched_by: 'processor-a' });
        expect(observer.ratesOf('processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
        expect((await containers()).filter((name) => name.startsWith('vigilia-processor-a_'))).toEqual([]);
        expect([...observer.statuses.keys()].filter((name) => name.startsWith('processor-a_'))).toEqual([]);
      },
      { timeoutMs: 2 * minute, intervalMs: 500, message: 'the way back' },
    );

  test('all eight rooms are watched', () => allSeen(2 * minute), 3 * minute);

  test(
    'a bare fall gives the room a container of its own, and help takes it away again; no room was left alone',
    async () => {
      await reportFall(2);
      expect(await movedAway(2)).toBe(dedicated);
      expect(await containers()).toContain(`vigilia-${dedicated}`);
      expect(observer.ratesOf('processor-a')).toEqual({ 0: 0.05, 1: 0.05, 3: 0.05 });
      expect(observer.ratesOf(dedicated)).toEqual({ 2: 1 });
      const [inspected] = JSON.parse(await docker(['inspect', `vigilia-${dedicated}`])) as {
        HostConfig: object;
        Config: { User: string };
      }[];
      expect(inspected).toMatchObject({
        Config: { User: '1000:1000' },
        HostConfig: { ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, NetworkMode: 'vigilia_rooms' },
      });
      await orchestrate('acknowledge', { source_id: 2, by: 'nurse' });
      await eventually(() => expect(observer.incidentOf(2)?.steps).toHaveProperty('acknowledged'));
      await orchestrate('resolve', { source_id: 2, by: 'nurse', outcome: 'helped' });
      await movedBack(2);
      await allSeen();
      expect(observer.meter.report(performance.now())).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0 });
    },
    5 * minute,
  );

  test(
    'a camera is replaced in go2rtc and no service is restarted',
    async () => {
      const boot = observer.statuses.get('processor-b')?.boot_id;
      const url = 'http://127.0.0.1:1984/api/streams?name=7&src=/media/8.mp4';
      await house.exec('go2rtc', 'curl', '-sf', '-X', 'PUT', url);
      await observer.seenBy('processor-b', [7], minute);
      await observer.seenBy('processor-b', [7], minute);
      expect(observer.statuses.get('processor-b')?.boot_id).toBe(boot);
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
    },
    2 * minute,
  );

  test(
    'everything ends at once in the middle of an incident, as when the power fails: it goes on where it was',
    async () => {
      await reportFall(1);
      await movedAway(1);
      const names = (await containers()).filter((name) => name !== '');
      const pids = await docker(['inspect', '-f', '{{.State.Pid}}', ...names]);
      for (const pid of pids.split('\n')) process.kill(Number(pid), 'SIGKILL');
      await eventually(async () => void (await house.reconnect()), { timeoutMs: 2 * minute, message: 'the broker' });
      observer = new Observer();
      await observer.start(house.bus);
      await observer.seenBy(await movedAway(1), [1], minute);
      expect(observer.incidentOf(1)?.state).not.toBe('closed');
    },
    6 * minute,
  );

  test(
    'down takes a dedicated container along, and up goes on with the incident',
    async () => {
      await house.compose('down', '--remove-orphans');
      expect((await containers()).filter((name) => name !== '')).toEqual([]);
      await house.compose('up', '--detach', '--no-build');
      await house.reconnect();
      observer = new Observer();
      await observer.start(house.bus);
      await observer.seenBy(await movedAway(1), [1], minute);
      await orchestrate('resolve', { source_id: 1, by: 'nurse', outcome: 'false_alarm' });
      await movedBack(1);
      await allSeen();
    },
    8 * minute,
  );
});
