import { requires, testData } from '@vigilia/testing';
import { readClips } from './clip-list.ts';
import { crossDataSetFolds, leaveOneSubjectOutFolds, otherFolds, renderedFolds } from './splits.ts';
import { subjectOf } from './subjects.ts';

requires('data')('the splits of the evaluation', () => {
  const clips = () =>
    ['clips.json', 'clips-hard.json'].flatMap((list) => readClips(testData('labels', list), testData()));

  test.each([
    ['across data sets', crossDataSetFolds],
    ['leave one subject out', leaveOneSubjectOutFolds],
    ['rendered', renderedFolds],
    ['other', otherFolds],
  ])('%s: no clip is judged with numbers that it helped to fit', (_, folds) => {
    for (const { fittedOn, judgedOn, title } of folds(clips())) {
      const fitted = new Set(fittedOn?.map(({ name }) => name));
      expect([title, judgedOn.filter(({ name }) => fitted.has(name))]).toEqual([title, []]);
      expect(judgedOn.length).toBeGreaterThan(0);
    }
  });

  test.each([
    ['across data sets', crossDataSetFolds],
    ['leave one subject out', leaveOneSubjectOutFolds],
  ])('%s: every real clip is judged exactly once', (_, folds) => {
    const judged = folds(clips()).flatMap(({ judgedOn }) => judgedOn.map(({ name }) => name));
    const real = clips().filter(({ set }) => set === 'urfd' || set === 'gmdcsa24');
    expect(judged.sort()).toEqual(real.map(({ name }) => name).sort());
  });

  test('no person who is judged was seen when the numbers were fitted', () => {
    const folds = leaveOneSubjectOutFolds(clips());
    expect(folds).toHaveLength(5);
    for (const { fittedOn, judgedOn } of folds) {
      const seen = new Set(fittedOn?.flatMap((clip) => subjectOf(clip) ?? []));
      expect(judgedOn.filter((clip) => seen.has(subjectOf(clip) ?? ''))).toEqual([]);
    }
  });

  test('the hard rooms never fit anything', () => {
    const all = [crossDataSetFolds, leaveOneSubjectOutFolds, renderedFolds, otherFolds].flatMap((folds) =>
      folds(clips()),
    );
    const fitted = all.flatMap(({ fittedOn }) => fittedOn ?? []);
    expect(fitted.filter(({ set }) => set === 'rendered-hard' || set === 'other')).toEqual([]);
  });
});
