import type { Page } from 'playwright-core';

/** Works on a page as a thumb does, and counts each touch. Typing on the keyboard that a touched field brings up is not counted. */
export class Touches {
  readonly #page: Page;
  #count = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  get count(): number {
    return this.#count;
  }

  /** One touch. */
  async press(selector: string): Promise<void> {
    await this.#page.locator(selector).first().tap();
    this.#count += 1;
  }

  /** One touch of the field. */
  async type(selector: string, text: string): Promise<void> {
    await this.press(selector);
    await this.#page.keyboard.type(text);
  }

  /** Two touches: one opens the list, one takes an entry of it. */
  async choose(selector: string, entry: string): Promise<void> {
    await this.#page.selectOption(selector, entry);
    this.#count += 2;
  }
}
