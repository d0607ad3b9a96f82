import { redactUrl } from '@vigilia/service';
import type { Bench } from '../lib/bench-result.ts';
import { median, quantile, round } from '../lib/numbers.ts';
import { worstInputs } from './worst-inputs.ts';

const goalMs = 50;
const megabyte = 1024 * 1024;
const warmRounds = 10;
/** Twice the text may take this many times as long at best: linear, and something for what is measured badly. */
const growthGoal = '≤ 3';

/**
 * Redacting 1 MB of text: the median of the input that takes longest, over the 50 ms that it may take; and how that input grows from
 * half a megabyte on. CPU time of this process, because others may be using the machine; the time that passed is in the detail.
 */
export const redact: Bench = async ({ quick, brief, say }) => {
  const rounds = brief ? 1 : quick ? 5 : 11;
  const length = brief ? megabyte / 16 : megabyte;
  const inputs = Object.entries(worstInputs(length)).map(([input, text]) => {
    say(input);
    return { input, ...measure(text, rounds) };
  });
  const worst = inputs.reduce((a, b) => (b.median_ms > a.median_ms ? b : a));
  const half = measure(worstInputs(length / 2)[worst.input] ?? '', rounds);
  const growth = {
    bench: 'redact, 1 MB over 0.5 MB',
    goal: growthGoal,
    ratio: round(worst.least_ms / half.least_ms),
  };
  const reading_ms = round(median(Array.from({ length: rounds }, () => readingMs('a'.repeat(length)))), 1);
  const detail = { goal_ms: goalMs, characters: length, rounds, reading_ms, worst: worst.input, inputs };
  return { bench: 'redact', goal: '≤ 1', ratio: round(worst.median_ms / goalMs, 3), more: [growth], detail };
};

/** How fast this machine is now: looking at every character once. */
function readingMs(text: string): number {
  const before = process.cpuUsage();
  let spaces = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) === 0x20) {
      spaces++;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system + spaces) / 1000;
}

function measure(text: string, rounds: number) {
  // the first rounds run before the code is compiled
  for (let warm = 0; warm < warmRounds; warm++) {
    redactUrl(text);
  }
  const cpu: number[] = [];
  const passed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const before = process.cpuUsage();
    redactUrl(text);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    passed.push(performance.now() - began);
  }
  return {
    median_ms: round(median(cpu), 1),
    least_ms: round(Math.min(...cpu), 1),
    most_ms: round(Math.max(...cpu), 1),
    passed_median_ms: round(median(passed), 1),
    passed_p95_ms: round(quantile(passed, 0.95), 1),
  };
}
