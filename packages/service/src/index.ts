export { type Backoff, createBackoff } from './backoff.ts';
export { brokerAddresses, isBrokerList } from './broker-addresses.ts';
export { brokerOptions, clientIdFor } from './broker-options.ts';
export {
  type Bus,
  BusError,
  type BusHealth,
  type BusMessage,
  type BusOptions,
  type MessageHandler,
  type MqttProtocol,
  type PublishOptions,
  RedeliverError,
  type Will,
} from './bus.ts';
export {
  type Arrival,
  ChannelBus,
  type Received,
  type ReceivedOf,
  type RejectedMessage,
  type ReplyAddress,
} from './channel-bus.ts';
export { childEnvironment } from './child-environment.ts';
export { type Clock, sleepOn, systemClock, type Timer } from './clock.ts';
export {
  CommandClient,
  type CommandRequest,
  type CommandResult,
} from './command-client.ts';
export { brokerTable, DEFAULT_TOPIC_PREFIX, healthTable, logTable } from './common-settings.ts';
export { Deque } from './deque.ts';
export { examine } from './examine.ts';
export { EXIT, ExitRequest } from './exit-request.ts';
export { CorruptFileError, readJsonFile, removeAbandonedWrites, writeFileAtomic } from './files.ts';
export type { Check } from './http.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMailbox, type Mailbox } from './mailbox.ts';
export { createBus } from './mqtt.ts';
export { OtherBootDetector } from './other-boot.ts';
export { percentEncodingHint } from './percent-encoding.ts';
export { endProcess, isAlive, processStartTime } from './processes.ts';
export { isSecretKey, redactDeep, redactUrl } from './redact.ts';
export { hasCredentials, processorSchemes, schemeProblem } from './rooms/camera-address.ts';
export { Go2rtc, Go2rtcError } from './rooms/go2rtc.ts';
export { RoomEditor, type RoomOutcome } from './rooms/room-editor.ts';
export { runMain } from './run-main.ts';
export { createSealer, SealedBoxKey } from './sealed-box.ts';
/** @public named in the declarations of other workspaces */
export type { Main } from './serve.ts';
export { serve } from './serve.ts';
export { ServiceScope } from './service-scope.ts';
export { setting } from './setting-schemas.ts';
/** @public named in the declarations of other workspaces */
export type { SettingsSpec } from './settings.ts';
export {
  defineSettings,
  parseSettings,
  parseSettingsWithSources,
  type SettingSource,
  type SettingsOf,
} from './settings.ts';
export { onEndSignal } from './signals.ts';
export { standardOutput } from './standard-output.ts';
export { Teardown } from './teardown.ts';
export { topicMatches } from './topic-filter.ts';
export { UsageError } from './usage-error.ts';
export { version } from './version.ts';
export { untilAborted, within } from './within.ts';
