import { readSource, sourceFiles } from '../rules/sources.mjs';
import { readJson } from './versions.mjs';

/**
 * Lists the packages whose code is compiled into the page. They are development packages of the console, and are shipped all the same.
 * @returns {{ name: string, version: string, license: string }[]} sorted by name
 */
export function pagePackages() {
  const development = Object.keys(readJson('apps/console/package.json').devDependencies);
  const imported = sourceFiles(/^apps\/console\/src\/(page|shared)\/(?!.*\.test\.tsx?$|vite\.config).*\.tsx?$/)
    .flatMap((file) => [...readSource(file).matchAll(/\bfrom '([^.'][^']*)'/g)])
    .map(([, specifier = '']) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => development.includes(name) && !name.startsWith('@vigilia/'));
  const { packages } = readJson('package-lock.json');
  return [...new Set(imported)].sort().map((name) => {
    const { version, license } = packages[`node_modules/${name}`];
    return { name, version, license };
  });
}
