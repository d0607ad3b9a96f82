import { withoutUndefined } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SessionView } from '../../shared/session-view.ts';
import type { Access } from '../access.ts';
import type { FailureLimit } from '../auth/failure-limit.ts';
import { maySeeClips, type Users } from '../auth/users.ts';
import type { User } from '../auth/users-file.ts';
import type { Provider } from '../oidc/provider.ts';
import { RequestError } from '../request-error.ts';

const stationSchema = z.object({ token: z.string().min(1).max(128) });
const signInSchema = z.object({ name: z.string().min(1).max(64), password: z.string().min(1).max(1024) });

export interface SessionRoutesOptions {
  readonly access: Access;
  readonly users: Users | undefined;
  readonly failures: FailureLimit;
  /** Undefined: people sign in with local accounts only. */
  readonly provider: Provider | undefined;
  readonly logger: Logger;
}

/** Who am I, sign in, sign out. */
export function sessionRoutes(app: FastifyInstance, options: SessionRoutesOptions): void {
  const { access, users, logger } = options;
  app.get('/api/session', async (request, reply): Promise<SessionView> => {
    const person = access.personOf(request);
    if (person !== undefined) {
      access.renew(request, reply, person);
      const { role, clips, csrfToken, displayName, site } = person;
      const own = { role, clips, csrfToken, ...named(displayName), ...limited(site.wards) };
      return { signedIn: true, signInNeeded: access.signInNeeded, ...own };
    }
    if (access.signInNeeded) return { signedIn: false, signInNeeded: true };
    const { csrfToken } = await access.open(request, reply, undefined);
    return { signedIn: true, signInNeeded: false, role: 'technician', clips: false, csrfToken };
  });

  const rateLimit = { max: 20, timeWindow: 60_000 };
  app.post('/api/sign-in', { config: { rateLimit } }, async (request, reply): Promise<SessionView> => {
    const body = signInSchema.safeParse(request.body);
    if (!body.success || users === undefined) throw wrong();
    const account = accountOf(body.data.name);
    if (options.failures.blocked(account, request.ip)) {
      logger.warn({ event: 'sign_in_blocked', user: account, ip: request.ip }, 'too many failures of this account');
      throw new RequestError(
        429,
        'account_blocked',
        'Too many attempts with this name; wait ten minutes and try again.',
      );
    }
    const user = await users.signIn(account, body.data.password);
    if (user === undefined) {
      options.failures.failed(account, request.ip);
      logger.warn({ event: 'sign_in_refused', user: account, ip: request.ip }, 'sign-in refused');
      throw wrong();
    }
    options.failures.succeeded(account, request.ip);
    const { csrfToken } = await access.open(request, reply, user);
    logger.info({ event: 'signed_in', user: user.name, role: user.role, ip: request.ip }, 'signed in');
    void reportEmergency(options, user.name, request.ip);
    return { signedIn: true, signInNeeded: true, ...sessionOf(user, csrfToken) };
  });

  app.post('/api/sign-in/station', { config: { rateLimit } }, async (request, reply): Promise<SessionView> => {
    const body = stationSchema.safeParse(request.body);
    const station = body.success ? await users?.signInStation(body.data.token) : undefined;
    if (station === undefined) {
      logger.warn({ event: 'station_refused', ip: request.ip }, 'sign-in of a station display refused');
      throw new RequestError(401, 'wrong_station_link', 'This link is not valid. Make a new one for this display.');
    }
    const { csrfToken } = await access.open(request, reply, station);
    logger.info({ event: 'signed_in', user: station.name, role: station.role, ip: request.ip }, 'signed in');
    return { signedIn: true, signInNeeded: true, ...sessionOf(station, csrfToken) };
  });

  app.post('/api/sign-out', { config: { forWards: true } }, async (request, reply): Promise<SessionView> => {
    const person = access.require(request, 'look');
    const ofProvider = person.userName !== undefined && users?.find(person.userName)?.oidc !== undefined;
    await access.close(request);
    access.forget(reply);
    logger.info({ event: 'signed_out', user: person.userName }, 'signed out');
    const signOutUrl = ofProvider ? await options.provider?.signOutUrl() : undefined;
    return withoutUndefined({ signedIn: false, signInNeeded: access.signInNeeded, signOutUrl });
  });
}

/** Logs that a local account was used because the provider is down. The person does not wait for the provider. */
async function reportEmergency({ provider, logger }: SessionRoutesOptions, user: string, ip: string): Promise<void> {
  if (provider === undefined || (await provider.available())) return;
  logger.warn({ event: 'emergency_sign_in', user, ip }, 'a local account signed in while the provider is down');
}

/** As the users file writes it. */
function accountOf(name: string): string {
  return name.trim().toLowerCase();
}

/** Returns what the page knows of the person who signed in. */
export function sessionOf(user: User, csrfToken: string) {
  return { role: user.role, clips: maySeeClips(user), csrfToken, ...named(user.display_name), ...limited(user.wards) };
}

function named(displayName: string | undefined): { name?: string } {
  return displayName === undefined ? {} : { name: displayName };
}

function limited(wards: readonly string[] | undefined): { wards?: readonly string[] } {
  return wards === undefined ? {} : { wards };
}

function wrong(): RequestError {
  return new RequestError(401, 'wrong_password', 'The name or the password is not right.');
}
