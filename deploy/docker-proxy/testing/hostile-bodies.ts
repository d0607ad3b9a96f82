import { containerBody } from '../../../apps/orchestrator/src/runtime/container-template.ts';
import { fields, goodBody, processorImage } from './fixtures.ts';

/** A body of `create` that must not reach the engine. */
export interface HostileBody {
  readonly what: string;
  readonly body: string;
}

const parsed = () =>
  JSON.parse(goodBody) as Record<string, unknown> & { HostConfig: Record<string, unknown>; Env: string[] };

const withHost = (what: string, more: Record<string, unknown>): HostileBody => {
  const body = parsed();
  return { what, body: JSON.stringify({ ...body, HostConfig: { ...body.HostConfig, ...more } }) };
};
const withTop = (what: string, more: Record<string, unknown>): HostileBody => ({
  what,
  body: JSON.stringify({ ...parsed(), ...more }),
});
const withField = (what: string, more: Partial<typeof fields>): HostileBody => ({
  what,
  body: JSON.stringify(containerBody({ ...fields, ...more })),
});
const replaced = (what: string, from: string, to: string): HostileBody => {
  if (!goodBody.includes(from))
    throw new Error(`The template has no ${from}: the hostile body "${what}" would be a good one.`);
  return { what, body: goodBody.replace(from, to) };
};
const inserted = (what: string, text: string): HostileBody => ({ what, body: `${goodBody.slice(0, -1)}${text}}` });

const hostConfig: HostileBody[] = [
  withHost('privileged', { Privileged: true }),
  withHost('privileged as a string', { Privileged: 'true' }),
  withHost('a bind of the host', { Binds: ['/:/host'] }),
  withHost('the socket as a bind', { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] }),
  withHost('a device', {
    Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }],
  }),
  withHost('device rules', { DeviceCgroupRules: ['a *:* rwm'] }),
  withHost('host processes', { PidMode: 'host' }),
  withHost('host IPC', { IpcMode: 'host' }),
  withHost('host UTS', { UTSMode: 'host' }),
  withHost('host users', { UsernsMode: 'host' }),
  withHost('host cgroups', { CgroupnsMode: 'host' }),
  withHost('host network', { NetworkMode: 'host' }),
  withHost("another container's network", { NetworkMode: 'container:stranger-of-vigilia' }),
  withHost('another network', { NetworkMode: 'vigilia_engine' }),
  withHost('a capability', { CapAdd: ['SYS_ADMIN'] }),
  withHost('no seccomp', { SecurityOpt: ['seccomp=unconfined'] }),
  withHost('no masked paths', { MaskedPaths: [] }),
  withHost('a group', { GroupAdd: ['docker'] }),
  withHost('the group of root', { GroupAdd: ['0'] }),
  withHost('graphics devices that it may make', {
    Devices: [{ PathOnHost: '/dev/dri', PathInContainer: '/dev/dri', CgroupPermissions: 'rwm' }],
  }),
  withHost('a disk under the name of graphics', {
    Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/dri', CgroupPermissions: 'rw' }],
  }),
  withHost('all cards', { DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }] }),
  withHost('a writable root', { ReadonlyRootfs: false }),
  withHost("others' volumes", { VolumesFrom: ['stranger-of-vigilia'] }),
  withHost('a bind mount', { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
  withHost('a volume that is a bind in disguise', {
    Mounts: [
      {
        Type: 'volume',
        Source: 'x',
        Target: '/x',
        VolumeOptions: { DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } } },
      },
    ],
  }),
  withHost('sysctls', { Sysctls: { 'net.ipv4.ip_forward': '1' } }),
  withHost('another runtime', { Runtime: 'other' }),
  withHost('published ports', { PortBindings: { '22/tcp': [{ HostPort: '22' }] } }),
  withHost('extra hosts', { ExtraHosts: ['mosquitto:10.0.0.1'] }),
  withHost('a log driver', { LogConfig: { Type: 'syslog', Config: { 'syslog-address': 'tcp://10.0.0.1:1' } } }),
  withHost('another cgroup', { CgroupParent: '/' }),
];

