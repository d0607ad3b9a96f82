import type { Clock, Logger } from '@vigilia/service';
import type { Language, TargetSettings } from './config/alerts-schema.ts';
import type { AlertsConfig, TargetSecrets } from './config/load-alerts.ts';
import { createWebPush, type PushDevices } from './push/web-push-target.ts';
import { createEmail } from './targets/email.ts';
import { createEspa } from './targets/espa/espa.ts';
import { createEspaX } from './targets/espa-x/espa-x.ts';
import { createNtfy } from './targets/ntfy.ts';
import type { AcceptedCall, Target } from './targets/target.ts';
import { createWebhook } from './targets/webhook.ts';
import { alertTexts } from './texts/alert-texts.ts';

export interface TargetHooks {
  readonly logger?: Logger;
  /** Phones that subscribed; undefined in a process that does not know them. */
  readonly devices?: PushDevices | undefined;
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
    const language = settings.language ?? file.language;
    return [name, buildTarget({ name, settings, secrets: secrets[name] ?? {}, language, clock, hooks })];
  };
  return new Map(Object.entries(file.targets).map(build));
}

interface TargetParts {
  readonly name: string;
  readonly settings: TargetSettings;
  readonly secrets: TargetSecrets;
  readonly language: Language;
  readonly clock: Clock;
  readonly hooks: TargetHooks;
}

function buildTarget({ name, settings, secrets, language, clock, hooks }: TargetParts): Target {
  const texts = alertTexts[language];
  switch (settings.type) {
    case 'webhook':
      return createWebhook(name, settings, secrets.secret ?? '', clock);
    case 'ntfy':
      return createNtfy(name, settings, secrets.secret, texts.onMyWay);
    case 'email':
      return createEmail(name, settings, secrets, texts);
    case 'web_push':
      return createWebPush(name, settings, { devices: hooks.devices, language });
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
