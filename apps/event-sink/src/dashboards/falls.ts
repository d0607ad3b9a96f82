import {
  action,
  byRoom,
  type Condition,
  type Dashboard,
  half,
  type Measure,
  number,
  type Panel,
  time,
  values,
  whole,
} from './panel.ts';

const summary = action('incident_summary');
const outcome = (name: string): Condition => ({ field: 'vigilia.incident.outcome', is: name });
const duration = (label: string, name: string, op: Measure['op'] = 'average'): Measure => ({
  label,
  op,
  field: `vigilia.durations_ms.${name}`,
  as: 'seconds',
});

function count(id: string, title: string, where: readonly Condition[]): Panel {
  return {
    id,
    title,
    shape: 'number',
    stream: 'events',
    where,
    measures: [{ label: title, op: 'count' }],
    splits: [],
    size: number,
  };
}
function delay(id: string, title: string, where: readonly Condition[], name: string): Panel {
  return {
    id,
    title,
    shape: 'number',
    stream: 'events',
    where,
    measures: [duration(title, name)],
    splits: [],
    size: number,
  };
}

/** What happened, how soon it was detected, and how soon a person acknowledged it. */
export const falls: Dashboard = {
  id: 'vigilia-falls',
  title: 'Vigilia: falls and incidents',
  description: 'Falls, delays from the fall to alarm, acknowledgment and resolution, false alarms, by room and hour.',
  panels: [
    count('falls', 'Falls detected', [action('fall_detected')]),
    count('incidents', 'Incidents closed', [summary]),
    count('false-alarms', 'False alarms', [summary, outcome('false_alarm')]),
    count('drills', 'Drills', [summary, outcome('drill')]),
    count('reminders', 'Reminders', [action('fall_reminder')]),
    delay('fall-to-alarm', 'Fall to alarm', [action('fall_detected')], 'fall_to_alarm'),
    delay('fall-to-acknowledged', 'Fall to acknowledgment', [summary], 'fall_to_acknowledged'),
    delay('fall-to-resolved', 'Fall to resolution', [summary], 'fall_to_resolved'),
    {
      id: 'timeline',
      title: 'Falls and incidents',
      shape: 'bars',
      stream: 'events',
      where: [
        {
          field: 'event.action',
          oneOf: [
            'fall_suspected',
            'fall_detected',
            'fall_recovered',
            'fall_reminder',
            'incident_opened',
            'incident_acknowledged',
            'incident_closed',
            'person_not_visible',
          ],
        },
      ],
      measures: [{ label: 'Events', op: 'count' }],
      splits: [time, values('event.action', 'Event')],
      size: whole,
    },
    {
      id: 'by-room',
      title: 'Falls by room',
      shape: 'bars',
      stream: 'events',
      where: [action('fall_detected')],
      measures: [{ label: 'Falls', op: 'count' }],
      splits: [byRoom],
      size: half,
    },
    {
      id: 'by-hour',
      title: 'Falls by hour of the day',
      shape: 'bars',
      stream: 'events',
      where: [action('fall_detected')],
      measures: [{ label: 'Falls', op: 'count' }],
      splits: [values('vigilia.local_hour', 'Hour', { size: 24, sort: 'key' })],
      size: half,
    },
    {
      id: 'outcomes',
      title: 'Outcomes',
      shape: 'table',
      stream: 'events',
      where: [summary],
      measures: [{ label: 'Incidents', op: 'count' }, duration('To acknowledgment', 'fall_to_acknowledged')],
      splits: [values('vigilia.incident.outcome', 'Outcome', { sort: 'key' })],
      size: half,
    },
    {
      id: 'verdicts-by-rule',
      title: 'True and false alarms by model and rule',
      shape: 'table',
      stream: 'events',
      where: [summary, { field: 'vigilia.incident.judgement', exists: true }],
      measures: [{ label: 'Alarms', op: 'count' }],
      splits: [
        values('vigilia.model_id', 'Model', { sort: 'key' }),
        values('vigilia.incident.rule', 'Rule', { sort: 'key' }),
        values('vigilia.incident.judgement', 'Alarm was', { sort: 'key' }),
      ],
      size: half,
    },
    {
      id: 'verdicts-by-room',
      title: 'True and false alarms by room',
      shape: 'table',
      stream: 'events',
      where: [summary, { field: 'vigilia.incident.judgement', exists: true }],
      measures: [{ label: 'Alarms', op: 'count' }],
      splits: [byRoom, values('vigilia.incident.judgement', 'Alarm was', { sort: 'key' })],
      size: half,
    },
    {
      id: 'who-came',
      title: 'Who acknowledged',
      shape: 'table',
      stream: 'events',
      where: [summary],
      measures: [
        { label: 'Incidents', op: 'count' },
        duration('To acknowledgment, median', 'fall_to_acknowledged', 'median'),
      ],
      splits: [values('user.name', 'Person')],
      size: half,
    },
    {
      id: 'incident-list',
      title: 'Incidents',
      shape: 'table',
      stream: 'events',
      where: [summary],
      measures: [
        duration('To acknowledgment', 'fall_to_acknowledged', 'max'),
        duration('To resolution', 'fall_to_resolved', 'max'),
        duration('To close', 'fall_to_closed', 'max'),
      ],
      splits: [values('vigilia.incident_id', 'Incident', { size: 100 }), byRoom],
      size: whole,
    },
  ],
};
