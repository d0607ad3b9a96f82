// Draws the icons of the installable page from apps/console/src/page/icon.svg with Chromium, reduces them to 32 colours with ffmpeg,
// and writes them into the page's public folder.
//   node scripts/make-icons.mjs
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { chromium } from 'playwright-core';

const page = new URL('../apps/console/src/page/', import.meta.url);
const drawing = readFileSync(new URL('icon.svg', page), 'utf8');
/** A launcher cuts up to a tenth off each side of a maskable icon: its ground reaches the edge, and the drawing is smaller. */
const maskable = drawing
  .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
  .replace(/<rect [^>]*>/, '<rect x="-4" y="-4" width="40" height="40" fill="#1f5f6b"/>');

const icons = [
  { name: 'icon-192.png', sizePx: 192, svg: drawing },
  { name: 'icon-512.png', sizePx: 512, svg: drawing },
  { name: 'icon-maskable-512.png', sizePx: 512, svg: maskable },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { name, sizePx, svg } of icons) {
  const window = await browser.newPage({ viewport: { width: sizePx, height: sizePx } });
  const style = `html,body{margin:0;background:transparent}svg{display:block;width:${sizePx}px;height:${sizePx}px}`;
  await window.setContent(`<style>${style}</style>${svg}`);
  const file = new URL(`public/${name}`, page);
  const drawn = await window.screenshot({ omitBackground: true });
  const palette = 'split[a][b];[a]palettegen=max_colors=32[p];[b][p]paletteuse=dither=none:alpha_threshold=64';
  const output = ['-pred', 'mixed', '-frames:v', '1', '-y', file.pathname];
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'png_pipe', '-i', '-', '-vf', palette, ...output], { input: drawn });
  await window.close();
  process.stdout.write(`${name}: ${statSync(file).size} bytes\n`);
}
await browser.close();
