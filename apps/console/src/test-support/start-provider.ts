import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A person as the provider knows them. */
interface ProviderPerson {
  readonly name: string;
  readonly preferred_username: string;
  readonly groups: readonly string[];
}

/** A real OpenID Connect provider on a loopback port. Its sign-in page has one field, `login`. */
export interface TestProvider {
  readonly issuer: string;
  /** By subject; may be changed at any time. */
  readonly people: Map<string, ProviderPerson>;
  /** Starts it again at the same address, with nothing remembered. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const testClient = { id: 'vigilia', secret: 'the secret of the console' } as const;

/** What the provider signs with; a test may sign with it, too. */
export const providerKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

/** @param port of the provider @param pageUrl where browsers open the console */
export async function startProvider(port: number, pageUrl: string): Promise<TestProvider> {
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map<string, ProviderPerson>();
  let server: Server | undefined;
  const stop = async (): Promise<void> => {
    server?.closeAllConnections();
    server?.close();
    await (server?.listening === true ? once(server, 'close') : undefined);
  };
  const start = async (): Promise<void> => {
    const provider = createProvider(issuer, pageUrl, people);
    const handle = provider.callback();
    server = createServer((request, response) => {
      if (request.url?.startsWith('/interaction/') !== true) return void handle(request, response);
      void interact(provider, request, response).catch(() => response.writeHead(500).end());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await start();
  return { issuer, people, start, stop };
}

/** Returns a free port; the console and the provider must know each other's before they start. */
export async function reservePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function createProvider(issuer: string, pageUrl: string, people: ReadonlyMap<string, ProviderPerson>): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: testClient.id,
        client_secret: testClient.secret,
        redirect_uris: [`${pageUrl}api/oidc/callback`],
        post_logout_redirect_uris: [pageUrl],
        backchannel_logout_uri: `${pageUrl}api/oidc/logout`,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [{ ...providerKey, use: 'sig', kid: 'one' }] },
    cookies: { keys: ['a key of this test'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  });
}

/** Shows the form, and signs in the person whom it names; a form without a name cancels. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const body = Buffer.concat(await request.toArray()).toString();
    const accountId = new URLSearchParams(body).get('login') ?? '';
    const result = accountId === '' ? { error: 'access_denied' } : { login: { accountId } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const form = '<form method="post"><label>Login <input name="login"></label><button>Go</button></form>';
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Provider</title>${form}`);
}
