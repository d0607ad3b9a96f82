import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@vigilia/service';
import { captureLogger, FakeClock, repoRoot, tempFolder } from '@vigilia/testing';
import { type AlertsFile, alertsSchema } from '../config/alerts-schema.ts';
import { at, startMs } from '../test-support/samples.ts';
import type { AlertCase } from './alert-case.ts';
import { deliveryId, emptyMemory, type Memory } from './memory.ts';
import { MemoryFile } from './memory-file.ts';
import { planDeliveries } from './plan.ts';

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

test('the alarms of the last run are there again after a restart', async () => {
  await using folder = await tempFolder('memory');
  const options = { dir: folder.path, clock: new FakeClock(), logger: captureLogger().logger };
  await new MemoryFile(options).save(memory);
  expect(await new MemoryFile(options).load()).toEqual(memory);
});

test.each(['november-a', 'november-b'])('the alarms that the version of %s had saved ring on', async (version) => {
  await using folder = await tempFolder('memory');
  const stored = join(repoRoot, 'apps/cli/src/upgrade/stored', version, 'notifier/alerts.json');
  await copyFile(stored, folder.file('alerts.json'));
  const { logger, lines } = captureLogger();
  const { cases, deliveries } = await new MemoryFile({ dir: folder.path, clock: systemClock, logger }).load();
  expect(lines).toEqual([]);
  expect(cases).toMatchObject([{ kind: 'drill', roomName: 'Room 1', alarm: { phase: { kind: 'ringing' } } }]);
  expect(deliveries).toMatchObject([{ target: 'pager', step: 'raised' }]);
});

test.each([
  ['no JSON', '{'],
  ['another shape', '{"version": 7}'],
])('a file with %s is set aside and logged', async (_, text) => {
  await using folder = await tempFolder('memory');
  const { logger, lines } = captureLogger();
  await writeFile(folder.file('alerts.json'), text);
  expect(await new MemoryFile({ dir: folder.path, clock: new FakeClock(), logger }).load()).toEqual(emptyMemory);
  expect(lines).toMatchObject([{ event: 'alert_memory_damaged' }]);
  expect(await readdir(folder.path)).toEqual([expect.stringMatching(/^alerts\.json\.damaged-/)]);
});

test('a clock that was set back while the notifier was stopped silences no alarm', async () => {
  await using folder = await tempFolder('memory');
  const yearAhead = startMs + 365 * 86_400_000;
  const file: AlertsFile = alertsSchema.parse({
    targets: { nurse: { type: 'ntfy', topic: 'ward' } },
    rules: [{ severity: ['critical', 'warning'], to: ['nurse'] }],
  });
  const plan = { ...file, targets: ['nurse'] };
  const fall: AlertCase = { key: 'inc-1', kind: 'fall', openedMs: yearAhead, happenedAt: at(0), incidentId: 'inc-1' };
  const held: AlertCase = { ...fall, key: 'inc-2', incidentId: 'inc-2', person: 'down', acknowledged: { at: at(0) } };
  const unwatched: AlertCase = { key: 'u', kind: 'unwatched', openedMs: yearAhead, happenedAt: at(0), sourceId: 3 };
  const before = planDeliveries({ ...emptyMemory, cases: [fall, held, unwatched] }, plan, yearAhead);
  const options = { dir: folder.path, clock: new FakeClock(startMs), logger: captureLogger().logger };
  await new MemoryFile(options).save(before);
  const after = planDeliveries(await new MemoryFile(options).load(), plan, startMs + plan.alarm.return_s * 1000);
  const fresh = after.deliveries.filter(({ id }) => before.deliveries.every((one) => one.id !== id));
  expect(fresh.map(({ caseKey, step }) => `${caseKey} ${step.replace(/_.*/, '')}`)).toEqual([
    'inc-1 repeated',
    'inc-2 returned',
    'u raised',
  ]);
});

test('a disk that takes nothing is logged once, and stops no alert', async () => {
  await using folder = await tempFolder('memory');
  await writeFile(folder.file('file'), '');
  const { logger, lines } = captureLogger();
  const file = new MemoryFile({ dir: folder.file('file'), clock: new FakeClock(), logger });
  await file.save(memory);
  await file.save({ ...memory, cases: [] });
  expect(file.failing).toBe(true);
  expect(lines.filter(({ event }) => event === 'alert_memory_not_saved')).toHaveLength(1);
});
