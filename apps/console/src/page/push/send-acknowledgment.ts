/** What became of "I am on my way"; each but `confirmed` is a text of the worker. */
export type AcknowledgmentResult =
  | 'confirmed'
  | 'signed_out'
  | 'not_allowed'
  | 'refused'
  | 'unanswered'
  | 'unreachable';

export interface AcknowledgedIncident {
  readonly incident_id?: string | undefined;
  readonly source_id?: number | undefined;
}

const timeoutMs = 20_000;

/**
 * Acknowledges an incident as the person who is signed in on this device: the console writes that name, whatever is sent.
 * A fall that has no incident yet is named by its room.
 */
export async function sendAcknowledgment({
  incident_id,
  source_id,
}: AcknowledgedIncident): Promise<AcknowledgmentResult> {
  const which = incident_id === undefined ? { source_id } : { incident_id };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const session = await fetch('api/session', { credentials: 'same-origin', cache: 'no-store', signal });
    const { signedIn, csrfToken } = (await session.json()) as { signedIn?: boolean; csrfToken?: string };
    if (signedIn !== true || csrfToken === undefined) return 'signed_out';
    const answer = await fetch('api/orchestrator/acknowledge', {
      method: 'POST',
      credentials: 'same-origin',
      signal,
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
      body: JSON.stringify({ params: { ...which, via: 'push' } }),
    });
    return await outcomeOf(answer);
  } catch {
    return 'unreachable';
  }
}

async function outcomeOf(answer: Response): Promise<AcknowledgmentResult> {
  if (answer.status === 401) return 'signed_out';
  if (answer.status === 403) return 'not_allowed';
  if (answer.status >= 500) return 'unanswered';
  if (!answer.ok) return 'refused';
  const { answers = [] } = (await answer.json()) as { answers?: readonly { ok: boolean }[] };
  if (answers.length === 0) return 'unanswered';
  return answers.every(({ ok }) => ok) ? 'confirmed' : 'refused';
}
