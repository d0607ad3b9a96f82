import { createECDH, randomBytes } from 'node:crypto';
import { type HouseChannel, houseChannels } from '@vigilia/house';
import {
  commandNames,
  createHomeAssistantTopics,
  createTopics,
  orchestratorCommandNames,
  pushSubscriptionIdOf,
} from '@vigilia/protocol';
import { makeAck } from '@vigilia/simulated-site';
import { connectBus, eventually, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { type FakeRoom, now } from '../test-support/fake-messages.ts';
import { fakeReplay } from '../test-support/fake-replay.ts';
import { type LiveStream, readLive } from '../test-support/read-live.ts';
import { type RecordedRoute, recordRoutes } from '../test-support/record-routes.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeReportRecords } from '../test-support/write-report-records.ts';
import { changeUser, writeUser } from './auth/account-changes.ts';

const password = 'a long password';
const topics = createTopics();
/** Room 1 with everything that belongs to it, and the ward itself, carry this word: a trace of them is found in any answer. */
const secret = 'canary';
const rooms: ReadonlyMap<number, FakeRoom> = new Map([
  [1, { name: `Room ${secret}`, home: `processor-${secret}`, ward: `Ward ${secret}` }],
  [2, { name: `Room two ${secret}`, home: 'processor-b', ward: `Ward ${secret}` }],
  [10, { name: 'Room ten', home: 'processor-b', ward: '2' }],
  [11, { name: 'Room eleven', home: 'processor-b' }],
]);
const ids = { incident: `inc-${secret}`, own: 'inc-ten' };

/** Routes that need no sign-in. */
const open = [
  'GET /api/session',
  'POST /api/sign-in',
  'POST /api/sign-in/station',
  'GET /api/sign-in/ways',
  'POST /api/sign-in/passkey/begin',
  'POST /api/sign-in/passkey',
  'GET /on-my-way',
  'POST /on-my-way',
];

describe('an account that is limited to ward 2', () => {
  let folder: TempFolder;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let running: RunningConsole;
  let house: FakeHouse;
  let routes: readonly RecordedRoute[];
  let limited: Signed;
  let whole: Signed;
  const client = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startBroker(), tempFolder('wards')]);
    const users = folder.file('users.json');
    const limitedUser = {
      name: 'wanda',
      display_name: 'Wanda',
      role: 'administrator',
      wards: ['2'],
      clips: true,
    } as const;
    await writeUser(users, { ...limitedUser, wards: [...limitedUser.wards] }, password);
    await writeUser(users, { name: 'alba', display_name: 'Alba', role: 'administrator', clips: true }, password);
    await writeReportRecords(folder.file('records'), { rooms: 12, days: 9 });
    routes = await recordRoutes(async () => {
      // passkeys have routes only where they work
      const records = ['--reports-dir', folder.file('records'), '--page-url', 'https://console.example/'];
      running = await startConsole(['--users-file', users, '--mqtt-url', broker.url, ...records], folder.path);
    });
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, rooms);
    await house.start();
    await house.allowSnapshots(true);
    [limited, whole] = [await client.signIn('wanda', password), await client.signIn('alba', password)];
    for (const name of houseChannels.map((channel) => channel.name)) {
      await heard[name]();
    }
    const key = createECDH('prime256v1').generateKeys('base64url');
    await bus.publish(topics.pushSettings, { public_key: key, services: ['push.example'] }, { retain: true });
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const get = (path: string, { cookie }: Signed): Promise<Response> =>
    fetch(`${running.url}api/${path}`, { headers: { cookie } });
  const command = (name: string, params: object) => ({ command: name, params, command_id: `command-${name}` });

  /** A message of every kind that a site is made of, each about room 1. */
  const heard: Readonly<Record<HouseChannel['name'], () => Promise<unknown>>> = {
    status: () => house.dedicated('processor-b_1', 1, ids.incident),
    metrics: () => house.status(`processor-${secret}`),
    serviceReport: () => {
      const trouble = {
        level: 'error',
        event: 'camera_lost',
        message: `room 1 ${secret}`,
        count: 1,
        at: now(),
      } as const;
      return house.service({ instance_id: `sink-${secret}`, service: 'event-sink', troubles: [trouble] });
    },
    detections: () => house.seen(1),
    room: () => house.fall(1, 'alarm'),
    event: () =>
      bus.publish(topics.event('fall_detected'), {
        event: 'fall_detected',
        event_id: `event-${secret}`,
        source_id: 1,
        instance_id: 'a',
        timestamp: now(),
        severity: 'critical',
        trace_id: secret,
      }),
    incident: async () => {
      const until = new Date(Date.now() + 3_600_000).toISOString();
      await house.incident({ incident_id: ids.incident, source_id: 1, clip: { mode: 'plain', until } });
      await house.incident({ incident_id: ids.own, source_id: 10 });
    },
    alert: () => house.report(2, 'notified', secret),
    replay: () => house.replay(fakeReplay(ids.incident, 1)),
    homeAssistantAvailability: () =>
      bus.publish(createHomeAssistantTopics(topics.roots).availability, 'online', { retain: true }),
    orchestratorRooms: () => house.publishState(),
    alarmFigures: () => {
      const alarm = { incident_id: ids.incident, source_id: 1, opened_at: now(), model_id: `model-${secret}` };
      const week = { from: now(), room_hours: { 1: 100, 10: 50 }, model_hours: { [`model-${secret}`]: 150 } };
      return house.alarmFigures({ alarms: [alarm], weeks: [week], updated_at: now() });
    },
    recordsState: () => {
      const kept_days = { events: 183, reports: 400, detections: 3, service: 30, metrics: 30 };
      const state = { instance_id: 'sink', timestamp: now(), outputs: [`output-${secret}`], kept_days };
      return bus.publish(topics.recordsState('sink'), state, { retain: true });
    },
    orchestratorStatus: () =>
      bus.publish(
        topics.orchestratorStatus,
        {
          instance_id: 'orchestrator',
          boot_id: 'o1',
          status: 'acting',
          timestamp: now(),
          snapshots: true,
          note: `room 1 ${secret}`,
        },
        { retain: true },
      ),
    commands: async () => {
      await bus.publish(topics.commands, command('set_fps', { source_id: 1, max_fps: 1, note: secret }));
      const streams = [{ source_id: 10 }, { source_id: 1, uri: secret }];
      await bus.publish(topics.commands, command('reconfigure', { changes: { streams } }));
      await bus.publish(topics.commands, command('set_confidence', { source_id: 10, confidence: 0.4 }));
    },
    orchestratorCommands: () =>
      bus.publish(topics.orchestratorCommands, command('acknowledge', { incident_id: ids.incident })),
    ack: () => {
      const answered = command('set_confidence', {});
      const message = `processor-b monitors ${secret}`;
      return bus.publish(
        topics.ack('processor-b'),
        makeAck({ instanceId: 'processor-b', at: now() }, answered, { message }),
      );
    },
    orchestratorAck: () => {
      const answered = command('acknowledge', {});
      const message = `the incident of ${secret} is acknowledged`;
      return bus.publish(
        topics.orchestratorAck,
        makeAck({ instanceId: 'orchestrator', at: now() }, answered, { message }),
      );
    },
  };

  /** What a page receives until it shows room 10 and all that follows. */
  const live = async (signed: Signed, during: () => Promise<unknown>): Promise<LiveStream> => {
    const stream = await readLive(running.url, signed.cookie);
    await eventually(() => expect(stream.text()).toContain('Room ten'));
    await during();
    return stream;
  };
  const device = () => ({
    endpoint: `https://push.example/${randomBytes(6).toString('hex')}`,
    keys: {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    },
  });

  /** How each route that is for such accounts keeps other wards to itself. */
  const kept: Readonly<Record<string, () => Promise<unknown>>> = {
    'GET /api/live': async () => {
      const publish = async () => {
        for (const again of Object.values(heard)) {
          await again();
        }
        await house.incident({ incident_id: ids.own, source_id: 10, note: 'all was heard' });
      };
      const shown = await live(whole, publish);
      await eventually(() => expect(shown.text()).toContain('all was heard'));
      for (const place of [
        'Room canary',
        'inc-canary',
        'report-2',
        'model-canary',
        'processor-canary',
        'monitors canary',
      ]) {
        expect(shown.text()).toContain(place);
      }
      shown.close();
      const hidden = await live(limited, publish);
      await eventually(() => expect(hidden.text()).toContain('all was heard'));
      hidden.close();
      expect(hidden.text()).toContain('Room eleven');
      expect(hidden.text()).not.toMatch(/canary|report-2/);
      expect(hidden.text()).not.toMatch(/"(id|room|source_id|sourceId)":[12]\b|"rooms":\{"[12]"/);
    },
    'GET /api/replays/:id': async () => {
      expect((await get(`replays/${ids.incident}`, whole)).status).toBe(200);
      expect(await codeOf(await get(`replays/${ids.incident}`, limited))).toBe('no_replay');
    },
    'POST /api/incidents/:id/clip': async () => {
      const body = { reason: 'to see what happened' };
      expect(await codeOf(await client.post(`incidents/${ids.incident}/clip`, body, limited))).toBe('no_clip');
    },
    'POST /api/rooms/:id/picture': async () => {
      expect((await client.post('rooms/1/picture', {}, whole)).status).toBe(200);
      expect((await client.post('rooms/10/picture', {}, limited)).status).toBe(200);
      expect(await codeOf(await client.post('rooms/1/picture', {}, limited))).toBe('other_ward');
    },
    'POST /api/rooms/:id/zones': async () => {
      expect(await codeOf(await client.post('rooms/1/zones', { zones: [] }, limited))).toBe('other_ward');
    },
    'POST /api/orchestrator/:command': async () => {
      const sent = house.heard.length;
      for (const name of orchestratorCommandNames) {
        for (const named of [
          { source_id: 1 },
          { incident_id: ids.incident },
          {},
          { source_id: 10, incident_id: ids.incident },
        ]) {
          // these two take the room alone
          if (['release', 'drill'].includes(name) && named.source_id === 10) continue;
          const params = { ...named, policy: {}, outcome: 'helped' };
          const code = await codeOf(await client.post(`orchestrator/${name}`, { params }, limited));
          expect({ name, named, code }).toEqual({
            name,
            named,
            code: expect.stringMatching(/other_ward|invalid_params/),
          });
        }
      }
      // also of its own rooms it does not decide whose they are
      for (const [name, params] of [
        ['set_room', { source_id: 10, ward: '1' }],
        ['move_room', { source_id: 10, home: 'processor-a' }],
        ['remove_room', { source_id: 10, confirmed: true }],
        ['add_room', { source_id: 77, ward: '1' }],
      ] as const) {
        const code = await codeOf(await client.post(`orchestrator/${name}`, { params }, limited));
        expect({ name, code }).toEqual({ name, code: 'other_ward' });
      }
      expect(house.heard.length).toBe(sent);
      const own = await client.post('orchestrator/acknowledge', { params: { incident_id: ids.own } }, limited);
      expect(own.status).toBe(200);
    },
    'POST /api/commands': async () => {
      const sent = house.heard.length;
      const named = {
        source_id: 1,
        max_fps: 1,
        confidence: 0.5,
        enabled: true,
        mode: 'auto',
        zones: [],
        uri: 'rtsp://a/1',
      };
      const site = { changes: {}, commands: [{ command: 'restart' }], model_id: 'm', new_instance_id: 'b', max_fps: 1 };
      for (const name of commandNames) {
        for (const params of [named, site]) {
          const code = await codeOf(await client.post('commands', { command: name, params }, limited));
          expect({ name, code }).toEqual({ name, code: expect.stringMatching(/other_ward|invalid_params|not_here/) });
        }
      }
      // the camera of another ward in a room of the own one
      const borrowed = { command: 'change_stream_uri', params: { source_id: 10, uri: 'rtsp://cameras/1' } };
      expect(await codeOf(await client.post('commands', borrowed, limited))).toBe('other_ward');
      expect(house.heard.length).toBe(sent);
    },
    'GET /api/commands': async () => {
      expect(await (await get('commands', limited)).text()).not.toContain(secret);
    },
    'GET /api/report': async () => {
      const roomsOf = async (signed: Signed) => {
        const { report, wards } = (await (await get('report', signed)).json()) as {
          report: { rooms: { sourceId: number }[] };
          wards: string[];
        };
        return { wards, rooms: report.rooms.map(({ sourceId }) => sourceId) };
      };
      expect(await roomsOf(whole)).toEqual({ wards: ['1', '2'], rooms: Array.from({ length: 12 }, (_, id) => id) });
      expect(await roomsOf(limited)).toEqual({ wards: ['2'], rooms: [10, 11] });
    },
    'GET /api/report.csv': async () => {
      const text = await (await get('report.csv?ward=1', limited)).text();
      expect(text).not.toMatch(/^room\S*,\d/m);
      expect(await (await get('report.csv?ward=1', whole)).text()).not.toEqual(text);
    },
    'GET /api/push': async () => {
      expect(await (await get('push', limited)).text()).not.toContain(secret);
    },
    'POST /api/push/devices': async () => {
      const published = new Map<string, { wards?: string[] }>();
      await bus.subscribe(topics.pushSubscriptionAny, ({ topic, json }) => {
        published.set(topic, json() as { wards?: string[] });
      });
      const own = device();
      const place = topics.pushSubscription(pushSubscriptionIdOf(own.endpoint));
      await client.post('push/devices', { ...own, rooms: [1, 10], wards: ['1'] }, limited);
      await eventually(() => expect(published.get(place)).toMatchObject({ wards: ['2'] }));
      // its wards follow the account
      await changeUser(folder.file('users.json'), 'wanda', { wards: ['2', '3'] });
      await eventually(() => expect(published.get(place)).toMatchObject({ wards: ['2', '3'], rooms: [1, 10] }));
      await changeUser(folder.file('users.json'), 'wanda', { wards: ['2'] });
      await eventually(() => expect(published.get(place)).toMatchObject({ wards: ['2'] }));
    },
    'POST /api/push/remove': async () => {
      expect((await client.post('push/remove', { endpoint: device().endpoint }, limited)).status).toBe(200);
    },
    'GET /api/account': async () => {
      expect(await (await get('account', limited)).text()).not.toMatch(/canary|alba/);
    },
    'POST /api/account/password': async () => {
      const body = { current: 'a guess', password: 'another long one' };
      expect(await codeOf(await client.post('account/password', body, limited))).toBe('wrong_current_password');
    },
    'POST /api/account/passkeys/begin': async () => {
      const answer = await client.post('account/passkeys/begin', { current: 'a guess' }, limited);
      expect(await codeOf(answer)).toBe('wrong_current_password');
    },
    'POST /api/account/passkeys': async () => {
      const answer = await client.post('account/passkeys', { name: 'Phone', answer: {} }, limited);
      expect(await codeOf(answer)).toBe('wrong_passkey');
    },
    'POST /api/account/passkeys/remove': async () => {
      expect(await codeOf(await client.post('account/passkeys/remove', { id: 'x' }, limited))).toBe('unknown_passkey');
    },
    'POST /api/account/sessions/end': async () => {
      const { people } = (await (await get('people', whole)).json()) as {
        people: { name: string; sessions: { key: string }[] }[];
      };
      const key = people.find(({ name }) => name === 'alba')?.sessions[0]?.key;
      await client.post('account/sessions/end', { key }, limited);
      expect((await get('people', whole)).status).toBe(200);
    },
    'POST /api/sign-out': async () => {
      const other = await client.signIn('wanda', password);
      expect((await client.post('sign-out', {}, other)).status).toBe(200);
    },
  };

  test('has a test for each route that it may use, so that a new one cannot be forgotten', () => {
    expect(routes.length).toBeGreaterThan(25);
    const used = routes.filter(({ forWards }) => forWards).map(({ name }) => name);
    expect(used.sort()).toEqual(Object.keys(kept).sort());
  });

  test.each(Object.keys(kept))('neither learns of rooms of another ward nor acts on them: %s', async (name) => {
    await kept[name]?.();
  });

  test('is refused by every other route, also by one that does not think of wards', async () => {
    const others = routes.filter(({ name, forWards }) => !forWards && !open.includes(name));
    expect(others.length).toBeGreaterThan(5);
    for (const { name } of others) {
      const [method = 'GET', path = ''] = name.split(' ');
      const url = `${running.url}${path.slice(1).replace(/:\w+/g, '1')}`;
      const headers = { cookie: limited.cookie, 'x-csrf-token': limited.csrfToken, 'content-type': 'application/json' };
      const answer = await fetch(url, method === 'GET' ? { headers } : { method, headers, body: '{}' });
      expect({ name, code: await codeOf(answer) }).toEqual({ name, code: 'other_ward' });
    }
  });

  test('loses a room at once that the policy gives to another ward, and gets one that joins its own', async () => {
    const stream = await live(limited, () => house.ward(10, `Ward ${secret}`));
    await eventually(() => expect(stream.text()).toMatch(/"rooms":\{[^}]*"10":null/));
    expect(await codeOf(await client.post('rooms/10/picture', {}, limited))).toBe('other_ward');
    await house.ward(10, '2');
    await eventually(async () => expect((await client.post('rooms/10/picture', {}, limited)).status).toBe(200));
    stream.close();
  });
});
