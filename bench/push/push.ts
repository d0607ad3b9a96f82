import { writeFile } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import { connectBus, eventually, startMosquitto, tempFolder } from '@vigilia/testing';
import { startNotifier } from '../../apps/notifier/src/test-support/notifier-process.ts';
import { makePhone, startPushReceiver } from '../../apps/notifier/src/test-support/push-receiver.ts';
import { incident } from '../../apps/notifier/src/test-support/samples.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, quantile, round } from '../lib/numbers.ts';

const topics = createTopics();
const phoneCount = 20;
const goalMs = 1000;

/**
 * From the publication of an incident to the arrival of its push at the push service, over the second that it may take: the
 * median of the first phone, and in `more` of the last of 20 phones. Mosquitto, the notifier's own process, TLS.
 */
export const push: Bench = async ({ quick, brief, say }) => {
  const rounds = brief ? 2 : quick ? 10 : 40;
  const [broker, receiver, folder] = await Promise.all([
    startMosquitto(),
    startPushReceiver(),
    tempFolder('push-bench'),
  ]);
  const target = `phones: { type: web_push, contact: a@b.example, services: ["${receiver.host}"], timeout_s: 60 }`;
  await writeFile(folder.file('a.yaml'), `targets:\n  ${target}\nrules:\n  - { severity: critical, to: [phones] }\n`);
  const flags = ['--alerts', folder.file('a.yaml'), '--state-dir', folder.file('state'), '--mqtt-url', broker.url];
  const notifier = await startNotifier(flags, { NODE_EXTRA_CA_CERTS: receiver.caFile });
  const bus = await connectBus(broker.url);
  const arrivals = () => receiver.pushes.length;
  const until = (count: number) =>
    eventually(
      () => {
        if (arrivals() < count) throw new Error(`${arrivals()} of ${count} pushes`);
      },
      { timeoutMs: 60_000, intervalMs: 5 },
    );
  say(`${phoneCount} phones subscribe`);
  for (let index = 0; index < phoneCount; index += 1) {
    const { subscription } = makePhone(receiver, { path: `/${index}` });
    await bus.publish(topics.pushSubscription(subscription.subscription_id), subscription, { retain: true });
  }
  await until(phoneCount);
  const first: number[] = [];
  const last: number[] = [];
  for (let one = 0; one < rounds; one += 1) {
    const before = arrivals();
    const now = new Date().toISOString();
    const body = incident({ incident_id: `inc-${one}`, source_id: 100 + one, opened_at: now, updated_at: now });
    const beganMs = performance.now();
    await bus.publish(topics.incident(body.incident_id), body, { retain: true });
    await until(before + phoneCount);
    first.push((receiver.pushes[before]?.atMs ?? Number.NaN) - beganMs);
    last.push((receiver.pushes[before + phoneCount - 1]?.atMs ?? Number.NaN) - beganMs);
  }
  await bus.stop();
  await notifier.stop();
  await Promise.all([broker.stop(), receiver.stop(), folder.remove()]);
  const ratio = (values: readonly number[]) => round(median(values) / goalMs, 3);
  const more = { bench: `push, last of ${phoneCount} phones`, goal: '≤ 1', ratio: ratio(last) };
  const detail = {
    rounds,
    phones: phoneCount,
    goal_ms: goalMs,
    first_phone: summary(first),
    last_phone: summary(last),
  };
  return { bench: 'push', goal: '≤ 1', ratio: ratio(first), more: [more], detail };
};

function summary(values: readonly number[]) {
  return {
    median_ms: round(median(values), 1),
    p95_ms: round(quantile(values, 0.95), 1),
    most_ms: round(Math.max(...values), 1),
  };
}
