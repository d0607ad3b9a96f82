import type { Action } from '../plan/action.ts';

/** One line for people: what an action of a plan does, and why. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'command': {
      const params = Object.entries(action.command.params)
        .filter(([name]) => name !== 'zones')
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return `send ${action.instanceId}: ${[action.command.command, ...params].join(' ')} (${action.why})`;
    }
    case 'spawn': {
      const { instanceId, sourceIds, modelId, maxFps } = action.spec;
      const model = modelId === undefined ? '' : ` with ${modelId}`;
      return `start ${instanceId} for room ${sourceIds.join(', ')}${model} at ${maxFps} fps (${action.why})`;
    }
    case 'stop':
      return `stop ${action.instanceId} (${action.why})`;
    case 'publish_incident':
      return `write incident ${action.incident.incident_id}: room ${action.incident.source_id}, ${action.incident.state}`;
    case 'clear_incident':
      return `forget incident ${action.incidentId}, closed long ago`;
    case 'clear_replay':
      return `delete the replay of incident ${action.incidentId}, which the policy does not keep`;
    case 'publish_rooms':
      return `write the desired rooms: ${describeRooms(action.rooms.rooms)}`;
    case 'publish_alarm_figures':
      return `write the figures of ${action.figures.alarms.length} alarms`;
    case 'publish_policy':
      return 'write the new policy';
    case 'publish_event':
      return `publish ${action.event.event}${action.event.source_id === undefined ? '' : ` in room ${action.event.source_id}`}`;
    case 'clear_processor':
      return `clear what ${action.instanceId} left on the broker`;
    case 'settle':
      return `answer ${action.id}`;
  }
}

/** An action as programs and other languages read it. */
export interface PlanStep {
  readonly kind: Action['kind'];
  /** `describeAction`. */
  readonly text: string;
  readonly instance_id?: string;
  readonly rooms?: readonly number[];
  readonly command?: string;
  /** Zones are left out. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly incident_id?: string;
}

export function stepOf(action: Action): PlanStep {
  const base = { kind: action.kind, text: describeAction(action) };
  switch (action.kind) {
    case 'command': {
      const params = Object.entries(action.command.params).filter(([name]) => name !== 'zones');
      const { instanceId, command } = action;
      return { ...base, instance_id: instanceId, command: command.command, params: Object.fromEntries(params) };
    }
    case 'spawn':
      return { ...base, instance_id: action.spec.instanceId, rooms: action.spec.sourceIds };
    case 'stop':
      return { ...base, instance_id: action.instanceId };
    case 'clear_replay':
      return { ...base, incident_id: action.incidentId };
    default:
      return base;
  }
}

function describeRooms(rooms: Readonly<Record<string, { readonly home: string }>>): string {
  const byHome = new Map<string, string[]>();
  for (const [room, { home }] of Object.entries(rooms)) {
    byHome.set(home, [...(byHome.get(home) ?? []), room]);
  }
  return [...byHome].map(([home, ids]) => `${home} ${ids.join(', ')}`).join('; ') || 'none';
}
