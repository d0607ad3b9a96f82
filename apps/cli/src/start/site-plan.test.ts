import { planSite, type SitePlanOptions } from './site-plan.ts';

const options: SitePlanOptions = {
  mqttUrl: 'mqtt://127.0.0.1:1883',
  streamServer: 'rtsp://host:8554',
  rooms: [0, 1],
  modelId: 'light',
  preciseModelId: 'precise',
  modelsDir: '/models',
  maxFps: 0.1,
  dataDir: '/data',
  policyFile: '/data/policy.yaml',
  entries: { processor: 'p.js', orchestrator: 'o.js', eventSink: 's.js', console: 'c.js', notifier: 'n.js' },
  consolePort: 8080,
  timeZone: 'Europe/Madrid',
};
const notifierOf = (change: Partial<SitePlanOptions>) =>
  planSite({ ...options, ...change }).find(({ name }) => name === 'notifier')?.args;

test.each([
  ['no alerts are sent unless they were asked for', {}, undefined],
  ['also not when Home Assistant was refused', { homeAssistant: false }, undefined],
  ['people', { alertsFile: '/a.yaml' }, ['--alerts', '/a.yaml', '--state-dir', '/data/notifier']],
  ['Home Assistant', { homeAssistant: true }, ['--home-assistant', '--state-dir', '/data/notifier']],
])('%s', (_, change, args) => {
  expect(notifierOf(change)).toEqual(args);
});
