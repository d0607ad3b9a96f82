import type { ProcessorFinding, SiteFinding } from '@vigilia/house';
import type { PageContext } from '../parts/context.ts';
import { causeText, isSeenPoorly, roomName } from '../parts/room-texts.ts';
import { en, type TextKey } from '../texts/en.ts';
import { serviceWords, versionsWords } from './service-words.ts';
import type { SystemText } from './system-texts.ts';

/** A finding as the page shows it. */
export interface FindingWords {
  readonly what: string;
  readonly remedy: string;
  /** Address of the view in which a person acts on it. */
  readonly href: string | undefined;
}

/** Returns what was found and what to do, in the language of the page; undefined for what is right. */
export function findingWords(
  s: SystemText,
  { t, language }: Pick<PageContext, 't' | 'language'>,
  finding: SiteFinding,
): FindingWords | undefined {
  if (finding.code === undefined) return undefined;
  switch (finding.about) {
    case 'orchestrator':
    case 'notifier':
      return { what: s(finding.code), remedy: s(`${finding.code}.do`), href: undefined };
    case 'site':
      return { what: s(finding.code), remedy: s('no_rooms.do'), href: '#/room-settings' };
    case 'service':
      return serviceWords(s, language, finding);
    case 'versions':
      return versionsWords(s, finding);
    case 'processor':
      return processorWords(s, t, finding);
    case 'room':
      return roomWords(s, t, finding);
  }
}

function processorWords(s: SystemText, t: PageContext['t'], finding: ProcessorFinding): FindingWords {
  const { code, id, status, health, load } = finding;
  const href = '#/processors';
  if (code === 'processor_overloaded' && load !== undefined) {
    const { roomsTooMany: tooMany, rooms, skippedShare } = load;
    const percent = Math.round(skippedShare * 100);
    const what = s('processor_overloaded', { id, percent });
    const values = { tooMany, rooms, rate: 100 - percent };
    if (tooMany === 0) return { what, remedy: s('processor_overloaded.lower', values), href };
    const counted = `${what} ${s('processor_overloaded.rooms', values)}`;
    return { what: counted, remedy: s('processor_overloaded.move', values), href: '#/room-settings' };
  }
  if (code === 'processor_unhealthy') {
    const what = s('processor_unhealthy', { id, health: t(`health.${health}`) });
    return { what, remedy: s('processor_unhealthy.do'), href };
  }
  const what = s('processor_not_running', { id, status: t(`status.${status}`).toLowerCase() });
  return { what, remedy: s(status === 'paused' ? 'processor_paused.do' : 'processor_not_running.do'), href };
}

function roomWords(
  s: SystemText,
  t: PageContext['t'],
  { id, name, watch }: Extract<SiteFinding, { about: 'room' }>,
): FindingWords {
  const condition = watch?.condition ?? 'unwatched';
  const what = s('room', { room: roomName(t, { id, name }), condition: conditionWords(t, condition) });
  const href = `#/rooms/${id}`;
  if (isSeenPoorly(watch?.cause)) return { what, remedy: causeText(t, watch.cause), href };
  if (condition === 'blind' || condition === 'paused') return { what, remedy: s(`room.${condition}.do`), href };
  const reason = watch?.unwatchedCause === undefined ? '' : `${t(`unwatched.${watch.unwatchedCause}`)} `;
  return { what, remedy: `${reason}${s('room.unwatched.do')}`, href };
}

function conditionWords(t: PageContext['t'], condition: string): string {
  const key = `condition.${condition}`;
  return Object.hasOwn(en, key) ? t(key as TextKey).toLowerCase() : condition;
}
