import { eventually, requires } from '@vigilia/testing';
import { runStorm } from '../test-support/command-storm.ts';
import { judgeStorm } from '../test-support/judge-storm.ts';
import { makeSite, startHouse, topics } from '../test-support/processor-house.ts';

const FPS = 0.5;
const ROOMS = 8;

requires('ffmpeg')('make before break, in full', () => {
  it('8 rooms at 0.5 fps and 200 random commands', async () => {
    const site = await makeSite();
    const flags = ['--streams', '0,1,2,3,4,5,6,7', '--max-fps', String(FPS)];
    const house = await startHouse({ site, flags, limits: { streamMs: 3000 } });
    try {
      for (let room = 0; room < ROOMS; room++) {
        await eventually(() =>
          expect(house.detections.messages.map(({ topic }) => topic)).toContain(topics.detections(room)),
        );
      }
      const storm = await runStorm(house, {
        mediaDir: site.mediaDir,
        rooms: ROOMS,
        fps: FPS,
        count: 200,
        seed: 20260101,
      });
      const found = judgeStorm(storm, FPS);
      process.stdout.write(`make before break: ${JSON.stringify(found)}\n`);
      expect(found).toMatchObject({ doubled: 0, stale: 0, unmeasured: 0 });
      expect(found.untouchedRatio).toBeLessThanOrEqual(1.5);
      expect(found.namedExcessMs).toBeLessThanOrEqual(200);
    } finally {
      await house.stop();
      await site.remove();
    }
  }, 1_800_000);
});
