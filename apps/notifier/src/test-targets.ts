import { randomUUID } from 'node:crypto';
import { type Clock, UsageError } from '@vigilia/service';
import { composeTest } from './alerts/compose.ts';
import { styleFor } from './alerts/style-for.ts';
import { buildTargets } from './build-targets.ts';
import type { AlertsConfig } from './config/load-alerts.ts';
import { sendInTime } from './targets/send-in-time.ts';
import { SendError, type Target } from './targets/target.ts';

/** What became of the test of one target. */
export interface TargetTest {
  readonly target: string;
  readonly type: string;
  readonly ok: boolean;
  /** How long it took, ms. */
  readonly ms: number;
  readonly code?: string;
  readonly error?: string;
  readonly remedy?: string;
}

/**
 * Sends a message that is clearly a test through every target at once, or through one; each is tried once.
 *
 * @throws UsageError `unknown_target`
 */
export async function testTargets(
  config: AlertsConfig,
  { only, clock, signal }: { only?: string | undefined; clock: Clock; signal: AbortSignal },
): Promise<TargetTest[]> {
  const targets = buildTargets(config, clock);
  const chosen = only === undefined ? [...targets.values()] : [targets.get(only)];
  const nonce = randomUUID();
  const style = styleFor(config.file);
  const test = async (target: Target): Promise<TargetTest> => {
    const startedMs = clock.monotonic();
    const message = composeTest(target.name, nonce, new Date(clock.now()).toISOString(), style(target.name));
    const failure = await sendInTime({ target, message, clock, signal }).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof SendError) return error;
        throw error;
      },
    );
    const ms = Math.round(clock.monotonic() - startedMs);
    const base = { target: target.name, type: target.type, ok: failure === undefined, ms };
    return failure === undefined
      ? base
      : { ...base, code: failure.code, error: failure.message, remedy: failure.remedy };
  };
  const results = Promise.all(
    chosen.map((target) => {
      if (target !== undefined) return test(target);
      throw new UsageError({
        code: 'unknown_target',
        message: `There is no target ${only} in the alerts file.`,
        remedy: `There are ${[...targets.keys()].join(', ')}.`,
      });
    }),
  );
  return results.finally(() => {
    for (const { link } of targets.values()) {
      link?.stop();
    }
  });
}
