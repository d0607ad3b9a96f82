import type { Replay } from '@vigilia/protocol';

/** A fall with one moment before it and one after it, as boxes. */
export function sampleReplay(incidentId: string, sourceId: number, fallAt: string): Replay {
  return {
    version: 1,
    incident_id: incidentId,
    source_id: sourceId,
    fall_at: fallAt,
    complete: true,
    size: { width: 320, height: 180 },
    zones: [],
    models: ['light'],
    moments: [
      { ms: -8000, model: 0, people: [{ posture: 'up', box: [200, 40, 240, 150] }] },
      { ms: 2000, model: 0, people: [{ posture: 'low', box: [90, 130, 210, 165] }] },
    ],
  };
}
