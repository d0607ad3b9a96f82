import { chmod, mkdir, readdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics, type Incident, type ServiceReport, serviceReportSchema } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { makeIncident } from '@vigilia/simulated-site';
import {
  askHealth,
  connectBus,
  eventually,
  type Mosquitto,
  repoRoot,
  requires,
  startMosquitto,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { readDocuments, type SinkProcess, startSink } from './test-support/sink-process.ts';

const topics = createTopics();
const QUEUE = ['max_queued_messages 100000', 'max_inflight_messages 100'];

requires('mosquitto')('the sink as a process, with Mosquitto', () => {
  let folder: TempFolder;
  let broker: Mosquitto;
  let bus: Bus;
  const sinks: SinkProcess[] = [];

  beforeAll(async () => {
    broker = await startMosquitto({ config: QUEUE });
    bus = await connectBus(broker.url);
  });
  afterAll(async () => {
    await bus?.stop();
    await broker?.stop();
  });
  beforeEach(async () => {
    folder = await tempFolder('sink');
  });
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.kill()));
    await folder.remove();
  });

  function sink(id: string, more: readonly string[] = [], env: Record<string, string> = {}): SinkProcess {
    const args = [
      '--mqtt-url',
      broker.url,
      '--instance-id',
      id,
      '--spool-dir',
      folder.file('spool'),
      '--ndjson-dir',
      folder.file('out'),
      '--linger',
      '20',
      ...more,
    ];
    const started = startSink(args, env);
    sinks.push(started);
    return started;
  }
  async function actions(action: string): Promise<string[]> {
    return (await readDocuments(folder.file('out')))
      .filter(({ event }) => event.action === action)
      .map(({ event }) => event.id);
  }
  const fall = (id: string) => ({
    event_id: id,
    event: 'fall_suspected',
    source_id: 1,
    instance_id: 'p',
    timestamp: new Date().toISOString(),
    severity: 'info',
    trace_id: 't',
  });

  it('keeps an incident for reports, also when it is killed, and its latest state only', async () => {
    const publish = (incident: Incident): Promise<void> => bus.publish(topics.incident(incident.incident_id), incident);
    const at = new Date().toISOString();
    const opened = makeIncident({ home: 'processor-a', sourceId: 2, at }, { incident_id: 'inc-report' });
    const kept = async (): Promise<Record<string, unknown> | undefined> => {
      const text = await readFile(folder.file(`spool/reports/incidents/${at.slice(0, 7)}.json`), 'utf8');
      return (JSON.parse(text) as Record<string, Record<string, unknown>>)['inc-report'];
    };
    const first = sink('reports');
    await first.until('service_started');
    await publish(opened);
    await eventually(async () => expect(await kept()).toMatchObject({ source_id: 2, alarms: [at] }));
    await first.kill();
    const closedAt = new Date(Date.parse(at) + 60_000).toISOString();
    await publish({ ...opened, state: 'closed', closed_at: closedAt, updated_at: closedAt });
    const second = sink('reports');
    await second.until('service_started');
    await eventually(async () => expect(await kept()).toMatchObject({ closed_at: closedAt }));
  });

  it('under load and killed again and again: every message it may keep is there exactly once', async () => {
    const total = 1500;
    let running = sink('load');
    await running.until('service_started');
    let sent = 0;
    let isKilling = true;
    const sending = (async () => {
      for (; sent < total || isKilling; sent += 1) {
        await bus.publish('nvr/events/fall_suspected', fall(`load-${sent}`));
      }
    })();
    for (let kills = 0; kills < 3; kills += 1) {
      const before = (await actions('fall_suspected')).length;
      await eventually(async () => expect((await actions('fall_suspected')).length).toBeGreaterThan(before), {
        timeoutMs: 60_000,
      });
      await running.kill();
      running = sink('load');
    }
    isKilling = false;
    await sending;
    await eventually(async () => expect((await actions('fall_suspected')).length).toBe(sent), { timeoutMs: 120_000 });
    expect(new Set(await actions('fall_suspected')).size).toBe(sent);
    expect(await running.stop()).toBe(0);
  });

  it('reports over HTTP that it is alive and connected to the broker, so that supervisors and dashboards can rely on it', async () => {
    const running = sink('health', ['--health-port', '0']);
    await running.until('service_started');
    await bus.publish('nvr/events/fall_suspected', fall('health'));
    await eventually(async () =>
      expect(await askHealth(running.output())).toMatchObject({
        healthz: 200,
        readyz: 200,
        metrics: expect.stringMatching(/^vigilia_sink_delivered_total\{output="ndjson".*\} 1$/m),
      }),
    );
    await running.stop();
  });

  it('reports its version and how full its spool and the disk are, and that it stops', async () => {
    const reports: ServiceReport[] = [];
    const listener = await connectBus(broker.url);
    await listener.subscribe('nvr/services/report', ({ payload }) => {
      reports.push(serviceReportSchema.parse(JSON.parse(payload.toString())));
    });
    const running = sink('report', ['--spool-max-bytes', '50000000']);
    await eventually(() => expect(reports).toHaveLength(1));
    const { version } = JSON.parse(await readFile(join(repoRoot, 'package.json'), 'utf8')) as { version: string };
    expect(reports[0]).toMatchObject({ service: 'event-sink', state: 'running', version });
    const [spool, files] = reports[0]?.folders ?? [];
    const disk = await statfs(folder.path);
    expect(spool).toMatchObject({ name: 'spool', max_bytes: 50_000_000, total_bytes: disk.blocks * disk.bsize });
    expect(spool?.free_bytes).toBeGreaterThan(0);
    expect(files?.name).toBe('files');
    await running.stop();
    await eventually(() => expect(reports.at(-1)?.state).toBe('stopped'));
    await listener.stop();
  });

  it('publishes how long it keeps records, so that the page can show it', async () => {
    const states: unknown[] = [];
    await bus.subscribe(topics.recordsState('kept'), (message) => void states.push(message.json()));
    const running = sink('kept', ['--event-days', '200', '--detection-days', '2']);
    const kept_days = { events: 200, reports: 400, detections: 2, service: 30, metrics: 30 };
    await eventually(async () =>
      expect(states.at(-1)).toMatchObject({ instance_id: 'kept', outputs: ['ndjson', 'reports'], kept_days }),
    );
    await running.stop();
  });

  it('receives the messages that were published while it was stopped', async () => {
    const first = sink('away');
    await first.until('service_started');
    expect(await first.stop()).toBe(0);
    for (let n = 0; n < 50; n += 1) {
      await bus.publish('nvr/events/fall_suspected', fall(`away-${n}`));
    }
    const second = sink('away');
    await eventually(async () => expect((await actions('fall_suspected')).length).toBe(50));
    await second.stop();
  });

  it('a poison message does not stop the line', async () => {
    const running = sink('poison');
    await running.until('service_started');
    for (const text of ['{', '[]', '\u0000', 'null', `{"event_id": "${'x'.repeat(5000)}"}`, '{"timestamp": {}}']) {
      await bus.publish('nvr/events/fall_suspected', Buffer.from(text));
      await bus.publish('nvr/incidents/x', Buffer.from(text));
    }
    await bus.publish('nvr/events/fall_suspected', fall('after-poison'));
    await eventually(async () => expect(await actions('fall_suspected')).toContain('after-poison'));
    await eventually(async () => expect((await actions('message_unreadable')).length).toBe(12));
  });

  it('stores the lines of log files beside the messages of the broker', async () => {
    await mkdir(folder.file('logs'));
    await writeFile(
      folder.file('logs/processor.log'),
      '{"level":"INFO","event":"add_stream_completed","message":"m","timestamp":"2026-01-01T00:00:00.000Z"}\n',
    );
    const running = sink('files', ['--log-files', folder.file('logs')]);
    await eventually(async () => expect((await actions('add_stream_completed')).length).toBe(1));
    await running.stop();
  });

  it('shows no secret of its settings or of messages in logs, files or spool', async () => {
    const secret = 'hunter2-never-shown';
    const env = {
      MQTT_USERNAME: 'anybody',
      MQTT_PASSWORD: secret,
      ELASTICSEARCH_API_KEY: secret,
      ELASTICSEARCH_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'debug',
    };
    const running = sink('secrets', [], env);
    await running.until('service_started');
    await bus.publish('nvr/control/commands', {
      command: 'change_stream_uri',
      params: { source_id: 1, uri: `rtsp://admin:${secret}@camera/1` },
    });
    await running.until('elasticsearch_trouble');
    await eventually(async () => expect((await actions('command')).length).toBe(1));
    await running.stop();
    expect(running.output()).not.toContain(secret);
    const names = await readdir(folder.path, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.endsWith('.spool'))).toBe(true);
    const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
    // what was spooled stays on the disk until its segment is full: it must not hold it either
    expect(texts.join('')).toContain('change_stream_uri');
    expect(files.filter((_, index) => texts[index]?.includes(secret))).toEqual([]);
  });

  describe('a user’s mistake is one sentence and exit code 2', () => {
    const mistakes: [string, string[], Record<string, string>, RegExp][] = [
      [
        'bad flags, all of them',
        ['--spool-max-bytes', 'lots', '--linger', '-1', '--nonsense'],
        {},
        /--spool-max-bytes.*--linger.*--nonsense|--nonsense.*--spool-max-bytes.*--linger/s,
      ],
      [
        'a URL with credentials',
        [],
        { ELASTICSEARCH_URL: 'http://elastic:pw-in-url@localhost:9200' },
        /ELASTICSEARCH_URL must not hold credentials/,
      ],
      [
        'two ways to log in',
        [],
        {
          ELASTICSEARCH_URL: 'http://localhost:9200',
          ELASTICSEARCH_API_KEY: 'k',
          ELASTICSEARCH_USERNAME: 'u',
          ELASTICSEARCH_PASSWORD: 'p',
        },
        /exclude each other/,
      ],
      ['an unknown zone', ['--time-zone', 'Mars/Olympus'], {}, /--time-zone or TIME_ZONE must be a zone/],
    ];
    it.each(mistakes)('names the mistake and shows no secret: %s', async (_, args, env, message) => {
      const failing = sink('mistake', args, env);
      const code = await new Promise((resolve) => failing.child.once('close', resolve));
      expect(failing.output()).toMatch(message);
      expect(failing.output()).not.toMatch(/pw-in-url|\n\s+at /);
      expect(code).toBe(2);
    });

    it('names a spool folder that cannot be made', async () => {
      await writeFile(folder.file('spool'), 'a file');
      await chmod(folder.file('spool'), 0o444);
      const failing = sink('mistake');
      expect(await new Promise((resolve) => failing.child.once('close', resolve))).toBe(2);
      expect(failing.output()).toMatch(/The spool folder .* cannot be used .*give a writable --spool-dir/);
    });

    it('a second sink on one spool', async () => {
      const first = sink('one');
      await first.until('service_started');
      const second = sink('two');
      expect(await new Promise((resolve) => second.child.once('close', resolve))).toBe(2);
      expect(second.output()).toMatch(/is in use by process \d+/);
    });
  });
});
