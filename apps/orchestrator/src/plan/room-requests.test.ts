import {
  type DesiredRoom,
  type OrchestratorCommand,
  type Policy,
  type PolicyChange,
  parseOrchestratorCommand,
  policySchema,
} from '@vigilia/protocol';
import type { Action, Answer } from './action.ts';
import { plan } from './plan.ts';
import { incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { View } from './view.ts';

const homes = { 0: { home: 'processor-a' }, 1: { home: 'processor-a' }, 4: { home: 'processor-b' } };
const policy = policySchema.parse({ quiet: { max_fps: 0.1 }, rooms: homes });

/** Two homes: a has rooms 0 and 1, b has room 4. */
function site(more: Partial<View> = {}): View {
  const processors = [processorOf('processor-a', { 0: 0.1, 1: 0.1 }), processorOf('processor-b', { 4: 0.1 })];
  const desired = Object.entries(homes).map(([id, room]) => [Number(id), { ...room, max_fps: 0.1 }] as const);
  return { ...viewOf({ processors }), desired: new Map<number, DesiredRoom>(desired), ...more };
}

function parsed(name: string, params: Record<string, unknown>): OrchestratorCommand {
  return parseOrchestratorCommand(name, params) as OrchestratorCommand;
}

interface Asked {
  readonly answers: readonly Answer[];
  readonly rooms: Readonly<Record<string, DesiredRoom>> | undefined;
  readonly policyRooms: Readonly<Record<string, { readonly home: string }>> | undefined;
  readonly changes: readonly PolicyChange[];
  readonly actions: readonly Action[];
}

function ask(
  { policy: inForce = policy, ...view }: View & { policy?: Policy },
  ...requests: readonly (readonly [string, Record<string, unknown>])[]
): Asked {
  const inbox = requests.map(([name, params], index) => ({
    id: `request ${index}`,
    kind: 'request' as const,
    command: parsed(name, params),
  }));
  const { actions } = plan({ ...view, inbox }, inForce, now);
  return {
    actions,
    answers: actions.flatMap((action) => (action.kind === 'settle' && action.answer ? [action.answer] : [])),
    rooms: actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms.rooms] : [])).at(-1),
    changes: actions.flatMap((action) => (action.kind === 'publish_policy' ? action.history.changes : [])),
    policyRooms: actions.flatMap((action) => (action.kind === 'publish_policy' ? [action.policy.rooms] : [])).at(-1),
  };
}

/** The commands to processors about a room. */
function commandsFor({ actions }: Asked, room: number): string[] {
  return actions.flatMap((action) =>
    action.kind === 'command' && 'source_id' in action.command.params && action.command.params.source_id === room
      ? `${action.instanceId} ${action.command.command}`
      : [],
  );
}

