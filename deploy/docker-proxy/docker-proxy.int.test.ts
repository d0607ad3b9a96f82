import type { Readable } from 'node:stream';
import { requires } from '@vigilia/testing';
import Docker from 'dockerode';
import { containerBody } from '../../apps/orchestrator/src/runtime/container-template.ts';
import { engineState, type ProxyUnderTest, startProxy } from './testing/engine.ts';
import { bystander, createTarget, dedicated, fields, goodBody, processorImage, stranger } from './testing/fixtures.ts';
import { hostileBodies } from './testing/hostile-bodies.ts';
import { forbiddenForAll, forbiddenForSink, type HostileCall, hiddenBodies, tricks } from './testing/hostile-calls.ts';
import { exchange, rawRequest } from './testing/raw-http.ts';

requires('docker')('docker-proxy before the real engine', () => {
  let proxy: ProxyUnderTest;
  beforeAll(async () => {
    proxy = await startProxy();
    await until(async () => (await exchange(proxy.sinkPort, rawRequest({ target: '/_ping' }))).statuses.includes(200));
  });
  afterAll(() => proxy?.stop());

  /** Refused by the proxy or broken off, and nothing on the engine has changed. */
  async function expectRefused(port: number, { bytes, harmlessFirst = 0 }: HostileCall, before: string): Promise<void> {
    const { statuses, text } = await exchange(port, bytes);
    const refused = statuses.slice(harmlessFirst);
    expect({ statuses, text: text.slice(0, 300) }).toEqual(
      expect.objectContaining({
        statuses: expect.not.arrayContaining(harmlessFirst > 0 ? [201, 204] : [200, 201, 204, 101]),
      }),
    );
    expect(refused.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(await engineState()).toBe(before);
  }

  describe('while a dedicated container runs', () => {
    let state: string;
    beforeAll(async () => {
      const docker = client(proxy.orchestratorPort);
      await docker.createContainer(createOptions());
      state = await engineState();
    });
    afterAll(() => client(proxy.orchestratorPort).getContainer(dedicated).remove({ force: true }));

    test.each([...forbiddenForAll, ...tricks])('the orchestrator is refused: $what', async (hostile) => {
      await expectRefused(proxy.orchestratorPort, hostile, state);
    });

    test.each([...forbiddenForAll, ...tricks, ...forbiddenForSink])(
      'the event sink is refused: $what',
      async (hostile) => {
        await expectRefused(proxy.sinkPort, hostile, state);
      },
    );
  });

  describe('nothing is created', () => {
    let state: string;
    beforeAll(async () => {
      state = await engineState();
    });

    test.each(hostileBodies)('by a body with $what', async ({ body }) => {
      const headers = ['Content-Type: application/json'];
      const bytes = rawRequest({ method: 'POST', target: createTarget, headers, body });
      await expectRefused(proxy.orchestratorPort, { what: '', bytes }, state);
    });

    test.each(hiddenBodies)('by $what', async (hostile) => {
      await expectRefused(proxy.orchestratorPort, hostile, state);
    });
  });

  describe("the clients' own calls pass", () => {
    test('the orchestrator creates, starts, looks at, stops and removes a dedicated container', async () => {
      const docker = client(proxy.orchestratorPort);
      await docker.ping();
      expect((await docker.info()).NCPU).toBeGreaterThan(0);
      await docker.createContainer(createOptions());
      const container = docker.getContainer(dedicated);
      await container.start();
      const listed = await docker.listContainers({ all: true, filters: { label: ['io.vigilia.role=dedicated'] } });
      expect(listed.map(({ Names }) => Names)).toEqual([[`/${dedicated}`]]);
      expect((await container.inspect()).HostConfig).toMatchObject({
        Privileged: false,
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
      });
      await docker.getImage(processorImage).inspect();
      await container.logs({ stdout: true, stderr: true, tail: 20 });
      await container.stop().catch((error: { statusCode?: number }) => expect(error.statusCode).toBe(304));
      await container.remove({ force: true });
    });

    test('the orchestrator hears of what happens to dedicated containers only', async () => {
      const docker = client(proxy.orchestratorPort);
      const filters = { type: ['container'] as 'container'[], label: ['io.vigilia.role=dedicated'] };
      const events = (await docker.getEvents({ filters })) as Readable;
      const first = new Promise<string>((resolve) => events.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      await docker.createContainer(createOptions());
      expect(JSON.parse((await first).split('\n')[0] ?? '')).toMatchObject({
        Action: 'create',
        Actor: { Attributes: { name: dedicated } },
      });
      events.destroy();
      await docker.getContainer(dedicated).remove({ force: true });
    });

    test('the event sink lists what carries its label and reads the logs of that', async () => {
      const docker = client(proxy.sinkPort);
      const listed = await docker.listContainers({ all: true, filters: { label: ['io.vigilia.logs=true'] } });
      expect(listed.flatMap(({ Names }) => Names)).toContain(`/${bystander}`);
      expect(listed.flatMap(({ Names }) => Names)).not.toContain(`/${stranger}`);
      await docker.getContainer(bystander).logs({ stdout: true, stderr: true, timestamps: true, since: 0 });
    });

    test('the same good body that all hostile ones were made of is accepted', async () => {
      const headers = ['Content-Type: application/json'];
      const answer = await exchange(
        proxy.orchestratorPort,
        rawRequest({ method: 'POST', target: createTarget, headers, body: goodBody }),
      );
      expect(answer.statuses).toEqual([201]);
      await client(proxy.orchestratorPort).getContainer(dedicated).remove({ force: true });
    });
  });
});

function client(port: number): Docker {
  return new Docker({ protocol: 'http', host: '127.0.0.1', port });
}

/** As the orchestrator's runtime asks for it. */
function createOptions(): Docker.ContainerCreateOptions {
  return { _query: { name: dedicated }, _body: containerBody(fields) } as unknown as Docker.ContainerCreateOptions;
}

async function until(condition: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > end) throw new Error(`docker-proxy did not answer within ${timeoutMs} ms.`);
  }
}
