import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repoRoot, requires } from '@vigilia/testing';

type Line = Readonly<Record<string, unknown>> & { readonly bench: string };

/** The lines of `bench/sink/run.mjs gate`: the benchmark itself, small enough for CI. */
async function measure(): Promise<Map<string, Line>> {
  const child = spawn(process.execPath, [join(repoRoot, 'bench/sink/run.mjs'), 'gate'], { cwd: repoRoot });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  if (!output.includes('bounds kept')) throw new Error(`the benchmark ended early: ${errors.slice(-2000)}`);
  return new Map(lines.map((line) => JSON.parse(line) as Line).map((line) => [line.bench, line]));
}

requires('elasticsearch')('what the sink promises in numbers, with room for a busy machine', () => {
  it('delivers about as fast as bare bulk requests, stays small while no output accepts anything, starts at once', async () => {
    const lines = await measure();
    expect(lines.get('drain over bare client.bulk')?.ratio).toBeGreaterThan(0.5);
    const rssMb = lines.get('memory while Elasticsearch is unreachable')?.rssMb as number[];
    expect(rssMb.length).toBe(10);
    expect(rssMb[9]).toBeLessThanOrEqual((rssMb[4] ?? 0) * 1.2 + 20);
    const start = lines.get('start with a full spool');
    expect(start?.spoolMb).toBeGreaterThan(40);
    expect(start?.cpuSeconds).toBeLessThan(4);
  });
});
