import { statusSchema } from '@vigilia/protocol';
import { version } from '@vigilia/service';
import { initialConfig, newRoom } from '../config/processor-config.ts';
import { buildStatus, offlineStatus, type RoomStatusFacts, type StatusFacts } from './build-status.ts';
import { createIdentity } from './identity.ts';

const defaults = { modelId: 'm', maxFps: 0.1, confidence: 0.25, tracking: true, decode: 'auto' } as const;
const config = initialConfig(defaults, [0, 1]);
const room = (sourceId: number, more: Partial<RoomStatusFacts> = {}): RoomStatusFacts => ({
  room: config.rooms[sourceId] ?? { ...defaults, sourceId, singleSession: false, generation: 0, setBy: {} },
  address: `rtsp://admin:hunter2@camera/${sourceId}`,
  decoding: 'keyframes',
  keyframeIntervalMs: 2000.4,
  blind: undefined,
  lastResultAtMs: Date.UTC(2026, 0, 1),
  zonesConfigured: false,
  ...more,
});
const facts = (more: Partial<StatusFacts> = {}): StatusFacts => ({
  identity: createIdentity({ instanceId: 'processor-a_1', role: 'dedicated', incidentId: 'inc-1' }),
  status: 'running',
  nowMs: Date.UTC(2026, 0, 1),
  uptimeMs: 12_345,
  config,
  configSource: 'flags',
  control: true,
  paused: false,
  rooms: [room(0), room(1)],
  availableModels: ['m', 'two words', 'm2'],
  models: [{ modelId: 'm', stats: { restarts: 0, lost: 0, failed: 0, usualMs: 9, provider: 'webgpu', pid: 7 } }],
  pausedBy: undefined,
  lastError: undefined,
  ...more,
});
const blind = { cause: 'silent', sinceMs: Date.UTC(2026, 0, 1) } as const;

it.each(['a/S3CRET', 'a#S3CRET', 'a?S3CRET', 'a S3CRET', 'a"S3CRET', "a'S3CRET"])(
  'shows the address of a room without the password %s',
  (password) => {
    const { streams } = buildStatus(facts({ rooms: [room(0, { address: `rtsp://nurse:${password}@cam/0` })] }));
    expect(streams?.[0]?.uri).toBe('rtsp://***@cam/0');
  },
);

it('is the payload that readers of the status rely on, with incident and role', () => {
  const status = statusSchema.parse(buildStatus(facts()));
  expect(status).toMatchObject({
    instance_id: 'processor-a_1',
    client_id: 'processor-a_1',
    version,
    role: 'dedicated',
    incident_id: 'inc-1',
    available_models: ['m', 'm2'],
    models: [{ model_id: 'm', provider: 'webgpu' }],
    timestamp: '2026-01-01T00:00:00.000Z',
    uptime_seconds: 12.3,
    config: { model_id: 'm', max_fps: 0.1, control: true },
    health: 'ok',
  });
});

it('shows no credentials of a camera to those who may read the status', () => {
  expect(JSON.stringify(buildStatus(facts()))).not.toContain('hunter2');
});

it('shows of each room whether it is seen, and of the whole whether it is well', () => {
  const some = buildStatus(facts({ rooms: [room(0), room(1, { blind })] }));
  expect(some.streams?.map((stream) => [stream.state, stream.blind_cause])).toEqual([
    ['watching', undefined],
    ['blind', 'silent'],
  ]);
  expect(some.health).toBe('degraded');
  expect(buildStatus(facts({ rooms: [room(0, { blind })] })).health).toBe('failing');
  const starting = { cause: 'starting', sinceMs: 0 } as const;
  expect(buildStatus(facts({ rooms: [room(0, { blind: starting })] })).streams?.[0]?.state).toBe('starting');
  expect(buildStatus(facts({ paused: true })).streams?.[0]?.state).toBe('paused');
});

it('the will publishes offline and names the boot that ended', () => {
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const will = statusSchema.parse(offlineStatus(identity, 0));
  expect(will).toMatchObject({ status: 'offline', boot_id: identity.bootId, client_id: 'a' });
});

describe('the owners of settings', () => {
  const operator = { by: 'operator', command_id: 'c-1', at: '2026-01-01T00:00:00.000Z' } as const;

  it('are stated of each room, of the defaults, of rooms that were removed and of a pause', () => {
    const owned = newRoom(defaults, 0, { setBy: { max_fps: operator }, zones: [] });
    const told = { ...config, setBy: { model_id: operator }, removed: [{ sourceId: 7, setBy: operator }] };
    const status = statusSchema.parse(
      buildStatus(facts({ config: told, rooms: [room(0, { room: owned })], paused: true, pausedBy: operator })),
    );
    expect(status).toMatchObject({
      config: { set_by: { model_id: operator } },
      streams: [{ set_by: { max_fps: operator }, zones: [] }],
      removed_streams: [{ source_id: 7, set_by: operator }],
      paused_by: operator,
    });
  });

  it('do not name who paused a processor that analyses again', () => {
    expect(buildStatus(facts({ paused: false, pausedBy: operator }))).not.toHaveProperty('paused_by');
  });
});

it('states the name that the processor had before it was renamed', () => {
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  expect(buildStatus(facts({ identity }))).not.toHaveProperty('renamed_from');
  identity.rename('b');
  expect(buildStatus(facts({ identity }))).toMatchObject({ instance_id: 'b', renamed_from: 'a' });
});
