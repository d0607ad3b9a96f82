import { stat, writeFile } from 'node:fs/promises';
import { captureLogger, FakeClock, type TempFolder, tempFolder } from '@vigilia/testing';
import { OnMyWayLinks } from './on-my-way-links.ts';

let folder: TempFolder;
let clock: FakeClock;
beforeEach(async () => {
  folder = await tempFolder('links');
  clock = new FakeClock();
});
afterEach(() => folder.remove());

const { logger, lines } = captureLogger();
const start = async () => {
  const links = new OnMyWayLinks({ dir: folder.path, clock, logger });
  await links.start();
  return links;
};
const wanted = { consoleUrl: 'https://house.example/vigilia', incidentId: 'inc-1', by: 'Ana', language: 'es' };
const tokenOf = (links: OnMyWayLinks, messageId = 'm1') =>
  new URL(links.linkTo({ ...wanted, messageId })).searchParams.get('token') ?? '';
/** Checks and uses a link as the notifier does. */
const use = async (links: OnMyWayLinks, token: string, act = async () => true) => {
  const checked = links.check(token);
  if (checked.state === 'valid') {
    await links.use(checked.claim, act);
  }
  return checked.state;
};

test('a link leads to the console, below its path, in the language of the message', async () => {
  const link = new URL((await start()).linkTo({ ...wanted, messageId: 'm1' }));
  expect(`${link.origin}${link.pathname}`).toBe('https://house.example/vigilia/on-my-way');
  expect(link.searchParams.get('lang')).toBe('es');
});

test('a link works once, also when the notifier was restarted in between, and no other link is affected', async () => {
  const links = await start();
  const [first, second] = [tokenOf(links), tokenOf(links, 'm2')];
  expect(await use(links, first)).toBe('valid');
  expect(await use(links, first)).toBe('used');
  const restarted = await start();
  expect([await use(restarted, first), await use(restarted, second)]).toEqual(['used', 'valid']);
});

test('two taps at the same time acknowledge once', async () => {
  const links = await start();
  const token = tokenOf(links);
  let acts = 0;
  const act = async () => {
    acts += 1;
    await Promise.resolve();
    return true;
  };
  expect(await Promise.all([use(links, token, act), use(links, token, act)])).toEqual(['valid', 'used']);
  expect(acts).toBe(1);
});

test('a link still works when the acknowledgment did not get through', async () => {
  const links = await start();
  const token = tokenOf(links);
  await use(links, token, async () => false);
  expect(await use(links, token)).toBe('valid');
});

test('a link works for an hour', async () => {
  const links = await start();
  const token = tokenOf(links);
  await clock.advance(3_599_000);
  expect(links.check(token).state).toBe('valid');
  await clock.advance(1000);
  expect(links.check(token).state).toBe('expired');
});

test('the key is for the notifier alone, and a damaged file makes earlier links invalid but stops nothing', async () => {
  const links = await start();
  const token = tokenOf(links);
  expect((await stat(folder.file('on-my-way.json'))).mode & 0o777).toBe(0o600);
  await writeFile(folder.file('on-my-way.json'), '{"version":1,"key":"short","used":[]}');
  const restarted = await start();
  expect(restarted.check(token).state).toBe('invalid');
  expect(restarted.check(tokenOf(restarted)).state).toBe('valid');
  expect(lines.map(({ event }) => event)).toContain('on_my_way_file_damaged');
});
