import { containerBody, type DockerFields } from '../../../apps/orchestrator/src/runtime/container-template.ts';
import { type ServiceFields, serviceBody } from '../../../apps/orchestrator/src/runtime/service-template.ts';

export const processorImage = 'vigilia-processor:proxy-test';
/** Dedicated, so the orchestrator may do with it what it needs. */
export const dedicated = 'vigilia-prooftest-a_1';
/** Named as compose names its own services. */
export const bystander = 'vigilia-bystander-1';
/** A container of another project on the same engine. */
export const stranger = 'stranger-of-vigilia';

export const fields: DockerFields = {
  image: processorImage,
  instanceId: 'prooftest-a_1',
  incidentId: 'inc-0123456789abcdef',
  streams: '2',
  modelId: 'movenet-precise',
  providers: '',
  maxFps: '1',
  streamServer: 'rtsp://go2rtc:8554',
  frozenAfter: 60,
  mqttUrl: 'mqtt://mosquitto:1884',
  topicPrefix: 'nvr',
  traceId: 'trace-1',
  nanoCpus: 1_000_000_000,
  memoryBytes: 734_003_200,
  devices: [],
  deviceRequests: [],
  groups: [],
  specHash: 'a'.repeat(64),
};

export const goodBody = JSON.stringify(containerBody(fields));
export const createTarget = `/containers/create?name=${dedicated}`;

const { devices: _devices, deviceRequests: _requests, groups: _groups, ...common } = fields;
export const serviceFields: ServiceFields = {
  ...common,
  genericResources: [],
  placement: 'node.labels.io.vigilia.dedicated!=false',
  secretId: 'abcdefghij0123456789abcde',
};
export const goodService = JSON.stringify(serviceBody(serviceFields));
