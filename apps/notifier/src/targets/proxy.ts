import { EnvHttpProxyAgent } from 'undici';

/** Sends HTTP requests through the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY where they are set, which Node's own fetch does not. */
export const proxyDispatcher = new EnvHttpProxyAgent();

/**
 * Returns the address of the proxy for a server that is not reached over HTTP; undefined when it is reached directly. The rules are
 * those of `proxyDispatcher` for an https address, which undici does not export: a host of NO_PROXY stands for its subdomains too.
 */
export function proxyFor(host: string, port: number, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const http = env.http_proxy ?? env.HTTP_PROXY;
  const proxy = env.https_proxy ?? env.HTTPS_PROXY;
  const isDirect = isExcepted(host.toLowerCase(), port, env.no_proxy ?? env.NO_PROXY ?? '');
  return isDirect ? undefined : proxy || http || undefined;
}

function isExcepted(host: string, port: number, noProxy: string): boolean {
  if (noProxy === '*') return true;
  return noProxy.split(/[,\s]/).some((entry) => {
    const [, named = entry, ofPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const domain = named.replace(/^\*?\./, '').toLowerCase();
    if (domain === '' || (ofPort !== undefined && Number(ofPort) !== port)) return false;
    return host === domain || host.endsWith(`.${domain}`);
  });
}
