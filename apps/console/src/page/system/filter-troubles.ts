import type { ServiceTrouble } from '@vigilia/protocol';
import type { ServiceView } from '../../shared/system-view.ts';

/** A warning or an error, and the service whose log it is of. */
export interface ShownTrouble extends ServiceTrouble {
  readonly of: ServiceView;
}

/**
 * Returns the warnings and errors of services, newest first; pure.
 * @param wanted the id of a service and a level; empty for all
 */
export function troublesOf(
  services: readonly ServiceView[],
  wanted: { readonly service: string; readonly level: string },
): readonly ShownTrouble[] {
  return services
    .filter(({ id }) => wanted.service === '' || id === wanted.service)
    .flatMap((of) => (of.troubles ?? []).map((trouble) => ({ ...trouble, of })))
    .filter(({ level }) => wanted.level === '' || level === wanted.level)
    .sort((a, b) => b.at.localeCompare(a.at));
}
