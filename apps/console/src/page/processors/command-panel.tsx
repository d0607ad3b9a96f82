import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CommandForm } from '../../shared/command-result.ts';
import type { ProcessorView } from '../../shared/view.ts';
import { usePage } from '../parts/context.ts';
import { commandSummary } from '../texts/command-summary.ts';
import { AnsweredResult } from './answered-result.tsx';
import { CommandField } from './command-field.tsx';
import { CommandSelect, formKey, isForOne, TargetSelect } from './command-selects.tsx';
import type { Consequence } from './consequence.ts';
import { ConsequenceQuestion } from './consequence-question.tsx';
import { useProcessorText } from './processor-texts.ts';
import { consequenceOfForm, type SendOutcome, sendForm, shownFields } from './send-form.ts';

type Processors = readonly ProcessorView[];

/** A form for each command, made from the protocol's schemas. */
export function CommandPanel({ processors }: { readonly processors: Processors }): JSX.Element | null {
  const { api, language } = usePage();
  const p = useProcessorText();
  const [forms, setForms] = useState<readonly CommandForm[]>([]);
  const [chosen, setChosen] = useState('set_fps');
  useEffect(() => {
    void api.forms().then(setForms, () => setForms([]));
  }, [api]);
  const form = forms.find((one) => formKey(one) === chosen);
  if (form === undefined) return null;
  return (
    <section class="panel" aria-labelledby="command-title">
      <h2 id="command-title">{p('commands.title')}</h2>
      <CommandSelect forms={forms} chosen={chosen} onChoose={setChosen} />
      <p class="quiet">{commandSummary(language, form)}</p>
      <ParameterForm key={chosen} form={form} processors={processors} />
    </section>
  );
}

/** The parameters of one command, and what those who got it answered. */
function ParameterForm({
  form,
  processors,
}: {
  readonly form: CommandForm;
  readonly processors: Processors;
}): JSX.Element {
  const page = usePage();
  const p = useProcessorText();
  const first = processors.find(({ role, status }) => role === 'home' && status !== 'offline');
  const [target, setTarget] = useState(isForOne(form.name) ? (first?.id ?? '') : '*');
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<readonly SendOutcome[]>([]);
  const [asked, setAsked] = useState<Consequence>();
  const send = async (isConfirmed = false): Promise<void> => {
    setAsked(undefined);
    setBusy(true);
    setOutcome([]);
    setOutcome(await sendForm(page, { form, entered, target, isConfirmed }));
    setBusy(false);
  };
  /** A question is about the command as it was filled in; another one needs another question. */
  const edit = (change: () => void): void => {
    setAsked(undefined);
    change();
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const consequence = consequenceOfForm({ form, entered, target }, processors);
    return consequence === undefined ? send() : setAsked(consequence);
  };
  return (
    <form onSubmit={submit} aria-labelledby="command-title">
      <div class="fields">
        {form.to === 'orchestrator' ? null : (
          <TargetSelect
            processors={processors}
            target={target}
            onTarget={(chosen) => edit(() => setTarget(chosen))}
            forOne={isForOne(form.name)}
          />
        )}
        {shownFields(form).map((field) => (
          <CommandField
            key={field.name}
            field={field}
            value={entered[field.name] ?? ''}
            onValue={(value) => edit(() => setEntered({ ...entered, [field.name]: value }))}
          />
        ))}
      </div>
      <button type="submit" class="main" disabled={busy} aria-busy={busy}>
        {p('commands.send')}
      </button>
      {asked === undefined ? null : (
        <ConsequenceQuestion
          command={form.name}
          consequence={asked}
          onConfirm={() => void send(true)}
          onCancel={() => setAsked(undefined)}
        />
      )}
      <Outcomes command={form.name} busy={busy} outcome={outcome} />
    </form>
  );
}

function Outcomes({
  command,
  busy,
  outcome,
}: {
  readonly command: string;
  readonly busy: boolean;
  readonly outcome: readonly SendOutcome[];
}): JSX.Element {
  const { t } = usePage();
  return (
    <div role="status" class="outcome">
      {busy ? <p>{t('commands.sending')}</p> : null}
      {outcome.map(({ ok, text }) => (
        <p key={text} class={ok ? 'good' : 'trouble'}>
          {text}
        </p>
      ))}
      {outcome.map(({ from = '', result }) =>
        result === undefined ? null : <AnsweredResult key={from} command={command} from={from} result={result} />,
      )}
    </div>
  );
}
