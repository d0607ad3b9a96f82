import { keepAwake } from './keep-awake.ts';

/** The screen lock of a browser: it drops every lock when the page is hidden. */
class Screen {
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly locks: (EventTarget & { released: boolean; release(): Promise<void> })[] = [];

  readonly wakeLock = {
    request: async () => {
      const release = async (): Promise<void> => {
        lock.released = true;
        lock.dispatchEvent(new Event('release'));
      };
      const lock = Object.assign(new EventTarget(), { released: false, release });
      this.locks.push(lock);
      return lock;
    },
  };

  get held(): number {
    return this.locks.filter(({ released }) => !released).length;
  }

  async show(visibilityState: 'visible' | 'hidden'): Promise<void> {
    this.document.visibilityState = visibilityState;
    if (visibilityState === 'hidden') {
      for (const lock of this.locks.filter((one) => !one.released)) {
        await lock.release();
      }
    }
    this.document.dispatchEvent(new Event('visibilitychange'));
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function withScreen(parts: object): void {
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
}

describe('the screen of a station display', () => {
  let screen: Screen;
  beforeEach(() => {
    screen = new Screen();
    withScreen({ document: screen.document, navigator: { wakeLock: screen.wakeLock } });
  });

  test('stays on, again after the page was hidden or the browser dropped the lock, until it is ended', async () => {
    const end = keepAwake();
    await settled();
    expect(screen.held).toBe(1);
    await screen.show('hidden');
    expect(screen.held).toBe(0);
    await screen.show('visible');
    expect(screen.held).toBe(1);
    await screen.locks.at(-1)?.release();
    await settled();
    expect(screen.held).toBe(1);
    end();
    await settled();
    expect(screen.held).toBe(0);
    await screen.show('visible');
    expect(screen.held).toBe(0);
  });

  test('is released also when the page ends before the browser has answered', async () => {
    keepAwake()();
    await settled();
    expect([screen.locks.length, screen.held]).toEqual([1, 0]);
  });

  test('a browser that refuses or has no such lock breaks nothing', async () => {
    withScreen({ navigator: {} });
    keepAwake()();
    withScreen({ navigator: { wakeLock: { request: () => Promise.reject(new Error('low battery')) } } });
    const end = keepAwake();
    await settled();
    end();
    expect(screen.locks).toEqual([]);
  });
});
