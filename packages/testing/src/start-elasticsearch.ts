import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isAlive, processStartTime } from '@vigilia/service';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { testTool } from './repo-root.ts';

export interface ElasticsearchOptions {
  port?: number;
  /** Keep the data of the last run. */
  keepData?: boolean;
  /** By `holdElasticsearch` of the same test. */
  held?: boolean;
  timeoutMs?: number;
}

export interface Elasticsearch {
  readonly url: string;
  readonly port: number;
  /** Of the node itself. */
  readonly pid: number;
  /** kill -9 of the node. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const lock = join(tmpdir(), 'vigilia-elasticsearch.lock');

/**
 * Keeps the node's folder until it is disposed, also between the end of a node and the start of the next one: another test that
 * waits would take it, and empty it, in between.
 */
export async function holdElasticsearch(): Promise<AsyncDisposable> {
  const holding = ['--no-fork', lock, 'sh', '-c', 'echo held; exec cat'];
  const child = spawn('flock', holding, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    [Symbol.asyncDispose]: async () => {
      await endProcess(child);
    },
  };
}

/**
 * A real Elasticsearch node (needs `requires('elasticsearch')`); one at a time on a machine (a second start waits), because its
 * folder (`VIGILIA_ELASTICSEARCH_DIR`, else the starter's own) is one. The first start downloads about 150 MB.
 */
export async function startElasticsearch(options: ElasticsearchOptions = {}): Promise<Elasticsearch> {
  const { keepData = false, held = false, timeoutMs = 500_000 } = options;
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { child, output } = launch({ port, keepData, held });
  const killGroup = (): void => signalGroup(child, 'SIGKILL');
  // a process group of its own survives the end of the tests
  process.once('exit', killGroup);
  const pid = await eventually(() => nodePid(url), { timeoutMs, intervalMs: 200, message: 'Elasticsearch' }).catch(
    (error) => {
      killGroup();
      throw new Error(output(), { cause: error });
    },
  );
  const startTime = processStartTime(pid);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    signalGroup(child, signal);
    await eventually(() => assertGone(pid, startTime), { timeoutMs: 60_000 });
    process.off('exit', killGroup);
  };
  return { url, port, pid, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

type Launch = Required<Pick<ElasticsearchOptions, 'port' | 'keepData' | 'held'>>;

function launch({ port, keepData, held }: Launch): { child: ChildProcess; output: () => string } {
  const dir = process.env.VIGILIA_ELASTICSEARCH_DIR;
  const env = {
    ...process.env,
    PORT: String(port),
    KEEP: keepData ? '1' : '0',
    DIR: dir ?? process.env.DIR,
  };
  // the lock is inherited by the node itself, so it lasts until that has ended
  const run = testTool('elasticsearch', 'run');
  const [program, args] = held ? [run, []] : ['flock', ['--no-fork', lock, run]];
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const read = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return { child, output: () => output };
}

/** The node's own word: the starter waits for "green" and gives up where an index with replicas was kept. */
async function nodePid(url: string): Promise<number> {
  const health = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`);
  const view = (await (await fetch(`${url}/_nodes/_local/process`)).json()) as NodesView;
  const id = Object.values(view.nodes)[0]?.process.id;
  if (!health.ok || id === undefined) {
    throw new Error(`not ready yet: HTTP ${health.status}`);
  }
  return id;
}

interface NodesView {
  nodes: Record<string, { process: { id: number } }>;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? Number.NaN), signal);
  } catch {
    // it has ended already
  }
}

function assertGone(pid: number, startTime: number | undefined): void {
  if (isAlive(pid, startTime)) {
    throw new Error(`process ${pid} is still there`);
  }
}
