import { requires } from '@vigilia/testing';
import { fuzzSite } from './fuzz-site.ts';

requires('mosquitto', 'ffmpeg')('a site that receives malformed messages on every topic', () => {
  test('keeps monitoring its rooms, answers commands and opens an incident for a fall after 10,000 messages', async () => {
    const { messages } = await fuzzSite(10_000, 1);
    expect(messages).toBe(10_000);
  });
});
