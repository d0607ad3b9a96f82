import type { Zone } from '@vigilia/protocol';

/** The site of the benchmark `reconfiguration`. */
export const house = { rooms: 4, fps: 2 } as const;

/** A change, there and back: every other round undoes the one before. */
export interface Change {
  readonly command: string;
  readonly params: (even: boolean, folder: string) => object;
  /** The command that undoes it, where that is another one; its gaps are not reported. */
  readonly undo?: { readonly command: string; readonly params: object };
  /** The same by ending the process and starting it with these flags; undefined: no flags exist for it. */
  readonly flags?: (even: boolean) => Flags;
}

/** Flags by name, without the dashes. */
export type Flags = Readonly<Record<string, string | number | boolean>>;

const { rooms, fps } = house;
const bed: Zone = {
  kind: 'bed',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 0.5],
  ],
};
const model = (even: boolean): string => (even ? 'other' : 'small');
const rate = (even: boolean): number => (even ? 2.5 : fps);
const confidence = (even: boolean): number => (even ? 0.4 : 0.25);

export const changes: readonly Change[] = [
  { command: 'set_fps', params: (even) => ({ max_fps: rate(even) }), flags: (even) => ({ 'max-fps': rate(even) }) },
  {
    command: 'set_confidence',
    params: (even) => ({ confidence: confidence(even) }),
    flags: (even) => ({ confidence: confidence(even) }),
  },
  {
    command: 'enable_tracking',
    params: (even) => ({ enabled: !even }),
    flags: (even) => ({ tracking: !even }),
  },
  { command: 'set_zones', params: (even) => ({ source_id: 1, zones: even ? [bed] : [] }) },
  {
    command: 'set_decode',
    params: (even) => ({ mode: even ? 'keyframes' : 'full' }),
    flags: (even) => ({ decode: even ? 'keyframes' : 'full' }),
  },
  { command: 'change_model', params: (even) => ({ model_id: model(even) }), flags: (even) => ({ model: model(even) }) },
  {
    command: 'change_stream_uri',
    params: (even, folder) => ({ source_id: 1, uri: `file://${folder}/${even ? rooms : 1}.mp4` }),
  },
  {
    command: 'add_stream',
    params: () => ({ source_id: rooms }),
    undo: { command: 'remove_stream', params: { source_id: rooms } },
    flags: (even) => ({ streams: roomNumbers(even ? rooms + 1 : rooms) }),
  },
  {
    command: 'reconfigure',
    params: (even) => ({ changes: { model_id: model(even), max_fps: rate(even), confidence: confidence(even) } }),
    flags: (even) => ({ model: model(even), 'max-fps': rate(even), confidence: confidence(even) }),
  },
  {
    command: 'batch_commands',
    params: (even) => ({
      commands: [
        { command: 'change_model', params: { model_id: model(even), source_id: 0 } },
        { command: 'set_fps', params: { max_fps: rate(even) } },
        { command: 'set_zones', params: { source_id: 1, zones: even ? [bed] : [] } },
      ],
    }),
    flags: (even) => ({ 'max-fps': rate(even) }),
  },
  { command: 'restart', params: () => ({}), flags: () => ({}) },
];

const roomNumbers = (count: number): string => Array.from({ length: count }, (_, room) => room).join(',');
