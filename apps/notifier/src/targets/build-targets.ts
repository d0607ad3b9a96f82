import type { Clock } from '@vigilia/service';
import type { TargetSettings, WebPushTarget } from '../config/alerts-schema.ts';
import type { AlertsConfig, TargetSecrets } from '../config/load-alerts.ts';
import { createEmail } from './email.ts';
import { createNtfy } from './ntfy.ts';
import type { Target } from './target.ts';
import { createWebPush, type PushDevices } from './web-push.ts';
import { createWebhook } from './webhook.ts';

/**
 * The targets of the alerts file by name.
 * @param devices phones that subscribed; undefined in a process that does not know them
 */
export function buildTargets(
  { file, secrets }: AlertsConfig,
  clock: Clock,
  devices?: PushDevices,
): ReadonlyMap<string, Target> {
  const build = ([name, settings]: [string, TargetSettings]): [string, Target] => [
    name,
    settings.type === 'web_push'
      ? createWebPush(name, settings, { devices, language: settings.language ?? file.language })
      : buildTarget(name, settings, secrets[name] ?? {}, clock),
  ];
  return new Map(Object.entries(file.targets).map(build));
}

function buildTarget(
  name: string,
  settings: Exclude<TargetSettings, WebPushTarget>,
  secrets: TargetSecrets,
  clock: Clock,
): Target {
  switch (settings.type) {
    case 'webhook':
      return createWebhook(name, settings, secrets.secret ?? '', clock);
    case 'ntfy':
      return createNtfy(name, settings, secrets.secret);
    case 'email':
      return createEmail(name, settings, secrets);
  }
}
