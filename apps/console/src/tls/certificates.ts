// needed by @peculiar/x509 before it is loaded
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { writeFileAtomic } from '@vigilia/service';
import { readServerCertificate } from './read-certificate.ts';
import { tlsFiles } from './tls-files.ts';

export interface CertificateOptions {
  readonly dir: string;
  /** Folder of the authority, whose key the web server need not read. */
  readonly authorityDir: string;
  /** Names and IP addresses that people type, the usual one first. */
  readonly names: readonly string[];
  /** Epoch ms. */
  readonly nowMs: number;
  /** Makes a new authority although the present one is still valid. */
  readonly renewAuthority?: boolean;
}

export interface CertificateResult {
  /** `kept`: the certificate fits and is valid for long enough. */
  readonly outcome: 'created' | 'kept';
  readonly authorityCreated: boolean;
  readonly expiresAt: Date;
  readonly authorityExpiresAt: Date;
  /** The authority before had expired, so that a new one was made. */
  readonly authorityExpiredAt?: Date | undefined;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const authorityDays = 3650;
/** Browsers accept at most 398 days of public authorities, and Apple 825 of private ones. */
const certificateDays = 397;
const renewDays = 30;
/** A device whose clock is a little slow must not refuse a new certificate. */
const slowClockMs = dayMs;

interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/**
 * Makes a certificate for the page, signed by an authority of this site; the authority is made where it is missing or has expired
 * and kept otherwise, so that devices that trust it need nothing new. A certificate that fits is kept until 30 days before its end.
 * Keys are readable by their owner only. The certificate of the authority, which is not secret, is put into both folders.
 *
 * @throws the system's error when the folder cannot be read or written
 */
export async function createCertificate({
  dir,
  authorityDir,
  names,
  nowMs,
  renewAuthority = false,
}: CertificateOptions): Promise<CertificateResult> {
  const before = await readAuthority(authorityDir);
  const hasExpired = before !== undefined && before.certificate.notAfter.getTime() <= nowMs;
  const kept = hasExpired || renewAuthority ? undefined : before;
  const authority = kept ?? (await createAuthority(authorityDir, nowMs));
  if (dir !== authorityDir) {
    await writeFileAtomic(join(dir, tlsFiles.authority), pemOf(authority.certificate));
  }
  const authorityResult = {
    authorityCreated: kept === undefined,
    authorityExpiresAt: authority.certificate.notAfter,
    authorityExpiredAt: hasExpired ? before.certificate.notAfter : undefined,
  };
  const present = kept === undefined ? undefined : await readCertificate(join(dir, tlsFiles.certificate));
  if (present !== undefined && fits(present, names, nowMs) && (await isWhole(dir))) {
    return { ...authorityResult, outcome: 'kept', expiresAt: present.notAfter };
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${names[0] ?? 'vigilia'}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(nowMs - slowClockMs),
    notAfter: new Date(Math.min(nowMs + certificateDays * dayMs, authority.certificate.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }) as const),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  await writeKey(join(dir, tlsFiles.key), keys.privateKey);
  await writeFileAtomic(join(dir, tlsFiles.certificate), pemOf(certificate));
  return { ...authorityResult, outcome: 'created', expiresAt: certificate.notAfter };
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function createAuthority(dir: string, nowMs: number): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const year = new Date(nowMs).getUTCFullYear();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Vigilia of this home (${year}), O=Vigilia`,
    notBefore: new Date(nowMs - slowClockMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      // it signs certificates of servers, and no further authorities
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(join(dir, tlsFiles.authorityKey), keys.privateKey);
  await writeFileAtomic(join(dir, tlsFiles.authority), pemOf(certificate));
  return { certificate, privateKey: keys.privateKey };
}

async function readAuthority(dir: string): Promise<Authority | undefined> {
  const certificate = await readCertificate(join(dir, tlsFiles.authority));
  const pem = await readText(join(dir, tlsFiles.authorityKey));
  if (certificate === undefined || pem === undefined) return undefined;
  const privateKey = await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, [
    'sign',
  ]);
  return { certificate, privateKey };
}

async function readCertificate(path: string): Promise<X509Certificate | undefined> {
  const pem = await readText(path);
  return pem === undefined ? undefined : new X509Certificate(pem);
}

function fits(certificate: X509Certificate, names: readonly string[], nowMs: number): boolean {
  const { names: found } = certificate.getExtension(SubjectAlternativeNameExtension) ?? { names: undefined };
  const present = found?.items.map(({ value }) => value) ?? [];
  const same = names.length === present.length && names.every((name) => present.includes(name));
  return same && certificate.notAfter.getTime() - nowMs > renewDays * dayMs;
}

/** Whether the server could start with the files: a run that was interrupted leaves a key without its certificate. */
async function isWhole(dir: string): Promise<boolean> {
  return readServerCertificate(dir).then(
    () => true,
    () => false,
  );
}

async function writeKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  await writeFileAtomic(path, `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, 0o600);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
