import { type CommandEnvelope, createTopics } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { makeEvent } from '@vigilia/simulated-site';
import { eventually, tempFolder } from '@vigilia/testing';
import { startBrowser } from '../../apps/console/src/test-support/browser.ts';
import { type RoleBroker, startRoleBroker } from '../../deploy/mosquitto/testing/start-with-roles.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, quantile, round } from '../lib/numbers.ts';
import { cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import { seconds } from '../lib/wait.ts';
import { type RunningServices, startServices } from './services.ts';
import { type Home, homesOf, SimulatedHome } from './simulated-homes.ts';

const topics = createTopics();
const homeCount = 50;
/** Relief needs other rooms in the home. */
const leastRoomsPerHome = 2;
const settleSeconds = 15;

/** What a site of so many rooms costs in one round. */
interface Cost {
  readonly messagesPerSecond: number;
  /** Cores, by service. */
  readonly cores: Readonly<Record<string, number>>;
  readonly memoryMb: Readonly<Record<string, number>>;
  /** From a published fall to the first command because of it, ms. */
  readonly commandMs: readonly number[];
  /** From opening the page to all of its rooms, and from an incident to the alarm on it, ms. */
  readonly page: { readonly openMs: number; readonly alarmMs: number };
}

/**
 * Simulated homes on a real Mosquitto with its roles, and the real orchestrator, event sink, console and notifier, at 100 and at 1,000
 * rooms in turns. The figure is the CPU of all services and the broker per room at 1,000 rooms over that at 100.
 */
export const scale: Bench = async ({ quick, brief, say }) => {
  const sizes = brief ? [20, 40] : [100, 1000];
  const rounds = quick ? 1 : 5;
  const windowSeconds = brief ? 5 : 30;
  const costs = new Map<number, Cost[]>(sizes.map((rooms) => [rooms, []]));
  for (let one = 0; one < rounds; one++) {
    for (const rooms of sizes) {
      const cost = await measure(rooms, windowSeconds);
      costs.get(rooms)?.push(cost);
      say(`round ${one + 1}, ${rooms} rooms: ${JSON.stringify(summary([cost]))}`);
    }
  }
  const [few = 0, many = 0] = sizes;
  const perRoom = (rooms: number) => (costs.get(rooms) ?? []).map((cost) => total(cost.cores) / rooms);
  const [base, grown] = [perRoom(few), perRoom(many)];
  const ratios = grown.map((cores, index) => cores / (base[index] ?? Number.NaN));
  const worstMs = Math.max(...[...costs.values()].flat().flatMap(({ commandMs }) => commandMs));
  const command = { bench: 'scale, fall to command (s)', goal: '≤ 1', ratio: round(worstMs / 1000) };
  const detail = {
    ...Object.fromEntries([...costs].map(([rooms, list]) => [`rooms_${rooms}`, summary(list)])),
    rounds: ratios.map((ratio) => round(ratio)),
    homes: homeCount,
  };
  return { bench: 'scale', goal: '≤ 1.1', ratio: round(median(ratios)), more: [command], detail };
};

async function measure(rooms: number, windowSeconds: number): Promise<Cost> {
  const homes = homesOf(rooms, Math.min(homeCount, rooms / leastRoomsPerHome));
  const broker = await startRoleBroker();
  const folder = await tempFolder('scale');
  const observer = await broker.connectUnbound();
  let simulated: SimulatedHome[] = [];
  let services: RunningServices | undefined;
  try {
    simulated = await Promise.all(homes.map((home) => SimulatedHome.start(broker.unboundUrl, home)));
    services = await startServices(broker, folder, homes);
    await acting(observer);
    await seconds(settleSeconds);
    const rest = await atRest(broker, services, observer, windowSeconds);
    const commandMs = await commandTimes(observer, homes);
    return { ...rest, commandMs, page: await pageTimes(services.pageUrl, observer, rooms) };
  } finally {
    await services?.stop();
    await Promise.all(simulated.map((home) => home.stop()));
    await observer.stop();
    await broker.stop();
    await folder.remove();
  }
}

async function acting(observer: Bus): Promise<void> {
  let status: unknown;
  await observer.subscribe(topics.orchestratorStatus, (message) => {
    status = (message.json() as { status?: unknown }).status;
  });
  await eventually(() => ensure(status === 'acting'), { timeoutMs: 120_000, intervalMs: 100 });
}

async function atRest(broker: RoleBroker, { pids }: RunningServices, observer: Bus, windowSeconds: number) {
  let messages = 0;
  await observer.subscribe(`${topics.prefix}/#`, () => {
    messages += 1;
  });
  await seconds(1); // what is retained has come
  const all = { ...pids, broker: broker.pid };
  const before = mapped(all, cpuSeconds);
  messages = 0;
  await seconds(windowSeconds);
  const cores = mapped(all, (pid, name) => (cpuSeconds(pid) - (before[name] ?? 0)) / windowSeconds);
  return {
    messagesPerSecond: messages / windowSeconds,
    cores,
    memoryMb: mapped(all, (pid) => memoryMb(pid).proportional),
  };
}

/** Falls in five homes, one after another: the first command to each home slows its other rooms down. */
async function commandTimes(observer: Bus, homes: readonly Home[]): Promise<number[]> {
  const times: number[] = [];
  const heard = new Map<string, number>();
  await observer.subscribe(topics.commands, (message) => {
    const { target_instances: targets = [] } = message.json() as CommandEnvelope;
    for (const target of targets) {
      heard.set(target, heard.get(target) ?? performance.now());
    }
  });
  for (const { instanceId, rooms } of homes.slice(0, 5)) {
    heard.delete(instanceId);
    const began = performance.now();
    await fall(observer, rooms[0]);
    await eventually(() => ensure(heard.has(instanceId)), { timeoutMs: 60_000, intervalMs: 5 });
    times.push((heard.get(instanceId) ?? Number.NaN) - began);
    await seconds(1); // the policy opens one incident per second
  }
  return times;
}

async function fall(observer: Bus, room = 0): Promise<void> {
  const sender = { instanceId: 'sensor', bootId: 'sensor', at: new Date().toISOString() };
  await observer.publish(topics.event('fall_detected'), makeEvent(sender, 'fall_detected', room), { qos: 1 });
}

/** With falls open: from opening the page to all of its rooms, and from one more fall to its alarm there. */
async function pageTimes(url: string, observer: Bus, rooms: number): Promise<Cost['page']> {
  const browser = await startBrowser();
  try {
    const began = performance.now();
    const page = await browser.open(url);
    const isComplete = async () => ensure((await page.locator('[data-room]').count()) >= rooms);
    await eventually(isComplete, { timeoutMs: 120_000, intervalMs: 50 });
    const openMs = performance.now() - began;
    const room = rooms - 1;
    const fellMs = performance.now();
    await fall(observer, room);
    await page.waitForSelector(`[data-room="${room}"][data-condition="fall"]`, { timeout: 60_000 });
    return { openMs, alarmMs: performance.now() - fellMs };
  } finally {
    await browser.stop();
  }
}

function summary(costs: readonly Cost[]) {
  const [first] = costs;
  const middle = (of: (cost: Cost) => number, digits: number) => round(median(costs.map(of)), digits);
  const byService = (of: (cost: Cost) => Readonly<Record<string, number>>, digits: number) =>
    Object.fromEntries(
      Object.keys(first === undefined ? {} : of(first)).map((name) => [
        name,
        middle((cost) => of(cost)[name] ?? Number.NaN, digits),
      ]),
    );
  return {
    messages_per_second: middle(({ messagesPerSecond }) => messagesPerSecond, 0),
    cores: byService(({ cores }) => cores, 3),
    memory_mb: byService((cost) => cost.memoryMb, 0),
    fall_to_command_ms: {
      median: middle(({ commandMs }) => median(commandMs), 0),
      worst: middle(({ commandMs }) => quantile(commandMs, 1), 0),
    },
    page_open_ms: middle(({ page }) => page.openMs, 0),
    page_alarm_ms: middle(({ page }) => page.alarmMs, 0),
  };
}

function mapped(pids: Readonly<Record<string, number>>, of: (pid: number, name: string) => number) {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, of(pid, name)]));
}

const total = (cores: Readonly<Record<string, number>>): number =>
  Object.values(cores).reduce((sum, one) => sum + one, 0);

function ensure(holds: boolean): void {
  if (!holds) throw new Error('not yet');
}
