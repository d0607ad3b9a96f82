import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTopics } from '@vigilia/protocol';
import { connectBus, eventually, PlayedProcessor, repoRoot, requires, startMosquitto } from '@vigilia/testing';
import { vigilia } from './test-support/run-vigilia.ts';

const topics = createTopics();
const at = new Date().toISOString();
const main = join(repoRoot, 'apps/cli/dist/main.js');

interface Shown {
  readonly condition: string;
  readonly cause: string | undefined;
}
interface PageRoom {
  readonly condition: string;
  readonly blindCause?: string;
  readonly unwatchedCause?: string;
}
interface CheckedRoom {
  readonly source_id: number;
  readonly condition: string;
  readonly cause?: string;
}

const stream = (source_id: number, change: object = {}) => {
  const camera = { source_id, uri: `rtsp://cameras/${source_id}`, model_id: 'light', max_fps: 1, confidence: 0.3 };
  return { ...camera, tracking: true, decode: 'auto', state: 'watching', zones_configured: true, ...change };
};
const processor = (instance_id: string, streams: readonly object[], change: object = {}) => {
  const of = { instance_id, client_id: instance_id, boot_id: 'b', role: 'home', status: 'running', timestamp: at };
  return { ...of, health: 'ok', streams, ...change };
};

/** A console and the command line, each as a process of its own, at a site where rooms are unwatched for different reasons. */
requires('mosquitto')('what the page and the command line show of one site', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let url: string;
  let cookie: string;
  let ofPage: ReturnType<typeof spawn>;
  let seeing: ReturnType<typeof setInterval>;

  beforeAll(async () => {
    broker = await startMosquitto();
    bus = await connectBus(broker.url);
    const blind = { state: 'blind', blind_since: at, blind_cause: 'dark' };
    const homes = [
      processor('processor-a', [stream(1), stream(2), stream(3, blind)]),
      processor('processor-b', [stream(4, { state: 'paused' })], { status: 'paused' }),
      processor('processor-c', [stream(5)], { status: 'offline' }),
    ];
    for (const home of homes) {
      await bus.publish(topics.status(home.instance_id), home, { retain: true });
    }
    const rooms = {
      1: { home: 'processor-a', name: 'Lounge' },
      5: { home: 'processor-c' },
      6: { home: 'processor-c' },
    };
    await bus.publish(topics.orchestratorRooms, { rooms, updated_at: at, revision: 1 }, { retain: true });
    // only room 1 is seen
    const played = new PlayedProcessor({ bus, instanceId: 'processor-a' });
    seeing = setInterval(() => void played.detections(1, { model_id: 'light' }), 500);
    ofPage = spawn(process.execPath, [main, 'console', '--no-auth', '--port', '0', '--mqtt-url', broker.url]);
    for await (const line of createInterface({ input: ofPage.stdout as NodeJS.ReadableStream })) {
      const logged = JSON.parse(line) as { event?: string; url?: string };
      if (logged.event === 'console_listening') {
        url = logged.url ?? '';
        break;
      }
    }
    ofPage.stdout?.resume();
    const opened = await fetch(`${url}api/session`);
    cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterAll(async () => {
    clearInterval(seeing);
    const ended = ofPage === undefined ? undefined : once(ofPage, 'exit');
    ofPage?.kill('SIGTERM');
    await ended;
    await bus?.stop();
    await broker?.stop();
  });

  const check = async <T>(verb: string): Promise<T> => {
    const { output } = await vigilia(verb, '--check', '--json', '--mqtt-url', broker.url);
    return JSON.parse(output) as T;
  };
  /** The first message of a page, as it receives it. */
  const pageRooms = async (): Promise<Map<number, Shown>> => {
    const stop = new AbortController();
    const response = await fetch(`${url}api/live`, { headers: { cookie }, signal: stop.signal });
    const reader = response.body?.getReader();
    let data: string | undefined;
    for (let text = ''; data === undefined; ) {
      const chunk = await reader?.read();
      text += Buffer.from(chunk?.value ?? []).toString();
      data = /event: house\ndata: (.*)\n\n/.exec(text)?.[1];
    }
    stop.abort();
    const { rooms } = JSON.parse(data) as { rooms: Record<string, PageRoom> };
    return new Map(
      Object.entries(rooms).map(([id, { condition, blindCause, unwatchedCause }]) => [
        Number(id),
        { condition, cause: blindCause ?? unwatchedCause },
      ]),
    );
  };

  test('rooms --check and the page give each room the same condition for the same cause', async () => {
    const { rooms } = await check<{ rooms: CheckedRoom[] }>('rooms');
    const checked = new Map(
      rooms.map(({ source_id: id, condition, cause }): [number, Shown] => [id, { condition, cause }]),
    );
    expect([...checked.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
    const conditions = new Set([...checked.values()].map(({ condition }) => condition));
    expect([...conditions]).toEqual(expect.arrayContaining(['well', 'unwatched', 'blind', 'paused']));
    await eventually(async () => expect(await pageRooms()).toEqual(checked));
  });

  test('status --check and the page find the same faults', async () => {
    type Finding = { readonly code?: string; readonly result: string; readonly id?: unknown };
    const codesOf = (findings: readonly Finding[]) =>
      findings.flatMap(({ result, code }) => (result === 'ok' ? [] : [`${result} ${code}`])).sort();
    const { findings } = await check<{ findings: Finding[] }>('status');
    const found = codesOf(findings);
    expect(found).toEqual(
      expect.arrayContaining(['failed room_blind', 'failed room_unwatched', 'warning no_notifier']),
    );
    await eventually(async () => {
      const shown = (await (await fetch(`${url}api/system`, { headers: { cookie } })).json()) as {
        findings: Finding[];
      };
      expect(codesOf(shown.findings)).toEqual(found);
    });
  });
});
