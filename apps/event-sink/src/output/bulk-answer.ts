import { asInteger, asRecord, asText } from '../schema/json-fields.ts';
import type { Refusal } from './dead-letters.ts';

/** What Elasticsearch did with one document of a bulk request. */
export type ItemOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'retry'; readonly reason: Refusal }
  /** Either this document or the whole data stream is at fault: the status alone does not show which. */
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: 'dead'; readonly reason: Refusal };

/**
 * Classifies one item of a bulk answer. 2xx is stored, 409 was stored before. 429 and 5xx are temporary; 401, 403 and 404 mean that the sink
 * may not write there, that the index is blocked or that set-up has not run. Every other 4xx is ambiguous: a mapping conflict and a closed
 * index are both answered with 400. A document that Elasticsearch put into a failure store (it answers success then) is dead.
 * Source: Elasticsearch reference, "Bulk API", "Data stream failure store".
 */
function outcomeOf(item: unknown): ItemOutcome {
  const create = asRecord(asRecord(item)?.create);
  const status = asInteger(create?.status);
  if (create === undefined || status === undefined)
    return { kind: 'retry', reason: { type: 'no_answer', message: 'The answer has nothing about this document.' } };
  if (status >= 200 && status < 300) {
    const failed = create.failure_store === 'used';
    return failed
      ? {
          kind: 'dead',
          reason: { type: 'failure_store', message: 'Elasticsearch put it into its failure store.', status },
        }
      : { kind: 'stored' };
  }
  if (status === 409) return { kind: 'duplicate' };
  const reason = refusalOf(create.error, status);
  const comesBack = status === 429 || status >= 500 || status === 401 || status === 403 || status === 404;
  return { kind: comesBack ? 'retry' : 'refused', reason };
}

/** The items of an answer in the order of the request; one that is missing (half an answer) is to be sent again. */
export function outcomesOf(answer: unknown, count: number): ItemOutcome[] {
  const items = asRecord(answer)?.items;
  const list: readonly unknown[] = Array.isArray(items) ? items : [];
  return Array.from({ length: count }, (_, index) => outcomeOf(list[index]));
}

function refusalOf(error: unknown, status: number): Refusal {
  const { type, reason, caused_by: cause } = asRecord(error) ?? {};
  const deeper = asText(asRecord(cause)?.reason);
  const message = [asText(reason) ?? asText(error) ?? 'no reason given', deeper]
    .filter((part) => part !== undefined)
    .join('; ');
  return { type: asText(type) ?? `status_${status}`, message: message.slice(0, 2000), status };
}
