import { type Incident, type IncidentStep, type Status, type VigiliaEvent, withoutUndefined } from '@vigilia/protocol';

/** The steps that the demonstration must show, in the order they are meant to happen. */
export const storySteps = [
  'ready',
  'fall_detected',
  'relief_applied',
  'dedicated_started',
  'dedicated_watching',
  'room_released',
  'acknowledged',
  'room_returned',
  'dedicated_stopped',
  'relief_lifted',
] as const;
export type StoryStep = (typeof storySteps)[number];

/** One line of the timeline. Entries without `step` are for people only. */
export interface StoryEntry {
  readonly at: string;
  readonly step?: StoryStep;
  readonly tone: 'plain' | 'good' | 'warning' | 'alarm';
  readonly text: string;
  readonly sourceId?: number;
  readonly instanceId?: string;
}

/** A message, its topic and payload already checked. `nowMs` is monotonic, `nowIso` the wall clock. */
export type StoryInput =
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'detections'; readonly sourceId: number; readonly instanceId: string }
  | { readonly kind: 'event'; readonly event: VigiliaEvent }
  | { readonly kind: 'fall_report'; readonly sourceId: number; readonly instanceId: string }
  | { readonly kind: 'incident'; readonly incident: Incident }
  | { readonly kind: 'orchestrator'; readonly acting: boolean };

const stepOf: Partial<Record<IncidentStep, StoryStep>> = {
  relief_applied: 'relief_applied',
  dedicated_started: 'dedicated_started',
  dedicated_watching: 'dedicated_watching',
  room_released: 'room_released',
  acknowledged: 'acknowledged',
  room_returned: 'room_returned',
  dedicated_stopped: 'dedicated_stopped',
  relief_lifted: 'relief_lifted',
};

/** Steps that the home takes; the others are the dedicated processor's. */
const atHome: ReadonlySet<IncidentStep> = new Set(['relief_applied', 'room_returned', 'relief_lifted']);

/** Folds what is seen on MQTT into a timeline: who watches what, the fall, each step of its incident. No I/O, no clock. */
export class Story {
  /** Steps seen so far, with the time each was first seen done. */
  readonly seen = new Map<StoryStep, string>();
  /** The incident of the story: the first that opened. */
  incident: Incident | undefined;
  readonly #missing: Set<number>;
  readonly #told = new Set<string>();
  readonly #rates = new Map<string, string>();
  #acting = false;

  constructor(options: { rooms: readonly number[] }) {
    this.#missing = new Set(options.rooms);
  }

  /** Rooms that have given no detection message yet. */
  get waitingFor(): number[] {
    return [...this.#missing].sort((a, b) => a - b);
  }

  take(input: StoryInput, nowIso: string): StoryEntry[] {
    switch (input.kind) {
      case 'detections':
        return this.#takeDetections(input.sourceId, nowIso);
      case 'orchestrator':
        this.#acting ||= input.acting;
        return this.#readiness(nowIso);
      case 'status':
        return this.#takeStatus(input.status, nowIso);
      case 'fall_report':
        return this.#step('fall_detected', nowIso, 'alarm', `A fall in room ${input.sourceId}`, input);
      case 'event':
        return this.#takeEvent(input.event);
      case 'incident':
        return this.#takeIncident(input.incident);
    }
  }

  /** The steps that have not been seen. */
  unseen(): StoryStep[] {
    return storySteps.filter((step) => !this.seen.has(step));
  }

  #takeDetections(sourceId: number, nowIso: string): StoryEntry[] {
    this.#missing.delete(sourceId);
    return this.#readiness(nowIso);
  }

  #readiness(nowIso: string): StoryEntry[] {
    if (this.#missing.size > 0 || !this.#acting) return [];
    return this.#step('ready', nowIso, 'good', 'All rooms are watched', {});
  }

