import { request } from 'node:https';
import { systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger } from '@vigilia/testing';
import type { DedicatedSpec } from '../plan/action.ts';
import { KubernetesRuntime } from './kubernetes-runtime.ts';
import { podName } from './pod-template.ts';
import { image, namespace, startCluster, type TestCluster } from './testing/start-cluster.ts';

const spec: DedicatedSpec = {
  instanceId: 'runtimetest-a_1',
  incidentId: 'inc-runtimetest',
  sourceIds: [2, 3],
  modelId: 'movenet-precise',
  maxFps: 1,
  traceId: 'trace-1',
};
const name = podName('nvr', spec.instanceId);

requires('kubernetes')('dedicated processors as Pods, with the rights of the shipped Role', () => {
  let cluster: TestCluster;
  const runtimes: KubernetesRuntime[] = [];
  const runtime = (defaults = {}, kubeconfig = cluster.kubeconfig) => {
    const common = { mqttUrl: 'mqtt://mosquitto:1884', topicPrefix: 'nvr', streamServer: 'rtsp://go2rtc:8554' };
    const limits = { frozenAfterSeconds: 60, cpus: 1, memoryMb: 256 };
    const options = { kubeconfig, defaults: { image, ...common, ...limits, ...defaults } };
    const one = new KubernetesRuntime({ ...options, clock: systemClock, logger: silentLogger() });
    runtimes.push(one);
    return one;
  };
  const uid = async () => (await cluster.admin.readNamespacedPod({ name, namespace })).metadata?.uid;

  beforeAll(async () => {
    cluster = await startCluster();
  }, 150_000);
  afterEach(async () => {
    await runtime().stop(spec.instanceId);
    await Promise.all(runtimes.splice(0).map((each) => each.close()));
  });
  afterAll(async () => cluster?.stop(), 60_000);

  test('one is started, listed with what it is for, stopped, and nothing is left', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    expect(await engine.list()).toMatchObject([
      { instanceId: spec.instanceId, incidentId: spec.incidentId, sourceIds: [2, 3], state: 'running' },
    ]);
    expect(await engine.stop(spec.instanceId)).toBe(true);
    expect(await engine.list()).toEqual([]);
    expect(await engine.stop(spec.instanceId)).toBe(false);
  });

  test('the next life of the orchestrator finds it, and asking for it again starts no second one', async () => {
    await runtime().spawn(spec);
    const before = await uid();
    const next = runtime();
    expect(await next.list()).toHaveLength(1);
    await next.spawn(spec);
    expect(await uid()).toBe(before);
  });

  test('one that runs for another incident is not touched, one whose values changed is replaced', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    const before = await uid();
    await expect(engine.spawn({ ...spec, incidentId: 'inc-other' })).rejects.toMatchObject({ code: 'name_taken' });
    expect(await uid()).toBe(before);
    await engine.spawn({ ...spec, maxFps: 2 });
    expect(await uid()).not.toBe(before);
  });

  test('a standby is listed without an incident, and Pods of another site are not ours', async () => {
    await runtime().spawn({ instanceId: spec.instanceId, sourceIds: [], maxFps: 1 });
    const [listed] = await runtime().list();
    expect(listed).toMatchObject({ sourceIds: [], state: 'running' });
    expect(listed?.incidentId).toBeUndefined();
    expect(await runtime({ topicPrefix: 'other' }).list()).toEqual([]);
  });

  test('reports Pods that start and end', async () => {
    const engine = runtime();
    let heard = 0;
    engine.watch(() => {
      heard += 1;
    });
    await eventually(() => expect(heard).toBeGreaterThan(0));
    const opened = heard;
    await engine.spawn(spec);
    await eventually(() => expect(heard).toBeGreaterThan(opened));
    const running = heard;
    await cluster.admin.deleteNamespacedPod({ name, namespace });
    await eventually(() => expect(heard).toBeGreaterThan(running));
  });

  test('an image that is missing, a cluster that is unreachable, a value that is refused: each error names it', async () => {
    await expect(runtime({ image: 'vigilia-absent:1' }).spawn(spec)).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('vigilia-absent:1'),
    });
    expect(await runtime().list()).toEqual([]);
    await expect(runtime({}, '/nonexistent/kubeconfig').list()).rejects.toMatchObject({ code: 'refused' });
    await expect(runtime().spawn({ ...spec, modelId: '../../etc/passwd' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('modelId'),
    });
  });

  test('the quota of the namespace is the capacity where nodes may not be listed', async () => {
    expect(await runtime().capacity()).toEqual({ cpus: 2.5, memoryMb: 3072 });
  });

  test('the API server refuses every verb on every resource that the Role does not name', async () => {
    const granted = await walk(cluster);
    expect(granted.sort()).toEqual([
      'create pods',
      'delete pods',
      'get pods',
      'list pods',
      'list resourcequotas',
      'watch pods',
    ]);
  }, 120_000);
});

const calls: Readonly<Record<string, { method: string; named: boolean; query?: string }>> = {
  get: { method: 'GET', named: true },
  list: { method: 'GET', named: false },
  watch: { method: 'GET', named: false, query: 'watch=true&timeoutSeconds=1' },
  create: { method: 'POST', named: false },
  update: { method: 'PUT', named: true },
  patch: { method: 'PATCH', named: true },
  delete: { method: 'DELETE', named: true },
  deletecollection: { method: 'DELETE', named: false },
};
/** What every user of the API server may ask about itself; it is not stored. */
const aboutOneself = /^self/;

/** Tries each verb on each resource, with dry run; returns what was not refused, as `verb resource`. */
async function walk(cluster: TestCluster): Promise<string[]> {
  const groups = JSON.parse((await ask(cluster, 'GET', '/apis')).body).groups as {
    versions: { groupVersion: string }[];
  }[];
  const roots = ['/api/v1', ...groups.flatMap(({ versions }) => versions.map((each) => `/apis/${each.groupVersion}`))];
  const granted: string[] = [];
  for (const root of roots) {
    const { resources } = JSON.parse((await ask(cluster, 'GET', root)).body) as {
      resources: { name: string; namespaced: boolean }[];
    };
    for (const { name: resource, namespaced } of resources.filter((each) => !aboutOneself.test(each.name))) {
      for (const [verb, { method, named, query = '' }] of Object.entries(calls)) {
        const [kind, sub] = resource.split('/');
        const path = `${root}/${namespaced ? `namespaces/${namespace}/` : ''}${kind}${named || sub ? '/absent' : ''}${sub ? `/${sub}` : ''}`;
        const { status } = await ask(cluster, method, `${path}?dryRun=All&${query}`);
        // 405: the resource has no such verb
        if (status !== 403 && status !== 405) {
          granted.push(`${verb} ${resource}`);
        }
      }
    }
  }
  return granted;
}

async function ask(cluster: TestCluster, method: string, path: string): Promise<{ status: number; body: string }> {
  const { server, caData = '' } = cluster.config.getCurrentCluster() ?? { server: '' };
  const headers = {
    Authorization: `Bearer ${cluster.config.getCurrentUser()?.token}`,
    'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  };
  return await new Promise((resolve, reject) => {
    const sent = request(`${server}${path}`, { method, headers, ca: Buffer.from(caData, 'base64') }, (answer) => {
      let body = '';
      answer.on('data', (part) => {
        body += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    // without a body: Node.js frames none of a DELETE
    sent.end(method === 'GET' || method === 'DELETE' ? undefined : '{}');
  });
}
