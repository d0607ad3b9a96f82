import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { instanceIdSchema } from '@vigilia/protocol';
import { CorruptFileError, readJsonFile, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';

const entrySchema = z.object({
  instance_id: instanceIdSchema,
  incident_id: z.string().optional(),
  source_ids: z.array(z.number()),
  /** Missing: the orchestrator ended between writing this and starting the process. */
  pid: z.number().optional(),
  /** Clock ticks since boot: together with the pid it names one process for ever. */
  start_time: z.number().optional(),
  written_at: z.string(),
});
export type RegistryEntry = z.infer<typeof entrySchema>;

/** The dedicated processes of this machine, one file each, so that the next life of the orchestrator finds them. */
export class ProcessRegistry {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async open(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  async write(entry: RegistryEntry): Promise<void> {
    await writeFileAtomic(this.#path(entry.instance_id), `${JSON.stringify(entry, undefined, 2)}\n`);
  }

  async remove(instanceId: string): Promise<void> {
    await rm(this.#path(instanceId), { force: true });
  }

  async read(instanceId: string): Promise<RegistryEntry | undefined> {
    try {
      const parsed = entrySchema.safeParse(await readJsonFile(this.#path(instanceId)));
      return parsed.success ? parsed.data : undefined;
    } catch (error) {
      // half a file is useless; the process itself is still found by its environment
      if (error instanceof CorruptFileError) return undefined;
      throw error;
    }
  }

  async all(): Promise<RegistryEntry[]> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    const entries = await Promise.all(
      ids.filter((id) => instanceIdSchema.safeParse(id).success).map((id) => this.read(id)),
    );
    return entries.filter((entry) => entry !== undefined);
  }

  #path(instanceId: string): string {
    return join(this.folder, `${instanceId}.json`);
  }
}
