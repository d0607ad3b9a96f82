import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics, type Incident, type Status } from '@vigilia/protocol';
import { version } from '@vigilia/service';
import { eventually, makeModel, requires } from '@vigilia/testing';
import { type Machine, startMachine } from '../test-support/start-machine.ts';

interface Retained {
  readonly topic: string;
  readonly payload: string;
}

const topics = createTopics();
const stored = join(import.meta.dirname, 'stored');
const password = 'a password of the test';
const limit = { timeoutMs: 90_000 };

async function retainedOf(folder: string): Promise<Retained[]> {
  const lines = (await readFile(join(folder, 'retained.txt'), 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const end = line.indexOf(' ');
    return { topic: line.slice(0, end), payload: line.slice(end + 1) };
  });
}

/** The message of a topic, or of the first topic that contains the given text. */
function messageOf<Message>(retained: readonly Retained[], topic: string): Message {
  const found = retained.find((each) => each.topic === topic) ?? retained.find((each) => each.topic.includes(topic));
  return JSON.parse(found?.payload ?? 'null') as Message;
}

/** Gives a new machine what a site left: its files, and what its broker retained. */
async function moveIn(machine: Machine, folder: string): Promise<Retained[]> {
  for (const [from, to] of [
    ['console', 'console'],
    ['processor', 'processor-a'],
    ['event-sink/spool', 'spool'],
  ] as const) {
    await mkdir(machine.file(to), { recursive: true });
    await cp(join(folder, from), machine.file(to), { recursive: true });
  }
  for (const model of ['movenet', 'movenet-precise']) {
    await makeModel({ file: machine.file(`models/${model}.onnx`), size: 320 });
  }
  const retained = await retainedOf(folder);
  const bus = await machine.broker.connectUnbound();
  for (const { topic, payload } of retained) {
    await bus.publish(topic, payload, { retain: true });
  }
  await bus.stop();
  return retained;
}

/** The status of a second home that was not updated yet: as this version's predecessor published it, under another name. */
function neighbourOf(retained: readonly Retained[]): Status {
  const status = messageOf<Status>(retained, topics.status('processor-a'));
  const streams = status.streams?.slice(0, 1).map((stream) => ({ ...stream, source_id: 5 })) ?? [];
  return { ...status, instance_id: 'processor-b', client_id: 'processor-b', boot_id: 'of-the-neighbour', streams };
}

requires('mosquitto', 'ffmpeg').each(['november-a', 'november-b'])('a site that was updated from %s', (name) => {
  let machine: Machine;
  let retained: Retained[];
  const ask = async (...args: string[]) => (await machine.vigilia('operator', ...args)).output;

  beforeAll(async () => {
    machine = await startMachine();
    retained = await moveIn(machine, join(stored, name));
    const bus = await machine.broker.connectUnbound();
    await bus.publish(topics.status('processor-b'), neighbourOf(retained), { retain: true });
    await bus.stop();
    await machine.startServices();
  });
  afterAll(() => machine?.stop());

  test('keeps what an operator set on a processor, which now reports its version', async () => {
    await eventually(async () => {
      const statuses = JSON.parse(await ask('status', '--json')) as Status[];
      const home = statuses.find(({ instance_id }) => instance_id === 'processor-a');
      expect(home).toMatchObject({ version, status: 'running', config: { max_fps: 0.2, model_id: 'movenet' } });
    }, limit);
    expect((await readdir(machine.file('processor-a'))).filter((file) => !file.endsWith('.state.json'))).toEqual([]);
  });

  test('shows a processor of the earlier version beside it, with its room', async () => {
    const statuses = JSON.parse(await ask('status', '--json')) as Status[];
    const neighbour = statuses.find(({ instance_id }) => instance_id === 'processor-b');
    expect(neighbour).toMatchObject({ status: 'running', streams: [{ source_id: 5 }] });
    expect(neighbour).not.toHaveProperty('version');
    await eventually(async () => expect(await ask('rooms')).toMatch(/^5 .*processor-b/m), limit);
  });

  test('keeps names and zones of rooms, and the incident with who began it', async () => {
    await eventually(async () => expect(await ask('rooms')).toMatch(/^0 +Room 0 .*processor-a/m), limit);
    await eventually(async () => expect(await ask('zones', '0')).toContain('bed'), limit);
    const before = messageOf<Incident>(retained, '/incidents/');
    const incidents = JSON.parse(await ask('incidents', '--json')) as Incident[];
    expect(incidents.find(({ incident_id }) => incident_id === before.incident_id)).toMatchObject({
      source_id: 1,
      drill: true,
      by: expect.arrayContaining([expect.objectContaining({ who: 'ana' })]),
    });
  });

  test('lets people sign in as before', async () => {
    expect(await machine.signIn('ana', password)).toBe(200);
    expect(await machine.signIn('ana', 'another password')).toBe(401);
  });

  test('delivers everything important that waited in the spool of the event sink', async () => {
    const waiting = await idsIn(join(stored, name, 'event-sink/spool/critical'));
    expect(waiting.length).toBeGreaterThan(5);
    await eventually(async () => {
      const delivered = await idsIn(machine.file('events'));
      expect(delivered).toEqual(expect.arrayContaining(waiting));
    }, limit);
  });
});

/** The ids of the documents in a folder of a spool, or of delivered files. */
async function idsIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')));
  return texts.flatMap((text) => [...text.matchAll(/"event":\{"id":"([0-9a-f]{32})"/g)].map(([, id = '']) => id));
}
