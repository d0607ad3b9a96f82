import { requires } from '@vigilia/testing';
import { fuzzSite } from './fuzz-site.ts';

/** Fewer for a quick look. */
const count = Number(process.env.FUZZ_MESSAGES ?? 300_000);

requires('mosquitto', 'ffmpeg')('a site that receives malformed messages on every topic', () => {
  test('keeps monitoring its rooms, answers commands and opens an incident for a fall after hundreds of thousands of messages', async () => {
    const outcome = await fuzzSite(count, Date.now() % 1_000_000);
    expect(outcome.messages).toBe(count);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }, 3_600_000);
});
