import { lying, news, play, type Scene, standing } from './scene.fixture.ts';

test('somebody seen in two parts is one fall', () => {
  const legs = { ...lying(), box: { x1: 330, y1: 350, x2: 450, y2: 385 } };
  const scene: Scene = (s) => (s < 30 ? [standing()] : s % 2 === 0 ? [lying(), legs] : [legs]);
  expect(news(play({ scene, seconds: 90 }).told)).toEqual(['suspected@35', 'detected@50']);
});

test('two people who fall far apart are two', () => {
  const scene: Scene = (s) => [s < 30 ? standing(130) : lying(130), s < 50 ? standing(520) : lying(520)];
  expect(news(play({ scene, seconds: 90 }).told)).toEqual([
    'suspected@35',
    'detected@50',
    'suspected@55',
    'detected@70',
  ]);
});

test('a fall over something that had looked low for a while is told as the fall it is', () => {
  const bag = { ...lying(330, 420), confidence: 0.3 };
  const scene: Scene = (s) => [bag, s < 40 ? standing(250) : lying(300)];
  expect(news(play({ scene, seconds: 59 }).told)).toEqual(['suspected@5']);
  const { told } = play({ scene, seconds: 61 });
  expect(told.find(({ effect }) => effect.kind === 'detected')?.effect).toMatchObject({ evidence: { abrupt: true } });
});
