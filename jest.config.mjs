// One root configuration. Unit tests run in parallel, before all others. Tests with real processes (`*.int.test.ts`) run one file
// at a time, because they share the machine's two cores: those that measure or wait for what happens in time (`integration`) before
// anything else; the patient ones, which only compute or ask real servers (`patient`), beside them with what the processor has left.

import { swcOptions } from './packages/testing/typescript-options.mjs';

/** Files of this project may neither measure time nor look at what else runs on the machine: containers, processes. */
const patient = [
  'apps/cli/src/{alerts,doctor,models}/**',
  'apps/cli/src/{cli,house}.int.test.ts',
  'apps/console/src/page/{alarms,moving,oidc,passkeys,people,reports,sign-in,snapshots,station,story}.int.test.ts',
  'apps/console/src/page/push/**',
  'apps/console/src/server/**',
  'apps/console/src/tls/**',
  'apps/event-sink/src/{dashboards,output,reports,setup}/**',
  'apps/event-sink/src/event-sink.int.test.ts',
  'apps/notifier/**',
  'bench/bench.int.test.ts',
  'bench/falls/**',
  'deploy/mosquitto/**',
  'packages/testing/**',
  'scripts/model/**',
].map((place) => (place.endsWith('**') ? `**/${place}/*.int.test.ts` : `**/${place}`));

const shared = {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', swcOptions] },
  testEnvironment: '<rootDir>/packages/testing/jest-environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['@vigilia/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
/** Only against tests that hang. */
const patientLimits = { setupFilesAfterEnv: ['<rootDir>/packages/testing/jest-limits.cjs'] };
const unitLimits = { setupFilesAfterEnv: ['<rootDir>/packages/testing/jest-unit-limit.cjs'] };
export default {
  reporters: ['default', '<rootDir>/scripts/test/running-files.cjs'],
  projects: [
    {
      ...shared,
      ...unitLimits,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.test.ts'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '\\.(int|soak)\\.test\\.ts$'],
    },
    {
      ...shared,
      ...patientLimits,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.int.test.ts',
        ...patient.map((place) => `!${place}`),
      ],
    },
    {
      ...shared,
      ...patientLimits,
      displayName: 'patient',
      testMatch: patient,
    },
    {
      ...shared,
      ...patientLimits,
      displayName: 'soak',
      testMatch: ['<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.soak.test.ts'],
    },
  ],
};
