import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { commandText } from './command-texts.ts';
import type { Consequence } from './consequence.ts';

export interface ConsequenceQuestionProps {
  readonly command: string;
  readonly consequence: Consequence;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Names the rooms and the consequence before a command ends monitoring. */
export function ConsequenceQuestion({
  command,
  consequence,
  onConfirm,
  onCancel,
}: ConsequenceQuestionProps): JSX.Element {
  const { t, language } = usePage();
  const known = useLive((state) => state.view.rooms);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const names = consequence.rooms.map((id) => {
    const room = entryOf(known, String(id));
    return room === undefined ? t('room.title', { id }) : roomName(t, room);
  });
  const rooms = names.length === 0 ? commandText(language, 'no_rooms') : names.join(', ');
  const values = { rooms, processors: consequence.processors.join(', ') };
  return (
    <div class="confirm" role="alert" data-consequence={consequence.kind}>
      <p>{commandText(language, consequence.kind, values)}</p>
      <button type="button" class="main" onClick={onConfirm}>
        {commandText(language, 'confirm', { command })}
      </button>
      <button type="button" class="plain" ref={cancel} onClick={onCancel}>
        {t('action.cancel')}
      </button>
    </div>
  );
}