  #takeStatus(status: Status, nowIso: string): StoryEntry[] {
    const id = status.instance_id;
    const key = status.status === 'offline' ? 'offline' : describeStreams(status);
    if (status.streams === undefined && status.status !== 'offline') return [];
    const before = this.#rates.get(id);
    if (before === key || (before === undefined && (key === 'offline' || key === 'no room'))) return [];
    this.#rates.set(id, key);
    const text = key === 'offline' ? `${id} is offline` : `${id} watches ${key}`;
    const tone = key === 'offline' && status.role === 'home' ? 'warning' : 'plain';
    return [{ at: nowIso, tone, text, instanceId: id }];
  }

  #takeEvent(event: VigiliaEvent): StoryEntry[] {
    const room = event.source_id === undefined ? '' : ` in room ${event.source_id}`;
    if (event.event === 'fall_detected' && !this.seen.has('fall_detected')) {
      this.#told.add(event.event_id);
      return this.#step('fall_detected', event.timestamp, 'alarm', `A fall${room}`, event);
    }
    const isSuspicionOver = event.event === 'fall_recovered' && event.was_alarm === false;
    const shown = isSuspicionOver ? suspicionOver : eventTexts[event.event];
    if (shown === undefined || this.#told.has(event.event_id)) return [];
    this.#told.add(event.event_id);
    return [{ at: event.timestamp, tone: shown.tone, text: `${shown.text}${room}`, ...whereOf(event) }];
  }

  #takeIncident(incident: Incident): StoryEntry[] {
    this.incident ??= incident;
    if (incident.incident_id !== this.incident.incident_id) return [];
    this.incident = incident;
    const entries: StoryEntry[] = [];
    const done = Object.entries(incident.steps) as [IncidentStep, string][];
    for (const [name, at] of done.sort((a, b) => a[1].localeCompare(b[1]))) {
      const step = stepOf[name];
      if (step === undefined) continue;
      const instance = atHome.has(name) ? incident.home : incident.dedicated;
      const where = withoutUndefined({ source_id: incident.source_id, instance_id: instance });
      entries.push(
        ...this.#step(step, at, step === 'room_returned' ? 'good' : 'plain', stepText(step, incident), where),
      );
    }
    return entries;
  }

  #step(
    step: StoryStep,
    at: string,
    tone: StoryEntry['tone'],
    text: string,
    where: { source_id?: number | undefined; sourceId?: number; instance_id?: string; instanceId?: string },
  ): StoryEntry[] {
    if (this.seen.has(step)) return [];
    this.seen.set(step, at);
    return [{ at, step, tone, text, ...whereOf(where) }];
  }
}

function whereOf(where: {
  source_id?: number | undefined;
  sourceId?: number;
  instance_id?: string;
  instanceId?: string;
}): { sourceId?: number; instanceId?: string } {
  const sourceId = where.source_id ?? where.sourceId;
  const instanceId = where.instance_id ?? where.instanceId;
  return withoutUndefined({ sourceId, instanceId });
}

const eventTexts: Partial<Record<VigiliaEvent['event'], { text: string; tone: StoryEntry['tone'] }>> = {
  // each one after the first, which is a step of its own
  fall_detected: { text: 'A fall', tone: 'alarm' },
  fall_suspected: { text: 'A person may have fallen', tone: 'warning' },
  fall_recovered: { text: 'The person is up again', tone: 'good' },
  fall_reminder: { text: 'Still on the floor', tone: 'alarm' },
  person_not_visible: { text: 'The person is not visible any more', tone: 'warning' },
  room_blind: { text: 'No frames', tone: 'warning' },
  room_seen: { text: 'Frames are back', tone: 'good' },
  processor_offline: { text: 'A processor is offline', tone: 'warning' },
  incident_refused: { text: 'A fall report was refused', tone: 'warning' },
};

/** A person was low, but not for as long as a fall takes. */
const suspicionOver = { text: 'No fall after all', tone: 'plain' } as const;

function stepText(step: StoryStep, incident: Incident): string {
  const { source_id: room, home, dedicated = 'the dedicated processor' } = incident;
  const texts: Record<StoryStep, string> = {
    ready: '',
    fall_detected: '',
    relief_applied: `The other rooms of ${home} are slowed down to free up CPU`,
    dedicated_started: `${dedicated} is started for room ${room}`,
    dedicated_watching: `${dedicated} sees room ${room}`,
    room_released: `${home} lets go of room ${room}: ${dedicated} watches it alone`,
    acknowledged: `Acknowledged by ${incident.by.find((entry) => entry.what === 'acknowledge')?.who ?? 'a person'}`,
    room_returned: `Room ${room} is back with ${home}`,
    dedicated_stopped: `${dedicated} is stopped`,
    relief_lifted: `The other rooms of ${home} have returned to their rates`,
  };
  return texts[step];
}

/** `rooms 0, 1, 3 at 0.05 fps and room 2 at 0.1 fps (movenet)`; `no room` without streams. */
function describeStreams(status: Status): string {
  const groups = new Map<string, number[]>();
  for (const stream of status.streams ?? []) {
    const key = `${stream.max_fps} fps (${stream.model_id})`;
    groups.set(key, [...(groups.get(key) ?? []), stream.source_id]);
  }
  if (groups.size === 0) return 'no room';
  const parts = [...groups].map(([rate, rooms]) => {
    const list = rooms.sort((a, b) => a - b).join(', ');
    return `${rooms.length === 1 ? 'room' : 'rooms'} ${list} at ${rate}`;
  });
  return parts.join(' and ');
}
