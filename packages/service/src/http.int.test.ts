import { silentLogger } from '@vigilia/testing';
import { type Check, HealthServer } from './http.ts';
import { createRegistry } from './metrics.ts';

async function withServer(
  checks: { live?: () => Check; ready?: () => Check },
  body: (url: string) => Promise<void>,
): Promise<void> {
  const server = new HealthServer({
    port: 0,
    logger: silentLogger(),
    live: checks.live ?? (() => ({ ok: true })),
    ready: checks.ready ?? (() => ({ ok: true })),
    registry: createRegistry('processor', 'processor-a'),
  });
  await server.start();
  try {
    await body(`http://127.0.0.1:${server.port}`);
  } finally {
    await Promise.all([server.stop(), server.stop()]);
  }
}

test('healthz and readyz answer 200 or 503 with the details', async () => {
  await withServer({ ready: () => ({ ok: false, mqtt: 'disconnected' }) }, async (url) => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz?verbose`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ok: false, mqtt: 'disconnected' });
  });
});

test('metrics are Prometheus text, labelled with service and instance', async () => {
  await withServer({}, async (url) => {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(
      /vigilia_process_cpu_seconds_total\{service="processor",instance_id="processor-a"\} /,
    );
  });
});

test('other paths and methods are refused, a failing check is 500 and not the end', async () => {
  const checks = {
    live: (): Check => {
      throw new Error('bug');
    },
  };
  await withServer(checks, async (url) => {
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/healthz`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/healthz`)).status).toBe(500);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

test('a port in use is a clear mistake of the user; no port means no server', async () => {
  const options = {
    logger: silentLogger(),
    live: () => ({ ok: true }),
    ready: () => ({ ok: true }),
    registry: createRegistry('a', 'b'),
  };
  const first = new HealthServer({ ...options, port: 0 });
  await first.start();
  await expect(new HealthServer({ ...options, port: first.port }).start()).rejects.toMatchObject({
    code: 'port_in_use',
  });
  await first.stop();
  const off = new HealthServer({ ...options, port: undefined });
  await off.start();
  expect(off.port).toBe(0);
  await off.stop();
});

test('a health answer shows no password of an address in its details', async () => {
  await withServer({ ready: () => ({ ok: false, error: 'mqtt://nurse:a/S3CRET@broker: refused' }) }, async (url) => {
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ok: false, error: 'mqtt://***@broker: refused' });
  });
});
