import type { Json } from '../schema/json-fields.ts';
import type { DocumentContext } from './ecs.ts';
import { messageDocumentId } from './ids.ts';
import type { SinkTopic } from './sink-topic.ts';

/** A message whose payload is a JSON object, on its way to a document. */
export interface MessageInput<K extends SinkTopic['kind'] = SinkTopic['kind']> {
  readonly topic: string;
  readonly parsed: SinkTopic & { readonly kind: K };
  readonly retained: boolean;
  readonly text: string;
  readonly payload: Json;
  readonly context: DocumentContext;
}

/** The id of a message without one of its own (see `messageDocumentId`). */
export function idOfMessage(input: Omit<MessageInput, 'parsed'>, hasTime: boolean): string {
  const minute = Math.floor(input.context.receivedAtMs / 60_000);
  return messageDocumentId(input.topic, input.text, hasTime || input.retained ? undefined : minute);
}
