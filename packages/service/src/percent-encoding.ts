const rule =
  'In the user name and password write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A, % as %25 and a space as %20.';

/**
 * Returns how to write the reserved characters of credentials, for an address that cannot be read and seems to hold some;
 * undefined for one without. Repeats nothing of the address itself: it goes into messages that people send on.
 */
export function percentEncodingHint(address: string): string | undefined {
  return address.includes('@') ? rule : undefined;
}
