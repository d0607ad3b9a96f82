import { policySchema } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { now, nowMs, processorOf, viewOf } from './testing/views.ts';

const policy = policySchema.parse({ rooms: { 1: { home: 'processor-a' } } });

function pinged(more: Parameters<typeof processorOf>[2]): string[] {
  const home = processorOf('processor-a', { 1: 0.1 }, more);
  const { actions } = plan(viewOf({ processors: [home], desired: { 1: 0.1 }, wholeSinceMs: nowMs }), policy, now);
  return actions.flatMap((action) =>
    action.kind === 'command' && action.command.command === 'ping' ? action.key : [],
  );
}

describe('who is asked for a sign of life', () => {
  it('one that is only retained, in the very first round: until it answers it can receive no command', () => {
    expect(pinged({ confirmed: false })).toEqual(['ping:processor-a']);
  });

  it('one of which another life was heard', () => {
    expect(pinged({ doubted: true })).toEqual(['ping:processor-a']);
  });

  it('no processor that was just heard, and none that is starting', () => {
    expect(pinged({})).toEqual([]);
    expect(pinged({ confirmed: false, status: 'starting' })).toEqual([]);
  });
});
