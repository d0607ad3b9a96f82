/**
 * Users of the broker. A home processor and a dedicated one have the same rights, each under its own name; every other role is
 * one user.
 */
const roles = [
  'processor',
  'orchestrator',
  'operator',
  'console',
  'notifier',
  'sensor',
  'sink',
  'readonly',
  'homeassistant',
] as const;
export type BrokerRole = (typeof roles)[number];

/** Roles that see the whole site, without snapshots. */
export const observers = ['orchestrator', 'operator', 'console', 'notifier', 'sink', 'readonly'] as const;
