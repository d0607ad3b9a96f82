// One root configuration: unit tests run in parallel; tests with real processes (`*.int.test.ts`) run one file at a time
// (`--selectProjects integration --runInBand`), because they share the machine's two cores.
const shared = {
  rootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  testEnvironment: '<rootDir>/packages/testing/jest-environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['@vigilia/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.test.ts'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '\\.(int|soak)\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.int.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/packages/testing/jest-integration.cjs'],
    },
    {
      ...shared,
      displayName: 'soak',
      testMatch: ['<rootDir>/{apps,packages,bench,scripts,deploy}/**/*.soak.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/packages/testing/jest-integration.cjs'],
    },
  ],
};
