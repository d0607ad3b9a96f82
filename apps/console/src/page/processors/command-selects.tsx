import type { JSX } from 'preact';
import type { CommandForm } from '../../shared/command-result.ts';
import type { ProcessorView } from '../../shared/view.ts';
import { useProcessorText } from './processor-texts.ts';

export interface CommandSelectProps {
  readonly forms: readonly CommandForm[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** `status` is a command to processors and one to the orchestrator. */
export function formKey({ to, name }: CommandForm): string {
  return to === 'orchestrator' ? `orchestrator ${name}` : name;
}

/** Which command. */
export function CommandSelect({ forms, chosen, onChoose }: CommandSelectProps): JSX.Element {
  const p = useProcessorText();
  return (
    <label class="field narrow">
      <span>{p('commands.command')}</span>
      <select name="command" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {(['processors', 'orchestrator'] as const).map((to) => (
          <optgroup key={to} label={p(`commands.group.${to}`)}>
            {forms
              .filter((one) => one.to === to)
              .map((one) => (
                <option key={formKey(one)} value={formKey(one)}>
                  {one.name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** All homes would take the same room, or the same name. */
const forOne: ReadonlySet<string> = new Set(['add_stream', 'rename_instance']);

/** Returns whether a command makes sense for one processor only: it has no default receiver. */
export function isForOne(command: string): boolean {
  return forOne.has(command);
}

export interface TargetSelectProps {
  readonly processors: readonly ProcessorView[];
  readonly target: string;
  readonly onTarget: (target: string) => void;
  /** The command makes sense for one of them only. */
  readonly forOne: boolean;
}

/** The receivers: all, or one of those that are there. */
export function TargetSelect({ processors, target, onTarget, forOne }: TargetSelectProps): JSX.Element {
  const p = useProcessorText();
  return (
    <label class="field">
      <span>{p('commands.to')}</span>
      <select name="target" value={target} onChange={(event) => onTarget(event.currentTarget.value)}>
        {forOne ? null : <option value="*">{p('commands.to.all')}</option>}
        {processors
          .filter(({ status }) => status !== 'offline')
          .map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
      </select>
    </label>
  );
}
