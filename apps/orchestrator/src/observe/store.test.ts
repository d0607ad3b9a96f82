import type { Status } from '@vigilia/protocol';
import { Store } from './store.ts';

const status: Status = {
  instance_id: 'processor-a',
  client_id: 'processor-a',
  boot_id: 'before-the-power-failed',
  role: 'home',
  status: 'running',
  timestamp: '2026-01-01T00:00:00.000Z',
};

describe('a view that becomes whole', () => {
  it('takes no processor for alive by a status that waited in the session, however long', () => {
    const store = new Store('orchestrator');
    store.connected(0);
    store.status(status, { retained: false, nowMs: 100, wallMs: 0 });
    store.whole(200);
    expect(store.processors.all.get('processor-a')).toMatchObject({ status: 'running', confirmed: false });
  });

  it('takes for alive who speaks afterwards', () => {
    const store = new Store('orchestrator');
    store.whole(200);
    store.status(status, { retained: false, nowMs: 300, wallMs: 0 });
    expect(store.processors.all.get('processor-a')?.confirmed).toBe(true);
  });
});
