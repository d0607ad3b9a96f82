import { bystander, createTarget, dedicated, goodBody, stranger } from './fixtures.ts';
import { type RawRequest, rawRequest } from './raw-http.ts';

/** Bytes that must not make the engine do or reveal anything. */
export interface HostileCall {
  readonly what: string;
  readonly bytes: string;
  /** How many answers before the last may be good ones (a harmless request in front of the hostile one). */
  readonly harmlessFirst?: number;
}

const call = (method: string, target: string, more: Partial<RawRequest> = {}): HostileCall => ({
  what: `${method} ${target}${more.body === undefined ? '' : ' with a body'}`,
  bytes: rawRequest({ method, target, ...more }),
});
const bytes = (what: string, text: string, harmlessFirst = 0): HostileCall => ({ what, bytes: text, harmlessFirst });

const roleFilter = '%7B%22label%22%3A%5B%22io.vigilia.role%3Ddedicated%22%5D%7D';
const json = 'Content-Type: application/json';
const exec = JSON.stringify({ Cmd: ['id'], AttachStdout: true });

/** Calls that neither client may make. */
export const forbiddenForAll: readonly HostileCall[] = [
  call('GET', '/containers/json'),
  call('GET', '/containers/json?all=1'),
  call('GET', `/containers/json?all=1&filters=%7B%7D`),
  call('GET', `/containers/json?filters=${roleFilter}&filters=%7B%7D`),
  call('GET', `/containers/${stranger}/json`),
  call('GET', `/containers/${stranger}/logs?stdout=1`),
  call('GET', `/containers/${dedicated}/archive?path=/etc`),
  call('PUT', `/containers/${dedicated}/archive?path=/`, { body: 'x' }),
  call('GET', `/containers/${dedicated}/export`),
  call('GET', `/containers/${dedicated}/top`),
  call('POST', `/containers/${dedicated}/exec`, { headers: [json], body: exec }),
  call('POST', '/exec/0123456789ab/start', { headers: [json], body: '{"Detach":true}' }),
  call('POST', `/containers/${dedicated}/attach?stream=1&stdin=1`),
  call('POST', `/containers/${dedicated}/update`, { headers: [json], body: '{"Memory":0}' }),
  call('POST', `/containers/${dedicated}/rename?name=${stranger}-2`),
  call('POST', `/containers/${stranger}/stop`),
  call('POST', `/containers/${stranger}/kill`),
  call('POST', `/containers/${bystander}/stop`),
  call('POST', `/containers/${bystander}/restart`),
  call('POST', `/containers/${bystander}/pause`),
  call('DELETE', `/containers/${stranger}?force=true`),
  call('DELETE', `/containers/${bystander}?force=true`),
  call('POST', '/containers/prune'),
  call('POST', '/build?t=vigilia-processor:proxy-test', { body: 'FROM scratch' }),
  call('POST', '/commit?container=stranger-of-vigilia&repo=x'),
  call('POST', '/images/create?fromImage=debian&tag=latest'),
  call('POST', '/images/load', { body: 'x' }),
  call('POST', `/images/${stranger}/tag?repo=vigilia-processor&tag=proxy-test`),
  call('GET', '/images/json'),
  call('GET', '/images/haproxy:2.6/json'),
  call('DELETE', '/images/haproxy:2.6'),
  call('GET', '/volumes'),
  call('POST', '/volumes/create', { headers: [json], body: '{"Name":"hostile"}' }),
  call('DELETE', '/volumes/vigilia_models'),
  call('GET', '/networks'),
  call('POST', '/networks/create', { headers: [json], body: '{"Name":"hostile"}' }),
  call('POST', '/networks/vigilia_rooms/connect', { headers: [json], body: `{"Container":"${stranger}"}` }),
  call('POST', '/swarm/init', { headers: [json], body: '{"ListenAddr":"127.0.0.1"}' }),
  call('POST', '/services/create', { headers: [json], body: '{}' }),
  call('GET', '/services'),
  call('GET', '/secrets'),
  call('GET', '/plugins'),
  call('POST', '/plugins/pull?remote=x', { headers: [json], body: '[]' }),
  call('GET', '/system/df'),
  call('GET', '/events'),
  call('GET', '/events?filters=%7B%7D'),
  call('POST', '/auth', { headers: [json], body: '{}' }),
  call('POST', '/session', { headers: ['Upgrade: h2c'] }),
  call('POST', '/grpc', { headers: ['Upgrade: h2c'] }),
  call('OPTIONS', '/containers/create'),
  call('CONNECT', 'docker:80'),
  call('TRACE', '/_ping'),
];

