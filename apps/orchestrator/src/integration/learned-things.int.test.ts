import { writeFile } from 'node:fs/promises';
import {
  type Ack,
  type AlarmFigures,
  type CommandEnvelope,
  createTopics,
  type Incident,
  type OrchestratorStatus,
  type Zone,
} from '@vigilia/protocol';
import { type Bus, endProcess } from '@vigilia/service';
import { makeAck, makeEvent, makeStatus, makeStream } from '@vigilia/simulated-site';
import {
  eventually,
  requires,
  spawnTypeScript,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { entryOf } from './start-house.ts';

const topics = createTopics();
const home = 'processor-a';
const place = { x1: 0.1, y1: 0.4, x2: 0.3, y2: 0.8 };
const bed: Zone = {
  kind: 'bed',
  points: [
    [0.5, 0.5],
    [0.9, 0.5],
    [0.9, 0.9],
  ],
};

/** The orchestrator and the broker with its rules run as they are shipped; processor and console are played with their users. */
requires('mosquitto')('a false alarm, from the sensor to the zones of its room', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let orchestrator: TypeScriptProcess;
  let page: Bus;
  let processor: Bus;
  let status: OrchestratorStatus | undefined;
  let figures: AlarmFigures | undefined;
  /** Zones that the processor was given last. */
  let zones: Zone[] | undefined;
  const incidents = new Map<string, Incident>();
  const answers: Ack[] = [];
  const sender = () => ({ instanceId: home, bootId: 'b', at: new Date().toISOString() });

  const publishStatus = () => {
    const stream = makeStream(2, { model_id: 'movenet', max_fps: 0.1, zones, zones_configured: zones !== undefined });
    const config = {
      model_id: 'movenet',
      max_fps: 0.1,
      confidence: 0.3,
      tracking: true,
      decode: 'auto',
      control: true,
    };
    const body = makeStatus(sender(), { streams: [{ ...stream, set_by: {} }], config: { ...config, decode: 'auto' } });
    return processor.publish(topics.status(home), body, { retain: true });
  };
  const tell = async (command: string, params: object): Promise<Ack> => {
    const command_id = `${command}-${answers.length}`;
    await page.publish(topics.orchestratorCommands, { command, command_id, params });
    return eventually(() => {
      const answer = answers.find((one) => one.command_id === command_id && one.ack_status !== 'received');
      if (answer === undefined) throw new Error(`no answer to ${command}`);
      return answer;
    });
  };

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('learned-things')]);
    await writeFile(folder.file('policy.yaml'), JSON.stringify({ rooms: { 2: { home, zones: [bed] } } }));
    page = await broker.connect('console');
    await page.subscribe(topics.orchestratorStatus, (message) => {
      status = message.json() as OrchestratorStatus;
    });
    await page.subscribe(topics.alarmFigures, (message) => {
      figures = message.json() as AlarmFigures;
    });
    await page.subscribe(topics.orchestratorAck, (message) => void answers.push(message.json() as Ack));
    await page.subscribe(topics.incidentAny, (message) => {
      const incident = message.json() as Incident;
      incidents.set(incident.incident_id, incident);
    });
    processor = await broker.connect('processor', home);
    await processor.subscribe(topics.commands, async (message) => {
      const command = message.json() as CommandEnvelope;
      if (command.command === 'set_zones') {
        zones = (command.params as { zones: Zone[] }).zones;
      }
      await processor.publish(topics.ack(home), makeAck(sender(), command));
      await publishStatus();
    });
    await publishStatus();
    const env = {
      PATH: process.env.PATH ?? '',
      MQTT_URL: broker.url('orchestrator'),
      MQTT_USERNAME: 'orchestrator',
      MQTT_PASSWORD: await broker.password('orchestrator'),
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
    };
    const flags = ['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data')];
    orchestrator = spawnTypeScript(entryOf('orchestrator'), flags, { env });
    await eventually(
      () => {
        if (status?.status !== 'acting')
          throw new Error(`not acting yet: ${orchestrator.stdout()} ${orchestrator.stderr()}`);
      },
      { timeoutMs: 60_000 },
    );
  });
  afterAll(async () => {
    if (orchestrator !== undefined) {
      await endProcess(orchestrator.child);
    }
    await processor?.stop();
    await page?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  it('is counted, learned by the processor of the room, and forgotten with its verdict', async () => {
    const fall = { model_id: 'movenet', evidence: { rule: 'found_lying' }, place };
    await processor.publish(topics.event('fall_detected'), makeEvent(sender(), 'fall_detected', 2, fall));
    const id = await eventually(() => {
      const [incident] = incidents.values();
      if (incident === undefined) throw new Error('no incident yet');
      return incident.incident_id;
    });
    const about = { incident_id: id, by: 'Ana Ruiz' };
    expect(await tell('learn_thing', about)).toMatchObject({ error: { code: 'invalid_params' } });
    expect(await tell('resolve', { ...about, outcome: 'false_alarm', confirmed: true })).toMatchObject({
      ack_status: 'completed',
    });
    await eventually(() =>
      expect(figures?.alarms).toMatchObject([
        { incident_id: id, source_id: 2, model_id: 'movenet', rule: 'found_lying', outcome: 'false_alarm' },
      ]),
    );
    expect(await tell('learn_thing', { ...about, name: 'armchair' })).toMatchObject({ ack_status: 'completed' });
    await eventually(() =>
      expect(zones).toMatchObject([
        bed,
        { kind: 'thing', name: 'armchair', learned: { incident_id: id, by: 'Ana Ruiz' } },
      ]),
    );
    expect(await tell('undo_verdict', about)).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(zones).toEqual([bed]));
    await eventually(() => expect(figures?.alarms[0]?.outcome).toBeUndefined());
    expect(orchestrator.child.exitCode).toBeNull();
  });
});
