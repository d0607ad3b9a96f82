import { instanceIdSchema, modelIdSchema } from '@vigilia/protocol';
import {
  brokerTable,
  defineSettings,
  healthTable,
  logTable,
  type SettingsOf,
  setting,
  version,
} from '@vigilia/service';
import { z } from 'zod';
import { type DeviceName, deviceNames } from './runtime/devices.ts';

const engineTable = {
  runtime: {
    flag: '--runtime <name>',
    env: 'RUNTIME',
    schema: setting.oneOf('process', 'docker', 'swarm', 'kubernetes'),
    default: 'process' as const,
    describe: 'What starts dedicated processors: process, docker, swarm or kubernetes',
  },
  processorEntry: {
    flag: '--processor-entry <file>',
    env: 'PROCESSOR_ENTRY',
    schema: setting.text().optional(),
    describe: "The processor's main file (process); the one beside this orchestrator when not given",
  },
  dataDir: {
    flag: '--data-dir <dir>',
    env: 'DATA_DIR',
    schema: setting.text(),
    default: '.vigilia/orchestrator',
    describe: 'Where the register and the logs of dedicated processes are kept (process)',
  },
  processorImage: {
    flag: '--processor-image <image>',
    env: 'PROCESSOR_IMAGE',
    schema: setting.text(),
    default: `vigilia-processor:${version}`,
    describe: 'Image of dedicated processors (docker, swarm, kubernetes)',
  },
  dedicatedCpus: {
    flag: '--dedicated-cpus <n>',
    env: 'DEDICATED_CPUS',
    schema: setting.number({ min: 0.1, max: 64 }),
    default: 1,
    describe: 'CPUs a dedicated processor may use (docker, swarm, kubernetes)',
  },
  dedicatedMemoryMb: {
    flag: '--dedicated-memory-mb <mb>',
    env: 'DEDICATED_MEMORY_MB',
    schema: setting.integer({ min: 64, max: 65_536 }),
    default: 1500,
    describe: 'Memory a dedicated processor may use (docker, swarm, kubernetes)',
  },
  dedicatedPlacement: {
    flag: '--dedicated-placement <constraint>',
    env: 'DEDICATED_PLACEMENT',
    schema: setting.text(),
    default: 'node.labels.io.vigilia.dedicated!=false',
    describe: 'Nodes that may run dedicated processors (swarm)',
  },
  dockerHost: {
    flag: '--docker-host <url>',
    env: 'DOCKER_HOST',
    schema: setting.url('unix', 'tcp', 'http').optional(),
    describe: 'The engine: unix:///var/run/docker.sock or tcp://docker-proxy:2375 (docker, swarm)',
  },
  kubeconfig: {
    flag: '--kubeconfig <file>',
    env: 'KUBECONFIG_FILE',
    schema: setting.text().optional(),
    describe: 'The cluster; found as kubectl finds it, in a Pod by its ServiceAccount, when not given (kubernetes)',
  },
  kubernetesNamespace: {
    flag: '--kubernetes-namespace <name>',
    env: 'KUBERNETES_NAMESPACE',
    schema: setting.text().optional(),
    describe: "Namespace of dedicated processors; the kubeconfig's when not given (kubernetes)",
  },
  processorMqttUrl: {
    flag: '--processor-mqtt-url <url>',
    env: 'PROCESSOR_MQTT_URL',
    schema: setting.brokers().optional(),
    describe:
      'Broker, or several in the same order, as dedicated processors reach them; the same as --mqtt-url when not given',
  },
  processorMqttUsername: {
    env: 'PROCESSOR_MQTT_USERNAME',
    schema: setting.text().optional(),
    describe: 'User of dedicated processors at the broker; the instance id of each when not given (process)',
  },
  processorMqttPassword: {
    env: 'PROCESSOR_MQTT_PASSWORD',
    schema: setting.text().optional(),
    secret: true,
    describe: 'Password of dedicated processors at the broker (process)',
  },
  streamServer: {
    flag: '--stream-server <url>',
    env: 'STREAM_SERVER',
    schema: setting.text(),
    default: 'rtsp://localhost:8554',
    describe: 'Where dedicated processors find the rooms',
  },
  frozenAfter: {
    flag: '--frozen-after <seconds>',
    env: 'FROZEN_AFTER',
    schema: setting.number({ min: 0, max: 86_400 }),
    default: 60,
    describe:
      'Handed to dedicated processors: a picture that does not change for this long counts as blind; 0 = off (docker, swarm, kubernetes)',
  },
  processorProviders: {
    flag: '--processor-providers <list>',
    env: 'PROCESSOR_PROVIDERS',
    schema: setting.text().optional(),
    describe:
      'What computes models of dedicated processors where the policy names nothing: cuda,webgpu,cpu (docker, swarm, kubernetes)',
  },
  processorDevices: {
    flag: '--processor-devices <list>',
    env: 'PROCESSOR_DEVICES',
    schema: setting.textList().pipe(z.array(z.enum(deviceNames, `must be of ${deviceNames.join(', ')}`))),
    default: [] as DeviceName[],
    describe: 'Devices of dedicated processors: dri (/dev/dri), nvidia (docker, kubernetes; swarm: nvidia)',
  },
  processorDeviceGroups: {
    flag: '--processor-device-groups <ids>',
    env: 'PROCESSOR_DEVICE_GROUPS',
    schema: setting.integerList(),
    default: [] as number[],
    describe: 'Numbers of the groups that own these devices: getent group render video (docker, kubernetes)',
  },
  processorModel: {
    flag: '--processor-model <id>',
    env: 'PROCESSOR_MODEL',
    schema: modelIdSchema.optional(),
    describe: 'Model of dedicated processors where the policy names none',
  },
} as const;

export const settingsSpec = defineSettings(
  'vigilia orchestrator',
  'Moves rooms between processors: a dedicated one for the room of a fall. "vigilia orchestrator plan --policy FILE" shows what it would do.',
  {
    policy: {
      flag: '--policy <file>',
      env: 'POLICY_FILE',
      schema: setting.text().optional(),
      describe: 'Policy (YAML): rooms and homes, models, rates, limits; without it the defaults',
    },
    instanceId: {
      flag: '--instance-id <id>',
      env: 'ORCHESTRATOR_ID',
      schema: instanceIdSchema,
      default: 'orchestrator',
      describe: 'Name and MQTT client id',
    },
    ...brokerTable,
    ...engineTable,
    ...healthTable,
    ...logTable,
  },
);

export type OrchestratorSettings = SettingsOf<typeof settingsSpec.table>;