/** Paths and forms that two parsers could read in two ways. */
export const tricks: readonly HostileCall[] = [
  call('POST', `//containers/${bystander}/stop`),
  call('POST', `/containers//${bystander}/stop`),
  call('POST', `/./containers/${bystander}/stop`),
  call('POST', `/containers/${dedicated}/../${bystander}/stop`),
  call('POST', `/containers/${dedicated}/%2e%2e/${bystander}/stop`),
  call('POST', `/containers/${dedicated}%2f..%2f${bystander}/stop`),
  call('POST', `/containers/${dedicated}/stop/../../${bystander}/stop`),
  call('POST', `/containers/%76igilia-bystander-1/stop`),
  call('POST', `/CONTAINERS/${bystander}/stop`),
  call('POST', `/v1.41/v1.41/containers/${dedicated}/stop`),
  call('POST', `/v1.23/containers/${dedicated}/start`),
  call('POST', `http://docker/containers/${bystander}/stop`),
  call('POST', `http://docker/containers/${dedicated}/stop`),
  call('GET', `/_ping?x=/containers/${stranger}/json`),
  call('GET', `/containers/${dedicated}/json?size=1`),
  call('GET', `/containers/${dedicated}/json#/../../${stranger}/json`),
  call('GET', `/containers/${dedicated}/json;x=1`),
  call('POST', `/containers/${dedicated}/stop?t=1&t=2`),
  call('POST', `/containers/${dedicated}/kill?signal=SIGSTOP`),
  call('DELETE', `/containers/${dedicated}?force=true&link=true`),
  call('POST', `/containers/${dedicated}/start`, { headers: [json], body: '{"HostConfig":{"Privileged":true}}' }),
  call('POST', `/containers/${dedicated}/start?detachKeys=x`),
  call('POST', '/_ping'),
  call('GET', '/_ping', { headers: ['X-HTTP-Method-Override: DELETE', 'Upgrade: websocket'] }),
  call('PRI', '*'),
  bytes('an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'),
  bytes(
    'a second request behind a good one',
    `GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n${rawRequest({ method: 'POST', target: `/containers/${bystander}/stop` })}`,
    1,
  ),
  bytes(
    'a second request hidden as a body',
    rawRequest({ target: '/_ping', body: rawRequest({ method: 'POST', target: `/containers/${bystander}/stop` }) }),
  ),
  bytes(
    'a line break within the path',
    `GET /_ping\rPOST /containers/${bystander}/stop HTTP/1.1\r\nHost: docker\r\n\r\n`,
  ),
];

/** Ways to hide the body of `create`; a good body, so that only the form is at fault. */
export const hiddenBodies: readonly HostileCall[] = [
  bytes(
    'a body in chunks',
    rawRequest({ ...post(), headers: [json, 'Transfer-Encoding: chunked'], length: false, body: chunked(goodBody) }),
  ),
  bytes(
    'chunks and a length',
    rawRequest({ ...post(), headers: [json, 'Transfer-Encoding: chunked'], body: chunked(goodBody) }),
  ),
  bytes(
    'chunks written oddly',
    rawRequest({ ...post(), headers: [json, 'Transfer-Encoding: , chunKed'], length: false, body: chunked(goodBody) }),
  ),
  bytes('two lengths', rawRequest({ ...post(), headers: [json, 'Content-Length: 2'] })),
  bytes(
    'a list of lengths',
    rawRequest({ ...post(), headers: [json, `Content-Length: ${goodBody.length}, 2`], length: false }),
  ),
  bytes(
    'a signed length',
    rawRequest({ ...post(), headers: [json, `Content-Length: +${goodBody.length}`], length: false }),
  ),
  bytes('no length', rawRequest({ ...post(), headers: [json], length: false })),
  bytes(
    'a length beyond what comes in time',
    rawRequest({ ...post(), headers: [json, `Content-Length: ${goodBody.length + 40}`], length: false }),
  ),
  bytes('a wish to be asked first', rawRequest({ ...post(), headers: [json, 'Expect: 100-continue'] })),
  bytes('HTTP/1.0 without a length', `POST ${createTarget} HTTP/1.0\r\n${json}\r\n\r\n${goodBody}`),
  ...[
    '/containers/create',
    '/containers/create?name=',
    `/containers/create?name=${bystander}-2`,
    '/containers/create?name=vigilia-mosquitto-1',
    '/containers/create?name=stranger_1',
    `${createTarget}&name=${stranger}-2`,
    `${createTarget}&platform=linux/arm64`,
    `/containers/create?platform=x&name=${dedicated}`,
    `/containers/create?name=vigilia-..%2fx_1`,
    `/containers/create/?name=${dedicated}`,
    `/containers/%63reate?name=${dedicated}`,
    `/v1.23${createTarget}`,
    `/v1.9999${createTarget}`,
    `//containers/create?name=${dedicated}`,
  ].map((target) => call('POST', target, { headers: [json], body: goodBody })),
  call('PUT', createTarget, { headers: [json], body: goodBody }),
];

function post() {
  return { method: 'POST', target: createTarget, body: goodBody };
}

function chunked(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

/** What the orchestrator may do, and the sink may not. */
export const forbiddenForSink: readonly HostileCall[] = [
  call('POST', createTarget, { headers: [json], body: goodBody }),
  call('POST', `/containers/${dedicated}/start`),
  call('POST', `/containers/${dedicated}/stop`),
  call('POST', `/containers/${dedicated}/kill`),
  call('DELETE', `/containers/${dedicated}`),
  call('GET', `/containers/${dedicated}/json`),
  call('GET', '/info'),
  call('GET', `/containers/json?all=true&filters=${roleFilter}`),
  call('GET', '/images/vigilia-processor:proxy-test/json'),
  call('GET', `/containers/vigilia-x/../${stranger}/logs?stdout=1`),
];
