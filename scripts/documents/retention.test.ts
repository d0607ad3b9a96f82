import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings } from '@vigilia/service';
import { repoRoot } from '@vigilia/testing';
import { type Stream, streamNames, streams } from '../../apps/event-sink/src/schema/data-streams.ts';
import { retentionOf, retentionTable } from '../../apps/event-sink/src/settings/retention-tables.ts';
import { runSpec } from '../../apps/event-sink/src/settings/run-settings.ts';
import { setupSpec } from '../../apps/event-sink/src/settings/setup-settings.ts';

const read = (path: string): string => readFileSync(join(repoRoot, path), 'utf8');
const defaults = retentionOf(parseSettings(runSpec, [], {}));

/** The row of a table whose text has all these words. */
function row(page: string, ...words: string[]): string {
  const found = read(page)
    .split('\n')
    .filter((line) => line.startsWith('|') && words.every((word) => line.includes(word)));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} rows with ${words.join(', ')}.`);
  return found[0] ?? '';
}

describe('how long records are kept', () => {
  it('is at least six months for events and thirteen months for reports without any setting, in Elasticsearch and in files', () => {
    expect(defaults.events).toBeGreaterThanOrEqual(183);
    expect(defaults.reports).toBeGreaterThanOrEqual(396);
    expect(defaults.detections).toBeLessThanOrEqual(7);
    expect(retentionOf(parseSettings(setupSpec, [], {}))).toEqual(defaults);
  });

  it('is not shortened for a site that kept everything for longer before events had a setting of their own', () => {
    const of = (env: Record<string, string>) => retentionOf(parseSettings(runSpec, [], env)).events;
    expect(of({ RETENTION_DAYS: '365' })).toBe(365);
    expect(of({ RETENTION_DAYS: '7' })).toBe(183);
    expect(of({ RETENTION_DAYS: '365', EVENT_RETENTION_DAYS: '200' })).toBe(200);
  });

  it.each(streams)('is what the pages state of %s', (stream: Stream) => {
    const days = `${defaults[stream]} days`;
    expect(row('docs/elasticsearch.md', `\`${streamNames[stream]}-*\``)).toContain(days);
    expect(row('docs/operations.md', `\`${streamNames[stream]}-*\``)).toContain(days);
  });

  it.each([
    ['docs/privacy.md', '| falls and incidents:', 'events'],
    ['docs/privacy.md', '| who acknowledged or resolved', 'events'],
    ['docs/privacy.md', '| views of clips:', 'events'],
    ['docs/privacy.md', '| detections: time', 'detections'],
    ['docs/privacy.md', "| a room's minutes:", 'metrics'],
    ['docs/privacy.md', '| records of reports:', 'reports'],
    ['docs/compliance.md', '| fall, incident, who acted', 'events'],
    ['docs/compliance.md', '| boxes, postures', 'detections'],
    ['docs/compliance.md', '| log lines |', 'service'],
  ] as const)('is what %s states of "%s"', (page, words, stream) => {
    expect(row(page, words)).toContain(`${defaults[stream]} days`);
  });

  it.each([
    ['docker-compose.yml', 'deploy/elasticsearch/compose.yml'],
    ['docker-compose.yml', 'deploy/swarm/stack.yml'],
  ])('is set by the same variables with the same defaults in %s and %s', (one, other) => {
    for (const { env } of Object.values(retentionTable)) {
      const of = (path: string) => new RegExp(`^ +${env}: (.*)$`, 'm').exec(read(path))?.[1];
      expect(of(one)).toContain(`\${${env}:-`);
      expect(of(other)).toBe(of(one));
    }
  });
});
