import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface AxeResult {
  readonly violations: readonly { id: string; impact: string | null; nodes: readonly { html: string }[] }[];
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with the page as it is now (all its rules, or only `rules`), as short lines. */
export async function axeProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  // evaluated by the debugger, so the page's content security policy stays as it is
  await page.evaluate(await readFile(axePath, 'utf8'));
  const options = rules === undefined ? {} : { runOnly: rules };
  const result = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResult;
  return result.violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}
