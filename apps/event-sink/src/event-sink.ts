import { type ChannelBus, type HealthServer, type Logger, type Service, UsageError } from '@vigilia/service';
import { UnsupportedServerError } from './elasticsearch/server-version.ts';
import { subscribeAll } from './input/mqtt-input.ts';
import type { Receiver } from './input/receiver.ts';
import type { Output } from './output/output.ts';
import type { Pump } from './output/pump.ts';
import type { SelfReport } from './self-report.ts';
import type { Spool } from './spool/spool.ts';
import { SpoolError } from './spool/spool-error.ts';

interface LogInput {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface EventSinkParts {
  readonly spool: Spool;
  readonly outputs: readonly Output[];
  /** Called once the spool is open. */
  readonly pumpOf: (output: Output) => Pump;
  readonly receiver: Receiver;
  readonly logInputs: readonly LogInput[];
  readonly bus: ChannelBus;
  readonly report: SelfReport;
  readonly health: HealthServer;
  readonly stopping: AbortController;
  readonly logger: Logger;
  /** Asks Elasticsearch for its version and for what set-up has not done; only where it is configured. @throws UnsupportedServerError */
  readonly missingTemplates: (() => Promise<string[]>) | undefined;
}

/** How long a stop may go on delivering what is spooled; the rest is delivered after the next start. */
const FLUSH_MS = 3000;

/** Starts from the output to the input and stops the other way round, so that nothing comes in that has nowhere to go. */
export class EventSink implements Service {
  private readonly parts: EventSinkParts;
  private readonly pumps: Pump[] = [];
  private stopped: Promise<void> | undefined;

  constructor(parts: EventSinkParts) {
    this.parts = parts;
  }

  /** @throws UsageError `spool_locked`, `spool_unusable`, `port_in_use` */
  async start(signal: AbortSignal): Promise<void> {
    const { outputs, pumpOf, receiver, logInputs, bus, report, health } = this.parts;
    await this.openSpool();
    for (const output of outputs) {
      const pump = pumpOf(output);
      await pump.start();
      this.pumps.push(pump);
    }
    await health.start();
    report.start(this.pumps);
    receiver.start();
    for (const input of logInputs) await input.start();
    void this.checkSetup();
    subscribeAll({ bus, take: receiver.takeMessage, takeRejected: receiver.takeRejected });
    signal.throwIfAborted();
    await bus.bus.start(signal);
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    const { spool, receiver, logInputs, bus, report, health, stopping } = this.parts;
    const failures: unknown[] = [];
    const steps = [
      () => report.stop(),
      () => receiver.stop(),
      // a message that waits for room on the disk must not hold the broker connection open
      () => stopping.abort(new Error('the sink stops')),
      () => bus.bus.stop(),
      () => Promise.all(logInputs.map((input) => input.stop())),
      ...this.pumps.map((pump) => () => pump.stop(FLUSH_MS)),
      () => spool.close(),
      () => health.stop(),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The sink did not stop in order.');
  }

  private async openSpool(): Promise<void> {
    try {
      await this.parts.spool.open();
    } catch (cause) {
      if (cause instanceof SpoolError) throw new UsageError({ code: cause.code, message: cause.message, cause });
      throw cause;
    }
  }

  private async checkSetup(): Promise<void> {
    const { missingTemplates, logger } = this.parts;
    try {
      const missing = (await missingTemplates?.()) ?? [];
      if (missing.length > 0) {
        logger.warn(
          { event: 'setup_missing', templates: missing },
          'Elasticsearch is not set up: run vigilia event-sink setup; documents wait in the spool',
        );
      }
    } catch (err) {
      if (err instanceof UnsupportedServerError) {
        logger.error({ event: err.code, version: err.version }, err.message);
        return;
      }
      // Elasticsearch may be offline, or this key may not read templates: delivery reports what matters.
      logger.debug({ event: 'setup_unknown', err }, 'could not ask whether Elasticsearch is set up');
    }
  }
}
