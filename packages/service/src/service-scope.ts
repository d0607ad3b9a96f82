import { randomBytes } from 'node:crypto';
import { createTopics, type ServiceReport, type Topics } from '@vigilia/protocol';
import type { Registry } from 'prom-client';
import { type BrokerSettings, brokerCheck, brokerOptions } from './broker-options.ts';
import type { BrokerPlace } from './broker-place.ts';
import type { Bus, BusOptions } from './bus.ts';
import { ChannelBus } from './channel-bus.ts';
import { type Clock, systemClock } from './clock.ts';
import { createBrokerPlace } from './create-broker-place.ts';
import { EXIT, ExitRequest } from './exit-request.ts';
import { type Check, HealthServer } from './http.ts';
import { createLogger, type Logger } from './logger.ts';
import { createRegistry, registerRejections } from './metrics.ts';
import { createBus } from './mqtt.ts';
import { RecentTroubles } from './recent-troubles.ts';
import { ServiceReporter, type WrittenFolder } from './service-reporter.ts';
import { Teardown, TeardownError } from './teardown.ts';

/** The settings that every service has: `brokerTable`, `healthTable`, `logLevel`. */
export interface ServiceSettings extends BrokerSettings {
  readonly healthHost: string;
  readonly healthPort?: number | undefined;
  readonly logLevel: string;
  /** The name at the broker and in the log; `<service>-<random>` where the service has no such setting. */
  readonly instanceId?: string;
  /** First level of Home Assistant's discovery topics. */
  readonly discoveryPrefix?: string;
  /** In every line of the log. */
  readonly traceId?: string | undefined;
}

export interface ScopeOptions<S extends ServiceSettings> {
  /** `processor`, `orchestrator` … */
  readonly name: string;
  readonly settings: S;
  readonly env: NodeJS.ProcessEnv;
  /** Longest duration of the teardown, ms; 10 s by default. */
  readonly stopLimitMs?: number | undefined;
  /** The other services follow this one from broker to broker; `false` by default. */
  readonly leads?: boolean | undefined;
  /** For tests; writes to standard output by default. */
  readonly logger?: Logger;
}

/** What a connection can have beyond what the settings give it. */
export interface ConnectOptions extends Pick<BusOptions, 'clean' | 'will' | 'forgetsOnMove'> {
  /** The instance id by default. */
  readonly clientName?: string;
}

/**
 * What a service lives in: settings, log, clock, broker connections, health server, and the teardown of everything that the
 * service has started. Ends when `signal` aborts.
 */
