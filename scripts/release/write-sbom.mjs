// Writes the packages of npm that images and the page hold as a bill of materials (CycloneDX 1.5):
// node scripts/release/write-sbom.mjs FILE
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { pagePackages } from './page-packages.mjs';
import { version } from './versions.mjs';

/** @typedef {{ 'bom-ref': string, properties?: { name: string, value: string }[] }} Component */

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Name the file to write: node scripts/release/write-sbom.mjs release/vigilia.cdx.json\n');
  process.exit(2);
}

// not --omit dev: npm then also leaves out what images need and the root's development needs as well
const options = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const maxBuffer = 64 * 1024 * 1024;
const bill = JSON.parse(execFileSync('npm', ['sbom', ...options], { cwd: REPO, encoding: 'utf8', maxBuffer }));
const compiledIn = new Set(pagePackages().map((each) => `${each.name}@${each.version}`));
bill.components = bill.components.filter(isShipped);
const kept = new Set(bill.components.map((/** @type {Component} */ component) => component['bom-ref']));
bill.dependencies = bill.dependencies
  .filter((/** @type {{ ref: string }} */ { ref }) => kept.has(ref))
  .map((/** @type {{ ref: string, dependsOn: string[] }} */ { ref, dependsOn }) => ({
    ref,
    dependsOn: dependsOn.filter((each) => kept.has(each)),
  }));
// npm names the product after the folder
bill.metadata.component.name = 'vigilia';
mkdirSync(dirname(resolve(file)), { recursive: true });
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
process.stdout.write(`${file}: Vigilia ${version()} with ${bill.components.length} packages\n`);

/** @param {Component} component */
function isShipped({ 'bom-ref': ref, properties = [] }) {
  const isDevelopment = properties.some(
    ({ name, value }) => name === 'cdx:npm:package:development' && value === 'true',
  );
  return compiledIn.has(ref) || !isDevelopment;
}
