import { readFile } from 'node:fs/promises';
import { isSecretKey } from '@vigilia/service';

/** Shorter values also occur as ordinary words and numbers. */
const shortest = 4;

/**
 * Returns the secrets that settings name: values of names such as `MQTT_PASSWORD`, and the content of files such as that of
 * `MQTT_PASSWORD_FILE`. Files that cannot be read are left out.
 */
export async function knownSecrets(settings: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found = await Promise.all(
    [...settings].map(async ([name, value]) => {
      if (isSecretKey(name)) return [value];
      if (!name.endsWith('_FILE') || !isSecretKey(name.slice(0, -'_FILE'.length))) return [];
      const content = await readFile(value, 'utf8').catch(() => '');
      return [content.trim(), ...content.split('\n').map((line) => line.trim())];
    }),
  );
  const secrets = new Set(found.flat().filter((secret) => secret.length >= shortest));
  // the longest first: a secret that contains another one is hidden as a whole
  return [...secrets].sort((a, b) => b.length - a.length);
}
