export * from './messages.ts';
export { Random } from './random.ts';
export { type SimBroker, type SimClient, type SimMessage, unsavedMs } from './sim-broker.ts';
export type { OperatorAct } from './sim-processor-options.ts';
export type { SimFailure, SimRuntime } from './sim-runtime.ts';
export { SimSite, type SimSiteOptions } from './sim-site.ts';
export type { Timeline } from './timeline.ts';
