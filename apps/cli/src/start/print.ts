import type { StoryEntry } from './story.ts';

/** Prints the timeline: coloured lines for people, or one JSON object per line. */
export interface TimelinePrinter {
  entry(entry: StoryEntry): void;
  summary(longestUnwatchedMs: Record<string, number>): void;
  /** A line for people; nothing in JSON mode (it goes to stderr there). */
  note(text: string): void;
}

type Write = (line: string) => void;

const colours = { plain: '', good: '\u001b[32m', warning: '\u001b[33m', alarm: '\u001b[1;31m' } as const;

/** @param started epoch ms; each line begins with the seconds since then. */
export function textPrinter(options: { write: Write; colour: boolean; startedMs: number }): TimelinePrinter {
  const { write, colour, startedMs } = options;
  const paint = (tone: StoryEntry['tone'], text: string) =>
    colour && colours[tone] !== '' ? `${colours[tone]}${text}\u001b[0m` : text;
  const time = (at: string) => `${((Date.parse(at) - startedMs) / 1000).toFixed(1).padStart(6)} s`;
  return {
    entry: (entry) =>
      write(`${time(entry.at)}  ${entry.step === undefined ? '   ' : ' ● '}${paint(entry.tone, entry.text)}`),
    note: (text) => write(text),
    summary: (longest) => {
      const blind = Object.entries(longest).filter(([, ms]) => ms > 0);
      write(
        blind.length === 0
          ? 'No room was unwatched at any moment.'
          : `Unwatched: ${blind.map(([room, ms]) => `room ${room} for ${(ms / 1000).toFixed(1)} s`).join(', ')}.`,
      );
    },
  };
}

export function jsonPrinter(options: { write: Write; note: Write }): TimelinePrinter {
  return {
    entry: ({ step, at, sourceId, instanceId }) => {
      if (step === undefined) return;
      options.write(JSON.stringify({ step, at, source_id: sourceId, instance_id: instanceId }));
    },
    note: (text) => options.note(text),
    summary: (longest) => options.write(JSON.stringify({ step: 'summary', longest_unwatched_ms: longest })),
  };
}
