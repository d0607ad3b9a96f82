import type { Replay } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { may } from '../../shared/roles.ts';
import type { ReplayView } from '../../shared/view.ts';
import { errorText } from '../live/error-text.ts';
import { Named } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf } from '../parts/room-texts.ts';
import { clockTime } from '../texts/times.ts';
import type { ReplayPlayer } from './replay-player.tsx';

/** What a page loads only when a replay is opened. */
interface Loaded {
  readonly replay: Replay;
  readonly Player: typeof ReplayPlayer;
}

/**
 * The replay of an incident, where there is one; of an earlier fall, while the last one was not observed.
 * @param title of the incident, for screen readers
 */
export function ReplayOfIncident(props: { incidentId: string; fallAt: string; title: string }): JSX.Element | null {
  const { incidentId, fallAt, title } = props;
  const { t, language, session } = usePage();
  const view = useLive((state) => entryOf(state.view.replays, incidentId));
  if (view === undefined || !may(session.role, 'picture')) return null;
  const time = clockTime(language, view.fallAt, Date.now());
  const summary = t(view.fallAt === fallAt ? 'replay.title' : 'replay.earlier', { time });
  return <ReplayDetails view={view} summary={summary} of={title} />;
}

/** Replays of a room whose incidents are not listed any more, the latest first. */
export function EarlierReplays({ roomId }: { readonly roomId: number }): JSX.Element | null {
  const { t, language, session } = usePage();
  const replays = useLive((state) => state.view.replays);
  const incidents = useLive((state) => state.view.incidents);
  const earlier = Object.values(replays)
    .filter(({ id, room }) => room === roomId && !Object.hasOwn(incidents, id))
    .toSorted((a, b) => b.fallAt.localeCompare(a.fallAt));
  if (earlier.length === 0 || !may(session.role, 'picture')) return null;
  return (
    <div class="earlier-replays">
      {earlier.map((view) => {
        const time = clockTime(language, view.fallAt, Date.now());
        return <ReplayDetails key={view.id} view={view} summary={t('replay.title', { time })} />;
      })}
    </div>
  );
}

function ReplayDetails({ view, summary, of }: { view: ReplayView; summary: string; of?: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="replay" data-replay={view.id} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {summary}
        <Named of={of} />
      </summary>
      {open ? <OpenReplay view={view} /> : null}
    </details>
  );
}

/** Fetches the replay, and again when moments were added to it. */
function OpenReplay({ view }: { readonly view: ReplayView }): JSX.Element {
  const { t, api, language } = usePage();
  const [loaded, setLoaded] = useState<Loaded>();
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      try {
        const [replay, { ReplayPlayer: Player }] = await Promise.all([
          api.replay(view.id),
          import('./replay-player.tsx'),
        ]);
        if (current) {
          setLoaded({ replay, Player });
          setTrouble('');
        }
      } catch (error) {
        if (current) {
          setTrouble(errorText(language, error));
        }
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [api, language, view]);
  if (loaded !== undefined) return <loaded.Player replay={loaded.replay} />;
  return <p role="status">{trouble === '' ? t('replay.loading') : trouble}</p>;
}
