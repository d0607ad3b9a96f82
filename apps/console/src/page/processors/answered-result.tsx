import '../styles/differences.css';
import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import { stepsOf, stepText } from '../policy/planned-steps.ts';
import { commandText } from './command-texts.ts';
import { resultRows } from './result-rows.ts';
import type { SendOutcome } from './send-form.ts';

export interface AnsweredResultProps {
  readonly command: string;
  readonly from: string;
  readonly result: NonNullable<SendOutcome['result']>;
}

/** What a command asked for: the steps of a plan, or the fields of a status or report. */
export function AnsweredResult({ command, from, result }: AnsweredResultProps): JSX.Element {
  const { language } = usePage();
  const title = commandText(language, 'answer_of', { from });
  return (
    <section class="command-result" aria-label={title} data-result={command}>
      <h3>{title}</h3>
      {command === 'plan' ? <Plan result={result} /> : <Fields result={result} />}
    </section>
  );
}

function Plan({ result }: Pick<AnsweredResultProps, 'result'>): JSX.Element {
  const { language } = usePage();
  const steps = stepsOf(result);
  if (steps.length === 0) return <p>{commandText(language, 'nothing_to_do')}</p>;
  return (
    <ol>
      {steps.map((step, index) => (
        <li key={index}>{stepText(language, step)}</li>
      ))}
    </ol>
  );
}

function Fields({ result }: Pick<AnsweredResultProps, 'result'>): JSX.Element {
  const { language } = usePage();
  const { rows, left } = resultRows(result);
  return (
    <>
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">{commandText(language, 'field')}</th>
            <th scope="col">{commandText(language, 'value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, value }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left === 0 ? null : <p class="quiet">{commandText(language, 'more', { count: left })}</p>}
    </>
  );
}
