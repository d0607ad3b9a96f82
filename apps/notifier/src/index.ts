export { type AlertsConfig, loadAlerts } from './config/load-alerts.ts';
export { main } from './main.ts';
export { type TargetTest, testTargets } from './test-targets.ts';
