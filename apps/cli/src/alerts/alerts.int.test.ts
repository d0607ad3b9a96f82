import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort, type TempFolder, tempFolder, typeScriptArgs } from '@vigilia/testing';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

describe('vigilia alerts test', () => {
  const titles: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    titles.push((JSON.parse(Buffer.concat(chunks).toString()) as { title: unknown }).title);
    response.end('{}');
  });
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder('alerts-test');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const text = `targets:
  phone: { type: ntfy, server: "http://127.0.0.1:${port}", topic: ward }
  gone: { type: ntfy, server: "http://127.0.0.1:${await freePort()}", topic: ward, token_env: TOKEN }
  web: { type: web_push, contact: care@house.example }
rules: [{ severity: critical, to: [phone, gone] }]
`;
    await writeFile(folder.file('alerts.yaml'), text);
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });
  const run = (...words: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const args = [...typeScriptArgs, main, 'alerts', 'test', '--alerts', folder.file('alerts.yaml'), ...words];
      const child = execFile(process.execPath, args, { env: { ...process.env, TOKEN: 'hush' } }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });

  test('reports for each target whether it works, with the remedy, and fails when one does not', async () => {
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok {5}phone \(ntfy, \d+ ms\)$/m);
    expect(stdout).toMatch(/^FAILED gone .*ECONNREFUSED.*\[unreachable\]\n +Check the address/m);
    expect(stdout).not.toContain('hush');
    expect(titles).toEqual([expect.stringMatching(/^TEST/)]);
  });

  test('one target alone, for machines', async () => {
    const { code, stdout } = await run('--target', 'phone', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ target: 'phone', ok: true }]);
  });

  test('phones of the page are not tested here, which is not a failure; the output shows how to test them', async () => {
    const { code, stdout } = await run('--target', 'web');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not tested web \(web_push.*\[not_testable\]\n +Turn "Alarms on this device" off and on/m);
  });

  test('a target that is not there is a mistake of the command', async () => {
    const { code, stderr } = await run('--target', 'unknown');
    expect(code).toBe(2);
    expect(stderr).toContain('There are phone, gone, web.');
  });
});
