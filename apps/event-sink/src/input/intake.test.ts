import { captureLogger, FakeClock } from '@vigilia/testing';
import type { SinkDocument } from '../documents/document.ts';
import type { DeadLetter } from '../output/dead-letters.ts';
import type { Priority } from '../spool/priority.ts';
import { SpoolError } from '../spool/spool-error.ts';
import { Intake } from './intake.ts';

const document = (priority: Priority): SinkDocument => ({
  id: `id-${priority}`,
  stream: 'events',
  priority,
  body: { message: 'm' },
});

function setup(append: () => Promise<void>) {
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const abort = new AbortController();
  const refused: string[] = [];
  const letters: DeadLetter[] = [];
  const intake = new Intake({
    spool: { append },
    deadLetters: { write: async (more) => void letters.push(...more) },
    clock,
    logger,
    signal: abort.signal,
    onRefused: ({ priority }, code) => refused.push(`${priority} ${code}`),
  });
  return { intake, clock, lines, abort, refused, letters };
}
const diskFull = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));

describe('the intake', () => {
  it('holds a fall back, and with it the broker’s acknowledgement, until the disk accepts it, and logs that once', async () => {
    let isFull = true;
    const { intake, clock, lines } = setup(() => (isFull ? diskFull() : Promise.resolve()));
    let accepted = false;
    const accepting = intake.accept(document('critical')).then(() => {
      accepted = true;
    });
    await clock.advance(20_000);
    expect(accepted).toBe(false);
    expect(intake.failing).toBe('ENOSPC');
    isFull = false;
    await clock.advance(5000);
    await accepting;
    expect(intake.failing).toBeUndefined();
    expect(lines.map(({ event }) => event)).toEqual(['spool_write_failed', 'spool_write_recovered']);
  });

  it('lets detections go on a disk that takes nothing, and counts them', async () => {
    const { intake, refused } = setup(diskFull);
    await intake.accept(document('bulk'));
    expect(refused).toEqual(['bulk ENOSPC']);
  });

  it('when the sink stops, what waits was not accepted', async () => {
    const { intake, abort, clock } = setup(diskFull);
    const accepting = intake.accept(document('normal'));
    const outcome = expect(accepting).rejects.toThrow('stops');
    await clock.advance(100);
    abort.abort(new Error('the sink stops'));
    await outcome;
  });

  it('puts what is too large for the spool into the dead letters', async () => {
    const { intake, letters, refused } = setup(() => Promise.reject(new SpoolError('record_too_large', 'too large')));
    await intake.accept(document('normal'));
    expect(letters).toMatchObject([{ output: 'spool', id: 'id-normal', reason: { type: 'record_too_large' } }]);
    expect(refused).toEqual(['normal record_too_large']);
  });
});
