// The services of a site under PM2: `npm run build && pm2 start deploy/pm2/ecosystem.config.cjs` in the clone (docs/services.md).
// What differs per site is set in the environment: MQTT_URL, STREAM_SERVER, POLICY_FILE, and passwords as *_FILE.
const path = require('node:path');

const clone = path.join(__dirname, '..', '..');
// The event sink writes it, and the page reads it.
const reports = path.join(clone, 'vigilia-reports');

const common = {
  cwd: clone,
  exec_mode: 'fork',
  instances: 1,
  // A service ends in order within 10 s; PM2's default of 1.6 s would kill it.
  kill_timeout: 15_000,
  // Exit code 2 is a mistake in the settings: starting again does not mend it.
  stop_exit_codes: [2],
  exp_backoff_restart_delay: 1000,
};

const service = (name, app, args, more) => ({
  ...common,
  name,
  script: path.join(clone, 'apps', app, 'bin', `${app}.js`),
  args,
  ...more,
});

module.exports = {
  apps: [
    service('processor-a', 'processor', ['--instance-id', 'processor-a', '--streams', '0,1,2,3', '--enable-control']),
    service('processor-b', 'processor', ['--instance-id', 'processor-b', '--streams', '4,5,6,7', '--enable-control']),
    // Dedicated processors are its children and must survive its restart in the middle of an incident.
    service('orchestrator', 'orchestrator', ['--runtime', 'process'], { treekill: false }),
    service('event-sink', 'event-sink', ['--reports-dir', reports]),
    service('console', 'console', ['--reports-dir', reports]),
  ],
};
