import { readdir, writeFile } from 'node:fs/promises';
import { captureLogger, FakeClock, tempFolder } from '@vigilia/testing';
import { deliveryId, emptyMemory, type Memory } from './memory.ts';
import { MemoryFile } from './memory-file.ts';

const memory: Memory = {
  ...emptyMemory,
  deliveries: [
    {
      id: deliveryId('k', 'escalated_120', 't'),
      caseKey: 'k',
      target: 't',
      step: 'escalated_120',
      critical: true,
      state: 'sent',
      begun: true,
      createdMs: 1,
    },
  ],
};

test('gives back what was saved', async () => {
  await using folder = await tempFolder('memory');
  const options = { dir: folder.path, clock: new FakeClock(), logger: captureLogger().logger };
  await new MemoryFile(options).save(memory);
  expect(await new MemoryFile(options).load()).toEqual(memory);
});

test.each([
  ['no JSON', '{'],
  ['another shape', '{"version": 7}'],
])('a file with %s is set aside and said', async (_, text) => {
  await using folder = await tempFolder('memory');
  const { logger, lines } = captureLogger();
  await writeFile(folder.file('alerts.json'), text);
  expect(await new MemoryFile({ dir: folder.path, clock: new FakeClock(), logger }).load()).toEqual(emptyMemory);
  expect(lines).toMatchObject([{ event: 'alert_memory_damaged' }]);
  expect(await readdir(folder.path)).toEqual([expect.stringMatching(/^alerts\.json\.damaged-/)]);
});

test('a disk that takes nothing is said once, and stops nobody', async () => {
  await using folder = await tempFolder('memory');
  await writeFile(folder.file('file'), '');
  const { logger, lines } = captureLogger();
  const file = new MemoryFile({ dir: folder.file('file'), clock: new FakeClock(), logger });
  await file.save(memory);
  await file.save({ ...memory, cases: [] });
  expect(file.failing).toBe(true);
  expect(lines.filter(({ event }) => event === 'alert_memory_not_saved')).toHaveLength(1);
});
