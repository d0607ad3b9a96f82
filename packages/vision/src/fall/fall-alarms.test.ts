import { hold, run, type Script } from './fall-script.fixture.ts';

describe('when it alarms', () => {
  const alarm = (script: Script, o?: Parameters<typeof run>[1]) =>
    run(script, o).told.find((one) => one.startsWith('detected'));

  test('20 s after an abrupt change', () => expect(alarm(hold(0, 30, 'low'))).toBe('detected:abrupt@20'));
  test('between frames, when its time comes', () =>
    expect(alarm([...hold(0, 15, 'low'), [20, 'time']])).toBe('detected:abrupt@20'));
  test('60 s after lying down slowly', () =>
    expect(alarm(hold(0, 100, 'low'), { abrupt: false })).toBe('detected:slow@60'));
  test('180 s after sitting down on the floor, as a warning', () =>
    expect(alarm(hold(0, 200, 'sits'))).toBe('detected:sitting@180'));
  test('not for somebody who sits on the floor and is hardly ever seen there: legs of a chair', () => {
    const seen = new Set([0, 5, 100, 150, 200]);
    const script = hold(0, 200, 'sits').map(([second]) => [second, seen.has(second) ? 'sits' : 'miss'] as const);
    expect(alarm(script, { abrupt: false })).toBeUndefined();
  });
  test('after twice the time where zones were never configured, but not later than the long lie', () => {
    expect(alarm(hold(0, 200, 'low'), { zonesConfigured: false })).toBe('detected:abrupt@40');
    expect(alarm(hold(0, 200, 'low'), { zonesConfigured: false, abrupt: false })).toBe('detected:slow@120');
  });
  test('45 s after somebody LOW went out of sight', () => {
    expect(alarm([...hold(0, 8, 'low'), ...hold(9, 60, 'miss')])).toBe('detected:vanished@45');
  });
  test('never for somebody out of sight at an exit', () => {
    expect(alarm([...hold(0, 8, 'low'), ...hold(9, 200, 'miss')], { nearExit: true })).toBeUndefined();
  });
  test('after three minutes while somebody helps', () =>
    expect(alarm(hold(0, 200, 'low'), { attended: true })).toBe('detected:abrupt@180'));
  test('later by the time the posture was unsure: the timer holds, it does not go back', () => {
    expect(alarm([...hold(0, 10, 'low'), ...hold(11, 15, 'unsure'), ...hold(16, 40, 'low')])).toBe(
      'detected:abrupt@25',
    );
  });
  test('as soon as after an abrupt change for somebody who came in between two looks', () =>
    expect(alarm(hold(0, 30, 'low'), { abrupt: false, cameIn: true })).toBe('detected:abrupt@20'));

  describe('of a second person, while the room has its alarm', () => {
    const second = { abrupt: false, roomAlarmed: true };
    test('at once when the fall was seen: two people fall over each other', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, abrupt: true })).toBe('detected:abrupt@20'));
    test('after the long lie when nobody saw it happen: a long lie harms whoever lies there', () =>
      expect(alarm(hold(0, 200, 'low'), second)).toBe('detected:long_lie@120'));
    test('also where zones were never configured', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, zonesConfigured: false })).toBe('detected:long_lie@120'));
    test('never for who sits on the floor: the one who helps', () =>
      expect(alarm(hold(0, 400, 'sits'), second)).toBeUndefined());
    test('never for who is out of sight: the one who knelt there and went', () =>
      expect(alarm([...hold(0, 8, 'low'), ...hold(9, 300, 'miss')], second)).toBeUndefined());
    test('not sooner for who came in just before: the one who helps', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, cameIn: true })).toBe('detected:long_lie@120'));
  });

  test('never for what nobody saw fall and hardly looks like a person: a bag; seen to fall, it is one', () => {
    expect(alarm(hold(0, 400, 'faint'), { abrupt: false })).toBeUndefined();
    expect(alarm(hold(0, 400, 'faint'), { abrupt: false, roomAlarmed: true })).toBeUndefined();
    expect(alarm(hold(0, 400, 'faint'))).toBe('detected:abrupt@20');
  });

  describe('of somebody seen low once, surely, and then out of sight', () => {
    const lost: Script = [[0, 'sure'], ...hold(1, 60, 'miss')];
    test('after 45 s', () => expect(alarm(lost)).toBe('detected:vanished@45'));
    test.each<[string, Script, Parameters<typeof run>[1]]>([
      ['the one sight was not sure', [[0, 'low'], ...hold(1, 60, 'miss')], {}],
      ['nobody saw it happen', lost, { abrupt: false }],
      ['somebody is up since, maybe the same under a new number', lost, { othersUp: true }],
      ['a way out is near', lost, { nearExit: true }],
    ])('not when %s', (_, script, o) => expect(alarm(script, o)).toBeUndefined());
  });

  test('not while the last sight was not LOW', () =>
    expect(alarm([...hold(0, 19, 'low'), ...hold(20, 40, 'unsure')])).toBeUndefined());
});
