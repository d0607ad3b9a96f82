import type { JSX } from 'preact';
import { useLive, usePage } from '../parts/context.ts';
import { clockTime } from '../texts/times.ts';
import { useProcessorText } from './processor-texts.ts';

/** Commands on the site's bus, from any sender, with all answers; the newest first. */
export function RecentCommands(): JSX.Element {
  const { t, language } = usePage();
  const p = useProcessorText();
  const commands = useLive((state) => state.view.commands);
  const sorted = Object.values(commands).sort((a, b) => b.at.localeCompare(a.at));
  const now = Date.now();
  return (
    <>
      <h2 class="section">{p('commands.recent')}</h2>
      {sorted.length === 0 ? <p class="empty">{p('commands.recent.none')}</p> : null}
      <ol class="commands">
        {sorted.map(({ id, at, command, params, by, to, targets, answers }) => (
          <li key={id} data-command={command}>
            <p>
              <time dateTime={at}>{clockTime(language, at, now)}</time> <code>{command}</code>{' '}
              <code class="quiet">{params}</code>
            </p>
            <p class="quiet">
              {[by, to === 'orchestrator' ? p('commands.to.orchestrator') : targets.join(', ')]
                .filter((part) => part !== undefined)
                .join(' → ')}
            </p>
            <ul class="answers">
              {answers.map((answer) => (
                <li key={answer.from} class={`answer-${answer.status}`}>
                  {answer.from}: {t(`answer.${answer.status}`)}
                  {answer.code === undefined ? '' : ` · ${answer.code}`}
                  {answer.message === undefined ? '' : ` · ${answer.message}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </>
  );
}
