export { type Backoff, type BackoffOptions, createBackoff } from './backoff.ts';
export { type BrokerSettings, brokerCheck, brokerOptions, clientIdFor } from './broker-options.ts';
export {
  type Bus,
  BusError,
  type BusHealth,
  type BusMessage,
  type BusOptions,
  type MessageHandler,
  type MqttProtocol,
  type PublishClass,
  type PublishOptions,
  type QueueBounds,
  RedeliverError,
  type Will,
} from './bus.ts';
export {
  type Arrival,
  ChannelBus,
  type ChannelBusOptions,
  type Received,
  type ReceivedOf,
  type RejectedMessage,
  type ReplyAddress,
  type SubscribeOptions,
} from './channel-bus.ts';
export { childEnvironment } from './child-environment.ts';
export { type Clock, sleepOn, systemClock, type Timer } from './clock.ts';
export {
  CommandClient,
  type CommandClientOptions,
  type CommandRequest,
  type CommandResult,
} from './command-client.ts';
export { brokerTable, DEFAULT_TOPIC_PREFIX, healthTable } from './common-settings.ts';
export { EXIT, ExitRequest } from './exit-request.ts';
export { CorruptFileError, readJsonFile, removeAbandonedWrites, writeFileAtomic } from './files.ts';
export type { Check } from './http.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMailbox, type Mailbox, type MailboxOptions } from './mailbox.ts';
export { createRegistry } from './metrics.ts';
export { createBus } from './mqtt.ts';
export { OtherBootDetector, type OwnNameStatus } from './other-boot.ts';
export { percentEncodingHint } from './percent-encoding.ts';
export { endProcess, isAlive, type ProcessEnd, processStartTime } from './processes.ts';
export { isSecretKey, redactDeep, redactUrl } from './redact.ts';
export { runMain } from './run-main.ts';
export { type Main, type ServiceDefinition, serve } from './serve.ts';
export { type ConnectOptions, ServiceScope, type ServiceSettings } from './service-scope.ts';
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
export { onEndSignal } from './signals.ts';
export { droppedLogLines, standardOutput } from './standard-output.ts';
export { Teardown, TeardownError } from './teardown.ts';
export { topicMatches } from './topic-filter.ts';
export { UsageError } from './usage-error.ts';
export { TimeLimitError, within } from './within.ts';
