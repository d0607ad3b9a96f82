import { type ChangeCommand, CommandError, parseCommand, type SettingOwner } from '@vigilia/protocol';
import { editAll, editConfig } from './edit-config.ts';
import {
  type AddressRules,
  type EditContext,
  findRoom,
  initialConfig,
  type ProcessorConfig,
} from './processor-config.ts';
import { roomAddress } from './room-address.ts';
import { ownedBy, sameValues } from './setting-owners.ts';

const rules: AddressRules = {
  streamServer: 'rtsp://go2rtc-server',
  checkUri: (uri) => {
    if (!uri.startsWith('rtsp://')) throw new CommandError('invalid_params', 'no such scheme');
  },
};
const owner: SettingOwner = { by: 'operator', command_id: 'c-1', at: '2026-01-01T00:00:00.000Z' };
const context: EditContext = { rules, owner };
const defaults = { modelId: 'small', maxFps: 0.1, confidence: 0.25, tracking: true, decode: 'auto' } as const;
const start = initialConfig(defaults, [2, 0, 2]);

const command = (name: string, params: object = {}): ChangeCommand => parseCommand(name, params) as ChangeCommand;
const edit = (name: string, params: object = {}, config: ProcessorConfig = start): ProcessorConfig =>
  editConfig(config, command(name, params), context).config;
const failure = (run: () => unknown): CommandError => {
  try {
    run();
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the configuration a processor starts with', () => {
  it('has each room once, in order, with the defaults', () => {
    expect(start.rooms.map((room) => room.sourceId)).toEqual([0, 2]);
    expect(findRoom(start, 2)).toMatchObject({ modelId: 'small', maxFps: 0.1, singleSession: false });
  });

  it('takes a room from the stream server unless it has an address of its own', () => {
    expect(roomAddress({ sourceId: 8 }, rules)).toBe('rtsp://go2rtc-server/8');
    expect(roomAddress({ sourceId: 8 }, { streamServer: 'file:///media/{source_id}.mp4' })).toBe('file:///media/8.mp4');
    expect(roomAddress({ sourceId: 8, uri: 'rtsp://other/x' }, rules)).toBe('rtsp://other/x');
  });
});

describe('settings', () => {
  const cases: [string, object, string, unknown][] = [
    ['change_model', { model_id: 'large' }, 'modelId', 'large'],
    ['set_fps', { max_fps: 1 }, 'maxFps', 1],
    ['set_confidence', { confidence: 0.6 }, 'confidence', 0.6],
    ['enable_tracking', { enabled: false }, 'tracking', false],
    ['set_decode', { mode: 'full' }, 'decode', 'full'],
  ];
  it.each(cases)('%s without a room is for all rooms and for later ones', (name, params, field, value) => {
    const after = edit(name, params);
    expect(after.rooms.map((room) => room[field as 'modelId'])).toEqual([value, value]);
    const later = edit('add_stream', { source_id: 8 }, after);
    expect(findRoom(later, 8)).toMatchObject({ [field]: value });
  });

  it.each(cases)('%s with a room is for that room alone', (name, params, field, value) => {
    const after = edit(name, { ...params, source_id: 2 });
    expect(findRoom(after, 2)).toMatchObject({ [field]: value });
    expect(findRoom(after, 0)).toEqual(findRoom(start, 0));
    expect(after.defaults).toEqual(start.defaults);
  });

  it.each(['restart', 'change_model', 'set_fps', 'set_zones', 'set_camera', 'remove_stream', 'change_stream_uri'])(
    '%s of a room that is not watched is refused by name',
    (name) => {
      const params = { source_id: 5, model_id: 'x', max_fps: 1, zones: [], uri: 'rtsp://a/b' };
      expect(failure(() => edit(name, params))).toMatchObject({ code: 'unknown_stream', field: 'source_id' });
    },
  );

  it('set_camera changes what is named and keeps the rest; null takes the aspect back', () => {
    const squeezed = edit('set_camera', { source_id: 2, aspect: '16:9' });
    expect(findRoom(squeezed, 2)).toMatchObject({ aspect: '16:9' });
    const turned = edit('set_camera', { source_id: 2, rotate: 90 }, squeezed);
    expect(findRoom(turned, 2)).toMatchObject({ aspect: '16:9', rotate: 90 });
    expect(findRoom(turned, 0)).toEqual(findRoom(start, 0));
    const plain = edit('set_camera', { source_id: 2, aspect: null }, turned);
    expect(findRoom(plain, 2)).toMatchObject({ aspect: null, rotate: 90 });
  });

  it('a room is added, and reconfigured, with its aspect and rotation', () => {
    const added = edit('add_stream', { source_id: 8, aspect: '4:3', rotate: 270 });
    expect(findRoom(added, 8)).toMatchObject({ aspect: '4:3', rotate: 270 });
    const streams = [{ source_id: 8 }, { source_id: 2, rotate: 180 }];
    const after = edit('reconfigure', { changes: { streams } }, added);
    expect(findRoom(after, 8)).toMatchObject({ aspect: '4:3', rotate: 270 });
    expect(findRoom(after, 2)).toMatchObject({ rotate: 180 });
  });

  it('set_zones distinguishes zones set to none from zones never configured', () => {
    expect(findRoom(start, 0)?.zones).toBeUndefined();
    expect(findRoom(edit('set_zones', { source_id: 0, zones: [] }), 0)?.zones).toEqual([]);
  });

  it('leaves the given configuration as it was', () => {
    const before = structuredClone(start);
    edit('set_fps', { max_fps: 5 });
    edit('remove_stream', { source_id: 0 });
    expect(start).toEqual(before);
  });
});

