import { channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';
import { outputNames } from './build-outputs.ts';
import { retentionOf } from './settings/retention-tables.ts';
import type { RunSettings } from './settings/run-settings.ts';

export interface RecordsReportOptions {
  readonly bus: ChannelBus;
  readonly settings: RunSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Publishes where this sink writes records and how long they are kept, retained, on each connection. */
export function reportRecords({ bus, settings, clock, logger }: RecordsReportOptions): void {
  const { instanceId } = settings;
  bus.bus.onConnect(async () => {
    const state = {
      instance_id: instanceId,
      timestamp: new Date(clock.now()).toISOString(),
      outputs: outputNames(settings),
      kept_days: retentionOf(settings),
    };
    try {
      await bus.publish(channels.recordsState, { instance_id: instanceId }, state);
    } catch (err) {
      // a broker with the access rules of an earlier version refuses it: records are written all the same
      logger.warn({ event: 'records_state_unpublished', err }, 'the retention of records was not published');
    }
  });
}
