import type { ModelState, VigiliaEvent } from '@vigilia/protocol';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { KnownModels } from './known-models.ts';

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];

/** A processor beside a broker that may hold the state of model `m`. */
async function processor(retained?: string) {
  const events: VigiliaEvent[] = [];
  const published: ModelState[] = [];
  const value = retained && {
    model_id: 'm',
    sha256: retained,
    instance_id: 'other',
    since: '2026-01-01T00:00:00.000Z',
  };
  const bus = {
    subscribe: async (_: unknown, take: (message: unknown) => void) =>
      value && take({ places: { model_id: 'm' }, value }),
    publish: async (_: unknown, __: unknown, state: ModelState) => void published.push(state),
  } as never;
  const identity = { instanceId: 'processor-a' };
  const event = (one: VigiliaEvent) => void events.push(one);
  const models = new KnownModels({ bus, identity, clock: new FakeClock(), logger: silentLogger(), event });
  await models.start();
  return { models, events, published };
}

describe('the files of models', () => {
  it('are remembered without an event where the model is new, and not published again while they stay the same', async () => {
    const { models, events, published } = await processor();
    models.loaded('m', first);
    models.loaded('m', first);
    expect(events).toEqual([]);
    expect(published.map(({ sha256 }) => sha256)).toEqual([first]);
  });

  it('raise an event when others were loaded under the same id, also by another processor before a restart', async () => {
    const { models, events, published } = await processor(first);
    models.loaded('m', second);
    models.loaded('m', second);
    const hashes = { model_id: 'm', model_sha256: second, previous_sha256: first };
    expect(events).toEqual([expect.objectContaining({ event: 'model_changed', severity: 'warning', ...hashes })]);
    expect(published).toEqual([expect.objectContaining({ sha256: second, instance_id: 'processor-a' })]);
  });

  it('raise no event when a processor starts again with the same files', async () => {
    const { models, events, published } = await processor(first);
    models.loaded('m', first);
    expect([...events, ...published]).toEqual([]);
  });
});
