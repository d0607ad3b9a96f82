import type { Override } from '@vigilia/protocol';
import type { ProcessorView } from './view.ts';

/**
 * A setting of a room that nobody has meant: the processor was started anew and goes by its flags, or by what it was told in
 * its first moments. What is desired, or what an incident wants, is to be told again. One that was changed in this life, be it
 * to what the flags say, is somebody's.
 */
export function isFromFlags(processor: ProcessorView, sourceId: number, field: Override['field']): boolean {
  const stream = processor.streams.get(sourceId);
  if (stream === undefined || stream.changed[field] !== undefined) return false;
  return stream.fromFlags || processor.seenFromBirth;
}
