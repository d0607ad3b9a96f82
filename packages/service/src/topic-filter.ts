/**
 * Whether a topic matches a subscription's filter (`+` one level, `#` the rest and its parent).
 * Source: MQTT 5, section 4.7; wildcards at the start do not match topics that begin with `$`.
 */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) {
    return false;
  }
  for (const [index, part] of wanted.entries()) {
    if (part === '#') {
      return true;
    }
    if (index >= levels.length || (part !== '+' && part !== levels[index])) {
      return false;
    }
  }
  return wanted.length === levels.length;
}
