import { type PolicyEdit, policySchema } from '@vigilia/protocol';
import { now, processorOf, viewOf } from './plan/testing/views.ts';
import { previewPolicy } from './preview-policy.ts';

const policy = policySchema.parse({ rooms: { 1: { home: 'processor-a' }, 2: { home: 'processor-a' } } });
const view = viewOf({ processors: [processorOf('processor-a', { 1: 0.1, 2: 0.1 })], desired: { 1: 0.1, 2: 0.1 } });
const change = (path: string[], value: unknown): PolicyEdit => ({ path, value });

describe('the preview of a policy', () => {
  const preview = (...changes: PolicyEdit[]) => previewPolicy({ view, current: policy, changes, now });

  it('names the commands that follow at once, and changes nothing', () => {
    expect(preview(change(['rooms', '2', 'max_fps'], 0.5))).toEqual([
      expect.objectContaining({
        kind: 'command',
        instanceId: 'processor-a',
        command: { command: 'set_fps', params: { source_id: 2, max_fps: 0.5 } },
      }),
    ]);
    expect(view.desired?.get(2)?.max_fps).toBe(0.1);
  });

  it('names processors that would be started', () => {
    expect(preview(change(['standby'], 1)).map(({ kind }) => kind)).toEqual(['spawn']);
  });

  it('is empty where nothing follows at once', () => {
    expect(preview(change(['timings', 'drill_seconds'], 60))).toEqual([]);
  });

  it('rejects a value as the command would', () => {
    expect(() => preview(change(['trigger'], 'never'))).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  });
});
