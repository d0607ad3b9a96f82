const MAX_BYTES = 65_535;

/**
 * Returns what is wrong with a topic to publish to, or `undefined`. A broker ends the connection for such a topic, and a message
 * that is sent again on the next one would end that too.
 * Source: MQTT 5, 4.7.3 and 1.5.4.
 */
export function topicNameFault(topic: string): string | undefined {
  return /[+#]/.test(topic) ? 'must not contain + or #' : textFault(topic);
}

/** Returns what is wrong with a filter to subscribe to, or `undefined`. Source: MQTT 5, 4.7.1. */
export function topicFilterFault(filter: string): string | undefined {
  const levels = filter.split('/');
  const wrong = levels.some(
    (level, index) =>
      (level.includes('+') && level !== '+') || (level.includes('#') && (level !== '#' || index < levels.length - 1)),
  );
  return wrong ? 'must have + alone on a level and # alone on the last' : textFault(filter);
}

function textFault(text: string): string | undefined {
  if (text === '') {
    return 'must not be empty';
  }
  if (text.includes('\0') || /\p{Surrogate}/u.test(text)) {
    return 'must be valid text without NUL';
  }
  return Buffer.byteLength(text) > MAX_BYTES ? `must have at most ${MAX_BYTES} bytes` : undefined;
}
