import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CommandForm } from '../../shared/command-result.ts';
import type { ProcessorView } from '../../shared/view.ts';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { commandSummary } from '../texts/command-summary.ts';
import { affectedRooms, isCareful, isForOne } from './careful-commands.ts';
import { CommandField } from './command-field.tsx';
import { CommandSelect, formKey, TargetSelect } from './command-selects.tsx';
import { type SendOutcome, sendForm, shownFields } from './send-form.ts';

type Processors = readonly ProcessorView[];

/** A form for each command, made from the protocol's schemas. */
export function CommandPanel({ processors }: { readonly processors: Processors }): JSX.Element | null {
  const { t, api, language } = usePage();
  const [forms, setForms] = useState<readonly CommandForm[]>([]);
  const [chosen, setChosen] = useState('set_fps');
  useEffect(() => {
    void api.forms().then(setForms, () => setForms([]));
  }, [api]);
  const form = forms.find((one) => formKey(one) === chosen);
  if (form === undefined) return null;
  return (
    <section class="panel" aria-labelledby="command-title">
      <h2 id="command-title">{t('commands.title')}</h2>
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
  const { t } = page;
  const first = processors.find(({ role, status }) => role === 'home' && status !== 'offline');
  const [target, setTarget] = useState(isForOne(form.name) ? (first?.id ?? '') : '*');
  const [asks, setAsks] = useState(false);
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<readonly SendOutcome[]>([]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isCareful(form.name) && !asks) return setAsks(true);
    setAsks(false);
    setBusy(true);
    setOutcome([]);
    setOutcome(await sendForm(page, { form, entered, target }));
    setBusy(false);
  };
  return (
    <form onSubmit={submit} aria-labelledby="command-title">
      <div class="fields">
        {form.to === 'orchestrator' ? null : (
          <TargetSelect processors={processors} target={target} onTarget={setTarget} forOne={isForOne(form.name)} />
        )}
        {shownFields(form).map((field) => (
          <CommandField
            key={field.name}
            field={field}
            value={entered[field.name] ?? ''}
            onValue={(value) => setEntered({ ...entered, [field.name]: value })}
          />
        ))}
      </div>
      {asks ? <Question form={form} entered={entered} target={target} processors={processors} /> : null}
      <p class="actions">
        <button type="submit" class="main" disabled={busy} aria-busy={busy}>
          {t(asks ? 'commands.send_anyway' : 'commands.send')}
        </button>{' '}
        {asks ? (
          <button type="button" class="plain" onClick={() => setAsks(false)}>
            {t('commands.cancel')}
          </button>
        ) : null}
      </p>
      <Outcomes busy={busy} outcome={outcome} />
    </form>
  );
}

/** What a command means for the rooms of its receivers. */
function Question({
  form,
  entered,
  target,
  processors,
}: {
  readonly form: CommandForm;
  readonly entered: Readonly<Record<string, string>>;
  readonly target: string;
  readonly processors: Processors;
}): JSX.Element {
  const { t } = usePage();
  const rooms = useLive((state) => state.view.rooms);
  const given = entered.source_id?.trim() ?? '';
  const sourceId = given === '' ? undefined : Number(given);
  const affected = affectedRooms(processors, form.to === 'orchestrator' ? '*' : target, sourceId);
  const names = affected.map((id) => roomName(t, entryOf(rooms, String(id)) ?? { id }));
  if (form.name === 'rename_instance') {
    return (
      <p class="warn" role="alert">
        {t('commands.careful.rename', { from: target })}
      </p>
    );
  }
  return (
    <p class="warn" role="alert">
      {names.length === 0 ? t('commands.careful.none') : t('commands.careful', { rooms: names.join(', ') })}
    </p>
  );
}

function Outcomes({
  busy,
  outcome,
}: {
  readonly busy: boolean;
  readonly outcome: readonly SendOutcome[];
}): JSX.Element {
  const { t } = usePage();
  return (
    <div role="status" class="outcome">
      {busy ? <p>{t('commands.sending')}</p> : null}
      {outcome.map(({ ok, text, detail }) => (
        <div key={text}>
          <p class={ok ? 'good' : 'trouble'}>{text}</p>
          {detail === undefined ? null : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
            <pre class="answer" tabIndex={0}>
              {detail}
            </pre>
          )}
        </div>
      ))}
    </div>
  );
}
