import { parseBrokerUrl } from './open-socket.ts';
import { redactUrl } from './redact.ts';

/** Addresses that one setting may hold. */
export const maxBrokers = 8;

/** Returns the addresses of `MQTT_URL`, in their order of preference. A comma inside a password is written as %2C. */
export function brokerAddresses(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Whether a text is a list of different addresses of brokers. */
export function isBrokerList(text: string): boolean {
  const addresses = brokerAddresses(text);
  const isAddress = (one: string): boolean => URL.canParse(one) && /^mqtts?:$/.test(new URL(one).protocol);
  const fits = addresses.length > 0 && addresses.length <= maxBrokers;
  return fits && addresses.every(isAddress) && new Set(addresses).size === addresses.length;
}

/** Returns an address for people and logs, without credentials. */
export function shownBroker(address: string): string {
  return redactUrl(address);
}

/** Credentials for one address: those inside it, where there are several addresses; else the common ones. */
export function credentialsFor(
  address: string,
  common: { readonly username?: string | undefined; readonly password?: string | undefined },
  several: boolean,
): { readonly username: string | undefined; readonly password: string | undefined } {
  const own = parseBrokerUrl(address);
  if (several && own.username !== undefined) return { username: own.username, password: own.password };
  return { username: common.username ?? own.username, password: common.password ?? own.password };
}
