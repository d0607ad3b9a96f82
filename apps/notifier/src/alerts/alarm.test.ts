import type { Person } from '@vigilia/protocol';
import { startMs } from '../test-support/samples.ts';
import { type Alarm, type AlarmFacts, advanceAlarm, nextNotice, reopenedAlarm } from './alarm.ts';
import { type AlarmTiming, scheduleOf } from './schedule.ts';

const timing: AlarmTiming = { repeatMs: 180_000, levelIncrease: 1, returnMs: 300_000 };
const schedule = scheduleOf([
  { offsetMs: 0, targets: ['nurse'] },
  { offsetMs: 120_000, targets: ['head', 'nurse'] },
  { offsetMs: 1_200_000, targets: ['manager'] },
]);

/** An alarm that is looked at every second. */
class Played {
  readonly heard: string[] = [];
  facts: AlarmFacts = {
    fallKey: 'fall-1',
    openedMs: startMs,
    falls: 1,
    person: 'down',
    acknowledgedAt: undefined,
    graceMs: 0,
  };
  alarm: Alarm | undefined;
  atMs = startMs;

  /** @returns what was notified meanwhile: minutes since the start, kind, level, targets */
  run(minutes: number, change: Partial<AlarmFacts> = {}): string[] {
    this.facts = { ...this.facts, ...change };
    const from = this.heard.length;
    for (const endMs = this.atMs + minutes * 60_000; this.atMs < endMs; this.atMs += 1000) {
      this.observe();
    }
    return this.heard.slice(from);
  }

  observe(): void {
    const { alarm, notices } = advanceAlarm(this.alarm, this.facts, { schedule, timing, nowMs: this.atMs });
    this.alarm = alarm;
    const minute = (this.atMs - startMs) / 60_000;
    for (const { kind, level, targets } of notices) {
      this.heard.push(`${minute} ${kind} ${level} ${targets.join('+')}`);
    }
  }

  reopen(): void {
    if (this.alarm !== undefined) {
      this.alarm = reopenedAlarm(this.alarm, this.atMs);
    }
  }

  acknowledge(): Partial<AlarmFacts> {
    return { acknowledgedAt: new Date(this.atMs).toISOString() };
  }
}

describe('an alarm that no person acknowledges', () => {
  it('escalates, is repeated meanwhile to those it has reached, and starts again with more people at once', () => {
    expect(new Played().run(35)).toEqual([
      '0 raised 0 nurse',
      '2 escalated 0 head+nurse',
      '5 repeated 0 nurse+head',
      '8 repeated 0 nurse+head',
      '11 repeated 0 nurse+head',
      '14 repeated 0 nurse+head',
      '17 repeated 0 nurse+head',
      '20 escalated 0 manager',
      '23 repeated 1 nurse+head',
      '26 repeated 1 nurse+head',
      '29 repeated 1 nurse+head',
      '32 repeated 1 nurse+head',
    ]);
  });

  it('starts again with every target at the level that has reached the end of the list', () => {
    const played = new Played();
    played.run(60);
    expect(played.heard.at(-1)).toMatch(/ repeated \d+ nurse\+head\+manager$/);
  });

  it('goes on when the person is up, because it is not known yet whether the person is hurt', () => {
    const played = new Played();
    played.run(3);
    expect(played.run(6, { person: 'up' })).toEqual(['5 repeated 0 nurse+head', '8 repeated 0 nurse+head']);
  });
});

describe('an alarm whose verdict was taken back', () => {
  it('rings again at once when no person had acknowledged it', () => {
    const played = new Played();
    played.run(3);
    played.reopen();
    expect(played.run(6)).toEqual(['3 raised 0 nurse', '5 escalated 0 head+nurse', '8 repeated 0 nurse+head']);
  });

  it('stays with the person who had acknowledged it', () => {
    const played = new Played();
    played.run(1);
    played.run(1, played.acknowledge());
    played.reopen();
    expect(played.run(3)).toEqual([]);
    expect(played.run(2)).toEqual(['6 returned 0 nurse']);
  });
});

describe('an acknowledged alarm', () => {
  it('returns when the person has not been seen up in time, and takes another acknowledgment', () => {
    const played = new Played();
    played.run(3);
    expect(played.run(5, played.acknowledge())).toEqual([]);
    expect(played.run(3)).toEqual(['8 returned 0 nurse', '10 escalated 0 head+nurse']);
    expect(played.run(5, played.acknowledge())).toEqual([]);
    expect(played.run(1)).toEqual(['16 returned 0 nurse']);
  });

  it.each<[Person, number]>([
    ['unknown', 1],
    ['up', 0],
  ])('with a person who is %s afterwards', (person, returns) => {
    const played = new Played();
    played.run(1);
    played.run(0.1, played.acknowledge());
    expect(played.run(6, { person })).toHaveLength(returns);
  });

  it('does not return at once because a person who was up is suspected to be down again', () => {
    const played = new Played();
    played.run(1);
    played.run(10, { ...played.acknowledge(), person: 'up' });
    expect(played.run(0.9, { person: 'down' })).toEqual([]);
    expect(played.run(0.5)).toEqual(['12 returned 0 nurse']);
  });

  it('of one fall does not silence the next fall, which starts from the beginning', () => {
    const played = new Played();
    played.run(4);
    played.run(1, { ...played.acknowledge(), person: 'up' });
    expect(played.run(3, { fallKey: 'fall-2', falls: 2, person: 'down', acknowledgedAt: undefined })).toEqual([
      '5 raised 0 nurse',
      '7 escalated 0 head+nurse',
    ]);
    expect(played.alarm?.fall).toBe(2);
  });
});

test('what was missed while the service was down is sent once, not as often as it was missed', () => {
  const played = new Played();
  played.run(1);
  played.atMs += 3_600_000;
  expect(played.run(0.5)).toEqual(['61 escalated 0 head+nurse', '61 escalated 0 manager']);
  played.atMs += 3_600_000;
  expect(played.run(0.5)).toHaveLength(1);
});

test('the next notice is what comes', () => {
  const played = new Played();
  played.run(1);
  const next = nextNotice(played.alarm as Alarm, { graceMs: 0, schedule, timing });
  expect(next).toEqual({ atMs: startMs + 120_000, kind: 'escalated', targets: ['head', 'nurse'] });
  played.run(0.1, { ...played.acknowledge(), person: 'up' });
  expect(nextNotice(played.alarm as Alarm, { graceMs: 0, schedule, timing })).toBeUndefined();
});

test('an alarm without targets notifies no one and does not hang', () => {
  const { notices } = advanceAlarm(undefined, new Played().facts, { schedule: [], timing, nowMs: startMs });
  expect(notices).toEqual([]);
});
