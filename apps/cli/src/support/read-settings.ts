import { readFile } from 'node:fs/promises';
import { isSecretKey, redactUrl } from '@vigilia/service';

/** Names that Vigilia reads; the rest of the environment belongs to the person at the terminal. */
const ownNames =
  /^(MQTT|VIGILIA|CONSOLE|OIDC|ELASTICSEARCH|SPOOL|NDJSON|REPORTS?|STREAM|MODELS?|MEDIA|STATE|DATA|PROCESSOR|DEDICATED|ORCHESTRATOR|ALERTS|HOME_ASSISTANT|NOTIFIER|HEALTH|LOG|DOCKER|INSTANCE|TOPIC|FFMPEG|GO2RTC|COMPOSE|CAMERA|KEEP|PACKET|INPUT|PROVIDERS|DECODER|RUNTIME|SHIFTS|MAX_FPS|CONFIDENCE|ENABLE)(_|$)/;

/** Reads the settings of this process and of files of `NAME=value` lines. Later files win. @throws the system's error */
export async function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && ownNames.test(name)) {
      settings.set(name, value);
    }
  }
  for (const file of files) {
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined) {
        settings.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
      }
    }
  }
  return settings;
}

/** Returns the settings as they may be shown: of a secret only that it is set. */
export function shownSettings(settings: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...settings]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => [name, isSecretKey(name) ? '***' : redactUrl(value)]),
  );
}
