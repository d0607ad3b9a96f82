import { isAlive, systemClock } from '@vigilia/service';
import { endByPid } from './end-by-pid.ts';
import { ProcessRegistry } from './process-registry.ts';

/**
 * Ends every dedicated process that an orchestrator with this `--data-dir` has started and left running, when the whole
 * site is shut down.
 */
export async function endRegistered(dataDir: string, graceMs = 8000): Promise<void> {
  const registry = new ProcessRegistry(`${dataDir}/dedicated`);
  const ends = (await registry.all()).map(async ({ instance_id, pid, start_time: startTime }) => {
    if (pid !== undefined && isAlive(pid, startTime)) {
      await endByPid({ pid, startTime, graceMs, clock: systemClock });
    }
    await registry.remove(instance_id);
  });
  await Promise.all(ends);
}
