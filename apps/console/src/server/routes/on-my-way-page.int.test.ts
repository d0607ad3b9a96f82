import { writeFile } from 'node:fs/promises';
import { createTopics, type OnMyWayRequest } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { connectBus, type Mosquitto, requires, startMosquitto, type TempFolder, tempFolder } from '@vigilia/testing';
import { axeProblems } from '../../test-support/axe.ts';
import { startBrowser, type TestBrowser } from '../../test-support/browser.ts';
import { type RunningConsole, startConsole } from '../../test-support/start-console.ts';

const topics = createTopics();

requires('chromium', 'mosquitto')('the page of the link “I am on my way”, in a browser', () => {
  let broker: Mosquitto;
  let folder: TempFolder;
  let bus: Bus;
  let running: RunningConsole;
  let browser: TestBrowser;
  const tokens: string[] = [];

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('on-my-way')]);
    await writeFile(folder.file('index.html'), '<title>page</title>');
    await writeFile(folder.file('users.json'), '{"version":1,"users":[]}');
    const args = ['--users-file', folder.file('users.json'), '--base-path', '/house', '--mqtt-url', broker.url];
    running = await startConsole(args, folder.path);
    bus = await connectBus(broker.url);
    await bus.subscribe(topics.onMyWayRequest, async (message) => {
      const { request_id: requestId, token } = message.json() as OnMyWayRequest;
      tokens.push(token);
      const room = { source_id: 2, room_name: 'Sra. <Gil>' };
      await bus.publish(topics.onMyWayAnswer, { request_id: requestId, result: 'acknowledged', by: 'Ana', ...room });
    });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  it.each([
    ['en', 390, false, 'I am on my way', 'Sra. <Gil> (room 2)'],
    ['es', 1280, true, 'Voy en camino', 'Sra. <Gil> (habitación 2)'],
  ] as const)(
    'acknowledges with one press of a key behind the path of a proxy, readable for all people (%s, %d wide)',
    async (language, width, dark, label, room) => {
      const before = tokens.length;
      const token = `claim-${language}.mac`;
      const page = await browser.open(`${running.url}on-my-way?token=${token}&lang=${language}`, { width, dark });
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(await axeProblems(page)).toEqual([]);
      expect(tokens).toHaveLength(before);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe(label);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[role="status"]');
      expect(tokens.slice(before)).toEqual([token]);
      expect(await page.locator('main').textContent()).toContain(room);
      expect(new URL(page.url()).search).toBe('');
      expect(await axeProblems(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await page.locator('a').evaluate((link) => (link as unknown as { href: string }).href)).toBe(
        `${running.url}#/rooms/2`,
      );
      // the policy of the page blocked nothing of its own
      expect([browser.errors, browser.outside]).toEqual([[], []]);
    },
  );
});
