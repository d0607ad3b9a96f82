import { createHomeAssistantTopics } from '@vigilia/protocol';
import { type ChannelBus, CommandClient, type ServiceScope } from '@vigilia/service';
import { AlertPublisher } from './alert-publisher.ts';
import { AlertManager } from './alerts/alert-manager.ts';
import { MemoryFile } from './alerts/memory-file.ts';
import { recipientOf, styleFor } from './alerts/style-for.ts';
import { Availability } from './availability.ts';
import { buildTargets } from './build-targets.ts';
import { type AlertsConfig, loadAlerts } from './config/load-alerts.ts';
import { followFallReports } from './fall-reports.ts';
import { HomeAssistantBridge } from './home-assistant/bridge.ts';
import { createNotifierMetrics } from './metrics.ts';
import { followLinks } from './on-my-way/follow-links.ts';
import { OnMyWayLinks } from './on-my-way/on-my-way-links.ts';
import { drawReplay } from './pictures/draw-replay.ts';
import { ReplayPictures } from './pictures/replay-pictures.ts';
import { createWebPushService, type WebPushService } from './push/web-push-service.ts';
import { runInTurn } from './run-in-turn.ts';
import { checkPurpose, type NotifierSettings } from './settings.ts';
import { SiteMonitor } from './site-monitor.ts';
import { targetReports } from './target-reports.ts';
import type { AcceptedCall } from './targets/target.ts';

/** How long the acknowledgment of an accepted call waits for the orchestrator. */
const acceptWithinMs = 30_000;

/** Starts the notifier. @throws UsageError of the settings and of the alerts file */
export async function startNotifier(scope: ServiceScope<NotifierSettings>): Promise<void> {
  const { settings, env } = scope;
  checkPurpose(settings);
  const alerts = settings.alertsFile === undefined ? undefined : await loadAlerts(settings.alertsFile, env);
  await new Notifier(scope, alerts).start();
}

/** The parts of the notifier: joined here only. */
class Notifier {
  readonly #scope: ServiceScope<NotifierSettings>;
  readonly #bus: ChannelBus;
  readonly #watch: SiteMonitor;
  readonly #alertManager: AlertManager | undefined;
  readonly #links: OnMyWayLinks | undefined;
  readonly #publisher: AlertPublisher | undefined;
  readonly #pictures: ReplayPictures;
  readonly #availability: Availability;
  readonly #homeAssistant: HomeAssistantBridge | undefined;
  readonly #webPush: WebPushService | undefined;

