import { FakeClock } from '@vigilia/testing';
import { Teardown, TeardownError } from './teardown.ts';

function teardown() {
  const clock = new FakeClock();
  const run: string[] = [];
  const steps = new Teardown({ clock, limitMs: 10_000 });
  const add = (step: string, work: () => unknown = () => undefined): void =>
    steps.add(step, () => {
      run.push(step);
      return work();
    });
  return { clock, run, steps, add };
}

const failed = (work: Promise<void>): Promise<TeardownError> =>
  work.then(
    () => Promise.reject(new Error('the teardown did not fail')),
    (error: TeardownError) => error,
  );

test('what was started last is stopped first, and each step waits for the one before it', async () => {
  const { clock, run, steps, add } = teardown();
  add('health');
  add('broker');
  add('cameras', async () => {
    await clock.sleep(1000);
    run.push('cameras ended');
  });
  const stopped = steps.run();
  await clock.advance(999);
  expect(run).toEqual(['cameras']);
  await clock.advance(1);
  await stopped;
  expect(run).toEqual(['cameras', 'cameras ended', 'broker', 'health']);
});

test('steps that fail keep none of the others from running, and are reported together, one per line', async () => {
  const { run, steps, add } = teardown();
  add('health');
  add('broker', () => Promise.reject(new Error('no answer')));
  add('cameras');
  add('timers', () => {
    throw new Error('broken');
  });
  const error = await failed(steps.run());
  expect(run).toEqual(['timers', 'cameras', 'broker', 'health']);
  expect(error).toBeInstanceOf(TeardownError);
  expect(error.message).toBe('Not everything stopped in order:\n- timers: broken\n- broker: no answer');
  expect(error.errors.map(String)).toEqual(['Error: broken', 'Error: no answer']);
});

test('steps that hang end within the limit of the whole, and the steps after them still run', async () => {
  const { clock, run, steps, add } = teardown();
  add('health');
  add('broker', () => new Promise(() => {}));
  add('cameras', () => new Promise(() => {}));
  const stopped = failed(steps.run());
  await clock.advance(5000);
  expect(run).toEqual(['cameras', 'broker']);
  await clock.advance(2500);
  expect(run).toEqual(['cameras', 'broker', 'health']);
  expect((await stopped).message).toBe(
    'Not everything stopped in order:\n- cameras: It took longer than 5000 ms.\n- broker: It took longer than 2500 ms.',
  );
});

test('a second call waits for the first one and repeats no step', async () => {
  const { run, steps, add } = teardown();
  add('broker');
  await Promise.all([steps.run(), steps.run()]);
  await steps.run();
  expect(run).toEqual(['broker']);
});

test('what a start that is still running adds meanwhile is undone too', async () => {
  const { run, steps, add } = teardown();
  add('broker');
  add('start', () => add('cameras'));
  await steps.run();
  expect(run).toEqual(['start', 'cameras', 'broker']);
});
