import { useState } from 'preact/hooks';
import { usePage } from '../parts/context.ts';
import { changeText, type RoomDone, sendChange } from './change-text.ts';
import { roomSettingsText } from './room-settings-texts.ts';

/** Sends one change at a time. */
export function useChange(onChanged: () => Promise<void>) {
  const page = usePage();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<RoomDone>();
  const send = async (
    path: string,
    body: Readonly<Record<string, unknown>>,
    ...text: Parameters<typeof changeText> extends [unknown, infer What, infer Id, unknown] ? [What, Id] : never
  ): Promise<RoomDone | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    const sent = await sendChange(page, path, body, (change) =>
      changeText(roomSettingsText(page.language), ...text, change),
    );
    setDone(sent);
    setBusy(false);
    if (sent.ok) {
      await onChanged();
    }
    return sent;
  };
  return { busy, done, send };
}
