import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A log that grew beyond this is begun again when its processor starts. */
const maxBytes = 10_000_000;

/** Opens the log file of a dedicated process for its standard output. Close it once the process has it. */
export async function openLog(folder: string, instanceId: string): Promise<{ fd: number; close(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, `${instanceId}.ndjson`), 'a');
  if ((await file.stat()).size > maxBytes) {
    await file.truncate();
  }
  return { fd: file.fd, close: () => file.close() };
}
