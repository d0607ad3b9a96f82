import {
  action,
  byInstance,
  byRoom,
  type Condition,
  type Dashboard,
  half,
  number,
  type Panel,
  time,
  values,
} from './panel.ts';

const processor = { stream: 'metrics', where: [action('processor_metrics')] } as const;
const sinkState = [action('sink_metrics')] as const;
const failed: readonly Condition[] = [action('command_ack'), { field: 'event.outcome', is: 'failure' }];
const homes: readonly Condition[] = [action('processor_status'), { field: 'vigilia.role', is: 'home' }];

function sinkNumber(id: string, title: string, field: string, as?: 'seconds' | 'percent'): Panel {
  return {
    id,
    title,
    shape: 'number',
    stream: 'metrics',
    where: sinkState,
    measures: [{ label: title, op: 'max', field: `vigilia.sink.${field}`, as }],
    splits: [],
    size: number,
  };
}

/** Whether the machinery works: processors, their speed, what failed, and the sink itself. */
export const serviceHealth: Dashboard = {
  id: 'vigilia-service-health',
  title: 'Vigilia: service health',
  description: 'Processors, inference time, skipped frames, restarts, errors by code, sink lag, dead letters.',
  panels: [
    sinkNumber('sink-lag', 'Sink lag, worst', 'lag_seconds', 'seconds'),
    sinkNumber('sink-dead-letters', 'Dead letters', 'dead_letters'),
    sinkNumber('sink-dropped', 'Dropped records', 'dropped_records'),
    sinkNumber('sink-spool', 'Spool used, worst', 'spool_used_percent', 'percent'),
    {
      id: 'skipped',
      title: 'Frames skipped',
      shape: 'number',
      stream: 'metrics',
      where: [action('room_minute')],
      measures: [{ label: 'Frames', op: 'sum', field: 'vigilia.minute.skipped' }],
      splits: [],
      size: number,
    },
    {
      id: 'failed-commands',
      title: 'Commands failed',
      shape: 'number',
      stream: 'events',
      where: failed,
      measures: [{ label: 'Commands', op: 'count' }],
      splits: [],
      size: number,
    },
    {
      id: 'inference',
      title: 'Inference time',
      shape: 'lines',
      ...processor,
      measures: [
        { label: 'Inference', op: 'average', field: 'vigilia.processor.inference_time_ms', as: 'milliseconds' },
      ],
      splits: [time, byInstance],
      size: half,
    },
    {
      id: 'processors',
      title: 'Processors',
      shape: 'table',
      ...processor,
      measures: [
        {
          label: 'Inference, average',
          op: 'average',
          field: 'vigilia.processor.inference_time_ms',
          as: 'milliseconds',
        },
        { label: 'Memory at most (MB)', op: 'max', field: 'vigilia.processor.memory_mb' },
        { label: 'CPU, average (%)', op: 'average', field: 'vigilia.processor.cpu_percent' },
      ],
      splits: [byInstance],
      size: half,
    },
    {
      id: 'lives',
      title: 'Lives of processors (restarts + 1)',
      shape: 'table',
      stream: 'service',
      where: homes,
      measures: [{ label: 'Lives', op: 'distinct', field: 'vigilia.boot_id' }],
      splits: [byInstance],
      size: half,
    },
    {
      id: 'skipped-by-room',
      title: 'Frames skipped by room',
      shape: 'bars',
      stream: 'metrics',
      where: [action('room_minute')],
      measures: [{ label: 'Frames', op: 'sum', field: 'vigilia.minute.skipped' }],
      splits: [byRoom],
      size: half,
    },
    {
      id: 'errors-by-code',
      title: 'Failed commands by code',
      shape: 'bars',
      stream: 'events',
      where: failed,
      measures: [{ label: 'Commands', op: 'count' }],
      splits: [values('error.code', 'Code', { sort: 'key' })],
      size: half,
    },
    {
      id: 'log-levels',
      title: 'Log lines by level',
      shape: 'bars',
      stream: 'service',
      where: [{ field: 'container.name', exists: true }],
      measures: [{ label: 'Lines', op: 'count' }],
      splits: [time, values('log.level', 'Level', { sort: 'key' })],
      size: half,
    },
    {
      id: 'sink-lag-over-time',
      title: 'Sink lag',
      shape: 'lines',
      stream: 'metrics',
      where: sinkState,
      measures: [{ label: 'Lag', op: 'max', field: 'vigilia.sink.lag_seconds', as: 'seconds' }],
      splits: [time],
      size: half,
    },
    {
      id: 'statuses',
      title: 'Statuses',
      shape: 'table',
      stream: 'service',
      where: [action('processor_status')],
      measures: [{ label: 'Times', op: 'count' }],
      splits: [byInstance, values('vigilia.status', 'Status', { sort: 'key' })],
      size: half,
    },
  ],
};
