import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ChannelBus,
  CommandClient,
  Go2rtc,
  type Logger,
  RoomEditor,
  type ServiceScope,
  UsageError,
} from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { Access } from './server/access.ts';
import { FailureLimit } from './server/auth/failure-limit.ts';
import { OneTimeStore } from './server/auth/one-time-store.ts';
import { SessionFile } from './server/auth/session-file.ts';
import { Sessions } from './server/auth/sessions.ts';
import { Users } from './server/auth/users.ts';
import { ClipRequests } from './server/clip-requests.ts';
import { CommandGateway, consoleCommandPrefix } from './server/command-gateway.ts';
import { buildHttpServer } from './server/http-server.ts';
import { LiveHouse } from './server/live-house.ts';
import { type Attempt, attemptMs } from './server/oidc/attempt.ts';
import { LogoutTokens } from './server/oidc/logout-tokens.ts';
import { type OidcSettings, readOidcSettings } from './server/oidc/oidc-settings.ts';
import { Provider } from './server/oidc/provider.ts';
import { OnMyWay } from './server/on-my-way.ts';
import { Passkeys } from './server/passkeys/passkeys.ts';
import { relyingPartyOf } from './server/passkeys/relying-party.ts';
import { PublishedResults } from './server/published-results.ts';
import { PushSubscriptions } from './server/push-subscriptions.ts';
import { accountRoutes } from './server/routes/account-routes.ts';
import { clipRoute } from './server/routes/clip-route.ts';
import { commandRoutes } from './server/routes/command-routes.ts';
import { liveRoute } from './server/routes/live-route.ts';
import { oidcLogoutRoute } from './server/routes/oidc-logout-route.ts';
import { oidcRoutes } from './server/routes/oidc-routes.ts';
import { onMyWayRoute } from './server/routes/on-my-way-route.ts';
import { passkeyRoutes } from './server/routes/passkey-routes.ts';
import { peopleRoutes } from './server/routes/people-routes.ts';
import { policyRoute } from './server/routes/policy-route.ts';
import { pushRoutes } from './server/routes/push-routes.ts';
import { replayRoute } from './server/routes/replay-route.ts';
import { reportRoutes } from './server/routes/report-routes.ts';
import { roomRoutes } from './server/routes/room-routes.ts';
import { sessionRoutes } from './server/routes/session-routes.ts';
import { signInWaysRoute } from './server/routes/sign-in-ways-route.ts';
import { snapshotRoute } from './server/routes/snapshot-route.ts';
import { systemRoute } from './server/routes/system-route.ts';
import { zoneRoute } from './server/routes/zone-route.ts';
import { SnapshotRequests } from './server/snapshot-requests.ts';
import { type ConsoleSettings, checkAccess, sessionsFile } from './settings.ts';
import { logExpiry } from './tls/certificate-report.ts';
import { readServerCertificate, type ServerCertificate } from './tls/read-certificate.ts';

/** Starts the console. Returns the address of the page. @throws UsageError `invalid_settings`, `oidc_groups_invalid`, `port_in_use` */
export async function startConsole(scope: ServiceScope<ConsoleSettings>): Promise<string> {
  checkAccess(scope.settings);
  const service = new Console(scope, await readOidcSettings(scope.settings));
  await service.start();
  return service.url;
}

/** How long each service may take to change a room: the page waits for 40 s. */
const roomAnswerWithinMs = 15_000;

/** The parts of the console: joined here only. */
class Console {
  readonly #scope: ServiceScope<ConsoleSettings>;
  readonly #bus: ChannelBus;
  readonly #live: LiveHouse;
  readonly #published: PublishedResults;
  readonly #gateway: CommandGateway;
  readonly #snapshotRequests: SnapshotRequests;
  readonly #clipRequests: ClipRequests;
  readonly #push: PushSubscriptions;
  readonly #onMyWay: OnMyWay;
  readonly #rooms: RoomEditor;
  readonly #go2rtc: Go2rtc | undefined;
  readonly #users: Users | undefined;
  readonly #sessions: Sessions;
  readonly #oidc: OidcSettings | undefined;
  readonly #provider: Provider | undefined;
  #http: FastifyInstance | undefined;
  #url = '';

