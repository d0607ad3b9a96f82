import { checkNodeVersion } from './node-version.mjs';

test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('accepts Node.js %s', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

test.each(['18.20.0', '20.18.9'])('Node.js %s is refused with the version that is needed', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(`Node.js ${version} is too old: Vigilia needs 20.19 or later.`);
});
