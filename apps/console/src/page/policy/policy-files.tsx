import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PolicyView } from '../../shared/policy-view.ts';
import { usePage } from '../parts/context.ts';
import { importPolicy, type PolicyDraft, unknownPaths } from './policy-draft.ts';
import { policyText } from './policy-texts.ts';

export interface PolicyFilesProps {
  readonly view: PolicyView;
  readonly draft: PolicyDraft;
  readonly onLoad: (policy: PolicyDraft['policy'], note: string) => void;
}

/** The policy as a YAML file: what the form shows is downloaded, and a file is opened into the form. */
export function PolicyFiles({ view, draft, onLoad }: PolicyFilesProps): JSX.Element {
  const { language } = usePage();
  const [trouble, setTrouble] = useState('');
  const open = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (file === undefined) return;
    const { policyOfYaml } = await import('./policy-yaml.ts');
    const content = policyOfYaml(await file.text());
    input.value = '';
    setTrouble(content === undefined ? policyText(language, 'import_failed') : '');
    if (content === undefined) return;
    const unknown = unknownPaths(view.fields, content).filter(([top = '']) => !top.startsWith('x-'));
    const paths = unknown.map((path) => path.join('.')).join(', ');
    const note = [
      policyText(language, 'imported'),
      ...(unknown.length === 0 ? [] : [policyText(language, 'imported_unknown', { paths })]),
    ];
    onLoad(importPolicy(view.fields, view.policy, content), note.join(' '));
  };
  const save = async (): Promise<void> => {
    const { policyYaml } = await import('./policy-yaml.ts');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([policyYaml(draft.policy, draft.revision)], { type: 'application/yaml' }));
    link.download = `vigilia-policy-${draft.revision}.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <div class="actions">
      <button type="button" class="plain" onClick={save}>
        {policyText(language, 'export')}
      </button>
      <label class="button plain file-button">
        {policyText(language, 'import')}
        <input
          type="file"
          name="policy-file"
          class="visually-hidden"
          accept=".yaml,.yml,.json,application/yaml,application/json"
          onChange={(event) => void open(event.currentTarget)}
        />
      </label>
      <span role="status" class="trouble">
        {trouble}
      </span>
    </div>
  );
}
