import type { CommandAnswer, CommandForm } from '../../shared/command-result.ts';
import type { ProcessorView } from '../../shared/view.ts';
import { errorText } from '../live/error-text.ts';
import type { PageContext } from '../parts/context.ts';
import { type Consequence, consequenceOf } from './consequence.ts';
import { FieldError, type FormField, fieldsOf, paramsOf } from './form-values.ts';
import { type ProcessorText, processorText } from './processor-texts.ts';

/** One line of what became of a command. */
export interface SendOutcome {
  readonly ok: boolean;
  readonly text: string;
  readonly from?: string;
  /** What the command asked for. */
  readonly result?: Readonly<Record<string, unknown>> | undefined;
}

type Page = Pick<PageContext, 't' | 'api' | 'language' | 'settings'>;

export interface FilledForm {
  readonly form: CommandForm;
  readonly entered: Readonly<Record<string, string>>;
  readonly target: string;
  /** The person was asked what the command ends, and has confirmed it. */
  readonly isConfirmed?: boolean;
}

/** Not typed: the sender is known from the session or the settings, and what a command ends is asked. */
const untyped: ReadonlySet<string> = new Set(['by', 'via', 'confirmed']);

export function shownFields(form: CommandForm): FormField[] {
  return fieldsOf(form.schema).filter(({ name }) => !untyped.has(name));
}

/** Returns what a filled form would end; undefined also for one that cannot be sent. */
export function consequenceOfForm(
  { form, entered, target }: FilledForm,
  processors: readonly ProcessorView[],
): Consequence | undefined {
  try {
    const params = paramsOf(shownFields(form), entered);
    return consequenceOf({ to: form.to, name: form.name, params, target }, processors);
  } catch (error) {
    if (error instanceof FieldError) return undefined;
    throw error;
  }
}

/** Sends a filled form and returns all answers in the page's language; never rejects. */
export async function sendForm(page: Page, filled: FilledForm): Promise<readonly SendOutcome[]> {
  const { t, language } = page;
  try {
    return outcomes(processorText(language), await send(page, filled));
  } catch (error) {
    if (error instanceof FieldError)
      return [{ ok: false, text: processorText(language)('commands.bad_json', { field: error.field }) }];
    return [{ ok: false, text: t('action.failed', { message: errorText(language, error) }) }];
  }
}

function send({ api, settings }: Page, { form, entered, target, isConfirmed }: FilledForm): Promise<CommandAnswer> {
  const typed = paramsOf(shownFields(form), entered);
  const { confirmed, by } = form.schema.properties ?? {};
  const params = confirmed !== undefined && isConfirmed === true ? { ...typed, confirmed: true } : typed;
  if (form.to === 'processors') return api.toProcessors(form.name, params, [target]);
  const signed = settings.name !== '' && by !== undefined;
  return api.toOrchestrator(form.name, signed ? { ...params, by: settings.name } : params);
}

function outcomes(p: ProcessorText, { answers, complete }: CommandAnswer): SendOutcome[] {
  const told = answers.map(({ from, ok, message, code, result }) => ({
    ok,
    from,
    result,
    text: ok ? doneText(p, from, message) : p('commands.failed', { from, message: message ?? code ?? '' }),
  }));
  return complete ? told : [...told, { ok: false, text: p('commands.unanswered') }];
}

function doneText(p: ProcessorText, from: string, message: string | undefined): string {
  return message === undefined ? p('commands.done', { from }) : p('commands.answered', { from, message });
}
