/** Texts of about `length` characters that made patterns backtrack, or that keep a scanner busy at every character. */
export function worstInputs(length: number): Readonly<Record<string, string>> {
  const repeat = (part: string): string => part.repeat(Math.ceil(length / part.length)).slice(0, length);
  return {
    'query of hyphens': `x://?${repeat('a-')}`,
    schemes: repeat('://'),
    addresses: repeat('x://a: '),
    'known addresses': repeat('rtsp://a b '),
    'broken addresses': repeat('rtsp://a:b '),
    'lines with credentials': repeat('rtsp://u:p@h/1\n'),
    'redacted addresses': repeat('rtsp://***@h '),
    files: repeat('file:///a@b '),
    'at signs': `x://${repeat('@')}`,
    'names and colons': repeat('a:'),
    'schemes without slashes': `${repeat('rtsp:')}@`,
    'names and equals signs': repeat('abc='),
    secrets: repeat('pw= '),
    'nested quotes': repeat('"x://\\"y://\\\\\\"'),
    backslashes: repeat('/\\\\\\'),
    slashes: repeat(' //a'),
    parameters: `rtsp://h/?${repeat('a=b&')}`,
    segments: `rtsp://h${repeat('/a')}`,
    placeholders: `x://${repeat('{a}')}`,
    brackets: repeat('['),
    'nested lists': `${'['.repeat(length / 2)}${']'.repeat(length / 2)}`,
    'JSON of addresses': `[${repeat('{"uri":"rtsp://u:p@h/1"},')}0]`,
    'ordinary log': repeat(
      '{"level":"INFO","event":"stream_added","uri":"rtsp://cam-1:554/live","message":"stream added"}\n',
    ),
  };
}
