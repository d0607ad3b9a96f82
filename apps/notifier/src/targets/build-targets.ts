import type { Clock, Logger } from '@vigilia/service';
import type { TargetSettings } from '../config/alerts-schema.ts';
import type { AlertsConfig, TargetSecrets } from '../config/load-alerts.ts';
import { createEmail } from './email.ts';
import { createEspa } from './espa/espa.ts';
import { createNtfy } from './ntfy.ts';
import type { Target } from './target.ts';
import { createWebhook } from './webhook.ts';

/** The targets of the alerts file by name. */
export function buildTargets(
  { file, secrets }: AlertsConfig,
  clock: Clock,
  logger?: Logger,
): ReadonlyMap<string, Target> {
  const build = ([name, settings]: [string, TargetSettings]): [string, Target] => [
    name,
    buildTarget(name, settings, secrets[name] ?? {}, clock, logger),
  ];
  return new Map(Object.entries(file.targets).map(build));
}

function buildTarget(
  name: string,
  settings: TargetSettings,
  secrets: TargetSecrets,
  clock: Clock,
  logger: Logger | undefined,
): Target {
  switch (settings.type) {
    case 'webhook':
      return createWebhook(name, settings, secrets.secret ?? '', clock);
    case 'ntfy':
      return createNtfy(name, settings, secrets.secret);
    case 'email':
      return createEmail(name, settings, secrets);
    case 'espa':
      return createEspa(name, settings, clock, logger);
  }
}
