import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, repoRoot, requires, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../test-support/browser.ts';
import { screenshot } from '../test-support/screenshot.ts';

/** The demonstration's fall is 10 s after its clips begin; a slow machine needs its time to start everything. */
const patient = { timeout: 240_000 };

requires(
  'chromium',
  'ffmpeg',
  'model',
)('a fall in the real house, on a carer’s phone', () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let browser: TestBrowser;
  let house: ChildProcess;
  let output = '';

  beforeAll(async () => {
    [folder, browser] = await Promise.all([tempFolder('real-house'), startBrowser()]);
    const main = join(repoRoot, 'apps/cli/dist/main.js');
    const args = [main, 'start', '--port', '0', '--console-port', '0', '--data-dir', folder.path];
    house = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    house.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  });
  afterAll(async () => {
    await browser?.stop();
    if (house?.exitCode === null) {
      house.kill('SIGINT');
      await once(house, 'close');
    }
    await folder?.remove();
  });

  const pageUrl = (): string => {
    const url = /Web page (http:\S+)/.exec(output)?.[1];
    if (url === undefined) throw new Error(`the site printed: ${output}`);
    return url;
  };
  const openPage = (): Promise<Page> =>
    eventually(() => browser.open(pageUrl(), { width: 390, height: 844 }), { timeoutMs: 60_000 });
  const tile = (condition: string): string => `.tile[data-room="2"][data-condition="${condition}"]`;

  it('turns red, gets a processor of its own, is taken care of by two touches, and is well again at home', async () => {
    const carer = await openPage();
    await carer.waitForSelector(tile('well'), patient);
    await carer.waitForSelector(tile('fall'), patient);
    await eventually(async () => expect(await carer.locator('.alarm').textContent()).toContain('Mrs Castillo'));
    await screenshot(carer, 'phone-real-house');
    await carer.click(`${tile('fall')} a`);
    const watcher = carer.locator('.facts div', { hasText: 'Watched by' }).locator('dd');
    await watcher.and(carer.getByText('processor-a_1', { exact: true })).waitFor(patient);
    await carer.fill('.alarm input[name="by"]', 'Ana Ruiz');
    await carer.click('.alarm button.main');
    await carer.waitForSelector('.alarm', { state: 'detached' });
    await eventually(async () => expect(await carer.locator('.incident .who').textContent()).toContain('Ana Ruiz'));
    await carer.getByRole('button', { name: 'Helped' }).click();
    const confirm = carer.getByRole('button', { name: 'Close it: Helped' });
    const ended = carer.locator('.incident[data-state="closed"]');
    await confirm.or(ended).first().waitFor(patient);
    if (await confirm.isVisible()) {
      await confirm.click();
    }
    await ended.waitFor(patient);
    await carer.goto(`${pageUrl()}#/rooms`);
    await carer.locator(tile('well'), { hasText: 'processor-a ·' }).waitFor(patient);
    await carer.goto(`${pageUrl()}#/incidents`);
    const closed = carer.locator('.incident[data-state="closed"]');
    await closed.locator('summary', { hasText: 'Timeline' }).click();
    const timeline = await closed.textContent();
    for (const step of ['Room handed over', 'Acknowledged by Ana Ruiz', 'Room is back home']) {
      expect(timeline).toContain(step);
    }
    expect(browser.errors).toEqual([]);
    expect(browser.outside).toEqual([]);
  });
});
