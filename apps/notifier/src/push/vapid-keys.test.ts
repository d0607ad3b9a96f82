import { readFile, stat, writeFile } from 'node:fs/promises';
import { captureLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { loadVapidKeys } from './vapid-keys.ts';

describe('the keys that push services know this site by', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('vapid');
  });
  afterEach(() => folder.remove());

  test('are made at the first start, kept at every other, and only their owner reads them', async () => {
    const { logger, lines } = captureLogger();
    const keys = await loadVapidKeys(folder.path, logger);
    expect(await loadVapidKeys(folder.path, logger)).toEqual(keys);
    expect((await stat(folder.file('web-push-keys.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(lines)).not.toContain(keys.privateKey);
  });

  test.each([
    ['half a file', '{"public_key":"BA'],
    ['other keys', '{"public_key":"short","private_key":"short"}'],
  ])('that are damaged (%s) are set aside and replaced, because the other targets must go on', async (_, text) => {
    await writeFile(folder.file('web-push-keys.json'), text);
    const { logger, lines } = captureLogger();
    const keys = await loadVapidKeys(folder.path, logger);
    expect(await readFile(folder.file('web-push-keys.json.damaged'), 'utf8')).toBe(text);
    expect(await loadVapidKeys(folder.path, logger)).toEqual(keys);
    expect(lines[0]).toMatchObject({ event: 'push_keys_damaged' });
  });
});
