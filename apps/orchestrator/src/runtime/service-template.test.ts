import type { ContainerFields } from './container-template.ts';
import { swarmGpus } from './devices.ts';
import { serviceBody, serviceFieldPatterns } from './service-template.ts';

const fields = {
  image: 'vigilia-processor:test',
  instanceId: 'processor-a_1',
  incidentId: 'inc-1',
  streams: '2',
  modelId: 'precise',
  providers: '',
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
  const own = { placement: 'node.labels.gpu==yes', secretId: 'b'.repeat(25), genericResources: swarmGpus };
  const body = serviceBody({ ...fields, ...own });
  const reserved = { NanoCPUs: 1e9, MemoryBytes: 1.5e9 };
  expect(body.TaskTemplate.Resources.Reservations).toEqual({ ...reserved, GenericResources: swarmGpus });
  expect(body.TaskTemplate.Resources.Limits).toMatchObject(reserved);
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
