import { createTopics, parseTopic } from '@vigilia/protocol';
import type { Json } from '../schema/json-fields.ts';
import { sinkTopic } from './sink-topic.ts';
import { TraceRegistry } from './trace-registry.ts';

const topics = createTopics();

function told(...messages: [topic: string, payload: Json][]): TraceRegistry {
  const registry = new TraceRegistry();
  for (const [topic, payload] of messages) {
    const found = parseTopic(topic, topics.roots);
    const parsed = found && sinkTopic(found.channel.name, found.places);
    if (parsed !== undefined) {
      registry.observe(parsed, payload);
    }
  }
  return registry;
}
const open: [string, Json] = [topics.incident('inc-1'), { source_id: 2, state: 'open', trace_id: 't-1' }];
const closed: [string, Json] = [topics.incident('inc-1'), { source_id: 2, state: 'closed', trace_id: 't-1' }];
const falling: [string, Json] = [topics.room(2), { fall: { state: 'candidate', trace_id: 't-1' } }];
const upright: [string, Json] = [topics.room(2), { fall: { state: 'none', trace_id: 't-1' } }];

describe('what carries no trace of its own', () => {
  it('joins the fall of its room from the first suspicion to the close of the incident', () => {
    expect(told(falling).ofRoom(2)).toBe('t-1');
    expect(told(falling, open, upright).ofRoom(2)).toBe('t-1');
    expect(told(falling, open, upright, closed).ofRoom(2)).toBeUndefined();
    expect(told(falling, upright).ofRoom(2)).toBeUndefined();
    expect(told(open).ofRoom(3)).toBeUndefined();
  });

  it('joins the incident of its dedicated processor, also after the close (its last log lines)', () => {
    const registry = told([topics.status('processor-a_1'), { role: 'dedicated', incident_id: 'inc-1' }], open, closed);
    expect(registry.ofInstance('processor-a_1')).toBe('t-1');
    expect(registry.ofInstance('processor-a')).toBeUndefined();
  });
});
