import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import { ChannelBus, systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger } from '@vigilia/testing';
import { type Machine, startMachine } from '../test-support/start-machine.ts';
import type { KeptMessage } from './broker-memory.ts';
import { readBrokerMemory } from './broker-memory.ts';

const topics = createTopics();
const password = 'a long password';
const limit = { timeoutMs: 60_000 };
const folders = ['console', 'reports', 'events', 'processor-a'] as const;

/** A site with everything that people put into it, its backup, and a machine that has nothing. */
requires('mosquitto', 'ffmpeg')('the backup of a site', () => {
  let site: Machine;
  let empty: Machine;

  const passphraseFlags = (machine: Machine) => ['--passphrase-file', machine.file('passphrase')];
  const folderFlags = (machine: Machine) => folders.flatMap((name) => ['--folder', `${name}=${machine.file(name)}`]);
  const backup = () => site.file('site.age');
  const restore = (machine: Machine, ...more: string[]) =>
    machine.vigilia('orchestrator', 'restore', backup(), ...passphraseFlags(machine), ...folderFlags(machine), ...more);
  const memoryOf = async (machine: Machine): Promise<readonly KeptMessage[]> => {
    const bus = await machine.broker.connect('orchestrator', 'reads-state');
    const channelBus = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: systemClock });
    const { messages } = await readBrokerMemory(channelBus, systemClock);
    await bus.stop();
    return messages;
  };
  const payloadsOf = async (machine: Machine, channel: KeptMessage['channel']): Promise<unknown[]> =>
    (await memoryOf(machine)).filter((one) => one.channel === channel).map(({ payload }) => JSON.parse(payload));

  /** Everything that a site learns from people: names, zones, an account, an incident with a verdict. */
  async function useSite(): Promise<void> {
    await site.addUser('ana', password);
    await site.startServices();
    const done = async (...args: string[]) =>
      expect(await site.vigilia('operator', ...args)).toMatchObject({ code: 0, errors: '' });
    await done('room', 'set', '0', '--name', 'Lounge', '--ward', '2');
    await eventually(() => done('zones', 'set', '0', '--zone', 'bed=Window:0.1,0.2 0.4,0.2 0.4,0.6'), limit);
    const operator = await site.broker.connect('operator', 'a-sensor');
    await operator.publish(topics.event('fall_detected'), { source_id: 1 });
    await operator.stop();
    await eventually(() => done('ack', '1', '--by', 'Ana'), limit);
    await done('resolve', '1', '--by', 'Ana', '--outcome', 'false_alarm', '--confirmed');
    await eventually(
      async () => expect(await payloadsOf(site, 'incident')).toMatchObject([{ state: 'closed' }]),
      limit,
    );
    // a replay goes on for seconds after its fall
    await eventually(async () => expect(await payloadsOf(site, 'replay')).toMatchObject([{ complete: true }]), limit);
    await eventually(
      async () => expect((await readdir(site.file('reports'), { recursive: true })).join()).toMatch(/incidents/),
      limit,
    );
  }

  beforeAll(async () => {
    [site, empty] = await Promise.all([startMachine(), startMachine()]);
    for (const machine of [site, empty]) {
      await writeFile(machine.file('passphrase'), 'five random words of a list\n');
    }
    await useSite();
    const made = await site.vigilia('orchestrator', 'backup', backup(), ...passphraseFlags(site), ...folderFlags(site));
    expect(made).toMatchObject({ code: 0, errors: '', output: expect.stringContaining('was written and verified') });
  });

  afterAll(async () => {
    await site?.stop();
    await empty?.stop();
  });

  test('cannot be read without its passphrase, and shows with it what it holds', async () => {
    expect((await readFile(backup())).includes('Lounge')).toBe(false);
    await writeFile(site.file('other'), 'another passphrase');
    const wrong = await site.vigilia(
      'operator',
      'restore',
      backup(),
      '--check',
      '--passphrase-file',
      site.file('other'),
    );
    expect(wrong).toMatchObject({ code: 2, output: '', errors: expect.stringContaining('does not open') });
    const right = await site.vigilia('operator', 'restore', backup(), '--check', '--json', ...passphraseFlags(site));
    expect(JSON.parse(right.output)).toMatchObject({ broker: true, folders: [...folders] });
  });

  test('is refused by a site that runs, or that has a state, and nothing of that changes', async () => {
    expect(await restore(site)).toMatchObject({
      code: 2,
      errors: expect.stringContaining('orchestrator of this site'),
    });
    await writeFile(empty.file('used'), '');
    const to = folders.flatMap((name) => ['--folder', `${name}=${empty.file(name === 'console' ? '' : name)}`]);
    const refused = await empty.vigilia('orchestrator', 'restore', backup(), ...passphraseFlags(empty), ...to);
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('has a state already') });
    expect(await memoryOf(empty)).toEqual([]);
  });

  test('that is cut off restores nothing', async () => {
    const cut = site.file('cut.age');
    await writeFile(cut, await readFile(backup()));
    await truncate(cut, (await readFile(cut)).length - 100);
    const to = [...passphraseFlags(empty), ...folderFlags(empty)];
    const refused = await empty.vigilia('orchestrator', 'restore', cut, ...to);
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('damaged or incomplete') });
    expect(await memoryOf(empty)).toEqual([]);
    expect(await readdir(empty.file(''))).not.toContain('console');
  });

  test('restored by a user who may not write the state leaves nothing, neither on the broker nor in folders', async () => {
    const to = [...passphraseFlags(empty), ...folderFlags(empty)];
    const refused = await empty.vigilia('operator', 'restore', backup(), ...to);
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('did not keep the state') });
    expect(await memoryOf(empty)).toEqual([]);
    for (const name of folders) {
      expect(await readdir(empty.file(name))).toEqual([]);
    }
  });

  test('gives an empty machine the same rooms, zones, policy, accounts and incidents', async () => {
    const before = await memoryOf(site);
    const [records, days] = [await contentOf(site.file('events')), await contentOf(site.file('reports'))];
    await site.stopServices();
    expect(await restore(empty)).toMatchObject({ code: 0, errors: '', output: expect.stringContaining('Restored') });
    expect(comparable(await memoryOf(empty))).toEqual(comparable(before));
    await empty.startServices();
    expect(await empty.signIn('ana', password)).toBe(200);
    expect(await empty.signIn('ana', 'another password')).toBe(401);
    const ask = async (...args: string[]) => (await empty.vigilia('operator', ...args)).output;
    await eventually(async () => expect(await ask('rooms')).toMatch(/^0 +Lounge +2 +processor-a +watching/m), limit);
    await eventually(async () => expect(await ask('zones', '0')).toContain('Window'), limit);
    expect(await ask('incidents')).toMatch(/ 1 +closed /);
    expect(await payloadsOf(empty, 'orchestratorPolicy')).toEqual(await payloadsOf(site, 'orchestratorPolicy'));
    expect(await contentOf(empty.file('reports'))).toEqual(expect.objectContaining(days));
    expect(Object.keys(await contentOf(empty.file('events')))).toEqual(expect.arrayContaining(Object.keys(records)));
  });
});

/** Without the figures of alarms, which count on while the site is used after its backup. */
function comparable(messages: readonly KeptMessage[]): string[] {
  return messages
    .filter(({ channel }) => channel !== 'alarmFigures')
    .map((one) => JSON.stringify(one))
    .sort();
}

/** Names and content of the incidents' files in a folder: files of days go on while services run. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.includes('incidents'));
  const contents = files.map(async ({ parentPath, name }) => [name, await readFile(`${parentPath}/${name}`, 'utf8')]);
  return Object.fromEntries(await Promise.all(contents));
}
