import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CorruptFileError, type Logger, readJsonFile, writeFileAtomic } from '@vigilia/service';
import webPush from 'web-push';
import { z } from 'zod';

/** Key pair that a push service knows this site by (RFC 8292), base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const fileSchema = z.object({
  public_key: z.string().regex(/^[A-Za-z0-9_-]{87}$/),
  private_key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/**
 * Returns the site's keys; creates them at the first start, in a file that only its owner reads. A damaged file is set aside
 * and replaced, because the other targets must not stop for it: phones then subscribe again when their page is opened.
 *
 * @throws the system's error when the file can be neither read nor written
 */
export async function loadVapidKeys(folder: string, logger: Logger): Promise<VapidKeys> {
  const path = join(folder, 'web-push-keys.json');
  const kept = await readKeys(path);
  if (kept !== 'damaged' && kept !== undefined) return kept;
  if (kept === 'damaged') {
    await rename(path, `${path}.damaged`);
    logger.error(
      { event: 'push_keys_damaged', set_aside: `${path}.damaged` },
      'the Web Push keys are damaged and were replaced; phones subscribe again when their page is opened',
    );
  }
  const keys = webPush.generateVAPIDKeys();
  const content = { public_key: keys.publicKey, private_key: keys.privateKey };
  await writeFileAtomic(path, `${JSON.stringify(content)}\n`, 0o600);
  logger.info({ event: 'push_keys_created', public_key: keys.publicKey }, 'Web Push keys created');
  return keys;
}

async function readKeys(path: string): Promise<VapidKeys | 'damaged' | undefined> {
  let value: unknown;
  try {
    value = await readJsonFile(path);
  } catch (error) {
    if (error instanceof CorruptFileError) return 'damaged';
    throw error;
  }
  if (value === undefined) return undefined;
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) return 'damaged';
  return { publicKey: parsed.data.public_key, privateKey: parsed.data.private_key };
}
