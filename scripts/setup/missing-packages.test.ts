import { missingPackages } from './missing-packages.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'apps/cli': { version: '0.1.0' },
    'node_modules/vigilia': { link: true, resolved: 'apps/cli' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/@swc/core-linux-arm64-gnu': { version: '1.0.0', optional: true },
    'apps/cli/node_modules/yaml': { version: '2.9.1' },
  },
};

/** What npm notes down after `npm ci` on another processor than arm64. */
const installed = {
  packages: {
    'apps/cli': { version: '0.1.0' },
    'node_modules/vigilia': { link: true, resolved: 'apps/cli' },
    'node_modules/zod': { version: '4.6.7' },
    'apps/cli/node_modules/yaml': { version: '2.9.1' },
  },
};

test('nothing is installed again after npm ci, although packages for other processors are absent', () => {
  expect(missingPackages(wanted, installed)).toEqual([]);
});

test.each([
  ['a package of another version', { 'node_modules/zod': { version: '4.6.6' } }, ['node_modules/zod']],
  ['a package that is absent', { 'node_modules/zod': undefined }, ['node_modules/zod']],
  ['a workspace that is not linked', { 'node_modules/vigilia': undefined }, ['node_modules/vigilia']],
  ['an optional package of another version', { 'node_modules/@swc/core-linux-arm64-gnu': { version: '0.9.0' } }, 1],
])('%s is noticed', (_, changes, expected) => {
  const entries = Object.entries({ ...installed.packages, ...changes }).filter(([, value]) => value !== undefined);
  const missing = missingPackages(wanted, { packages: Object.fromEntries(entries) as typeof wanted.packages });
  if (typeof expected === 'number') {
    expect(missing).toHaveLength(expected);
  } else {
    expect(missing).toEqual(expected);
  }
});
