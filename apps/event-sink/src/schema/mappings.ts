import { incidentSteps } from '@vigilia/protocol';

/** A field of an Elasticsearch mapping, as far as we use them. */
export type Field =
  | { readonly type: string; readonly [option: string]: unknown }
  | { readonly properties: Readonly<Record<string, Field>>; readonly [option: string]: unknown };

const keyword: Field = { type: 'keyword', ignore_above: 1024 };
const text: Field = { type: 'text' };
const date: Field = { type: 'date' };
const long: Field = { type: 'long' };
const integer: Field = { type: 'integer' };
const double: Field = { type: 'double' };
const boolean: Field = { type: 'boolean' };
/** Kept in the document, not searchable. */
const kept: Field = { type: 'object', enabled: false };
const original: Field = { type: 'keyword', index: false, doc_values: false };
const object = (properties: Record<string, Field>): Field => ({ properties });

const durationNames = [
  'fall_to_alarm',
  'fall_to_open',
  'fall_to_acknowledged',
  'fall_to_resolved',
  'fall_to_closed',
  'hand_over',
];
const durations = [...durationNames, ...incidentSteps.map((step) => `open_to_${step}`)];

const own: Record<string, Field> = {
  source_id: integer,
  room_name: keyword,
  ward: keyword,
  instance_id: keyword,
  incident_id: keyword,
  boot_id: keyword,
  model_id: keyword,
  model_sha256: keyword,
  local_hour: integer,
  topic: keyword,
  severity: keyword,
  reason: keyword,
  component: keyword,
  duration_ms: double,
  // falls
  detected_at: date,
  alarm_at: date,
  track_id: long,
  bbox: kept,
  evidence: kept,
  blind: object({ cause: keyword }),
  handover: object({ from: keyword, to: keyword }),
  durations_ms: object({ ...Object.fromEntries(durations.map((name) => [name, long])), reported: kept }),
  incident: object({
    state: keyword,
    outcome: keyword,
    judgement: keyword,
    rule: keyword,
    drill: boolean,
    degraded: boolean,
    home: keyword,
    dedicated: keyword,
    watched_by: keyword,
    note: text,
    resolved_by: keyword,
    relieved_rooms: integer,
    spawn_attempts: integer,
    opened_at: date,
    closed_at: date,
    steps: object(Object.fromEntries(incidentSteps.map((step) => [step, date]))),
  }),
  // control
  command: object({
    name: keyword,
    id: keyword,
    targets: keyword,
    receiver: keyword,
    ack_status: keyword,
    changed: boolean,
    duration_ms: double,
  }),
  gap: object({ rooms: integer, missing: integer, max_ms: double }),
  role: keyword,
  status: keyword,
  health: keyword,
  uptime_seconds: double,
  open_incidents: integer,
  rooms: integer,
  blind_rooms: integer,
  // rooms
  watcher: keyword,
  since: date,
  blind_since: date,
  fall_state: keyword,
  fall_event_id: keyword,
  // detections
  frame_id: long,
  inference_time_ms: double,
  latency_ms: double,
  fps: double,
  people: integer,
  objects: integer,
  max_confidence: double,
  classes: keyword,
  postures: keyword,
  detections: kept,
  // metrics
  processor: object({
    uptime_seconds: double,
    inference_time_ms: double,
    memory_mb: double,
    cpu_percent: double,
    rooms: integer,
    model_restarts: long,
    frames_lost: long,
  }),
  room: object({
    fps: double,
    offered: long,
    analysed: long,
    skipped: long,
    people: double,
    unwatched_seconds: double,
    blind_seconds: double,
  }),
  minute: object({
    frames: integer,
    people_max: integer,
    watchers: keyword,
    observed_ms: long,
    unwatched_ms: long,
    unwatched_by_cause: kept,
    unwatched_longest_ms: long,
    unacknowledged_ms: long,
    blind_ms: long,
    blind_by_cause: kept,
    skipped: long,
    inference_time_ms: double,
  }),
  sink: object({
    spool_bytes: long,
    spool_used_percent: double,
    pending_records: long,
    lag_seconds: double,
    dead_letters: long,
    dropped_records: long,
  }),
  report: kept,
  log: object({ fields: original }),
};

/** Everything the sink writes, field by field: ECS names, our own under `vigilia`. Unknown fields are kept, not indexed. */
export const mappings = {
  dynamic: false,
  date_detection: false,
  dynamic_templates: [
    { labels: { path_match: 'labels.*', match_mapping_type: '*', mapping: { type: 'keyword', ignore_above: 1024 } } },
  ],
  properties: {
    '@timestamp': date,
    ecs: object({ version: keyword }),
    data_stream: object({ type: keyword, dataset: keyword, namespace: keyword }),
    message: text,
    event: object({
      id: keyword,
      kind: keyword,
      action: keyword,
      outcome: keyword,
      dataset: keyword,
      module: keyword,
      severity: long,
      created: date,
      original,
    }),
    log: object({ level: keyword, logger: keyword, file: object({ path: keyword }) }),
    service: object({ name: keyword, state: keyword, node: object({ name: keyword }) }),
    container: object({ id: keyword, name: keyword }),
    trace: object({ id: keyword }),
    user: object({ id: keyword, name: keyword }),
    error: object({ code: keyword, message: text }),
    labels: { type: 'object', dynamic: true },
    vigilia: object(own),
  },
} as const;

/** Every indexed field's full name and type: what a dashboard may use. */
export function indexedFields(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (properties: Readonly<Record<string, Field>>, prefix: string): void => {
    for (const [name, field] of Object.entries(properties)) {
      if ('properties' in field) {
        walk(field.properties as Readonly<Record<string, Field>>, `${prefix}${name}.`);
      } else if (field.type !== 'object' && field.index !== false) {
        found.set(`${prefix}${name}`, String(field.type));
      }
    }
  };
  walk(mappings.properties as Readonly<Record<string, Field>>, '');
  return found;
}
