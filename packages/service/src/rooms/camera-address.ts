import { redactUrl } from '../redact.ts';

const cameraSchemes = ['rtsp', 'rtsps', 'http', 'https'];
/** Sources that go2rtc may be given: its other ones run programs on its host. */
export const go2rtcSchemes: readonly string[] = cameraSchemes;
/** Addresses that processors open themselves. */
export const processorSchemes: readonly string[] = [...cameraSchemes, 'file'];

/**
 * Returns why an address cannot be that of a camera, without repeating it; undefined where it can. Without one of the schemes it cannot
 * be known what of it is a password.
 */
export function schemeProblem(address: string, schemes: readonly string[]): string | undefined {
  const scheme = /^([a-z]+):\/\/./i.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && schemes.includes(scheme)) return undefined;
  const [last, ...others] = schemes.map((one) => `${one}://`).reverse();
  return `The address of a camera must begin with ${others.reverse().join(', ')} or ${last}.`;
}

/** Returns whether an address holds something that no message may hold. */
export function hasCredentials(address: string): boolean {
  return redactUrl(address) !== address;
}
