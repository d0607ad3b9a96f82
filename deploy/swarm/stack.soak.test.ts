import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { incidentSchema } from '@vigilia/protocol';
import { version } from '@vigilia/service';
import { eventually, repoRoot, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { docker } from '../docker-proxy/testing/engine.ts';

const minute = 60_000;
const dedicated = /^processor-a_\d$/;

/** With the images built before (`docker compose build`), and no other house on this engine. */
requires('docker')('all services as a stack on a swarm of one node', () => {
  const services = async () => (await docker('service', 'ls', '--format', '{{.Name}}')).split('\n').filter(Boolean);
  const containers = async (filter: string) =>
    (await docker('ps', '-aq', '--filter', filter)).split('\n').filter(Boolean);
  const broker = async (...words: string[]) => {
    const [id] = await containers('label=com.docker.swarm.service.name=vigilia_mosquitto');
    return docker('exec', id ?? 'none', ...words);
  };
  const publish = (topic: string, message: object) =>
    broker('mosquitto_pub', '-t', topic, '-m', JSON.stringify(message));
  /** The dedicated processor that watches a room, and that it is a service of its own. */
  const movedTo = (room: number) =>
    eventually(
      async () => {
        const incident = await incidentIn(room);
        expect(incident).toMatchObject({ watched_by: expect.stringMatching(dedicated), degraded: false });
        expect(await services()).toContain(`vigilia-${incident?.watched_by}`);
        return incident?.watched_by ?? 'none';
      },
      { timeoutMs: 2 * minute, intervalMs: 1000, message: `the move of room ${room} to a service of its own` },
    );
  const movedBack = (room: number, from: string) =>
    eventually(
      async () => {
        expect(await incidentIn(room)).toMatchObject({ state: 'closed', watched_by: 'processor-a' });
        expect(await services()).not.toContain(`vigilia-${from}`);
      },
      { timeoutMs: 2 * minute, intervalMs: 1000, message: `the way back of room ${room}` },
    );
  /** The newest incident of a room. */
  const incidentIn = async (room: number) => {
    const text = await broker('sh', '-c', "mosquitto_sub -t 'nvr/incidents/+' -W 3 || true");
    const all = text.split('\n').flatMap((line) => (line === '' ? [] : incidentSchema.parse(JSON.parse(line))));
    const own = all.filter(({ source_id }) => source_id === room);
    return own.toSorted((a, b) => a.opened_at.localeCompare(b.opened_at)).at(-1);
  };

  let temp: TempFolder;

  beforeAll(async () => {
    temp = await tempFolder('swarm');
    await docker('swarm', 'init', '--advertise-addr', '127.0.0.1', '--listen-addr', '127.0.0.1:2377');
    const node = await docker('node', 'ls', '-q');
    await docker('node', 'update', '--label-add', 'io.vigilia.broker=true', node);
    await promisify(execFile)(join(repoRoot, 'deploy/swarm/deploy.sh'), { env: { ...process.env, TMPDIR: temp.path } });
  }, 5 * minute);
  afterAll(async () => {
    await docker('stack', 'rm', 'vigilia');
    const gone = async () => expect(await containers('label=com.docker.stack.namespace=vigilia')).toEqual([]);
    await eventually(gone, { timeoutMs: 2 * minute, intervalMs: 1000, message: 'the end of the stack' });
    await docker('swarm', 'leave', '--force');
    const volumes = await docker('volume', 'ls', '-q', '--filter', 'label=com.docker.stack.namespace=vigilia');
    for (const volume of volumes.split('\n')) {
      await docker('volume', 'rm', volume).catch(() => undefined);
    }
    await temp.remove();
  }, 4 * minute);

  test('no copy of the passwords is left outside the swarm', async () => {
    expect(await readdir(temp.path)).toEqual([]);
    expect(await containers(`ancestor=vigilia-secrets:${version}`)).toEqual([]);
  });

  test(
    'every room is watched, a fall gets a service of its own, and help takes it away again',
    async () => {
      const seen = new Set<number>();
      await eventually(
        async () => {
          const text = await broker('mosquitto_sub', '-t', 'nvr/detections/+', '-C', '4', '-W', '20');
          for (const line of text.split('\n')) {
            seen.add((JSON.parse(line) as { source_id: number }).source_id);
          }
          expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
        },
        { timeoutMs: 5 * minute, intervalMs: 1000, message: 'eight rooms watched' },
      );
      await publish('nvr/events/fall_detected', { source_id: 1 });
      const service = await movedTo(1);
      expect(service).toBe('processor-a_1');
      await publish('nvr/orchestrator/commands', {
        command: 'resolve',
        params: { source_id: 1, outcome: 'helped', confirmed: true },
      });
      await movedBack(1, service);
    },
    10 * minute,
  );

  test(
    'the orchestrator is killed in mid-incident: the swarm starts it again, the room keeps its watcher, and help ends it',
    async () => {
      await publish('nvr/events/fall_detected', { source_id: 2, event_id: 'before-the-kill' });
      const service = await movedTo(2);
      const [before] = await containers('label=com.docker.swarm.service.name=vigilia_orchestrator');
      process.kill(Number(await docker('inspect', '-f', '{{.State.Pid}}', before ?? 'none')), 'SIGKILL');
      await eventually(
        async () => {
          const running = ['-q', '--filter', 'label=com.docker.swarm.service.name=vigilia_orchestrator'];
          const [now] = (await docker('ps', ...running)).split('\n').filter(Boolean);
          expect(now).toBeDefined();
          expect(before?.startsWith(now ?? 'none')).toBe(false);
        },
        { timeoutMs: 2 * minute, intervalMs: 1000, message: 'another orchestrator' },
      );
      expect(await services()).toContain(`vigilia-${service}`);
      expect(await movedTo(2)).toBe(service);
      await publish('nvr/orchestrator/commands', {
        command: 'resolve',
        params: { source_id: 2, outcome: 'helped', confirmed: true },
      });
      await movedBack(2, service);
    },
    10 * minute,
  );
});