  constructor(scope: ServiceScope<ConsoleSettings>, oidc: OidcSettings | undefined) {
    const { settings, clock, logger } = scope;
    this.#scope = scope;
    if (settings.usersFile !== undefined) {
      scope.writesTo({ name: 'state', dir: dirname(settings.usersFile) });
    }
    const bus = scope.connect();
    this.#bus = bus;
    const client = new CommandClient({ bus, clock, idPrefix: consoleCommandPrefix });
    this.#gateway = new CommandGateway({ client });
    const go2rtc = settings.go2rtcUrl === undefined ? undefined : new Go2rtc(settings.go2rtcUrl);
    this.#go2rtc = go2rtc;
    this.#rooms = new RoomEditor({ client, go2rtc, streamServer: settings.streamServer, waitMs: roomAnswerWithinMs });
    this.#snapshotRequests = new SnapshotRequests({ bus, clock, gateway: this.#gateway });
    this.#clipRequests = new ClipRequests({ bus, clock });
    this.#onMyWay = new OnMyWay({ bus, clock });
    this.#live = new LiveHouse({ bus, clock, senderOf: this.#gateway.senderOf });
    this.#published = new PublishedResults({ bus, clock });
    this.#users = settings.auth && settings.usersFile !== undefined ? new Users(settings.usersFile) : undefined;
    this.#sessions = new Sessions({
      clock,
      lifetimeMs: settings.sessionHours * 3_600_000,
      file: this.#users === undefined ? undefined : new SessionFile(sessionsFile(settings), logger),
    });
    this.#oidc = oidc;
    this.#provider = oidc === undefined ? undefined : new Provider(oidc, { clock, logger });
    this.#push = new PushSubscriptions({ bus, clock, logger, users: this.#users });
  }

  /** Where the page is, once it listens. */
  get url(): string {
    return this.#url;
  }

  /** The page works also while the broker is unreachable, and shows that. */
  async start(): Promise<void> {
    const scope = this.#scope;
    await this.#users?.load();
    await this.#sessions.start();
    if (this.#users !== undefined) {
      scope.onStop('accounts', this.#users.watch(scope.clock));
      warnWithoutAdministrator(this.#users, scope.logger);
    }
    // the log shows at once whether it answers; the console does not wait
    void this.#provider?.available();
    scope.signal.throwIfAborted();
    await scope.startHealth((broker) => {
      return { ...broker, ok: broker.ok && this.#http !== undefined, broker: broker.ok };
    });
    this.#gateway.start();
    scope.onStop('page data', () => this.#live.stop());
    this.#live.start();
    this.#snapshotRequests.start();
    this.#published.start();
    this.#clipRequests.start();
    scope.onStop('push subscriptions', () => this.#push.stop());
    this.#push.start();
    this.#onMyWay.start();
    void this.#bus.bus.start(scope.signal).catch(() => undefined);
    await this.#listen();
  }

  async #listen(): Promise<void> {
    const { settings, clock, logger } = this.#scope;
    const { host, port, basePath, tlsDir } = settings;
    const tls = tlsDir === undefined ? undefined : await readServerCertificate(tlsDir);
    if (tls !== undefined) {
      logExpiry(tls, { nowMs: clock.now(), logger });
    }
    const http = await buildHttpServer({
      tls,
      basePath,
      trustProxy: settings.trustProxy,
      pageDir: settings.pageDir ?? fileURLToPath(new URL('../dist/page', import.meta.url)),
      loopbackOnly: !settings.auth,
      logger,
      routes: (app) => this.#routes(app, tls),
    });
    this.#http = http;
    this.#scope.onStop('page', () => http.close());
    try {
      const address = await http.listen({ host, port });
      this.#url = `${address}${basePath.replace(/\/*$/, '/')}`;
    } catch (cause) {
      throw listenError(cause, host, port);
    }
    logger.info({ event: 'console_listening', url: this.#url, auth: settings.auth }, 'the console is there');
  }

  #routes(app: FastifyInstance, certificate: ServerCertificate | undefined): void {
    const { settings, clock, logger } = this.#scope;
    const [users, sessions, live] = [this.#users, this.#sessions, this.#live];
    const access = new Access({ users, sessions, live, cookiePath: settings.basePath });
    const failures = new FailureLimit({ clock, maxFromAddress: 10, maxOfAccount: 100, windowMs: 600_000 });
    const [gateway, snapshotRequests] = [this.#gateway, this.#snapshotRequests];
    app.addHook('onRequest', () => access.refresh());
    const provider = this.#provider;
    sessionRoutes(app, { access, users, failures, provider, logger });
    const party = relyingPartyOf(settings.pageUrl);
    const passkeyProblem = typeof party === 'string' ? party : undefined;
    if (settings.pageUrl !== undefined && passkeyProblem !== undefined) {
      const remedy = 'Give an address with https and a host name, or localhost, with --page-url.';
      logger.warn(
        { event: 'passkeys_off', reason: passkeyProblem, remedy },
        'browsers refuse passkeys at this address',
      );
    }
    signInWaysRoute(app, provider, users !== undefined && passkeyProblem === undefined);
    if (users !== undefined && provider !== undefined && this.#oidc !== undefined) {
      const attempts = new OneTimeStore<Attempt>(clock, attemptMs);
      oidcRoutes(app, { access, users, provider, attempts, settings: this.#oidc, logger });
      const tokens = new LogoutTokens({ provider, settings: this.#oidc, clock });
      oidcLogoutRoute(app, { users, sessions, tokens, settings: this.#oidc, logger });
    }
    if (users !== undefined) {
      accountRoutes(app, { access, users, sessions, failures, passkeyProblem, logger });
      if (typeof party !== 'string') {
        const passkeys = new Passkeys({ users, clock, party });
        passkeyRoutes(app, { access, users, passkeys, failures, logger });
      }
      peopleRoutes(app, { access, users, sessions, logger });
    }
    liveRoute(app, { access, clock });
    commandRoutes(app, { access, gateway, published: this.#published, logger });
    snapshotRoute(app, { access, snapshotRequests, logger });
    replayRoute(app, { access, logger });
    clipRoute(app, { access, clipRequests: this.#clipRequests, bus: this.#bus, clock, logger });
    reportRoutes(app, { access, clock, logger, reportsDir: settings.reportsDir, shifts: settings.shifts });
    onMyWayRoute(app, { onMyWay: this.#onMyWay, logger });
    policyRoute(app, { access, gateway });
    pushRoutes(app, { access, push: this.#push });
    roomRoutes(app, { access, rooms: this.#rooms, go2rtc: this.#go2rtc, logger });
    zoneRoute(app, { access, gateway, clock, logger });
    systemRoute(app, { access, clock, certificate, instanceId: this.#scope.instanceId });
  }
}

/** Files of versions before administrators have none: their accounts keep what they may, and the command line makes the first one. */
function warnWithoutAdministrator(users: Users, logger: Logger): void {
  if (users.all().some(({ role }) => role === 'administrator')) return;
  const remedy = 'Make one: vigilia console set-user --users-file … --name … --role administrator.';
  logger.warn({ event: 'no_administrator', remedy }, 'no account may manage people in the page');
}

function listenError(cause: unknown, host: string, port: number): unknown {
  if ((cause as { code?: unknown }).code !== 'EADDRINUSE') return cause;
  return new UsageError({
    code: 'port_in_use',
    message: `The console’s port ${host}:${port} is in use.`,
    remedy: 'Give another one with --port, or 0 for a free one.',
    cause,
  });
}
