import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '@vigilia/protocol';
import { percentEncodingHint, redactUrl } from '@vigilia/service';

/** What kind of camera an address names; `file` carries the path inside MEDIA_DIR. */
export type StreamAddress =
  | { readonly kind: 'rtsp' | 'rtsps' | 'http' | 'https'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

const networkSchemes = ['rtsp', 'rtsps', 'http', 'https'] as const;

/**
 * Reads a room's address. Schemes: rtsp, rtsps, http, https, and file only inside `mediaDir` (symbolic links resolved,
 * so that none leads out of it).
 *
 * @throws CommandError `invalid_params` for another scheme or a file outside; `stream_unreachable` for a missing file
 */
export function parseStreamAddress(
  address: string,
  options: { readonly mediaDir?: string | undefined } = {},
): StreamAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  const network = networkSchemes.find((known) => known === scheme);
  if (network !== undefined) {
    if (!isReadable(address)) throw unreadable(address);
    return { kind: network, url: address };
  }
  if (scheme !== 'file') throw unknownScheme(address, scheme);
  return { kind: 'file', path: insideMediaDir(address, options.mediaDir) };
}

function insideMediaDir(address: string, mediaDir: string | undefined): string {
  if (mediaDir === undefined) {
    throw refused(`The address ${shown(address)} is a file, and no folder of media is configured; set MEDIA_DIR.`);
  }
  const wanted = filePath(address);
  let path: string;
  try {
    path = realpathSync(wanted);
  } catch (cause) {
    throw new CommandError('stream_unreachable', `The file ${wanted} is not there.`, { field: 'uri', cause });
  }
  const folder = realpathSync(resolve(mediaDir));
  if (path !== folder && path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return path;
  throw refused(`The file ${wanted} is outside MEDIA_DIR (${folder}); move it there or set MEDIA_DIR.`);
}

function filePath(address: string): string {
  try {
    return fileURLToPath(address);
  } catch (cause) {
    throw refused(`The address ${shown(address)} is not a file URL; write file:///absolute/path.`, cause);
  }
}

/** Whether a parser finds scheme, credentials and host where the person meant them. */
function isReadable(address: string): boolean {
  if (!address.includes('://') || !URL.canParse(address)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(address);
  if (hostname === '') return false;
  // `rtsp://user:12#34@host`: the host is `user` for a parser, because a raw `#` or `?` ended the credentials
  const misread = hash.includes('@') || (search.includes('@') && (pathname === '' || pathname === '/'));
  return username !== '' || password !== '' || !misread;
}

/** Credentials begin behind `://`; where that is missing they cannot be recognised. */
const mayBeAllSecret = (address: string): boolean => address.includes('@') && !address.includes('://');

function shown(address: string): string {
  return mayBeAllSecret(address) ? '***' : redactUrl(address);
}

function unreadable(address: string): CommandError {
  const sentence = `The address ${shown(address)} is not a URL; write scheme://host/path.`;
  const hint = percentEncodingHint(address);
  return refused(hint === undefined ? sentence : `${sentence} ${hint}`);
}

function unknownScheme(address: string, scheme = ''): CommandError {
  const found = mayBeAllSecret(address) ? '' : scheme;
  const allowed = networkSchemes.join(', ');
  return refused(`The address ${shown(address)} has the scheme "${found}"; allowed are ${allowed} and file.`);
}

const refused = (message: string, cause?: unknown): CommandError =>
  new CommandError('invalid_params', message, { field: 'uri', cause });
