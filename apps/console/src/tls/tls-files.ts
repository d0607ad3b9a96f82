/** Files of a folder of certificates. */
export const tlsFiles = {
  /** What devices are made to trust; not secret. */
  authority: 'authority.pem',
  authorityKey: 'authority.key',
  certificate: 'server.pem',
  key: 'server.key',
} as const;
