import { maxTroubles } from '@vigilia/protocol';
import { createLogger } from './logger.ts';
import { RecentTroubles } from './recent-troubles.ts';

function logging() {
  const troubles = new RecentTroubles();
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const logger = createLogger({ logger: 'test', instanceId: 'a', destination, onLine: (line) => troubles.take(line) });
  return { troubles, written, logger };
}

describe('the recent troubles of a service', () => {
  test('are its warnings and errors, newest first, with how often each happened; the log itself is unchanged', () => {
    const { troubles, written, logger } = logging();
    logger.info({ event: 'fine' }, 'works');
    logger.warn({ event: 'slow' }, 'too slow');
    logger.error({ event: 'lost', err: new Error('no route') }, 'connection lost');
    logger.warn({ event: 'slow' }, 'still too slow');
    expect(troubles.list()).toMatchObject([
      { event: 'slow', level: 'warning', count: 2, message: 'still too slow' },
      { event: 'lost', level: 'error', count: 1, message: 'connection lost: no route' },
    ]);
    expect(written).toHaveLength(4);
  });

  test('hold no password of an address', () => {
    const { troubles, logger } = logging();
    logger.warn({ event: 'camera' }, 'rtsp://admin:hunter2@camera/1 does not answer');
    expect(troubles.list()).toHaveLength(1);
    expect(JSON.stringify(troubles.list())).not.toContain('hunter2');
  });

  test('are bounded: the oldest kinds make room, and a message is cut', () => {
    const { troubles, logger } = logging();
    for (let n = 0; n < maxTroubles + 5; n++) {
      logger.warn({ event: `event_${n}` }, 'x'.repeat(5000));
    }
    const list = troubles.list();
    expect(list).toHaveLength(maxTroubles);
    expect(list.at(-1)?.event).toBe('event_5');
    expect(list[0]?.message).toHaveLength(400);
  });
});
