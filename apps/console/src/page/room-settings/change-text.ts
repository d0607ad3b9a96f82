import type { RoomChangeView } from '../../shared/room-settings.ts';
import { errorText } from '../live/error-text.ts';
import type { PageContext } from '../parts/context.ts';
import { isRoomSettingsKey, type RoomSettingsText, roomSettingsText } from './room-settings-texts.ts';

type Page = Pick<PageContext, 't' | 'api' | 'language'>;

/** What became of a change, in the page's language. */
export interface RoomDone {
  readonly ok: boolean;
  readonly code?: string | undefined;
  readonly text: string;
}

/** Sends a change and returns its consequence or why it was refused; never rejects. */
export async function sendChange(
  { api, t, language }: Page,
  path: string,
  body: Readonly<Record<string, unknown>>,
  consequence: (change: RoomChangeView) => string,
): Promise<RoomDone> {
  try {
    const change = await api.changeRoom(path, body);
    if (!change.ok) return { ok: false, code: change.code, text: refusalText(t, roomSettingsText(language), change) };
    return { ok: true, text: [consequence(change), ...change.notes].join(' ') };
  } catch (error) {
    return { ok: false, text: t('action.failed', { message: errorText(language, error) }) };
  }
}

/** States which home monitors the room now, and why that one. */
export function changeText(
  s: RoomSettingsText,
  what: 'added' | 'changed' | 'moved' | 'removed',
  id: string | number,
  { home = '', from = '', reason, rooms = 0, allRooms = 0 }: RoomChangeView,
): string {
  const text = s(what, { id, home, from });
  const why = `why.${reason ?? ''}`;
  return isRoomSettingsKey(why) && what === 'added' ? `${text} ${s(why, { rooms, all: allRooms })}` : text;
}

/** A refusal in the page's language where there is a text for its code; otherwise the sentence of the service. */
function refusalText(t: PageContext['t'], s: RoomSettingsText, { code = '', message }: RoomChangeView): string {
  const key = `error.${code}`;
  return isRoomSettingsKey(key) ? s(key) : t('action.failed', { message });
}
