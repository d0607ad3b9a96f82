export { type Backoff, type BackoffOptions, createBackoff } from './backoff.ts';
export {
  type Bus,
  BusError,
  type BusMessage,
  type BusOptions,
  type MessageHandler,
  type PublishOptions,
  RedeliverError,
  type Will,
} from './bus.ts';
export { type Clock, sleepOn, systemClock, type Timer } from './clock.ts';
export { brokerTable, healthTable } from './common-settings.ts';
export { ExitRequest } from './exit-request.ts';
export { CorruptFileError, readJsonFile, removeAbandonedWrites, writeFileAtomic } from './files.ts';
export { type Check, HealthServer, type HealthServerOptions } from './http.ts';
export { EXIT, type RunServiceOptions, runMain, runService, type Service, type ServiceControl } from './lifecycle.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMailbox, type Mailbox, type MailboxOptions } from './mailbox.ts';
export { createRegistry } from './metrics.ts';
export { createBus } from './mqtt.ts';
export { percentEncodingHint } from './percent-encoding.ts';
export { endProcess, isAlive, type ProcessEnd, processStartTime } from './processes.ts';
export { isSecretKey, redactDeep, redactUrl } from './redact.ts';
export { setting } from './setting-schemas.ts';
export {
  defineSettings,
  type ParsedSettings,
  parseSettings,
  parseSettingsWithSources,
  type SettingEntry,
  type SettingSource,
  type SettingsOf,
  type SettingsSpec,
  type SettingsTable,
} from './settings.ts';
export { droppedLogLines, standardOutput } from './standard-output.ts';
export { topicMatches } from './topic-filter.ts';
export { UsageError } from './usage-error.ts';
