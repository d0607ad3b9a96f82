import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@vigilia/service';
import { tlsFiles } from './tls-files.ts';

/** What the web server needs to speak TLS. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  readonly expiresAt: Date;
  /** Of the authority of this site; undefined for a certificate of another authority. */
  readonly authorityExpiresAt: Date | undefined;
}

/**
 * Reads `server.pem` (with its chain, where it has one) and `server.key` of a folder.
 *
 * @throws UsageError `tls_files_unreadable`, `tls_files_invalid`
 */
export async function readServerCertificate(dir: string): Promise<ServerCertificate> {
  const read = async (name: string): Promise<string> => {
    const path = join(dir, name);
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      throw new UsageError({
        code: 'tls_files_unreadable',
        message: `The file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
        remedy: 'Make the certificate with "vigilia console create-certificate", or give another --tls-dir.',
        cause,
      });
    }
  };
  const [cert, key] = [await read(tlsFiles.certificate), await read(tlsFiles.key)];
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is of another certificate');
    const authorityExpiresAt = await readAuthorityEnd(dir, certificate);
    return { cert, key, expiresAt: new Date(certificate.validTo), authorityExpiresAt };
  } catch (cause) {
    throw new UsageError({
      code: 'tls_files_invalid',
      message: `The files ${tlsFiles.certificate} and ${tlsFiles.key} in ${dir} must be a certificate and its key in PEM format.`,
      remedy: 'Make them again with "vigilia console create-certificate".',
      cause,
    });
  }
}

/** Only information: a damaged or missing file does not keep the console from serving the page. */
async function readAuthorityEnd(dir: string, certificate: X509Certificate): Promise<Date | undefined> {
  try {
    const authority = new X509Certificate(await readFile(join(dir, tlsFiles.authority)));
    return certificate.checkIssued(authority) ? new Date(authority.validTo) : undefined;
  } catch {
    return undefined;
  }
}
