import type { Random } from '@vigilia/simulated-site';

/** A command of a storm. */
export interface Step {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What one throw of the dice sends, one after another. */
export type Choice = readonly Step[];

export interface ChoiceOptions {
  readonly mediaDir: string;
  readonly fps: number;
  readonly rooms: number;
  readonly random: Random;
}

const step = (name: string, params: Record<string, unknown> = {}): Step => ({ name, params });

/** Valid and invalid commands in about equal parts, for one room and for all. What is taken away is given back at once. */
export function choices(options: ChoiceOptions): readonly Choice[] {
  const source_id = options.random.integer(0, options.rooms - 1);
  return [...valid(options, source_id), ...invalid(source_id)];
}

function valid({ mediaDir, fps, random }: ChoiceOptions, source_id: number): readonly Choice[] {
  const uri = `file://${mediaDir}/${random.integer(0, 7)}.mp4`;
  const model_id = random.pick(['small', 'same']);
  const batch = [
    step('set_fps', { source_id, max_fps: fps * 1.25 }),
    step('change_model', { source_id, model_id }),
    step('set_zones', { source_id, zones: [] }),
  ].map(({ name, params }) => ({ command: name, params }));
  return [
    [step('restart', { source_id })],
    [step('restart')],
    [step('change_model', { source_id, model_id: 'small' })],
    [step('change_model', { source_id, model_id: 'same' })],
    [step('change_model', { model_id })],
    [step('set_confidence', { source_id, confidence: 0.3 })],
    [step('set_confidence', { confidence: 0.2 + random.next() / 10 })],
    [step('enable_tracking', { source_id, enabled: false })],
    [step('enable_tracking', { enabled: true })],
    [step('set_zones', { source_id, zones: [] })],
    [step('set_decode', { source_id, mode: 'full' })],
    [step('set_decode', { source_id, mode: 'auto' })],
    [step('set_fps', { source_id, max_fps: fps * 1.5 })],
    [step('set_fps', { max_fps: fps })],
    [step('change_stream_uri', { source_id, uri })],
    [step('remove_stream', { source_id }), step('add_stream', { source_id, max_fps: fps * 1.5, model_id })],
    [step('reconfigure', { changes: { confidence: 0.2 + random.next() / 10, model_id } })],
    [step('batch_commands', { commands: batch })],
    [step('pause'), step('resume')],
  ];
}

function invalid(source_id: number): readonly Choice[] {
  const half = [
    { command: 'set_fps', params: { source_id, max_fps: 5 } },
    { command: 'change_model', params: { source_id, model_id: 'none' } },
  ];
  return [
    [step('change_model', { source_id, model_id: 'none' })],
    [step('change_model', { source_id, model_id: 'nan' })],
    [step('change_model', { model_id: 'truncated' })],
    [step('change_model', { source_id })],
    [step('add_stream', { source_id })],
    [step('remove_stream', { source_id: 77 })],
    [step('set_fps', { source_id, max_fps: 99 })],
    [step('set_zones', { source_id, zones: 'none' })],
    [step('change_stream_uri', { source_id, uri: 'file:///etc/passwd' })],
    [step('change_stream_uri', { source_id, uri: 'rtsp://127.0.0.1:1/x' })],
    [step('set_decode', { source_id, mode: 'sideways' })],
    [step('reconfigure', { changes: { max_fps: 5, streams: [{ source_id }, { source_id: 77 }] } })],
    [step('batch_commands', { commands: half })],
  ];
}
