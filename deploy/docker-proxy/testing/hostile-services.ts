import { serviceBody } from '../../../apps/orchestrator/src/runtime/service-template.ts';
import { goodService, serviceFields } from './fixtures.ts';
import type { HostileBody } from './hostile-bodies.ts';

type Spec = { TaskTemplate: { ContainerSpec: Record<string, unknown> } & Record<string, unknown> } & Record<
  string,
  unknown
>;

const parsed = () => JSON.parse(goodService) as Spec;
const withTop = (what: string, more: Record<string, unknown>): HostileBody => ({
  what,
  body: JSON.stringify({ ...parsed(), ...more }),
});
const withTask = (what: string, more: Record<string, unknown>): HostileBody =>
  withTop(what, { TaskTemplate: { ...parsed().TaskTemplate, ...more } });
const withContainer = (what: string, more: Record<string, unknown>): HostileBody =>
  withTask(what, { ContainerSpec: { ...parsed().TaskTemplate.ContainerSpec, ...more } });
const withField = (what: string, more: Partial<typeof serviceFields>): HostileBody => ({
  what,
  body: JSON.stringify(serviceBody({ ...serviceFields, ...more })),
});
const replaced = (what: string, from: string, to: string): HostileBody => {
  if (!goodService.includes(from)) throw new Error(`The template has no ${from}: "${what}" would be a good body.`);
  return { what, body: goodService.replace(from, to) };
};
const inserted = (what: string, text: string): HostileBody => ({ what, body: `${goodService.slice(0, -1)}${text}}` });

/** Bodies of `POST /services/create` that must not reach the swarm. */
export const hostileServices: readonly HostileBody[] = [
  withContainer('a command', { Command: ['/bin/sh', '-c', 'id'] }),
  withContainer('arguments', { Args: ['-e', 'process.exit()'] }),
  withContainer('root', { User: '0:0' }),
  withContainer('a writable root', { ReadOnly: false }),
  withContainer('a capability', { CapabilityAdd: ['CAP_SYS_ADMIN'] }),
  withContainer('its capabilities', { CapabilityDrop: [] }),
  withContainer('the socket', { Mounts: [{ Type: 'bind', Source: '/var/run/docker.sock', Target: '/docker.sock' }] }),
  withContainer('a bind of the host', { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
  withContainer('extra hosts', { Hosts: ['10.0.0.1 mosquitto'] }),
  withContainer('sysctls', { Sysctls: { 'net.ipv4.ip_forward': '1' } }),
  withContainer('a health check that is a command', { HealthCheck: { Test: ['CMD-SHELL', 'id'] } }),
  withContainer('a config', { Configs: [{ ConfigName: 'x', ConfigID: 'y', File: { Name: '/x' } }] }),
  withTask('the host’s network', { Networks: [{ Target: 'host' }] }),
  withTask('another network', { Networks: [{ Target: 'vigilia_engine' }] }),
  withTask('no limits', { Resources: {} }),
  withTask('a place among the managers', { Placement: { Constraints: [] } }),
  withTask('a plugin', { Runtime: 'plugin', PluginSpec: { Name: 'x', Remote: 'x' } }),
  withTop('many replicas', { Mode: { Replicated: { Replicas: 100 } } }),
  withTop('a task on every node', { Mode: { Global: {} } }),
  withTop('published ports', { EndpointSpec: { Mode: 'vip', Ports: [{ TargetPort: 8080, PublishedPort: 80 }] } }),
  withField('another image', { image: 'debian:bookworm-slim' }),
  withField('another broker address', { mqttUrl: 'mqtt://collector.example:1884' }),
  withField('another camera address', { streamServer: 'rtsp://collector.example:8554' }),
  withField('an instance that is not a dedicated one', { instanceId: 'processor-a' }),
  withField('a model outside its folder', { modelId: '../../etc/passwd' }),
  withField('two constraints in one', { placement: 'node.role==manager","x' }),
  withField('a secret by another name', { secretId: 'vigilia-secret-operator' }),
  replaced("another role's secret", '"vigilia-secret-dedicated"', '"vigilia-secret-operator"'),
  replaced('another target of the secret', '/run/vigilia/password', '/models/x.onnx'),
  replaced('a lower-case key', '"Init":true', '"Init":true,"privileges":{}'),
  replaced('an escaped key', '"Init":true', '"Init":true,"\\u0043ommand":["id"]'),
  inserted('a second TaskTemplate', ',"TaskTemplate":{"ContainerSpec":{"Image":"debian:bookworm-slim"}}'),
  inserted('a second one in lower case', ',"tasktemplate":{"containerspec":{"image":"debian:bookworm-slim"}}'),
  { what: 'a second document', body: `${goodService}{}` },
  { what: 'a zero byte and more', body: `${goodService}\0{}` },
  { what: 'an empty object', body: '{}' },
  { what: 'padding beyond the buffer', body: `${goodService.slice(0, -1)}${' '.repeat(20_000)},"Mode":{"Global":{}}}` },
];
