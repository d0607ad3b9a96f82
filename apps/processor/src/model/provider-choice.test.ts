import { captureLogger } from '@vigilia/testing';
import { ProviderChoice } from './provider-choice.ts';

function choice(names: readonly string[], reported = new Set<string>()) {
  const { logger, lines } = captureLogger();
  const made = new ProviderChoice({ modelId: 'm', names, logger, reported });
  const warnings = () => lines.map(({ provider, next, reason }) => ({ provider, next, reason }));
  return { choice: made, warnings, reported };
}

test('the next one is used when one fails, down to the CPU, which is never left', () => {
  const { choice: own, warnings } = choice(['webgpu', 'cuda', 'cpu']);
  expect(own.name).toBe('webgpu');
  expect(own.leave('no adapter')).toBe(true);
  expect(own.leave('no library')).toBe(true);
  expect(own.name).toBe('cpu');
  expect(own.leave('the model is broken')).toBe(false);
  expect(own.name).toBe('cpu');
  expect(warnings()).toEqual([
    { provider: 'webgpu', next: 'cuda', reason: 'no adapter' },
    { provider: 'cuda', next: 'cpu', reason: 'no library' },
  ]);
});

test('a failure is logged once for a model, however often it is loaded, and again after it has worked', () => {
  const reported = new Set<string>();
  for (let load = 0; load < 3; load++) {
    const { choice: own, warnings } = choice(['webgpu', 'cpu'], reported);
    own.leave('no adapter');
    expect(warnings()).toHaveLength(load === 0 ? 1 : 0);
  }
  choice(['webgpu', 'cpu'], reported).choice.works();
  const again = choice(['webgpu', 'cpu'], reported);
  again.choice.leave('the device was lost');
  expect(again.warnings()).toHaveLength(1);
});

test('three errors in a row are too many for an accelerator; an answer between them starts the count anew', () => {
  const own = choice(['webgpu', 'cpu']).choice;
  expect([true, true, false, true, true].map((isFailure) => own.answered(isFailure))).not.toContain(true);
  expect(own.answered(true)).toBe(true);
});

test('the CPU may give any number of errors: they are the model’s', () => {
  const own = choice(['cpu']).choice;
  expect(Array.from({ length: 9 }, () => own.answered(true))).not.toContain(true);
});
