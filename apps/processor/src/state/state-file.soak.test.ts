import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@vigilia/service';
import { captureLogger, eventually, spawnTypeScript, tempFolder } from '@vigilia/testing';
import { StateFile } from './state-file.ts';

const kills = Number(process.env.VIGILIA_SOAK_KILLS ?? 200);
const writer = fileURLToPath(new URL('../test-support/state-writer.ts', import.meta.url));

test(`kill -9 at any point of a write, ${kills} times: what was accepted is there, whole`, async () => {
  await using folder = await tempFolder('state-kills');
  let last = 1000;
  let [written, halves] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const { child, stdout, ended } = spawnTypeScript(writer, [folder.path, String(last + 1)]);
    await eventually(() => expect(stdout()).toContain('\n'), { timeoutMs: 60_000 });
    // spread over the few milliseconds that a write takes
    await systemClock.sleep(Math.random() * 20);
    child.kill('SIGKILL');
    await ended;
    if ((await readdir(folder.path)).some((name) => name.endsWith('.tmp'))) {
      halves++;
    }
    const accepted = Number(stdout().trim().split('\n').at(-1));
    const { logger, lines } = captureLogger();
    const file = new StateFile({ stateDir: folder.path, instanceId: 'a', clock: systemClock, logger });
    const loaded = (await file.load())?.config.rooms.at(-1)?.sourceId ?? 0;
    expect(lines).toEqual([]);
    // the one that was being written when it was killed may be there or not
    expect([accepted, accepted + 1]).toContain(loaded);
    written += accepted - last;
    last = loaded;
  }
  process.stdout.write(`${kills} kills in ${written} writes, ${halves} of them in the middle of one\n`);
  expect(await readdir(folder.path)).toEqual(['a.state.json']);
}, 3_600_000);
