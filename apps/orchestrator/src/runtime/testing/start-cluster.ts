import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CoreV1Api, KubeConfig, KubernetesObjectApi, loadAllYaml } from '@kubernetes/client-node';
import { repoRoot, tempFolder, testTool } from '@vigilia/testing';

export const namespace = 'vigilia';
export const image = 'vigilia-processor:runtime-test';

/** A real API server, a stand-in for its kubelet, and a namespace in which only the shipped Role holds. */
export interface TestCluster {
  readonly admin: CoreV1Api;
  /** The cluster as the orchestrator's ServiceAccount reaches it: a file, its content, and the same as an object. */
  readonly kubeconfig: string;
  readonly config: KubeConfig;
  stop(): Promise<void>;
}

/** Starts the cluster; `image` stands for a program that only lives. */
export async function startCluster(): Promise<TestCluster> {
  const folder = await tempFolder('kubernetes');
  const run = testTool('kubernetes', 'run');
  const parts: ChildProcess[] = [];
  const stop = async () => {
    for (const part of parts.toReversed()) {
      if (part.exitCode === null && part.kill('SIGTERM')) {
        await once(part, 'exit');
      }
    }
    await promisify(execFile)(run, [folder.path, '--stop']);
    await folder[Symbol.asyncDispose]();
  };
  try {
    parts.push(await started(run, [folder.path]));
    const admin = new KubeConfig();
    admin.loadFromFile(folder.file('kubeconfig'));
    const core = admin.makeApiClient(CoreV1Api);
    await furnish(admin, core);
    const kubelet = ['--kubeconfig', folder.file('kubeconfig'), '--namespace', namespace];
    parts.push(
      await started(testTool('kubernetes', 'fake-kubelet'), [...kubelet, '--exec', '--image', `${image}=sleep,600`]),
    );
    const config = await asServiceAccount(admin, core);
    const kubeconfig = folder.file('kubeconfig-orchestrator');
    await writeFile(kubeconfig, config.exportConfig(), { mode: 0o600 });
    return { admin: core, kubeconfig, config, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function furnish(admin: KubeConfig, core: CoreV1Api): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  const objects = KubernetesObjectApi.makeApiClient(admin);
  for (const each of loadAllYaml(await readFile(join(repoRoot, 'deploy/kubernetes/role.yaml'), 'utf8'))) {
    const subjects = each.subjects?.map((subject: object) => ({ ...subject, namespace }));
    await objects.create({ ...each, subjects, metadata: { ...each.metadata, namespace } });
  }
  const hard = { 'requests.cpu': '2500m', 'requests.memory': '3Gi' };
  await core.createNamespacedResourceQuota({ namespace, body: { metadata: { name: 'dedicated' }, spec: { hard } } });
}

async function asServiceAccount(admin: KubeConfig, core: CoreV1Api): Promise<KubeConfig> {
  const name = 'vigilia-orchestrator';
  const body = { spec: { audiences: [], expirationSeconds: 3600 } };
  const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body });
  const config = new KubeConfig();
  const cluster = admin.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster');
  config.loadFromClusterAndUser(cluster, { name, token: status?.token ?? '' });
  config.contexts = config.contexts.map((context) => ({ ...context, namespace }));
  return config;
}

/** Starts a program that prints a line beginning with `ready`. */
async function started(program: string, words: string[]): Promise<ChildProcess> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('ready')) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`${program} ended before it was ready`);
}
