import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Every picture that the tests take. */
export const screenshotNames = [
  'phone-quiet',
  'phone-fall',
  'phone-real-house',
  'station',
  'phone-alarms-on-device',
  'phone-offline',
  'phone-replay',
  'phone-rooms-compact',
  'desktop-rooms',
  'desktop-processors',
  'desktop-zones',
  'desktop-zones-overlap',
  'desktop-command-answer',
  'desktop-policy',
  'desktop-policy-review',
  'phone-policy-conflict',
  'desktop-reports',
  'desktop-people',
  'desktop-system',
  'phone-system',
  'desktop-not-current',
] as const;
export type ScreenshotName = (typeof screenshotNames)[number];

/** Keeps a picture of the page where `VIGILIA_SCREENSHOTS` names a folder; otherwise does nothing. */
export async function screenshot(page: Page, name: ScreenshotName): Promise<void> {
  const folder = process.env.VIGILIA_SCREENSHOTS;
  if (folder === undefined || folder === '') return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
