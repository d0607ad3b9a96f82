import { createECDH, randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import { ChannelBus } from '@vigilia/service';
import { connectBus, eventually, FakeClock, silentLogger, startBroker, tempFolder } from '@vigilia/testing';
import { writeUser } from './auth/account-changes.ts';
import { Users } from './auth/users.ts';
import { PushSubscriptions } from './push-subscriptions.ts';

const topics = createTopics();

test('the phones of an account that is taken out of the users file receive no alarm after 30 seconds', async () => {
  await using folder = await tempFolder('push-accounts');
  const file = folder.file('users.json');
  for (const name of ['ana', 'eva']) {
    await writeUser(file, { name, display_name: name, role: 'nurse' }, 'a long password');
  }
  const users = new Users(file);
  await users.load();
  const broker = await startBroker();
  const connection = await connectBus(broker.url);
  const [clock, logger] = [new FakeClock(), silentLogger()];
  const bus = new ChannelBus({ bus: connection, roots: topics.roots, logger, clock });
  const push = new PushSubscriptions({ bus, clock, logger, users });
  const states: string[] = [];
  await connection.subscribe(topics.pushSubscriptionAny, ({ json }) => {
    const { state, user = '' } = json() as { state: string; user?: string };
    states.push(`${state} ${user}`);
  });
  push.start();
  const publicKey = createECDH('prime256v1').generateKeys('base64url');
  await connection.publish(
    topics.pushSettings,
    { public_key: publicKey, services: ['push.example'] },
    { retain: true },
  );
  await eventually(() => expect(push.publicKey).toBe(publicKey));
  for (const user of ['ana', 'eva', undefined]) {
    await push.register({
      user,
      rooms: undefined,
      wards: undefined,
      endpoint: `https://push.example/${user}`,
      keys: { p256dh: publicKey, auth: randomBytes(16).toString('base64url') },
    });
  }
  await clock.advance(30_000);
  // the one of the time without sign-in belongs to no account
  await eventually(() => expect(states.slice(3)).toEqual(['removed ']));
  await writeUser(folder.file('other.json'), { name: 'ana', display_name: 'ana', role: 'nurse' }, 'a long password');
  await rename(folder.file('other.json'), file);
  await clock.advance(30_000);
  await eventually(() => {
    expect(push.of('eva')).toEqual([]);
    expect(push.of('ana')).toHaveLength(1);
  });
  push.stop();
  await connection.stop();
  await broker.stop();
});