describe('rooms', () => {
  it('add_stream puts a room in its place, with its own settings', () => {
    const after = edit('add_stream', {
      source_id: 1,
      max_fps: 1,
      model_id: 'large',
      uri: 'rtsp://cam/1',
      tracking: false,
    });
    expect(after.rooms.map((room) => room.sourceId)).toEqual([0, 1, 2]);
    expect(findRoom(after, 1)).toMatchObject({ maxFps: 1, modelId: 'large', uri: 'rtsp://cam/1', tracking: false });
  });

  it('refuses a room that is there, in the words people know', () => {
    const eight = edit('add_stream', { source_id: 8 });
    const error = failure(() => edit('add_stream', { source_id: 8 }, eight));
    expect(error).toMatchObject({ code: 'stream_exists', message: 'Stream 8 already exists' });
  });

  it('removes also the last room, so that a home can be emptied', () => {
    const one = edit('remove_stream', { source_id: 0 });
    expect(edit('remove_stream', { source_id: 2 }, one).rooms).toEqual([]);
  });

  it('reports which rooms may start blind', () => {
    const blind = command('add_stream', { source_id: 8, require_frame: false });
    expect(editConfig(start, blind, context).allowBlind).toEqual([8]);
    expect(editConfig(start, command('add_stream', { source_id: 8 }), context).allowBlind).toEqual([]);
  });

  it('refuses an address of another kind, naming the parameter and never the address', () => {
    const error = failure(() => edit('change_stream_uri', { source_id: 0, uri: 'gopher://user:pass@cam' }));
    expect(error).toMatchObject({ code: 'invalid_params', field: 'uri' });
    expect(error.message).not.toContain('pass');
  });

  it('restart changes nothing but the lives of a room, or of everything', () => {
    const one = edit('restart', { source_id: 2 });
    expect(findRoom(one, 2)).toEqual({ ...findRoom(start, 2), generation: 1 });
    expect(one.modelGeneration).toBe(0);
    const all = edit('restart');
    expect(all.rooms.map((room) => room.generation)).toEqual([1, 1]);
    expect(all.modelGeneration).toBe(1);
  });
});

describe('several changes at once', () => {
  it('reconfigure sets everything and takes its list of rooms as the whole list', () => {
    const streams = [{ source_id: 8 }, { source_id: 2, max_fps: 2 }];
    const after = edit('reconfigure', { changes: { max_fps: 0.5, model_id: 'large', streams } });
    expect(after.rooms.map(({ sourceId, maxFps, modelId }) => [sourceId, maxFps, modelId])).toEqual([
      [2, 2, 'large'],
      [8, 0.5, 'large'],
    ]);
  });

  it('reconfigure keeps of a room what its entry does not name', () => {
    const zoned = edit('set_zones', { source_id: 2, zones: [] });
    const after = edit('reconfigure', { changes: { streams: [{ source_id: 2 }] } }, zoned);
    expect(findRoom(after, 2)).toEqual(findRoom(zoned, 2));
  });

  it('reconfigure refuses a room that is listed twice', () => {
    const streams = [{ source_id: 8 }, { source_id: 8 }];
    const error = failure(() => edit('reconfigure', { changes: { streams } }));
    expect(error).toMatchObject({ code: 'invalid_params', field: 'changes.streams.1.source_id' });
  });

  it('a batch is one change: each command sees the one before, and one failure undoes all', () => {
    const batch = [command('add_stream', { source_id: 8 }), command('set_fps', { source_id: 8, max_fps: 3 })];
    expect(findRoom(editAll(start, batch, context).config, 8)?.maxFps).toBe(3);
    expect(() => editAll(start, [...batch, command('add_stream', { source_id: 8 })], context)).toThrow(
      'already exists',
    );
  });

  it('finds that a command with the present value changes nothing, so that no room is interrupted', () => {
    expect(sameValues(start, edit('set_fps', { max_fps: 0.1 }))).toBe(true);
    expect(sameValues(start, edit('restart'))).toBe(false);
  });
});

