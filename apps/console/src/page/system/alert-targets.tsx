import type { AlertTargetReport } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import { clockTime } from '../texts/times.ts';
import { useSystemText } from './system-texts.ts';

interface AlertTargetsProps {
  readonly targets: readonly AlertTargetReport[] | undefined;
}

/** Where alerts go, and whether each target takes them. */
export function AlertTargets({ targets = [] }: AlertTargetsProps): JSX.Element {
  const s = useSystemText();
  return (
    <>
      <h2>{s('targets.title')}</h2>
      {targets.length === 0 ? (
        <p class="quiet">{s('targets.none')}</p>
      ) : (
        <ul class="targets">
          {targets.map((target) => (
            <AlertTarget key={target.name} target={target} />
          ))}
        </ul>
      )}
    </>
  );
}

function AlertTarget({ target }: { readonly target: AlertTargetReport }): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const { name, type, ok, pending, failing_since: since } = target;
  const time = since === undefined ? '' : clockTime(language, since, Date.now());
  return (
    <li data-target={name} data-ok={ok} class={ok ? undefined : 'warn'}>
      <b>{name}</b> ({type}): {ok ? s('target.ok') : s('target.failing', { time })}
      {pending === 0 ? '' : ` ${s('target.pending', { pending })}`}
    </li>
  );
}
