import type { Clock, Logger } from '@vigilia/service';
import type { TargetSettings } from '../config/alerts-schema.ts';
import type { AlertsConfig, TargetSecrets } from '../config/load-alerts.ts';
import { type Words, words } from '../texts/words.ts';
import { createEmail } from './email.ts';
import { createEspa } from './espa/espa.ts';
import { createEspaX } from './espa-x/espa-x.ts';
import { createNtfy } from './ntfy.ts';
import type { AcceptedCall, Target } from './target.ts';
import { createWebhook } from './webhook.ts';

export interface TargetHooks {
  readonly logger?: Logger;
  /** A person accepted the call of an incident at their device. */
  readonly onAccepted?: (call: AcceptedCall) => void;
}

/** The targets of the alerts file by name. */
export function buildTargets(
  { file, secrets }: AlertsConfig,
  clock: Clock,
  hooks: TargetHooks = {},
): ReadonlyMap<string, Target> {
  const build = ([name, settings]: [string, TargetSettings]): [string, Target] => {
    const say = words[settings.language ?? file.language];
    return [name, buildTarget({ name, settings, secrets: secrets[name] ?? {}, say, clock, hooks })];
  };
  return new Map(Object.entries(file.targets).map(build));
}

interface TargetParts {
  readonly name: string;
  readonly settings: TargetSettings;
  readonly secrets: TargetSecrets;
  readonly say: Words;
  readonly clock: Clock;
  readonly hooks: TargetHooks;
}

function buildTarget({ name, settings, secrets, say, clock, hooks }: TargetParts): Target {
  switch (settings.type) {
    case 'webhook':
      return createWebhook(name, settings, secrets.secret ?? '', clock);
    case 'ntfy':
      return createNtfy(name, settings, secrets.secret, say.onMyWay);
    case 'email':
      return createEmail(name, settings, secrets, say);
    case 'espa':
      return createEspa(name, settings, clock, hooks.logger);
    case 'espa-x':
      return createEspaX(name, settings, secrets.secret ?? '', {
        clock,
        logger: hooks.logger,
        onAccepted: hooks.onAccepted,
      });
  }
}