describe('models that must find a person', () => {
  it.each([
    ['change_model', { model_id: 'm' }, ['m']],
    ['add_stream', { source_id: 8, model_id: 'm' }, ['m']],
    ['add_stream', { source_id: 8 }, []],
    [
      'reconfigure',
      { changes: { model_id: 'm', streams: [{ source_id: 0, model_id: 'n' }, { source_id: 2 }] } },
      ['m', 'n'],
    ],
    ['set_fps', { max_fps: 1 }, []],
  ])('%s %j: those that it names, unless it is forced', (name, params, expected) => {
    expect(editConfig(start, command(name, params), context).mustFindPerson).toEqual(expected);
    expect(editConfig(start, command(name, { ...params, force: false }), context).mustFindPerson).toEqual(expected);
    expect(editConfig(start, command(name, { ...params, force: true }), context).mustFindPerson).toEqual([]);
  });

  it('in a batch each entry answers for its own model', () => {
    const batch = [command('change_model', { model_id: 'm', force: true }), command('change_model', { model_id: 'n' })];
    expect(editAll(start, batch, context).mustFindPerson).toEqual(['n']);
  });
});

describe('the owner of a setting', () => {
  const flags: SettingOwner = { by: 'flags', at: '2025-01-01T00:00:00.000Z' };
  const owned = ownedBy(flags, defaults);
  const started: ProcessorConfig = { ...initialConfig(defaults, [0, 2], { setBy: owned }), setBy: owned };
  const ownersIn = (config: ProcessorConfig, sourceId: number) => findRoom(config, sourceId)?.setBy;

  it.each([
    ['set_fps', { max_fps: 0.1 }, 'max_fps'],
    ['change_model', { model_id: 'small' }, 'model_id'],
    ['set_confidence', { confidence: 0.25 }, 'confidence'],
    ['enable_tracking', { enabled: true }, 'tracking'],
    ['set_decode', { mode: 'auto' }, 'decode'],
  ])('is the author of %s, also when the value stays what it was', (name, params, setting) => {
    const one = edit(name, { ...params, source_id: 2 }, started);
    expect(ownersIn(one, 2)).toEqual({ ...owned, [setting]: owner });
    expect(ownersIn(one, 0)).toEqual(owned);
    expect(one.setBy).toEqual(owned);
    const all = edit(name, params, started);
    expect([ownersIn(all, 0), ownersIn(all, 2), all.setBy]).toEqual(Array(3).fill({ ...owned, [setting]: owner }));
  });

  it.each([
    ['set_zones', { zones: [] }, ['zones']],
    ['set_camera', { rotate: 90 }, ['rotate']],
    ['set_camera', { aspect: null, rotate: 0 }, ['aspect', 'rotate']],
    ['change_stream_uri', { uri: 'rtsp://cam/2' }, ['uri']],
    ['restart', {}, []],
  ])('is the author of %s %j for what it names and nothing else', (name, params, settings) => {
    const after = edit(name, { ...params, source_id: 2 }, started);
    expect(ownersIn(after, 2)).toEqual({ ...owned, ...Object.fromEntries(settings.map((one) => [one, owner])) });
  });

  it('of an added room is the author for the room and what the command names, else the owner of the default', () => {
    const after = edit('add_stream', { source_id: 8, max_fps: 1 }, started);
    expect(ownersIn(after, 8)).toEqual({ ...owned, stream: owner, max_fps: owner });
  });

  it('of a removed room is kept until the room comes back', () => {
    const gone = edit('remove_stream', { source_id: 2 }, started);
    expect(gone.removed).toEqual([{ sourceId: 2, setBy: owner }]);
    expect(edit('add_stream', { source_id: 2 }, gone).removed).toEqual([]);
    const streams = [{ source_id: 0 }];
    expect(edit('reconfigure', { changes: { streams } }, started).removed).toEqual([{ sourceId: 2, setBy: owner }]);
  });
});

test('a room that the orchestrator gives back states the operator who chose its rate, and the policy for its model', () => {
  const at = '2026-01-02T00:00:00.000Z';
  const restores = { max_fps: { command_id: 'c-1', at: owner.at } };
  const policy: SettingOwner = { by: 'policy', command_id: 'orchestrator-7', at };
  const add = command('add_stream', { source_id: 4, max_fps: 0.3, model_id: 'small' });
  const { config } = editConfig(start, add, { rules, owner: policy, restores });
  expect(findRoom(config, 4)?.setBy).toMatchObject({
    max_fps: { by: 'operator', command_id: 'c-1', at: owner.at, restored: true },
    model_id: policy,
    stream: policy,
  });
});
