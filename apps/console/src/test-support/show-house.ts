import { connectBus, silentLogger, startBroker } from '@vigilia/testing';
import { startBrowser, type TestBrowser } from './browser.ts';
import { FakeHouse } from './fake-house.ts';
import type { FakeRoom } from './fake-messages.ts';
import { buildPage, type RunningConsole, startConsole } from './start-console.ts';

/** An imagined house on a broker, the console that shows it, and a browser to look with. */
export interface ShownHouse {
  /** Where the page is. */
  readonly url: string;
  readonly brokerUrl: string;
  readonly browser: TestBrowser;
  readonly house: FakeHouse;
  stop(): Promise<void>;
}

interface Started {
  broker?: Awaited<ReturnType<typeof startBroker>>;
  page?: Awaited<ReturnType<typeof buildPage>>;
  browser?: TestBrowser;
  running?: RunningConsole;
  bus?: Awaited<ReturnType<typeof connectBus>>;
  house?: FakeHouse;
}

/** What was started before a failure is ended. @param args flags of the console; without any no sign-in is needed */
export async function showHouse(
  rooms: ReadonlyMap<number, FakeRoom>,
  args: readonly string[] = ['--no-auth'],
  env: NodeJS.ProcessEnv = {},
): Promise<ShownHouse> {
  const started: Started = {};
  const stop = async (): Promise<void> => {
    started.house?.stop();
    await started.browser?.stop();
    await started.running?.stop();
    await started.bus?.stop();
    await started.broker?.stop();
    await started.page?.remove();
  };
  try {
    const [broker, page, browser] = await Promise.all([
      startBroker().then((one) => (started.broker = one)),
      buildPage().then((one) => (started.page = one)),
      startBrowser().then((one) => (started.browser = one)),
    ]);
    const running = await startConsole([...args, '--mqtt-url', broker.url], page.dir, silentLogger(), env);
    started.running = running;
    started.bus = await connectBus(broker.url);
    const house = new FakeHouse(started.bus, rooms);
    started.house = house;
    await house.start();
    return { url: running.url, brokerUrl: broker.url, browser, house, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
