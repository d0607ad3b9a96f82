import { createTopics } from '@vigilia/protocol';
import { dispatch } from './dispatch.ts';
import { Store } from './store.ts';
import { observedMessage } from './testing/observed-message.ts';

const topics = createTopics();
const now = { wallMs: 0, monoMs: 0 };

function deliver(store: Store, topic: string, body: unknown, retain = false): void {
  const message = observedMessage({ topic, body, retain });
  if (message !== undefined) {
    dispatch(store, message, now);
  }
}

const status = (instance: string, boot: string, name = 'running') => ({
  instance_id: instance,
  client_id: instance,
  boot_id: boot,
  role: 'home',
  status: name,
  timestamp: '2026-01-01T00:00:00Z',
});

describe('an empty message on a status topic', () => {
  it('does not make the orchestrator forget a processor that is alive', () => {
    const store = new Store('o');
    deliver(store, topics.status('a'), status('a', 'b'));
    deliver(store, topics.status('a'), undefined);
    expect(store.facts().processors.has('a')).toBe(true);
  });

  it('removes a processor that has ended, so that no room is given to it', () => {
    const store = new Store('o');
    deliver(store, topics.status('a'), status('a', 'b'));
    deliver(store, topics.status('a'), status('a', 'b', 'offline'));
    deliver(store, topics.status('a'), undefined);
    expect(store.facts().processors.has('a')).toBe(false);
  });
});

it('a processor that was renamed is known by its new name only', () => {
  const store = new Store('o');
  deliver(store, topics.status('a'), status('a', 'b'));
  deliver(store, topics.status('c'), status('c', 'b'));
  expect([...store.facts().processors.keys()]).toEqual(['c']);
});

it('a status under another processor’s topic changes nothing', () => {
  const store = new Store('o');
  deliver(store, topics.status('a'), status('a', 'b'));
  deliver(store, topics.status('intruder'), status('a', 'b', 'offline'));
  expect(store.facts().processors.get('a')?.status).toBe('running');
});

it('a clock that differs is reported until it agrees again', () => {
  const store = new Store('o');
  deliver(store, topics.status('a'), { ...status('a', 'b'), timestamp: '1970-01-01T01:00:00Z' });
  expect(store.clockSkew.report()).toEqual({ a: 3600 });
  deliver(store, topics.status('a'), { ...status('a', 'b'), timestamp: '1970-01-01T00:00:01Z' });
  expect(store.clockSkew.report()).toEqual({});
});
