import { FakeClock } from '@vigilia/testing';
import { ANSWER_TIMEOUT_MS, PendingAnswers } from './pending-answers.ts';

function setup() {
  const clock = new FakeClock();
  let overdue = 0;
  const answers = new PendingAnswers({
    clock,
    onOverdue: () => {
      overdue += 1;
    },
  });
  return { clock, answers, overdue: () => overdue };
}

test('a packet is overdue after its own time, however many others are answered meanwhile', async () => {
  const { clock, answers, overdue } = setup();
  void answers.wait(1);
  for (let id = 2; id < 2 + ANSWER_TIMEOUT_MS / 1000; id += 1) {
    const answer = answers.wait(id);
    answers.answered(id, [0]);
    expect(await answer).toEqual([0]);
    expect(overdue()).toBe(0);
    await clock.advance(1000);
  }
  expect(overdue()).toBe(1);
});

test('answered packets never end a connection, and a later one has its full time', async () => {
  const { clock, answers, overdue } = setup();
  void answers.wait(1);
  await clock.advance(ANSWER_TIMEOUT_MS - 1000);
  answers.answered(1, []);
  void answers.wait(2);
  await clock.advance(ANSWER_TIMEOUT_MS - 1);
  expect(overdue()).toBe(0);
  await clock.advance(1);
  expect(overdue()).toBe(1);
});

test('time during which reading is stopped does not count: the answer may be behind unread messages', async () => {
  const { clock, answers, overdue } = setup();
  void answers.wait(1);
  await clock.advance(ANSWER_TIMEOUT_MS - 1);
  answers.readingStopped();
  await clock.advance(10 * ANSWER_TIMEOUT_MS);
  answers.readingResumed();
  await clock.advance(ANSWER_TIMEOUT_MS - 1);
  expect(overdue()).toBe(0);
  await clock.advance(1);
  expect(overdue()).toBe(1);
});

test('a connection that ended leaves no timer behind', async () => {
  const { clock, answers, overdue } = setup();
  void answers.wait(1);
  answers.close();
  expect(clock.pending).toBe(0);
  void answers.wait(2);
  await clock.advance(2 * ANSWER_TIMEOUT_MS);
  expect(overdue()).toBe(0);
});
