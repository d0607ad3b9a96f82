import { execFile, execFileSync } from 'node:child_process';
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ActivePushSubscription } from '@vigilia/protocol';
import { pushSubscriptionIdOf } from '@vigilia/protocol';
import { pythonPath, type TempFolder, tempFolder } from '@vigilia/testing';

export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came: encrypted. */
  readonly body: Buffer;
  /** `performance.now()` at its arrival. */
  readonly atMs: number;
}

/** A push service on this machine, over TLS with an authority of its own. */
export interface PushReceiver {
  /** `localhost:port`. */
  readonly host: string;
  readonly caFile: string;
  readonly pushes: readonly ReceivedPush[];
  /** Status of the answers by path; otherwise 201. */
  readonly answers: Map<string, number>;
  stop(): Promise<void>;
}

export async function startPushReceiver(): Promise<PushReceiver> {
  const folder = await tempFolder('push-receiver');
  makeCertificate(folder);
  const pushes: ReceivedPush[] = [];
  const answers = new Map<string, number>();
  const tls = { key: await readFile(folder.file('server.key')), cert: await readFile(folder.file('server.pem')) };
  const server = createServer(tls, async (request, response) => {
    const atMs = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const path = request.url ?? '';
    pushes.push({ path, headers: request.headers, body: Buffer.concat(chunks), atMs });
    response.writeHead(answers.get(path) ?? 201).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    caFile: folder.file('server.pem'),
    pushes,
    answers,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder.remove();
    },
  };
}

function makeCertificate(folder: TempFolder): void {
  const names = ['-subj', '/CN=push service', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names];
  const files = ['-keyout', folder.file('server.key'), '-out', folder.file('server.pem')];
  execFileSync('openssl', [...args, ...files], { stdio: 'ignore' });
}

/** A phone as its browser would subscribe it, with the private key that decrypts its messages. */
export interface TestPhone {
  readonly path: string;
  readonly subscription: ActivePushSubscription;
  readonly privateKey: Buffer;
  readonly authSecret: Buffer;
}

export function makePhone(
  receiver: PushReceiver,
  { path, user = 'ana', rooms, wards }: { path: string; user?: string; rooms?: number[]; wards?: string[] },
): TestPhone {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const authSecret = randomBytes(16);
  const endpoint = `https://${receiver.host}${path}`;
  return {
    path,
    privateKey: ecdh.getPrivateKey(),
    authSecret,
    subscription: {
      subscription_id: pushSubscriptionIdOf(endpoint),
      state: 'active',
      user,
      rooms,
      wards,
      endpoint,
      keys: { p256dh: ecdh.getPublicKey('base64url'), auth: authSecret.toString('base64url') },
      created_at: new Date().toISOString(),
    },
  };
}

const decryptProgram = fileURLToPath(new URL('./decrypt-push.py', import.meta.url));

/** Decrypts a message with `http_ece` of PyPI, which shares no code with what encrypted it. */
export function decryptPush(phone: TestPhone, { body }: ReceivedPush): Promise<Record<string, unknown>> {
  const input = {
    private_key: phone.privateKey.toString('hex').padStart(64, '0'),
    auth: phone.authSecret.toString('hex'),
    body: body.toString('hex'),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(pythonPath(), [decryptProgram], (error, stdout, stderr) => {
      if (error === null) {
        resolve(JSON.parse(stdout) as Record<string, unknown>);
      } else {
        reject(new Error(stderr));
      }
    });
    child.stdin?.end(JSON.stringify(input));
  });
}

/** Checks the signature of a push (RFC 8292). @returns the public key and the claims that were signed */
export function vapidOf({ headers }: ReceivedPush): { publicKey: string; claims: Record<string, unknown> } {
  const [, token = '', publicKey = ''] = /^vapid t=([^,]+), ?k=([^,]+)$/.exec(headers.authorization ?? '') ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  const signed = Buffer.from(`${head}.${body}`);
  const right = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!right) throw new Error('The signature of the push is wrong.');
  return { publicKey, claims: JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown> };
}