export class ServiceScope<S extends ServiceSettings = ServiceSettings> {
  readonly name: string;
  readonly settings: S;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock = systemClock;
  readonly logger: Logger;
  readonly topics: Topics;
  readonly #teardown: Teardown;
  readonly #ending = new AbortController();
  readonly #connections: ChannelBus[] = [];
  readonly #troubles = new RecentTroubles();
  readonly #folders: WrittenFolder[] = [];
  #details: () => Pick<ServiceReport, 'alert_targets'> = () => ({});
  #instanceId: () => string;
  readonly #leads: boolean;
  #place: BrokerPlace | undefined;
  #registry: Registry | undefined;
  #health: HealthServer | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ScopeOptions<S>) {
    const { name, settings, env, stopLimitMs = 10_000 } = options;
    const instanceId = settings.instanceId ?? `${name}-${randomBytes(4).toString('hex')}`;
    this.name = name;
    this.#leads = options.leads ?? false;
    this.settings = settings;
    this.env = env;
    this.topics = createTopics(settings.topicPrefix, settings.discoveryPrefix);
    this.#teardown = new Teardown({ clock: this.clock, limitMs: stopLimitMs });
    this.#instanceId = () => instanceId;
    const logger = options.logger ?? this.#createLogger();
    this.logger = settings.traceId === undefined ? logger : logger.child({ trace_id: settings.traceId });
  }

  get instanceId(): string {
    return this.#instanceId();
  }

  /** Aborts when the service is to end, with the `ExitRequest` as its reason. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Metrics of the service and of its process; made at the first use, under the instance id of that moment. */
  get registry(): Registry {
    if (this.#registry === undefined) {
      this.#registry = createRegistry(this.name, this.instanceId);
      registerRejections(this.#registry, this.#connections);
    }
    return this.#registry;
  }

  /** The port of the health server; 0 while it does not listen. */
  get healthPort(): number {
    return this.#health?.port ?? 0;
  }

  /** Takes the instance id from here on from `source`, for a service that can be renamed. */
  identifyBy(source: () => string): void {
    this.#instanceId = source;
  }

  /** Reports a folder that the service writes to, with the space that its disk has left. */
  writesTo(folder: WrittenFolder): void {
    this.#folders.push(folder);
  }

  /** Adds to the service's reports what only it knows. */
  reportsAlso(details: () => Pick<ServiceReport, 'alert_targets'>): void {
    this.#details = details;
  }

  /** Adds a step to the teardown; add it before what it undoes is started. The steps run in reverse order. */
  onStop(step: string, run: () => unknown): void {
    this.#teardown.add(step, run);
  }

  /** At which of several brokers this process is; shared by its connections. @throws UsageError `ca_file_unreadable` */
  get place(): BrokerPlace {
    const { settings, logger, clock } = this;
    if (this.#place === undefined) {
      const place = createBrokerPlace({
        ...brokerOptions(settings, this.instanceId),
        ownStatusTopic: this.#leads ? this.topics.orchestratorStatus : undefined,
        logger,
        clock,
      });
      this.onStop('search for brokers', () => place.stop());
      this.#place = place;
    }
    return this.#place;
  }

  /**
   * Makes a connection to the broker, which the teardown ends; the first one reports the service. Ends the service when another client takes its session over.
   * The service itself starts it (`bus.start`), because a persistent session needs its subscriptions first.
   * @throws UsageError `ca_file_unreadable`
   */
  connect(options: ConnectOptions = {}): ChannelBus {
    const { clientName = this.instanceId, ...more } = options;
    const { settings, logger, clock, topics } = this;
    const bus: Bus = createBus({
      ...brokerOptions(settings, clientName),
      ...more,
      place: this.place,
      logger,
      clock,
      onTakenOver: () => this.requestExit(EXIT.takenOver, `another ${this.name} uses this client id`),
    });
    const connection = new ChannelBus({ bus, roots: topics.roots, logger, clock });
    this.onStop(`broker connection ${clientName}`, () => bus.stop());
    if (this.#connections.length === 0) {
      this.#startReports(connection);
    }
    this.#connections.push(connection);
    return connection;
  }

  /**
   * Starts the health server, where the settings have a port for it.
   * @param ready the service's part of `/readyz`; the service is ready when this part and all its connections are ok
   * @param live what `/healthz` shows besides `ok`
   * @throws UsageError `port_in_use`
   */
  async startHealth(ready: (broker: Check) => Check, live: () => Record<string, unknown> = () => ({})): Promise<void> {
    const { logger, registry, settings } = this;
    this.#health = new HealthServer({
      host: settings.healthHost,
      port: settings.healthPort,
      logger,
      live: () => ({ ok: true, ...live() }),
      ready: () => ready(brokerCheck(...this.#connections.map(({ bus }) => bus))),
      registry,
    });
    const health = this.#health;
    this.onStop('health server', () => health.stop());
    await health.start();
  }

  /** Asks the service to stop and its process to end with `exitCode`; the first request wins. */
  requestExit(exitCode: number, reason: string): void {
    if (this.signal.aborted) return;
    this.logger.info({ event: 'service_stopping', exit_code: exitCode, reason }, 'stopping');
    this.#ending.abort(new ExitRequest(exitCode, reason));
  }

  /**
   * Tears down everything that was started, in reverse order, and logs each step that failed. Idempotent.
   * @throws TeardownError with every step that failed
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#teardown.run().catch((error: unknown) => {
      if (error instanceof TeardownError) {
        this.#logFailures(error);
      }
      throw error;
    });
    return this.#stopped;
  }

  #startReports(bus: ChannelBus): void {
    const { name: service, clock } = this;
    const reporter = new ServiceReporter({
      bus,
      service,
      instanceId: () => this.instanceId,
      clock,
      folders: this.#folders,
      troubles: this.#troubles,
      details: () => this.#details(),
    });
    this.onStop('service reports', () => reporter.stop());
    reporter.start();
  }

  #logFailures({ failures }: TeardownError): void {
    for (const { step, error } of failures) {
      this.logger.error({ event: 'service_stop_failed', step, err: error }, 'a part did not stop in order');
    }
  }

  #createLogger(): Logger {
    const { name, settings } = this;
    return createLogger({
      logger: name,
      component: name,
      instanceId: () => this.instanceId,
      level: settings.logLevel,
      onLine: (line) => this.#troubles.take(line),
    });
  }
}