describe('a room that a person adds', () => {
  it('is given to exactly one home, the one with the least to do, and the answer states why', () => {
    const asked = ask(site(), ['add_room', { source_id: 8, name: 'Lounge', ward: '2' }]);
    expect(asked.answers[0]?.message).toBe(
      'Room 8 (Lounge, 2) is given to processor-b, which has the least to do (1 of 3 rooms, 0.1 frames per second).',
    );
    expect(asked.rooms?.['8']).toMatchObject({ home: 'processor-b', max_fps: 0.1, name: 'Lounge', ward: '2' });
    expect(asked.policyRooms?.['8']).toEqual({ home: 'processor-b', name: 'Lounge', ward: '2' });
    expect(commandsFor(asked, 8)).toEqual(['processor-b add_stream']);
  });

  it('is spread over the homes also when several are added in one moment', () => {
    const rooms = [8, 9, 10, 11, 12].map((source_id) => ['add_room', { source_id }] as const);
    const asked = ask(site(), ...rooms);
    const given = Object.values(asked.rooms ?? {}).map(({ home }) => home);
    expect(given.filter((home) => home === 'processor-a')).toHaveLength(4);
    expect(given.filter((home) => home === 'processor-b')).toHaveLength(4);
    expect(Object.keys(asked.policyRooms ?? {})).toEqual(['0', '1', '4', '8', '9', '10', '11', '12']);
  });

  it('is never given to a processor that only claims to be a home, or that does not run', () => {
    const idle = processorOf('stranger', {});
    const view = site();
    const processors = new Map([...view.processors, ['stranger', idle]]);
    expect(ask({ ...view, processors }, ['add_room', { source_id: 8 }]).rooms?.['8']?.home).toBe('processor-b');
    const refused = ask(view, ['add_room', { source_id: 8, home: 'processor-c' }]);
    expect(refused.answers).toMatchObject([{ ok: false, code: 'no_home', field: 'home' }]);
    expect(refused.answers[0]?.message).toContain('These do: processor-a, processor-b');
    expect(refused.rooms).toBeUndefined();
    const none = ask({ ...view, processors: new Map() }, ['add_room', { source_id: 8 }]);
    expect(none.answers).toMatchObject([{ ok: false, code: 'no_home' }]);
  });

  it('is refused under the number of another room, but not when the broker delivers its own request again', () => {
    const first = ask(site(), ['add_room', { source_id: 8 }]);
    const desired = new Map(Object.entries(first.rooms ?? {}).map(([id, room]) => [Number(id), room]));
    const again = ask(site({ desired }), ['add_room', { source_id: 8 }]);
    expect(again.answers).toMatchObject([{ ok: true, result: { source_id: 8, home: 'processor-b' } }]);
    expect(ask(site(), ['add_room', { source_id: 8 }], ['add_room', { source_id: 8 }]).answers).toMatchObject([
      { ok: true },
      { ok: false, code: 'stream_exists', message: expect.stringContaining('by processor-b already') },
    ]);
  });

  it('never has an address with a password in the desired state, which many may read', () => {
    const uri = 'rtsp://admin:secret@10.0.0.8/1';
    const refused = ask(site(), ['add_room', { source_id: 8, uri }], ['set_room', { source_id: 4, uri }]);
    expect(refused.answers).toMatchObject([
      { ok: false, code: 'invalid_params', field: 'uri' },
      { ok: false, code: 'invalid_params', field: 'uri' },
    ]);
    expect(JSON.stringify(refused.actions)).not.toContain('secret');
    // without a scheme a password cannot be recognised
    const bare = ask(site(), ['add_room', { source_id: 8, uri: 'admin:secret@10.0.0.8/1' }]);
    expect(bare.answers).toMatchObject([{ ok: false, code: 'invalid_params', field: 'uri' }]);
    expect(JSON.stringify(bare.actions)).not.toContain('secret');
  });

  it('has its zones, its view and its name again when an operator had taken it from its processor', () => {
    const zones = [
      {
        kind: 'bed' as const,
        points: [
          [0, 0],
          [0.5, 0],
          [0.5, 0.5],
        ] as [number, number][],
      },
    ];
    const named = policySchema.parse({
      rooms: { ...homes, 8: { home: 'processor-a', name: 'Bath', rotate: 90, zones } },
    });
    const inbox = [
      { id: 'r', kind: 'request' as const, command: parseOrchestratorCommand('add_room', { source_id: 8 }) },
    ];
    const { actions } = plan({ ...site(), inbox: inbox as View['inbox'] }, named, now);
    const rooms = actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms.rooms] : [])).at(-1);
    expect(rooms?.['8']).toMatchObject({ name: 'Bath', rotate: 90, zones });
  });

  it('is read from its own address by whichever processor monitors it', () => {
    const uri = 'rtsp://10.0.0.8/1';
    const asked = ask(site(), ['add_room', { source_id: 8, uri }]);
    expect(asked.actions).toContainEqual(
      expect.objectContaining({ command: { command: 'add_stream', params: expect.objectContaining({ uri }) } }),
    );
    const elsewhere = processorOf('processor-b_1', {}, { role: 'dedicated' });
    const stream = {
      modelId: 'light',
      maxFps: 1,
      state: 'blind',
      zonesConfigured: false,
      uri: 'rtsp://go2rtc/4',
    } as const;
    const dedicated = { ...elsewhere, streams: new Map([[4, stream]]) };
    const view = site();
    const desired = new Map([[4, { home: 'processor-b', address: { uri, set_at: new Date(nowMs).toISOString() } }]]);
    const processors = new Map([...view.processors, ['processor-b_1', dedicated]]);
    const moved = ask({ ...view, desired, processors });
    expect(commandsFor(moved, 4)).toContain('processor-b_1 change_stream_uri');
  });
});

