/** The reports of one fall by which an incident may know it. */
type FallEventType = 'fall_suspected' | 'fall_detected';

/**
 * Returns the id that a processor gives to its report of a fall: the same whenever and from wherever it repeats it.
 * @param traceId 32 hexadecimal digits
 */
export const fallEventId = (type: FallEventType, traceId: string): string => `${type}-${traceId}`;

/** Digits alone since falls travel between processors; a random UUID before. */
const fallEventIdPattern = /^fall_(?:detected|suspected)-(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Whether an id has the form of those that processors give to their falls; sensors may repeat or count theirs. */
export const isFallEventId = (id: string): boolean => fallEventIdPattern.test(id);
