import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import { fillSpool } from './documents.mjs';
import { inFolder, openSpool, startPump } from './parts.mjs';

const NOBODY = 'http://127.0.0.1:9';
const ENTRY = fileURLToPath(new URL('../../apps/event-sink/dist/main.js', import.meta.url));

/**
 * Memory over so many events while Elasticsearch is unreachable, then how much CPU a start with that spool takes.
 * @param {{events: number, spoolMb?: number}} options `spoolMb`: the spool is filled more, to this size, before the start
 */
export async function away({ events, spoolMb: leastMb = 0 }) {
  return inFolder(async (dir) => {
    const spool = await openSpool(dir);
    const { pump, started } = startPump(spool, NOBODY, dir);
    await started;
    const samples = [];
    const step = events / 10;
    for (let from = 0; from < events; from += step) {
      await fillSpool(spool, from, from + step);
      global.gc?.();
      samples.push(Math.round(process.memoryUsage.rss() / 1024 ** 2));
    }
    for (let n = events; spool.bytes < leastMb * 1024 ** 2; n += 10_000) {
      await fillSpool(spool, n, n + 10_000);
    }
    const spoolMb = Math.round(spool.bytes / 1024 ** 2);
    const dropped = spool.dropped.normal;
    await pump.stop();
    await spool.close();
    return { memory: { events, dropped, rssMb: samples }, start: { spoolMb, ...(await startCpu(dir)) } };
  });
}

/** CPU seconds of the whole sink process from its beginning until it reports that it runs. */
async function startCpu(dir) {
  const broker = await startEmbeddedBroker();
  const args = [ENTRY, '--spool-dir', dir, '--mqtt-url', broker.url, '--elasticsearch-url', NOBODY];
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('"event":"service_started"')) break;
  }
  const wallSeconds = (performance.now() - started) / 1000;
  // proc(5): utime and stime are fields 14 and 15, in ticks of 10 ms
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / 100;
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  await broker.stop();
  return { cpuSeconds, wallSeconds: Math.round(wallSeconds * 100) / 100 };
}