describe('a room that a person changes', () => {
  it('has its new name, ward and rate in the desired state and in the policy', () => {
    const asked = ask(site(), ['set_room', { source_id: 4, name: 'Bath', ward: '1', max_fps: 0.5 }]);
    expect(asked.answers[0]?.message).toBe(
      'Room 4: its name is Bath now; it belongs to ward 1 now; 0.5 frames per second are analysed from now on.',
    );
    expect(asked.rooms?.['4']).toMatchObject({ name: 'Bath', ward: '1', max_fps: 0.5 });
    expect(asked.policyRooms?.['4']).toEqual({ home: 'processor-b', name: 'Bath', ward: '1', max_fps: 0.5 });
    expect(commandsFor(asked, 4)).toEqual(['processor-b set_fps']);
    expect(ask(site(), ['set_room', { source_id: 99, name: 'x' }]).answers).toMatchObject([
      { code: 'unknown_stream', message: expect.stringContaining('add_room') },
    ]);
  });

  it('follows the policy again in what is set to null, also where an operator had set it otherwise', () => {
    const quiet = { max_fps: 0.1, model_id: 'movenet' };
    const own = { max_fps: 2, model_id: 'large' };
    const policy = policySchema.parse({ quiet, rooms: { 4: { home: 'processor-b', name: 'Bath', ...own } } });
    const operator = { command_id: 'by hand', instance_id: 'processor-b', at: new Date(nowMs).toISOString() };
    const desired = new Map([
      [4, { home: 'processor-b', name: 'Bath', ...own, followed: { max_fps: operator, model_id: operator } }],
    ]);
    const view = { ...site(), desired };
    const asked = ask({ ...view, policy }, ['set_room', { source_id: 4, max_fps: null, model_id: null }]);
    expect(asked.rooms?.['4']).toMatchObject({
      ...quiet,
      followed: { max_fps: { superseded: true }, model_id: { superseded: true } },
    });
    expect(asked.policyRooms?.['4']).toEqual({ home: 'processor-b', name: 'Bath' });
    const untouched = ask({ ...view, policy }, ['set_room', { source_id: 4, name: 'Hall' }]);
    expect(untouched.rooms?.['4']).toMatchObject({ ...own, followed: { max_fps: operator } });
    expect(untouched.policyRooms?.['4']).toMatchObject(own);
  });

  it('moves: the new home is given it, and the present one keeps it until the new one sees it', () => {
    const asked = ask(site(), ['move_room', { source_id: 0, home: 'processor-b' }]);
    expect(asked.answers[0]?.message).toContain('processor-a monitors it until processor-b sees it');
    expect(commandsFor(asked, 0)).toEqual(['processor-b add_stream']);
    expect(asked.policyRooms?.['0']).toEqual({ home: 'processor-b' });
    expect(ask(site(), ['move_room', { source_id: 0, home: 'gone' }])).toMatchObject({
      answers: [{ ok: false, code: 'no_home' }],
      rooms: undefined,
    });
  });
});

