import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';

const programs = ['processor', 'orchestrator', 'event-sink', 'console', 'notifier'].map(
  (app) => `apps/${app}/bin/${app}.js`,
);

describe('a machine that allows too few open files', () => {
  it.each([...programs, 'apps/cli/bin/vigilia.js'])(
    '%s: one sentence with number and remedy, and code 2',
    async (program) => {
      const command = `ulimit -n 64; exec "$0" "$1" --help`;
      const { code, errors } = await new Promise<{ code: unknown; errors: string }>((resolve) => {
        execFile('sh', ['-c', command, process.execPath, join(repoRoot, program)], (error, _, stderr) =>
          resolve({ code: error?.code ?? 0, errors: stderr }),
        );
      });
      expect(errors).toMatch(/^Only 64 open files are allowed, and 256 are needed\. Raise the limit: .*\n$/);
      expect(code).toBe(2);
    },
  );
});
