import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which a dedicated process is found although its registry file was never finished. */
export const registryVariable = 'VIGILIA_REGISTRY';

/** The pid of the dedicated processor `instanceId` that was started for this registry, by its environment (proc(5)). */
export function findProcess(folder: string, instanceId: string): number | undefined {
  const wanted = [`${registryVariable}=${folder}`, `INSTANCE_ID=${instanceId}`, 'ROLE=dedicated'];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const environment = readEnvironment(name);
    // its ffmpeg and model host inherit the variables; the processor is the one whose parent has none of them
    if (!wanted.every((variable) => environment.includes(variable))) continue;
    const parent = parentOf(name);
    if (parent === undefined || !readEnvironment(parent).includes(`INSTANCE_ID=${instanceId}`)) return Number(name);
  }
  return undefined;
}

function readEnvironment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function parentOf(pid: string): string | undefined {
  try {
    return /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
