import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '@vigilia/protocol';
import { redactUrl } from '@vigilia/service';

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
    if (!URL.canParse(address)) throw refused(`The address ${redactUrl(address)} is no URL; write scheme://host/path.`);
    return { kind: network, url: address };
  }
  if (scheme !== 'file') {
    throw refused(
      `The address ${redactUrl(address)} has the scheme "${scheme ?? ''}"; allowed are ${networkSchemes.join(', ')} and file.`,
    );
  }
  return { kind: 'file', path: insideMediaDir(address, options.mediaDir) };
}

function insideMediaDir(address: string, mediaDir: string | undefined): string {
  if (mediaDir === undefined) {
    throw refused(`The address ${address} is a file, and no folder of media is configured; set MEDIA_DIR.`);
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
    throw refused(`The address ${address} is no file URL; write file:///absolute/path.`, cause);
  }
}

const refused = (message: string, cause?: unknown): CommandError =>
  new CommandError('invalid_params', message, { field: 'uri', cause });