  /** @param alerts undefined: no alert is sent */
  constructor(scope: ServiceScope<NotifierSettings>, alerts: AlertsConfig | undefined) {
    const { settings, clock, logger, topics } = scope;
    const own = createHomeAssistantTopics(topics.roots);
    const metrics = createNotifierMetrics(scope.registry, () => this.#alertManager?.states() ?? {});
    this.#scope = scope;
    const bus = scope.connect({ clean: false, will: { topic: own.availability, payload: 'offline', retain: true } });
    this.#bus = bus;
    scope.writesTo({ name: 'state', dir: settings.stateDir });
    scope.reportsAlso(() => ({ alert_targets: targetReports(this.#alertManager?.states() ?? {}, alerts) }));
    this.#availability = new Availability(bus);
    this.#pictures = new ReplayPictures({ draw: drawReplay, logger, onDrawn: () => void this.#observe() });
    if (alerts !== undefined) {
      const { file } = alerts;
      const wardOf = (sourceId: number): string | undefined =>
        this.#watch.observe().house.desired?.rooms[String(sourceId)]?.ward;
      this.#webPush = createWebPushService({ bus, file, stateDir: settings.stateDir, wardOf, clock, logger });
      const client = new CommandClient({ bus, clock, idPrefix: 'notifier-' });
      this.#links = new OnMyWayLinks({ dir: settings.stateDir, clock, logger });
      this.#alertManager = new AlertManager({
        plan: {
          ...file,
          targets: Object.keys(file.targets),
          pictureTargets: pictureTargets(file),
          wardOf: (sourceId) => this.#watch.observe().house.desired?.rooms[String(sourceId)]?.ward,
        },
        pictures: this.#pictures,
        targets: buildTargets(alerts, clock, {
          logger,
          devices: this.#webPush,
          onAccepted: (call) => void this.#acknowledge(client, call),
        }),
        styleOf: styleFor(file),
        recipientOf: (target) => recipientOf(file, target),
        links: this.#links,
        file: new MemoryFile({ dir: settings.stateDir, clock, logger }),
        clock,
        logger: logger.child({ component: 'alerts' }),
        onAttempt: (target, outcome) => metrics.attempts.inc({ target, outcome }),
      });
      const openCases = () => this.#alertManager?.openCases ?? [];
      followLinks({ bus, client, links: this.#links, openCases, logger });
    }
    if (this.#alertManager !== undefined) {
      const { instanceId } = settings;
      this.#publisher = new AlertPublisher({ bus, alertManager: this.#alertManager, instanceId, clock, logger });
    }
    if (settings.homeAssistant) {
      const language = settings.language ?? alerts?.file.language ?? 'en';
      this.#homeAssistant = new HomeAssistantBridge({
        bus,
        own,
        language,
        consoleUrl: alerts?.file.console_url,
        pictureOf: (incidentId) => this.#pictures.of(incidentId),
        clock,
        logger,
      });
    }
    this.#watch = new SiteMonitor({
      bus,
      clock,
      onNews: () => this.#observe(),
      onTick: () => this.#observe(),
    });
    if (this.#alertManager !== undefined) {
      followFallReports({ bus, alertManager: this.#alertManager, observe: () => this.#watch.observe() });
    }
  }

  /** Works also while the broker is unreachable, because that is a trouble to report. */
  async start(): Promise<void> {
    const scope = this.#scope;
    const report = () => this.#report();
    await scope.startHealth((broker) => ({ ...broker, ...report() }), report);
    await this.#links?.start();
    scope.onStop('Web Push', () => this.#webPush?.stop());
    scope.onStop('availability', () => this.#availability.stop());
    scope.onStop('alerts', () => this.#alertManager?.stop());
    await this.#alertManager?.start();
    await this.#webPush?.start();
    scope.signal.throwIfAborted();
    this.#publisher?.start();
    this.#availability.start();
    this.#homeAssistant?.start();
    scope.onStop('house', () => this.#watch.stop());
    this.#watch.start();
    void this.#bus.bus.start(scope.signal).catch(() => undefined);
  }

  /** Alarms come first. What only shows the site follows with the state as it is then. */
  #observe(): Promise<void> {
    const view = this.#watch.observe();
    const steps = [
      () => this.#alertManager?.observe(view),
      () => this.#publisher?.observe(view),
      () => this.#homeAssistant?.observe(this.#watch.observe()),
      () => this.#pictures.observe(this.#watch.observe().house),
    ];
    return runInTurn(steps, this.#scope.logger);
  }

  /** A person took the call at their own device. */
  async #acknowledge(client: CommandClient, { incidentId, by }: AcceptedCall): Promise<void> {
    const command = { command: 'acknowledge', params: { incident_id: incidentId, by, via: 'espa' } } as const;
    const event = { event: 'call_accepted', incident_id: incidentId, by };
    try {
      const { ended } = await client.send({ to: 'orchestrator', command, timeoutMs: acceptWithinMs });
      this.#scope.logger.info({ ...event, ended }, 'a call was accepted');
    } catch (err) {
      this.#scope.logger.error({ ...event, err }, 'an accepted call was not passed on');
    }
  }

  #report(): Record<string, unknown> {
    const alertManager = this.#alertManager;
    const alerts =
      alertManager === undefined
        ? {}
        : { targets: alertManager.states(), open: alertManager.openCases.length, remembers: alertManager.remembers };
    return { broker: this.#bus.connected, ...alerts };
  }
}

/** Returns the targets that show a picture which follows an alarm. */
function pictureTargets({ targets }: AlertsConfig['file']): string[] {
  const types: readonly string[] = ['email', 'ntfy', 'web_push'];
  return Object.keys(targets).filter((name) => types.includes(targets[name]?.type ?? ''));
}
