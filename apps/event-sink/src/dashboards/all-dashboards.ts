import { falls } from './falls.ts';
import type { Dashboard } from './panel.ts';
import { reallocation } from './reallocation.ts';
import { residence } from './residence.ts';
import { serviceHealth } from './service-health.ts';

/** Every dashboard that is generated into deploy/kibana. */
export const dashboards: readonly Dashboard[] = [residence, falls, reallocation, serviceHealth];
