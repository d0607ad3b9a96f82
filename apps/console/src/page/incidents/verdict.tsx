import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView } from '../../shared/view.ts';
import { ActionButton, Named } from '../parts/action-button.tsx';
import { useNow, usePage } from '../parts/context.ts';
import { verdictCauseText } from '../parts/room-texts.ts';
import type { ActProps } from './incident-actions.tsx';
import { useRoomName } from './use-room-name.ts';

/** What a person can find; the first is the usual one. */
const outcomes = ['helped', 'no_help_needed', 'false_alarm', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

/** Causes to choose from; the protocol takes any text. */
const causes = ['slipped', 'tripped', 'dizzy', 'from_bed', 'from_chair', 'on_purpose', 'no_person', 'other'] as const;

/** The orchestrator takes a verdict back for ten minutes. */
const undoMs = 600_000;

/** Asks what was found. A verdict is given by one touch, or by two while a camera still shows the person on the floor. */
export function VerdictForm({ incident, send }: ActProps): JSX.Element {
  const { t } = usePage();
  const name = useRoomName(incident);
  const [asked, setAsked] = useState<Outcome>();
  const [cause, setCause] = useState(incident.verdict?.cause ?? '');
  const [note, setNote] = useState(incident.verdict?.note ?? '');
  const give = async (outcome: Outcome, confirmed: boolean) => {
    if (incident.person_down && !isOver(incident) && !confirmed) {
      setAsked(outcome);
      return undefined;
    }
    const details = { cause: cause || undefined, note: note.trim() || undefined, confirmed: confirmed || undefined };
    const result = await send('resolve', { incident_id: incident.incident_id, outcome, ...details });
    // The person is asked for a name first, and then presses the same button again.
    if (result === undefined) return undefined;
    // The orchestrator may know more than this page.
    const mustAsk = result.answers.some(({ code }) => code === 'confirmation_required');
    setAsked(mustAsk ? outcome : undefined);
    return mustAsk ? undefined : result;
  };
  return (
    <fieldset class="verdict">
      <legend>
        {t('verdict.question')}
        <Named of={name} />
      </legend>
      {asked === undefined ? (
        <div class="actions">
          {outcomes.map((outcome) => (
            <ActionButton
              key={outcome}
              kind={outcome === 'helped' && incident.state === 'acknowledged' ? 'main' : 'plain'}
              label={t(`outcome.${outcome}`)}
              of={name}
              act={() => give(outcome, false)}
            />
          ))}
        </div>
      ) : (
        <div class="confirm" role="alert">
          <p>{t('verdict.still_down', { room: name })}</p>
          <ActionButton
            label={t('verdict.close', { outcome: t(`outcome.${asked}`) })}
            of={name}
            act={() => give(asked, true)}
          />
          <button type="button" class="plain" onClick={() => setAsked(undefined)}>
            {t('action.cancel')}
          </button>
        </div>
      )}
      <details>
        <summary>
          {t('verdict.details')}
          <Named of={name} />
        </summary>
        <div class="fields">
          <label class="field">
            <span>{t('verdict.cause')}</span>
            <select name="cause" value={cause} onChange={(event) => setCause(event.currentTarget.value)}>
              <option value="">{t('verdict.cause.none')}</option>
              {causes.map((one) => (
                <option key={one} value={one}>
                  {t(`cause.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <label class="field wide">
            <span>{t('verdict.note')}</span>
            <textarea
              name="note"
              rows={2}
              maxLength={1000}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </label>
        </div>
      </details>
    </fieldset>
  );
}

/** Shows the verdict that was given, and takes it back while that is possible. */
export function UndoVerdict({ incident, send }: ActProps): JSX.Element | null {
  const { t } = usePage();
  const name = useRoomName(incident);
  const now = useNow(5000);
  const { verdict, incident_id } = incident;
  if (verdict === undefined || now - new Date(verdict.at).getTime() > undoMs) return null;
  const undo = () => send('undo_verdict', { incident_id });
  return (
    <div class="actions">
      <ActionButton kind="plain" label={t('verdict.undo')} of={name} act={undo} />
    </div>
  );
}

/** `Helped · by Ana Ruiz · cause: slipped · note`; undefined while no person has given a verdict. */
export function useVerdictText({ verdict }: IncidentView): string | undefined {
  const { t } = usePage();
  if (verdict === undefined) return undefined;
  const { cause, note, by, outcome } = verdict;
  const causeText = cause === undefined ? undefined : verdictCauseText(t, cause);
  return [`${t(`outcome.${outcome}`)} ${t('step.by', { name: by })}`, causeText, note]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Returns whether a verdict of the last ten minutes can be taken back. */
export function canUndo({ verdict }: IncidentView, nowMs: number): boolean {
  return verdict !== undefined && nowMs - new Date(verdict.at).getTime() <= undoMs;
}

function isOver({ state }: IncidentView): boolean {
  return state === 'closing' || state === 'closed';
}
