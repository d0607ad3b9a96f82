import { requires } from '@vigilia/testing';
import { type House, startHouse } from './house.ts';
import { minute, Story } from './story.ts';

const times = Number(process.env.VIGILIA_SOAK_POWER ?? 20);

requires('docker')('the power fails again and again in the middle of incidents', () => {
  let house: House;
  let story: Story;
  const took: number[] = [];
  beforeAll(async () => {
    house = await startHouse();
    story = new Story(house);
    await story.look();
    await story.allSeen(3 * minute);
  }, 15 * minute);
  afterAll(async () => {
    process.stdout.write(
      `back with a dedicated processor after, s: ${took.map((ms) => (ms / 1000).toFixed(1)).join(' ')}\n`,
    );
    await house?.remove();
  }, 3 * minute);

  test.each(Array.from({ length: times }, (_, time) => time))(
    'time %i: the incident goes on where it was',
    async (time) => {
      const room = time % 4;
      await story.reportFall(room);
      await story.movedAway(room, 'before the power fails');
      const began = performance.now();
      await story.powerFails();
      await story.movedAway(room, 'after the power failed', 4 * minute);
      took.push(performance.now() - began);
      await story.tell('resolve', { source_id: room, by: 'nurse', outcome: 'false_alarm', confirmed: true });
      await story.movedBack(room);
    },
    10 * minute,
  );
});
