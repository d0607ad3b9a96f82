import { endRegistered } from '@vigilia/orchestrator';

/** Ends the dedicated processors that the orchestrator started and, by design, left running. */
export async function endDedicated(folder: string): Promise<void> {
  await endRegistered(folder);
}
