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

  it('shows a person who presses too often what to do, in both languages, because the console does not know theirs yet', async () => {
    const form = new URLSearchParams({ token: 'claim.mac', lang: 'es' });
    const press = () => fetch(`${running.url}on-my-way`, { method: 'POST', body: form });
    let limited = await press();
    for (let n = 0; n < 12 && limited.status !== 429; n += 1) {
      limited = await press();
    }
    expect(limited.status).toBe(429);
    const page = await browser.open(`${running.url}on-my-way?token=claim.mac&lang=es`, { width: 390 });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[lang="en"] h1');
    expect(await page.locator('[lang="en"]').last().textContent()).toMatch(/Go to the room.*one minute/);
    expect(await page.locator('[lang="es"]').textContent()).toMatch(/Vaya a la habitación.*un minuto/);
    expect(await axeProblems(page)).toEqual([]);
    expect([browser.errors, browser.outside]).toEqual([[], []]);
  });

  it('answers every other failure with a page too, never with the data of a program', async () => {
    const asked = await Promise.all([
      fetch(`${running.url}on-my-way`, {
        method: 'POST',
        body: 'x'.repeat(5000),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      fetch(`${running.url}on-my-way`, { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }),
    ]);
    for (const answer of asked) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});
