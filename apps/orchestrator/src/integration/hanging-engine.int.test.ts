import { createServer, type Server, type Socket } from 'node:net';
import { eventually, requires } from '@vigilia/testing';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg');

/** Accepts connections and never answers, as an engine whose disk hangs does. */
async function silentEngine(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('an engine that hangs', () => {
  let house: TestHouse;
  let engine: Awaited<ReturnType<typeof silentEngine>>;

  beforeAll(async () => {
    engine = await silentEngine();
    const runtimeArgs = ['--runtime', 'docker', '--docker-host', `tcp://127.0.0.1:${engine.port}`];
    const timings = { spawn_attempts: 1, degraded: { max_fps: 1 } };
    house = await startHouse({ homes: { 'processor-a': [0, 2] }, runtimeArgs, policy: timings });
    await ready(house, [0, 2]);
  });

  afterAll(async () => {
    await house?.stop();
    await engine?.stop();
  });

  it('keeps no fall from being handled: the home analyses the room more often, and the incident states why', async () => {
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2 });
    await eventually(() => expect(house.incidents()).toMatchObject([{ source_id: 2, state: 'open' }]), {
      message: 'the incident',
    });
    await eventually(
      () => {
        expect(house.incidents()).toMatchObject([{ degraded: true, note: expect.stringContaining('does not answer') }]);
        expect(house.fps('processor-a')[2]).toBe(1);
      },
      { timeoutMs: 60_000, message: 'the better look at home' },
    );
  });
});