const config: HostileBody[] = [
  withTop('an entrypoint', { Entrypoint: ['/bin/sh', '-c', 'id'] }),
  withTop('a command', { Cmd: ['/bin/sh', '-c', 'id'] }),
  withTop('a health check that is a command', { Healthcheck: { Test: ['CMD-SHELL', 'id'] } }),
  withTop('root', { User: '0:0' }),
  withTop('a working directory', { WorkingDir: '/tmp' }),
  withTop('a shell', { Shell: ['/bin/sh'] }),
  withTop('volumes', { Volumes: { '/host': {} } }),
  withTop('network settings', { NetworkingConfig: { EndpointsConfig: { bridge: {} } } }),
  withTop('more environment', { Env: [...parsed().Env, 'NODE_OPTIONS=--require=/models/x.js'] }),
  withField('another image', { image: 'debian:bookworm-slim' }),
  withField('an image whose name begins like ours', { image: `${processorImage}-2` }),
  withField('another broker address', { mqttUrl: 'mqtt://collector.example:1884' }),
  withField('a broker address that begins like ours', { mqttUrl: `${fields.mqttUrl}0` }),
  withField('another camera address', { streamServer: 'rtsp://collector.example:8554' }),
  withField('a camera address that begins like ours', { streamServer: `${fields.streamServer}/x` }),
  withField('an instance that is not a dedicated one', { instanceId: 'processor-a' }),
  withField('a model outside its folder', { modelId: '../../etc/passwd' }),
  withField('a file as stream server', { streamServer: 'file:///etc' }),
  withField('credentials in the stream server', { streamServer: 'rtsp://user:secret@camera' }),
  withField('a quote in a value', { traceId: 'x","NODE_OPTIONS=--inspect' }),
  withField('a line break in a value', { traceId: 'x\nNODE_OPTIONS=--inspect' }),
  withField('an empty image', { image: '' }),
  withField('no memory limit', { memoryBytes: 0 }),
  withField('too many streams', { streams: Array.from({ length: 70 }, (_, i) => i).join(',') }),
];

const text: HostileBody[] = [
  inserted('a second hostconfig in lower case', ',"hostconfig":{"privileged":true}'),
  inserted('a second HostConfig', ',"HostConfig":{"Privileged":true}'),
  inserted('an escaped second HostConfig', ',"\\u0048ostConfig":{"Privileged":true}'),
  inserted('a second Image', ',"Image":"debian:bookworm-slim"'),
  replaced('a lower-case key in the host part', '"Init":true', '"Init":true,"privileged":true'),
  replaced('an escaped key in the host part', '"Init":true', '"Init":true,"\\u0050rivileged":true'),
  replaced("another role's secrets", 'vigilia_secret-dedicated', 'vigilia_secret-orchestrator'),
  replaced('a writable secret', '"Target":"/run/vigilia","ReadOnly":true', '"Target":"/run/vigilia","ReadOnly":false'),
  replaced('an unlimited log', '"max-file":"3"', '"max-file":"300"'),
  replaced(
    "another instance's label",
    '"io.vigilia.instance":"prooftest-a_1"',
    '"io.vigilia.instance":"processor-b_1"',
  ),
  replaced("another project's label", '"com.docker.compose.project":"vigilia"', '"com.docker.compose.project":"other"'),
  replaced('a memory limit as text', '"Memory":734003200', '"Memory":"734003200"'),
  replaced('no user', '"User":"1000:1000",', ''),
  { what: 'a space at the start', body: ` ${goodBody}` },
  { what: 'a mark of byte order', body: `\uFEFF${goodBody}` },
  { what: 'a line break at the end', body: `${goodBody}\n` },
  { what: 'a second document', body: `${goodBody}{"HostConfig":{"Privileged":true}}` },
  { what: 'a zero byte and more', body: `${goodBody}\0{"HostConfig":{"Privileged":true}}` },
  { what: 'nothing', body: '' },
  { what: 'an empty object', body: '{}' },
  { what: 'padding up to the bound', body: `${goodBody}${' '.repeat(7900 - goodBody.length)}` },
  {
    what: 'padding beyond the buffer',
    body: `${goodBody.slice(0, -1)}${' '.repeat(20_000)},"HostConfig":{"Privileged":true}}`,
  },
  {
    what: 'padding in front, the rest beyond the buffer',
    body: `${' '.repeat(17_000)}{"Image":"debian:bookworm-slim"}`,
  },
];

export const hostileBodies: readonly HostileBody[] = [...hostConfig, ...config, ...text];
