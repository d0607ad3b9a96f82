/**
 * The data streams: `logs-vigilia.events`, `logs-vigilia.service`, `metrics-vigilia`, `logs-vigilia.detections`, `logs-vigilia.reports`, each with
 * the namespace behind.
 */
export const streams = ['events', 'service', 'metrics', 'detections', 'reports'] as const;
export type Stream = (typeof streams)[number];

/** Data stream names without the namespace. */
export const streamNames: Readonly<Record<Stream, string>> = {
  events: 'logs-vigilia.events',
  service: 'logs-vigilia.service',
  metrics: 'metrics-vigilia',
  detections: 'logs-vigilia.detections',
  reports: 'logs-vigilia.reports',
};

/** Returns the index pattern of a stream, of every namespace. */
export function dataStreamPattern(stream: Stream): string {
  return `${streamNames[stream]}-*`;
}
