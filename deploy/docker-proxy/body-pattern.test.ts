import { readFileSync } from 'node:fs';
import * as template from '../../apps/orchestrator/src/runtime/container-template.ts';
import { bodyPattern } from './body-pattern.mjs';
import { fields, goodBody } from './testing/fixtures.ts';
import { hostileBodies } from './testing/hostile-bodies.ts';

const written = readFileSync(new URL('create-body.regex', import.meta.url), 'utf8');
/** JavaScript has no `\z`; without the flag `m` its `$` is the end of the text and nothing else. */
const expression = new RegExp(written.trimEnd().replace(/\\z$/, '$'));

describe('the expression that docker-proxy holds against the body of create', () => {
  test('is the one made from the orchestrator’s template: otherwise no dedicated processor could start', () => {
    expect(written).toBe(`${bodyPattern(template)}\n`);
  });

  test('fits in one line of the proxy’s pattern file', () => {
    expect(written.trimEnd()).not.toMatch(/[\r\n]/);
    expect(written.length).toBeLessThan(8000);
  });

  test.each([
    ['an incident', fields],
    ['a warm standby', { ...fields, incidentId: '', streams: '', traceId: '', modelId: '' }],
    ['several rooms at a broken rate', { ...fields, streams: '2,7,12', maxFps: '0.25' }],
    ['names with underscores', { ...fields, instanceId: 'processor_A_12' }],
  ])('matches the body for %s', (_, values) => {
    expect(template.invalidContainerField(values)).toBeUndefined();
    expect(expression.test(JSON.stringify(template.containerBody(values)))).toBe(true);
  });

  // The image is compared by the proxy with its own setting, which is not part of the expression.
  test.each(hostileBodies.filter(({ what }) => !what.includes('image')))('refuses a body with $what', ({ body }) => {
    expect(body).not.toBe(goodBody);
    expect(expression.test(body)).toBe(false);
  });

  test('a field that the proxy would refuse is named before anything is asked of the engine', () => {
    expect(template.invalidContainerField({ ...fields, modelId: '../x' })).toBe('modelId');
    expect(template.invalidContainerField({ ...fields, memoryBytes: 1 })).toBe('memoryBytes');
  });
});
