/** What goes first when there is no room: `bulk` (detections), then `normal`; `critical` (falls, incidents) never. */
export const priorities = ['critical', 'normal', 'bulk'] as const;
export type Priority = (typeof priorities)[number];
