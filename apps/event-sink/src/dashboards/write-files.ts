import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

/** deploy/kibana of the repository. */
export const DASHBOARDS_DIR = fileURLToPath(new URL('../../../../deploy/kibana', import.meta.url));

/** Writes deploy/kibana anew (`vigilia event-sink dashboards`); a test sees to it that this was done after each change. */
export async function writeDashboards(dir: string): Promise<string[]> {
  await mkdir(join(dir, 'rules'), { recursive: true });
  const files = generatedFiles();
  for (const [name, content] of files) {
    await writeFile(join(dir, name), content);
  }
  return [...files.keys()];
}
