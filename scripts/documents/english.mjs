/**
 * Words that make our English a dialect, with what to write. The reasons and more examples are in docs/writing.md.
 * @type {readonly { pattern: RegExp, instead: string }[]}
 */
const ENGLISH = [
  {
    pattern: /\b(whoever|(?<!reaches )nobody(?! is on the way)|somebody|everybody)\b/i,
    instead: 'name the component or the role: the processor, the operator, subscribers',
  },
  { pattern: /\b(tells?|told|telling)\b/i, instead: 'report, publish, notify, log, show, return, distinguish' },
  { pattern: /\b(says?|said|saying)\b/i, instead: 'report, show, state, mean' },
  { pattern: /\b(the|a|whole|each|every|one|our|same|demo) houses?\b/i, instead: 'site' },
  {
    pattern: /\b(minds?|thoughts?|ledgers?|narrators?|fates?|bury|buried|desks?)\b/i,
    instead: 'a literal name: state, registry, queue, timeline, outcome, clean up',
  },
  {
    pattern:
      /\b(one|\d|frames?|messages?|lines?|times|milliseconds|pictures?|files?|steps?|lane|JSON object) an? (room|second|minute|hour|frame|incident|processor|priority|line|app|residence|model|step|case|target)\b/i,
    instead: 'per room, per second, per incident',
  },
  {
    pattern: /\b(?<!there )(is|are) no (?!longer|more|less|matter|worse|better|fewer|later|earlier|need|one\b)\w+/i,
    instead: '"is not a …"',
  },
  { pattern: /\b(is|are) none of\b/i, instead: '"is not a …"' },
  { pattern: /\bis (on the floor|blind|down|offline|away) since\b/i, instead: '"has been … since"' },
  { pattern: /\bof ours\b/i, instead: '"our …", "internal", "of Vigilia"' },
  { pattern: /\btrying on\b/i, instead: 'retrying' },
  { pattern: /\b(is|are|was|were|be|been|being) (gone|away)\b/i, instead: 'offline, removed, unreachable, has ended' },
  { pattern: /\b(to pay for|nothing to be had|there is nothing to)\b/i, instead: 'the plain verb' },
  { pattern: /\b(by|of|in|to|for|on) whom\b|\bwhat it (told|tells)\b/i, instead: 'name the receiver' },
];

/** @type {readonly { pattern: RegExp, instead: string }[]} */
const SPANISH = [
  { pattern: /\bincidentes?\b/i, instead: 'incidencia' },
  { pattern: /\bsucesos?\b/i, instead: 'evento' },
  { pattern: /\by todo que\b/i, instead: 'y todo lo que; y todo' },
  { pattern: /\b(la casa|casa entera)\b/i, instead: 'la residencia' },
  { pattern: /\bno está en docs\b/i, instead: 'una frase completa' },
];

/** Made from other files, in which the same words are found; or words of others. */
const GENERATED = [/^docs\/(commands\.md|asyncapi\.yaml|fall-evaluation\.md)$/, /^bench\/results\//, /^CHANGELOG\.md$/];
/** The rules themselves quote the words. */
const RULES = [/^docs\/writing\.md$/, /^scripts\/documents\/english/];
const SPANISH_FILES = [/(^|[./-])es\.(md|ts|tsx)$/];

/**
 * Returns the patterns that apply to a file; none for files that are generated.
 * @param {string} file relative to the repository
 */
export function patternsOf(file) {
  if ([...GENERATED, ...RULES].some((pattern) => pattern.test(file))) return [];
  return SPANISH_FILES.some((pattern) => pattern.test(file)) ? SPANISH : ENGLISH;
}
