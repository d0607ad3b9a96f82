import type { ServiceView } from '../../shared/system-view.ts';
import type { SystemText } from './system-texts.ts';

/** Returns what a service is called: processors by their id, what a site has once by what it is. */
export function serviceName(s: SystemText, { kind, id }: Pick<ServiceView, 'kind' | 'id'>): string {
  if (kind === 'home' || kind === 'dedicated') return id;
  return kind === id || kind === 'notifier' || kind === 'orchestrator' ? s(kind) : `${s(kind)} ${id}`;
}

const folders = ['state', 'spool', 'files'] as const;

/** Returns what a folder of a service is for; its own name where a newer service reports another one. */
export function folderName(s: SystemText, name: string): string {
  const known = folders.find((one) => one === name);
  return known === undefined ? name : s(`folder.${known}`);
}
