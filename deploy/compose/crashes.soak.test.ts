import { eventually, requires } from '@vigilia/testing';
import { onTheWayBack, onTheWayThere } from './crash-moments.ts';
import { docker, type House, startHouse } from './house.ts';
import { minute, Story } from './story.ts';

requires('docker')('crashes at every step, in containers', () => {
  let house: House;
  let story: Story;
  beforeAll(async () => {
    house = await startHouse();
    story = new Story(house);
  }, 15 * minute);
  beforeEach(async () => {
    await story.look();
    await story.allSeen(3 * minute);
  }, 4 * minute);
  afterAll(() => house?.remove(), 3 * minute);

  const allWatched = async () => {
    await story.allSeen();
    story.nobodyLeftAlone();
  };
  const moments = [
    ...onTheWayThere.map((moment, room) => ({ what: moment[0], moment, when: 'there' as const, room })),
    ...onTheWayBack.map((moment, room) => ({ what: moment[0], moment, when: 'back' as const, room })),
  ];

  test.each(moments)(
    'kill -9 of the orchestrator when $what: its next life finishes it, and no room was left alone',
    async ({ moment, when, room }) => {
      await story.survives(room, 'orchestrator', moment, when);
      await allWatched();
    },
    8 * minute,
  );

  test.each(moments)(
    'kill -9 of docker-proxy when $what: same end, and no room was left alone',
    async ({ moment, when, room }) => {
      await story.survives(room, 'docker-proxy', moment, when);
      await allWatched();
    },
    8 * minute,
  );

  test(
    'a broker that is away for a minute in mid-incident changes nothing but that nobody heard of it',
    async () => {
      await story.reportFall(2);
      const dedicated = await story.movedAway(2);
      await docker(['stop', 'vigilia-mosquitto-1']);
      await new Promise((resolve) => setTimeout(resolve, minute));
      await docker(['start', 'vigilia-mosquitto-1']);
      await story.reconnect();
      await eventually(() => expect(story.observer.incidentOf(2)?.watched_by).toBe(dedicated), { timeoutMs: minute });
      await story.observer.seenBy(dedicated, [2], minute);
      await story.tell('resolve', { source_id: 2, by: 'nurse', outcome: 'helped' });
      await story.movedBack(2);
      await story.allSeen();
    },
    10 * minute,
  );
});
