import { createHomeAssistantTopics, createTopics } from '@vigilia/protocol';
import {
  type Bus,
  brokerCheck,
  brokerOptions,
  ChannelBus,
  CommandClient,
  createBus,
  createRegistry,
  EXIT,
  HealthServer,
  type Logger,
  registerRejections,
  type Service,
  type ServiceControl,
  systemClock,
} from '@vigilia/service';
import { AlertPublisher } from './alert-publisher.ts';
import { AlertDesk } from './alerts/alert-desk.ts';
import { MemoryFile } from './alerts/memory-file.ts';
import type { AlertsConfig } from './config/load-alerts.ts';
import { recipientOf, styleFor } from './config/style-for.ts';
import { followFallReports } from './fall-reports.ts';
import { HomeAssistantBridge } from './home-assistant/bridge.ts';
import { HouseWatch } from './house-watch.ts';
import { createNotifierMetrics } from './metrics.ts';
import { followLinks } from './on-my-way/follow-links.ts';
import { OnMyWayLinks } from './on-my-way/on-my-way-links.ts';
import type { NotifierSettings } from './settings.ts';
import { buildTargets } from './targets/build-targets.ts';
import type { AcceptedCall } from './targets/target.ts';

export interface NotifierOptions {
  readonly settings: NotifierSettings;
  /** Undefined: nobody is told. */
  readonly alerts: AlertsConfig | undefined;
  readonly logger: Logger;
  readonly control: ServiceControl;
}

/** How long the acknowledgment of an accepted call waits for the orchestrator. */
const acceptWithinMs = 30_000;

/** The notifier: joined here and nowhere else. */
export class Notifier implements Service {
  readonly #logger: Logger;
  readonly #bus: Bus;
  readonly #watch: HouseWatch;
  readonly #desk: AlertDesk | undefined;
  readonly #links: OnMyWayLinks | undefined;
  readonly #publisher: AlertPublisher | undefined;
  readonly #homeAssistant: HomeAssistantBridge | undefined;
  readonly #health: HealthServer;
  #stopped: Promise<void> | undefined;

  constructor({ settings, alerts, logger, control }: NotifierOptions) {
    const clock = systemClock;
    const topics = createTopics(settings.topicPrefix, settings.discoveryPrefix);
    const own = createHomeAssistantTopics(topics.roots);
    const registry = createRegistry('notifier', settings.instanceId);
    const metrics = createNotifierMetrics(registry, () => this.#desk?.states() ?? {});
    this.#logger = logger;
    this.#bus = createBus({
      ...brokerOptions(settings, settings.instanceId),
      clean: false,
      logger,
      ...(settings.homeAssistant ? { will: { topic: own.availability, payload: 'offline', retain: true } } : {}),
      onTakenOver: () => control.requestExit(EXIT.takenOver, 'another notifier uses this client id'),
    });
    const bus = new ChannelBus({ bus: this.#bus, roots: topics.roots, logger, clock });
    registerRejections(registry, bus);
    if (alerts !== undefined) {
      const { file } = alerts;
      const client = new CommandClient({ bus, clock, idPrefix: 'notifier-' });
      this.#links = new OnMyWayLinks({ dir: settings.stateDir, clock, logger });
      this.#desk = new AlertDesk({
        plan: { ...file, targets: Object.keys(file.targets) },
        targets: buildTargets(alerts, clock, { logger, onAccepted: (call) => void this.#acknowledge(client, call) }),
        styleOf: styleFor(file),
        recipientOf: (target) => recipientOf(file, target),
        links: this.#links,
        file: new MemoryFile({ dir: settings.stateDir, clock, logger }),
        clock,
        logger: logger.child({ component: 'alerts' }),
        onAttempt: (target, outcome) => metrics.attempts.inc({ target, outcome }),
      });
      const openCases = () => this.#desk?.openCases ?? [];
      followLinks({ bus, client, links: this.#links, openCases, logger });
    }
    if (this.#desk !== undefined) {
      const { instanceId } = settings;
      this.#publisher = new AlertPublisher({ bus, desk: this.#desk, instanceId, clock, logger });
    }
    if (settings.homeAssistant) {
      const language = settings.language ?? alerts?.file.language ?? 'en';
      this.#homeAssistant = new HomeAssistantBridge({
        bus,
        own,
        language,
        consoleUrl: alerts?.file.console_url,
        clock,
        logger,
      });
    }
    this.#watch = new HouseWatch({
      bus,
      clock,
      onNews: () => this.#look(),
      onTick: () => this.#look(),
    });
    if (this.#desk !== undefined) followFallReports({ bus, desk: this.#desk, look: () => this.#watch.look() });
    this.#health = new HealthServer({
      host: settings.healthHost,
      port: settings.healthPort,
      logger,
      live: () => ({ ok: true, ...this.#report() }),
      ready: () => ({ ...brokerCheck(this.#bus), ...this.#report() }),
      registry,
    });
  }

  /** Runs also while the broker is away: that is something to tell. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#links?.start();
    await this.#desk?.start();
    signal.throwIfAborted();
    await this.#health.start();
    this.#publisher?.start();
    this.#homeAssistant?.start();
    this.#watch.start();
    void this.#bus.start(signal).catch(() => undefined);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const steps = [
      () => this.#watch.stop(),
      () => this.#desk?.stop(),
      () => this.#homeAssistant?.stop(),
      () => this.#bus.stop(),
      () => this.#health.stop(),
    ];
    const failures: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The notifier did not stop in order.');
  }

  async #look(): Promise<void> {
    try {
      const view = this.#watch.look();
      this.#homeAssistant?.look(view);
      await this.#desk?.look(view);
      this.#publisher?.look(view);
    } catch (err) {
      // A fault of ours must not end what tells people of falls.
      this.#logger.error({ event: 'look_failed', err }, 'the house could not be looked at');
    }
  }

  /** A person took the call at their own device. */
  async #acknowledge(client: CommandClient, { incidentId, by }: AcceptedCall): Promise<void> {
    const command = { command: 'acknowledge', params: { incident_id: incidentId, by, via: 'espa' } } as const;
    const event = { event: 'call_accepted', incident_id: incidentId, by };
    try {
      const { ended } = await client.send({ to: 'orchestrator', command, timeoutMs: acceptWithinMs });
      this.#logger.info({ ...event, ended }, 'a call was accepted');
    } catch (err) {
      this.#logger.error({ ...event, err }, 'an accepted call was not passed on');
    }
  }

  #report(): Record<string, unknown> {
    const desk = this.#desk;
    const alerts =
      desk === undefined ? {} : { targets: desk.states(), open: desk.openCases.length, remembers: desk.remembers };
    return { broker: this.#bus.connected, ...alerts };
  }
}
