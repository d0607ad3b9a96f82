import { createTopics } from '@vigilia/protocol';
import { dispatch } from './dispatch.ts';
import { Store } from './store.ts';

const topics = createTopics();
const now = { wallMs: 0, monoMs: 0 };

describe('a message', () => {
  it.each([
    ['a status that is none', topics.status('a'), { status: 'fine' }],
    ['detections without a room', topics.detections(2), { instance_id: 'a' }],
    ['text that is not JSON', topics.room(2), 'not JSON'],
  ])('%s is named and harms nothing', (_, topic, body) => {
    const outcome = dispatch(new Store('o'), topics.prefix, { topic, body, retain: false, dup: false }, now);
    expect(outcome).toHaveProperty('malformed');
  });

  it('on somebody else’s topic is ignored', () => {
    expect(
      dispatch(new Store('o'), topics.prefix, { topic: 'home/light', body: {}, retain: false, dup: false }, now),
    ).toBe('ignored');
  });

  it('that clears a status forgets the processor', () => {
    const store = new Store('o');
    const body = {
      instance_id: 'a',
      client_id: 'a',
      boot_id: 'b',
      role: 'home',
      status: 'running',
      timestamp: '2026-01-01T00:00:00Z',
    };
    dispatch(store, topics.prefix, { topic: topics.status('a'), body, retain: false, dup: false }, now);
    expect(store.facts().processors.has('a')).toBe(true);
    dispatch(store, topics.prefix, { topic: topics.status('a'), body: undefined, retain: false, dup: false }, now);
    expect(store.facts().processors.has('a')).toBe(false);
  });
});
