import type { ContainerFields } from './container-template.ts';
import { serviceBody, serviceFieldPatterns } from './service-template.ts';

const fields = {
  image: 'vigilia-processor:0.1.0',
  instanceId: 'processor-a_1',
  incidentId: 'inc-1',
  streams: '2',
  modelId: 'precise',
  maxFps: '1',
  streamServer: 'rtsp://go2rtc:8554',
  frozenAfter: 0,
  mqttUrl: 'mqtt://mosquitto:1884',
  topicPrefix: 'nvr',
  traceId: 't',
  nanoCpus: 1e9,
  memoryBytes: 1.5e9,
  specHash: 'a'.repeat(64),
} satisfies ContainerFields;

test('a dedicated service may use what is reserved for it and no more, and goes where its constraint lets it', () => {
  const body = serviceBody({ ...fields, placement: 'node.labels.gpu==yes', secretId: 'b'.repeat(25) });
  expect(body.TaskTemplate.Resources.Reservations).toEqual({ NanoCPUs: 1e9, MemoryBytes: 1.5e9 });
  expect(body.TaskTemplate.Resources.Limits).toMatchObject(body.TaskTemplate.Resources.Reservations);
  expect(body.TaskTemplate.Placement.Constraints).toContain('node.labels.gpu==yes');
});

test.each([
  ['node.role==worker', true],
  ['node.labels.io.vigilia.dedicated!=false', true],
  ['node.role == worker', false],
  ['anything', false],
  ['node.id==x","node.role==manager', false],
])('the placement %s is allowed: %s', (placement, allowed) => {
  expect(new RegExp(`^(?:${serviceFieldPatterns.placement})$`).test(placement)).toBe(allowed);
});
