import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../documents/repository-files.mjs';
import { sourceFiles } from '../rules/sources.mjs';
import { REPO } from '../setup/paths.mjs';
import { pagePackages } from './page-packages.mjs';
import { readJson } from './versions.mjs';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** Licences whose only condition is that their text stays with the package. */
const permissive = new Set(
  'MIT ISC BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 0BSD Unlicense MIT-0 CC0-1.0 Python-2.0'.split(' '),
);
const notice = readText('NOTICE');
const shipped = Object.entries(readJson('package-lock.json').packages as Record<string, Locked>).filter(
  ([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true,
);

/** The licence that the lock file states, or else that of the installed package; older ones state it as an object. */
function licenceOf(path: string, { license }: Locked): string {
  if (license !== undefined) return license;
  const manifest = join(REPO, path, 'package.json');
  if (!existsSync(manifest)) return 'unknown';
  const { license: own, licenses } = JSON.parse(readFileSync(manifest, 'utf8'));
  const stated = own?.type ?? own ?? licenses?.[0]?.type ?? 'unknown';
  return stated === 'BSD' ? 'BSD-3-Clause' : stated;
}

/** Whether one of the alternatives of an expression is permissive. */
const isPermissive = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => permissive.has(alternative));

describe('the notices', () => {
  it('name, with its version, each package that is shipped under a licence with further conditions', () => {
    const others = shipped
      .map(([path, locked]) => ({ path, version: locked.version, licence: licenceOf(path, locked), locked }))
      // optional packages without a stated licence come with the ffmpeg of set-up; images leave them out
      .filter(({ licence, locked }) => !(licence === 'unknown' && locked.optional))
      .filter(({ licence }) => !isPermissive(licence))
      .map(({ path, version }) => `${path.replace(/^.*node_modules\//, '')} ${version}`);
    expect(others).toContain('web-push 3.6.7');
    expect(others.filter((each) => !notice.includes(each))).toEqual([]);
  });

  it('name the packages that are compiled into the page, because their licence files are not beside it', () => {
    const compiled = pagePackages();
    expect(compiled.map(({ name }) => name)).toContain('preact');
    for (const { name, version, license } of compiled) {
      expect(isPermissive(license)).toBe(true);
      expect(notice).toContain(`${name} ${version}, ${license} License, Copyright`);
    }
  });

  it('name the ffmpeg that set-up fetches, so that its source can be found', () => {
    const { version, 'ffmpeg-static': fetched } = readJson('node_modules/ffmpeg-static/package.json');
    const release = fetched['binary-release-tag'] as string;
    expect(notice).toContain(`ffmpeg-static ${version}`);
    expect(notice).toContain(`ffmpeg ${release.slice(1)} (release ${release})`);
    expect(notice).toContain(`https://ffmpeg.org/releases/ffmpeg-${release.slice(1)}.tar.xz`);
  });

  it('name the origin of the embedded model as set-up takes it, with its licence', () => {
    const [, name, version] =
      /'(@vladmandic\/human-models)@([\d.]+)'/.exec(readText('scripts/model/weights.mjs')) ?? [];
    expect(version).toBeDefined();
    expect(notice).toContain(`${name} ${version}`);
    expect(notice).toContain('Apache License, Version 2.0');
  });

  it('state that no font is shipped, and the repository holds none', () => {
    expect(notice).toContain('holds a font');
    expect(sourceFiles(/\.(woff2?|ttf|otf|eot)$/)).toEqual([]);
    const faces = sourceFiles(/\.(css|html)$/).filter((file) => /@font-face|fonts\.googleapis/.test(readText(file)));
    expect(faces).toEqual([]);
  });

  it('name every base image of the Dockerfile', () => {
    const bases = [...readText('deploy/Dockerfile').matchAll(/^ARG \w+_IMAGE=([\w-]+):/gm)].map(([, name]) => name);
    expect(bases).toEqual(['node', 'eclipse-mosquitto']);
    for (const base of bases) {
      expect(notice).toMatch(new RegExp(`^ {2}${base} \\(`, 'm'));
    }
    expect(readText('deploy/Dockerfile')).not.toMatch(/^FROM [\w./-]+:/m);
  });
});
