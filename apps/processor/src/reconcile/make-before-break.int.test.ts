import { eventually, requires } from '@vigilia/testing';
import { runStorm } from '../test-support/command-storm.ts';
import { judgeStorm } from '../test-support/judge-storm.ts';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from '../test-support/processor-house.ts';

const FPS = 1;
const ROOMS = 4;

/** The soak test beside this one has the full counts and the full limits. */
requires('ffmpeg')('make before break, measured', () => {
  let site: TestSite;
  let house: ProcessorHouse;

  beforeAll(async () => {
    site = await makeSite();
    const flags = ['--streams', '0,1,2,3', '--max-fps', String(FPS)];
    house = await startHouse({ site, flags, limits: { streamMs: 1500 } });
    for (let room = 0; room < ROOMS; room++) {
      await eventually(() =>
        expect(house.detections.messages.map(({ topic }) => topic)).toContain(topics.detections(room)),
      );
    }
  });
  afterAll(async () => {
    await house.stop();
    await site.remove();
  });

  it('a storm of valid and invalid commands cannot be seen in the rooms that they do not name', async () => {
    const storm = await runStorm(house, { mediaDir: site.mediaDir, rooms: ROOMS, fps: FPS, count: 30, seed: 7 });
    const found = judgeStorm(storm, FPS);
    expect(found).toMatchObject({ doubled: 0, stale: 0, unmeasured: 0 });
    expect(found.completed).toBeGreaterThan(5);
    expect(found.refused).toBeGreaterThan(5);
    // as long as the longest change takes on this machine now: a room that had to wait for one would show more than that
    const changeMs = Math.max(...storm.commands.map(({ ack }) => Number(ack.result?.duration_ms ?? 0)));
    expect(found.untouched.ms).toBeLessThan(Math.max(2500, changeMs));
    expect(found.namedExcessMs).toBeLessThan(Math.max(1000, changeMs));
  });
});
