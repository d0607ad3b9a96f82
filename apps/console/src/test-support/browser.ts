import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromiumPath, tempFolder } from '@vigilia/testing';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

export interface TestBrowser {
  /** A new window with nothing remembered. */
  open(url: string, options?: WindowOptions): Promise<Page>;
  /** Addresses that were asked for and are not the console's: must stay empty. */
  readonly outside: readonly string[];
  /** Errors of the pages' scripts. */
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'en' | 'es';
  readonly dark?: boolean;
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Puts an authority into the database that Chromium reads in its home folder. */
async function trust(home: string, file: string): Promise<void> {
  const folder = join(home, '.pki', 'nssdb');
  await mkdir(folder, { recursive: true });
  const certutil = (...args: string[]) => promisify(execFile)('certutil', ['-d', `sql:${folder}`, ...args]);
  await certutil('-N', '--empty-password');
  await certutil('-A', '-t', 'C,,', '-n', 'authority', '-i', file);
}

/**
 * Debian's Chromium with a profile of its own.
 * @param trusted PEM file of an authority that it trusts besides the public ones; needs `certutil`
 */
export async function startBrowser(trusted?: string): Promise<TestBrowser> {
  const home = await tempFolder('chromium');
  if (trusted !== undefined) {
    await trust(home.path, trusted);
  }
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    executablePath: executablePath.includes('/') ? executablePath : `/usr/bin/${executablePath}`,
    args: flags,
    env: { ...process.env, HOME: home.path },
    timeout: 60_000,
  });
  const contexts: BrowserContext[] = [];
  const outside: string[] = [];
  const errors: string[] = [];
  return {
    outside,
    errors,
    open: async (url, { width = 1280, height = 900, language = 'en', dark = false } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language,
        colorScheme: dark ? 'dark' : 'light',
        hasTouch: width < 700,
        deviceScaleFactor: 1,
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(url).origin) {
          outside.push(request.url());
        }
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        // the browser itself reports a connection that was refused; the page deals with it
        if (message.type() === 'error' && !/Failed to load resource|net::/.test(message.text())) {
          errors.push(message.text());
        }
      });
      await page.goto(url);
      return page;
    },
    stop: async () => {
      for (const context of contexts) {
        await context.close();
      }
      await browser.close();
      await home.remove();
    },
  };
}
