import { readFileSync } from 'node:fs';
import {
  containerBody,
  dockerFieldPatterns,
  invalidField,
} from '../../apps/orchestrator/src/runtime/container-template.ts';
import { dockerDevices, swarmGpus } from '../../apps/orchestrator/src/runtime/devices.ts';
import { serviceBody, serviceFieldPatterns } from '../../apps/orchestrator/src/runtime/service-template.ts';
import { bodyPattern } from './body-pattern.mjs';
import { fields, goodBody, serviceFields } from './testing/fixtures.ts';
import { hostileBodies } from './testing/hostile-bodies.ts';
import { hostileServices } from './testing/hostile-services.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
/** JavaScript has no `\z`; without the flag `m` its `$` is the end of the text and nothing else. */
const expressionOf = (written: string) => new RegExp(written.trimEnd().replace(/\\z$/, '$'));

const shapes: [string, Partial<typeof fields>][] = [
  ['an incident', {}],
  ['a standby', { incidentId: '', streams: '', traceId: '', modelId: '' }],
  ['several rooms at a broken rate', { streams: '2,7,12', maxFps: '0.25' }],
  ['graphics devices', { devices: dockerDevices.dri, groups: ['44', '105'], providers: 'webgpu,cpu' }],
  ['an NVIDIA card', { deviceRequests: dockerDevices.nvidia, providers: 'cuda' }],
  ['names with underscores', { instanceId: 'processor_A_12' }],
];

describe('the expression that docker-proxy holds against the body of create', () => {
  const written = read('create-body.regex');
  const expression = expressionOf(written);

  test('is the one made from the orchestrator’s template: otherwise no dedicated processor could start', () => {
    expect(written).toBe(`${bodyPattern(containerBody, dockerFieldPatterns)}\n`);
  });

  test('fits in one line of the proxy’s pattern file', () => {
    expect(written.trimEnd()).not.toMatch(/[\r\n]/);
    expect(written.length).toBeLessThan(8000);
  });

  test.each(shapes)('matches the body for %s', (_, change) => {
    const values = { ...fields, ...change };
    expect(invalidField(values, dockerFieldPatterns)).toBeUndefined();
    expect(expression.test(JSON.stringify(containerBody(values)))).toBe(true);
  });

  // Image and addresses are compared by the proxy with its own settings, which are not part of the expression.
  test.each(hostileBodies.filter(({ what }) => !/image|address/.test(what)))(
    'refuses a body with $what',
    ({ body }) => {
      expect(body).not.toBe(goodBody);
      expect(expression.test(body)).toBe(false);
    },
  );

  test('a field that the proxy would refuse is named before anything is asked of the engine', () => {
    expect(invalidField({ ...fields, modelId: '../x' }, dockerFieldPatterns)).toBe('modelId');
    expect(invalidField({ ...fields, memoryBytes: 1 }, dockerFieldPatterns)).toBe('memoryBytes');
  });
});

describe('the expression for the services of a swarm', () => {
  const written = read('../swarm/docker-proxy/service-body.regex');
  const expression = expressionOf(written);

  test('is the one made from the orchestrator’s template, in one line', () => {
    expect(written).toBe(`${bodyPattern(serviceBody, serviceFieldPatterns)}\n`);
    expect(written.length).toBeLessThan(8000);
  });

  test.each(shapes)('matches the body for %s', (_, change) => {
    expect(expression.test(JSON.stringify(serviceBody({ ...serviceFields, ...change })))).toBe(true);
  });

  test('matches the body of a service that needs a card', () => {
    expect(expression.test(JSON.stringify(serviceBody({ ...serviceFields, genericResources: swarmGpus })))).toBe(true);
  });

  test.each(hostileServices.filter(({ what }) => !/image|address/.test(what)))(
    'refuses a body with $what',
    ({ body }) => {
      expect(expression.test(body)).toBe(false);
    },
  );
});
