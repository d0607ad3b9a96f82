import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const cost = { N: 32_768, r: 8, p: 1 };
const keyBytes = 32;
/** 128 · N · r bytes is what scrypt needs; the limit of Node is below it. */
const maxmem = 128 * cost.N * cost.r * 2;

/** A password as it is kept: `scrypt$N$r$p$salt$hash`, salt and hash in base64 (RFC 7914). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Whether the password belongs to the kept text; false for text of another form. */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const [kind, n, r, p, salt, hash] = kept.split('$');
  if (kind !== 'scrypt' || salt === undefined || hash === undefined) return false;
  const parameters = { N: Number(n), r: Number(r), p: Number(p) };
  if (!withinBounds(parameters)) return false;
  const expected = Buffer.from(hash, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), parameters);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** A token as it is kept: it has 256 random bits, so unlike a password it needs no costly hash. */
export function hashToken(token: string): string {
  return `sha256$${createHash('sha256').update(token).digest('base64')}`;
}

/** A users file may not make a sign-in cost gigabytes. */
function withinBounds({ N, r, p }: typeof cost): boolean {
  return [N, r, p].every((value) => Number.isInteger(value) && value > 0) && 128 * N * r <= maxmem && p <= 4;
}

function derive(password: string, salt: Buffer, parameters: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, { ...parameters, maxmem: maxmem + 1024 * 1024 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
