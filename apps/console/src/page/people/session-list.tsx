import type { JSX } from 'preact';
import type { SessionEntry } from '../../shared/people-view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { fill } from '../texts/fill.ts';
import { clockTime } from '../texts/times.ts';
import { peopleTexts } from './people-texts.ts';

export interface SessionListProps {
  readonly sessions: readonly SessionEntry[];
  readonly onEnd: (key: string) => Promise<void>;
}

/** The sign-ins of an account, each with a button that ends it. */
export function SessionList({ sessions, onEnd }: SessionListProps): JSX.Element {
  const { language } = usePage();
  const texts = peopleTexts[language];
  if (sessions.length === 0) return <p class="quiet">{texts.noSessions}</p>;
  return (
    <ul class="sessions" aria-label={texts.sessions}>
      {sessions.map(({ key, device = texts.unknownDevice, openedAt, own }) => {
        const time = openedAt === undefined ? '–' : clockTime(language, openedAt, Date.now());
        const text = fill(texts.session, { device, time });
        const end = async (): Promise<undefined> => {
          await onEnd(key);
          return undefined;
        };
        return (
          <li key={key}>
            <span>{own ? `${text} (${texts.ownSession})` : text}</span>
            {own ? null : <ActionButton kind="plain" label={texts.end} of={text} act={end} />}
          </li>
        );
      })}
    </ul>
  );
}
