import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics, type DetectionsMessage, type OrchestratorStatus } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  ffmpegPath,
  makeClip,
  makeModel,
  type RtspCameras,
  repoRoot,
  requires,
  spawnTypeScript,
  startRtspCameras,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { writeUser } from '../server/auth/account-changes.ts';
import { startBrowser, type TestBrowser } from '../test-support/browser.ts';
import { buildPage, type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { Touches } from '../test-support/touches.ts';

const topics = createTopics();
const password = 'a long password';
const entryOf = (app: string): string => join(repoRoot, 'apps', app, 'src', 'main.ts');
const policy = { quiet: { model_id: 'light', max_fps: 1 }, rooms: { 1: { home: 'processor-a', name: 'Lounge' } } };

/** A real processor, orchestrator and broker with the shipped roles; cameras behind go2rtc's API; and the page on a phone. */
requires(
  'chromium',
  'mosquitto',
  'rtsp',
)('a technician sets up a new room on a phone', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let cameras: RtspCameras;
  let built: Awaited<ReturnType<typeof buildPage>>;
  let browser: TestBrowser;
  let running: RunningConsole;
  let seen: Bus;
  const services: TypeScriptProcess[] = [];
  const log = captureLogger();
  const detectionOf = new Map<number, DetectionsMessage>();
  let acts = false;

  async function startService(app: string, user: string, args: readonly string[]): Promise<void> {
    const env = {
      ...process.env,
      MQTT_URL: broker.url(user.startsWith('processor-') ? 'processor' : 'orchestrator'),
      MQTT_USERNAME: user,
      MQTT_PASSWORD: await broker.password(user),
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
      MODELS_DIR: folder.file('models'),
      MODEL: 'light',
      MODEL_THREADS: '1',
      STREAM_SERVER: cameras.url,
      FROZEN_AFTER: '0',
      FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
    };
    services.push(spawnTypeScript(entryOf(app), args, { env }));
  }

  async function startSite(): Promise<void> {
    const home = ['--instance-id', 'processor-a', '--streams', '1', '--max-fps', '1', '--enable-control'];
    await startService('processor', 'processor-a', home);
    const files = ['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data'), '--health-port', '0'];
    await startService('orchestrator', 'orchestrator', files);
    const args = ['--users-file', folder.file('users.json'), '--mqtt-url', broker.url('console')];
    const go2rtc = ['--go2rtc-url', cameras.apiUrl, '--stream-server', cameras.url];
    running = await startConsole([...args, ...go2rtc], built.dir, log.logger, {
      MQTT_USERNAME: 'console',
      MQTT_PASSWORD: await broker.password('console'),
    });
  }

  beforeAll(async () => {
    [broker, folder, built, browser] = await Promise.all([
      startRoleBroker(),
      tempFolder('new-room'),
      buildPage(),
      startBrowser(),
    ]);
    await mkdir(folder.file('models'));
    await makeModel({ file: folder.file('models/light.onnx'), size: 320 });
    await makeModel({ file: folder.file('models/large.onnx'), size: 640 });
    const clip = folder.file('room.mp4');
    await makeClip({ file: clip, size: '640x360', fps: 5, seconds: 10, gop: 5 });
    cameras = await startRtspCameras({ 1: clip, hall: clip });
    await writeFile(folder.file('policy.yaml'), JSON.stringify(policy));
    await writeUser(folder.file('users.json'), { name: 'tom', display_name: 'Tom Gil', role: 'technician' }, password);
    seen = await broker.connectUnbound();
    await seen.subscribe('#', (message) => {
      if (message.topic.startsWith('nvr/detections/')) {
        const detections = message.json() as DetectionsMessage;
        detectionOf.set(detections.source_id, detections);
      } else if (message.topic === topics.orchestratorStatus) {
        acts = (message.json() as OrchestratorStatus).status === 'acting';
      }
    });
    await startSite();
    await eventually(() => expect({ acts, rooms: [...detectionOf.keys()] }).toEqual({ acts: true, rooms: [1] }), {
      timeoutMs: 120_000,
    });
  });

  afterAll(async () => {
    for (const { child } of services) {
      child.kill('SIGTERM');
    }
    await Promise.all(services.map(({ ended }) => ended));
    await running?.stop();
    await browser?.stop();
    await seen?.stop();
    await cameras?.stop();
    await broker?.stop();
    await built?.remove();
    await folder?.remove();
  });

  const openPhone = (): Promise<Page> => browser.open(running.url, { width: 390, height: 844 });

  it('from nothing to the first detection in at most 3 minutes and 12 touches', async () => {
    const page = await openPhone();
    const touches = new Touches(page);
    const startedAt = performance.now();
    await touches.type('input[name="name"]', 'tom');
    await touches.type('input[name="password"]', password);
    await touches.press('button[type="submit"]');
    await touches.press('text=Set up rooms');
    await touches.choose('select[name="stream"]', 'hall');
    await touches.type('input[name="name"]', 'Hall');
    await touches.choose('select[name="model"]', 'large');
    await touches.press('button:text-is("Add the room")');
    await page.locator('.outcome').getByText('Room 2 is given to processor-a.').waitFor();
    await eventually(
      () => expect(detectionOf.get(2)).toMatchObject({ instance_id: 'processor-a', model_id: 'large' }),
      {
        timeoutMs: 120_000,
      },
    );
    await touches.press('a[href="#/rooms"]');
    await page.waitForSelector('.tile[data-room="2"][data-condition="well"]:has-text("Hall")');
    const seconds = (performance.now() - startedAt) / 1000;
    expect({ touches: touches.count, withinTime: seconds < 180 }).toEqual({ touches: 11, withinTime: true });
    expect(touches.count).toBeLessThanOrEqual(12);
    expect(browser.errors).toEqual([]);
  });

  it('lets the room follow the policy again by an emptied rate and the choice of no model of its own', async () => {
    const page = await openPhone();
    await page.fill('input[name="name"]', 'tom');
    await page.fill('input[name="password"]', password);
    await page.click('button[type="submit"]');
    await page.waitForSelector('.tile[data-room="2"]');
    await page.goto(`${running.url}#/room-settings/2`);
    await page.fill('input[name="max_fps"]', '0,5');
    await page.click('button:text-is("Save")');
    await page.locator('.outcome').getByText('Room 2 is changed.').waitFor();
    await page.reload();
    await eventually(async () => expect(await page.inputValue('input[name="max_fps"]')).toBe('0.5'));
    await eventually(async () => expect(await page.inputValue('select[name="model"]')).toBe('large'));
    await page.fill('input[name="max_fps"]', '');
    await page.selectOption('select[name="model"]', '');
    await page.click('button:text-is("Save")');
    await page.locator('.outcome').getByText('Room 2 is changed.').waitFor();
    await page.reload();
    await eventually(async () => expect(await page.inputValue('input[name="max_fps"]')).toBe('1'));
    await eventually(() => expect(detectionOf.get(2)?.model_id).toBe('light'), { timeoutMs: 60_000 });
  });
});
