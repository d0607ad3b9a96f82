import { isIP } from 'node:net';
import type { PasskeyProblem } from '../../shared/people-view.ts';

/** What passkeys are bound to (WebAuthn Level 3, section 4). */
export interface RelyingParty {
  /** Host of the page. */
  readonly id: string;
  readonly origin: string;
}

/** Returns what passkeys are bound to, or why browsers would refuse them. @param pageUrl where browsers open the page */
export function relyingPartyOf(pageUrl: string | undefined): RelyingParty | PasskeyProblem {
  if (pageUrl === undefined) return 'no_page_url';
  const { protocol, hostname, origin } = new URL(pageUrl);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return 'no_host_name';
  if (protocol !== 'https:' && !isLocal) return 'not_https';
  return { id: hostname, origin };
}