describe('what people change about rooms', () => {
  it('is in the history of the policy with its author, one change per request, in a policy that is published once', () => {
    const by = { by: 'Ana Ruiz', via: 'page' };
    const asked = ask(
      site(),
      ['add_room', { source_id: 8, name: 'Lounge', ...by }],
      ['set_room', { source_id: 8, ward: '2', by: 'Eva Keys', via: 'cli' }],
      ['move_room', { source_id: 1, home: 'processor-b', ...by }],
      ['remove_room', { source_id: 0, confirmed: true, ...by }],
      ['change_policy', { changes: [{ path: ['rooms', '8', 'name'], value: 'Hall' }], ...by }],
    );
    expect(asked.answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(asked.actions.filter(({ kind }) => kind === 'publish_policy')).toHaveLength(1);
    expect(asked.policyRooms).toMatchObject({ 1: { home: 'processor-b' }, 8: { name: 'Hall', ward: '2' } });
    expect(asked.rooms?.['8']).toMatchObject({ name: 'Hall', ward: '2' });
    expect(asked.changes).toMatchObject([
      { revision: 5, request: 'request 4', differences: [{ before: 'Lounge', after: 'Hall' }] },
      { revision: 4, ...by, differences: [{ path: ['rooms', '0'], before: { home: 'processor-a' } }] },
      { revision: 3, ...by, differences: [{ path: ['rooms', '1', 'home'], after: 'processor-b' }] },
      { revision: 2, by: 'Eva Keys', via: 'cli', differences: [{ path: ['rooms', '8', 'ward'], after: '2' }] },
      { revision: 1, ...by, request: 'request 0', differences: [{ path: ['rooms', '8'] }] },
    ]);
  });

  it('is taken back like every other change: a room that was removed is monitored again', () => {
    const undo = { changes: [{ path: ['rooms', '0'], value: { home: 'processor-a', name: 'Bath' } }] };
    const desired = new Map([...(site().desired ?? [])].filter(([id]) => id !== 0));
    const removedRooms = new Map([[0, new Date(nowMs).toISOString()]]);
    const { 0: _removed, ...rooms } = homes;
    const inbox = [{ id: 'request 1', kind: 'request' as const, command: parsed('change_policy', undo) }];
    const { actions } = plan({ ...site({ desired, removedRooms }), inbox }, { ...policy, rooms }, now);
    const published = actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms] : []))[0];
    expect(published?.rooms['0']).toMatchObject({ home: 'processor-a', name: 'Bath' });
    expect(published?.removed ?? {}).not.toHaveProperty('0');
  });
});

describe('a room that a person removes', () => {
  it('is remembered as removed longer than those that were removed before it, whatever their numbers', () => {
    const removedRooms = new Map(
      Array.from({ length: 1000 }, (_, n) => [100 + n, new Date(nowMs - n * 1000).toISOString()] as const),
    );
    const view = { ...site(), removedRooms };
    const { actions } = ask(view, ['remove_room', { source_id: 0, confirmed: true }]);
    const [removed] = actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms.removed] : []));
    expect(Object.keys(removed ?? {})).toHaveLength(1000);
    expect(removed).toHaveProperty('100');
    expect(removed).not.toHaveProperty('1099');
  });

  it('stays until the person has confirmed what that means', () => {
    const view = { ...site(), ...viewOf({ incidents: [incidentOf(0)] }), desired: site().desired };
    const asked = ask({ ...view, processors: site().processors }, ['remove_room', { source_id: 0 }]);
    expect(asked.answers).toMatchObject([{ ok: false, code: 'confirmation_required' }]);
    expect(asked.answers[0]?.message).toMatch(/Room 0 is monitored by processor-a. After its removal .* not reported/);
    expect(asked.answers[0]?.message).toMatch(/Incident .* is still open/);
    expect(commandsFor(asked, 0)).not.toContain('processor-a remove_stream');
  });

  it('leaves the desired state, the policy and its home in one plan', () => {
    const asked = ask(site(), ['remove_room', { source_id: 0, confirmed: true }]);
    expect(asked.answers[0]?.message).toBe('Room 0 is not monitored any more from now on.');
    expect(Object.keys(asked.rooms ?? {})).toEqual(['1', '4']);
    expect(Object.keys(asked.policyRooms ?? {})).toEqual(['1', '4']);
    expect(commandsFor(asked, 0)).toEqual(['processor-a remove_stream']);
  });
});
