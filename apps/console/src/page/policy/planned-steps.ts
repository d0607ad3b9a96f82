import type { PlannedStep } from '../../shared/policy-view.ts';
import type { Language } from '../texts/translate.ts';
import { policyText } from './policy-texts.ts';

/** Returns the steps of an answer to `plan`; an answer of an earlier version has their texts only. */
export function stepsOf(result: Readonly<Record<string, unknown>> | undefined): readonly PlannedStep[] {
  if (Array.isArray(result?.steps)) return result.steps as readonly PlannedStep[];
  const texts = Array.isArray(result?.actions) ? (result.actions as readonly unknown[]) : [];
  return texts.map((text) => ({ kind: 'other', text: String(text) }));
}

/** Returns one line of what the orchestrator would do. */
export function stepText(language: Language, step: PlannedStep): string {
  const { kind, instance_id: to = '', rooms = [], command = '', params = {} } = step;
  switch (kind) {
    case 'command': {
      const shown = Object.entries(params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
      return policyText(language, 'step.command', { to, command, params: shown.join(', ') }).trim();
    }
    case 'spawn':
      return rooms.length === 0
        ? policyText(language, 'step.spawn_standby', { to })
        : policyText(language, 'step.spawn', { to, rooms: rooms.join(', ') });
    case 'stop':
      return policyText(language, 'step.stop', { to });
    case 'clear_replay':
      return policyText(language, 'step.clear_replay', { incident: step.incident_id ?? '' });
    default:
      return step.text;
  }
}
