import { containerBody } from './container-template.ts';
import { type ContainerDefaults, containerFields, dockerFields } from './docker-fields.ts';
import { podBody } from './pod-template.ts';

const defaults: ContainerDefaults = {
  image: 'vigilia-processor:0.1.0',
  mqttUrl: 'mqtt://mosquitto:1884',
  topicPrefix: 'nvr',
  streamServer: 'rtsp://go2rtc:8554',
  frozenAfterSeconds: 60,
  cpus: 1,
  memoryMb: 700,
};
const spec = { instanceId: 'a_1', incidentId: 'inc-1', sourceIds: [2], maxFps: 1 };
const withDevices: ContainerDefaults = { ...defaults, devices: ['dri', 'nvidia'], deviceGroups: [44, 105] };

test('a container has no devices unless the site names them', () => {
  expect(containerBody(dockerFields(spec, defaults)).HostConfig).toMatchObject({
    Devices: [],
    DeviceRequests: [],
    GroupAdd: [],
  });
});

test('a container gets the graphics devices, one NVIDIA card and the groups that own them', () => {
  expect(containerBody(dockerFields(spec, withDevices)).HostConfig).toMatchObject({
    Devices: [{ PathOnHost: '/dev/dri', PathInContainer: '/dev/dri' }],
    DeviceRequests: [{ Driver: 'nvidia', Count: 1 }],
    GroupAdd: ['44', '105'],
  });
});

test('a Pod asks for the same by the names of the device plugins', () => {
  const { containers, securityContext } = podBody(containerFields(spec, withDevices), withDevices).spec;
  expect(containers[0]?.resources.limits).toMatchObject({ 'gpu.intel.com/i915': '1', 'nvidia.com/gpu': '1' });
  expect(securityContext.supplementalGroups).toEqual([44, 105]);
});

test('one with other devices is another one: it is not adopted', () => {
  expect(containerFields(spec, withDevices).specHash).not.toBe(containerFields(spec, defaults).specHash);
});

test('the policy names what computes the model; otherwise the site does', () => {
  const site = { ...defaults, providers: 'webgpu,cpu' };
  expect(containerFields({ ...spec, providers: ['cuda', 'cpu'] }, site).providers).toBe('cuda,cpu');
  expect(containerFields(spec, site).providers).toBe('webgpu,cpu');
  expect(containerFields(spec, defaults).providers).toBe('');
});

test('the group of root is refused, and the field is named', () => {
  expect(() => dockerFields(spec, { ...withDevices, deviceGroups: [0] })).toThrow(/groups cannot be \["0"\]/);
});
