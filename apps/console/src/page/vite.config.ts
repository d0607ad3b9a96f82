import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Relative addresses only: the page works under any path of a reverse proxy. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: '../../../../node_modules/.vite-console',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        'service-worker': resolve(import.meta.dirname, 'push/worker.ts'),
      },
      // a service worker keeps its name, and its folder is the one that it serves
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [compressed()],
});

/** Writes each file of the page also as brotli and gzip, so that the console serves them without compressing anything itself. */
function compressed(): Plugin {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return {
    name: 'compressed',
    enforce: 'post',
    // not earlier: Vite still writes into a chunk that loads another one after it was generated
    writeBundle({ dir = '' }, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        const content = file.type === 'chunk' ? file.code : file.source;
        writeFileSync(resolve(dir, `${fileName}.br`), brotliCompressSync(content, quality));
        writeFileSync(resolve(dir, `${fileName}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
