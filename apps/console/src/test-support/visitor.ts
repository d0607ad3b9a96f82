interface Visited {
  readonly status: number;
  /** Where it leads; empty where it leads nowhere. */
  readonly location: string;
  readonly body: string;
}

/** Follows addresses as a browser does, with its cookies, and one step at a time. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Copies the cookies: two windows of one browser. */
  copy(): Visitor {
    const copy = new Visitor();
    for (const [name, value] of this.#cookies) {
      copy.#cookies.set(name, value);
    }
    return copy;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Asks for one address. Returns where it leads, and what it shows. */
  async visit(url: string, form?: Readonly<Record<string, string>>): Promise<Visited> {
    const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookie }, ...sent });
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(header)) {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, value);
      }
    }
    const body = await response.text();
    const location = response.headers.get('location');
    return { status: response.status, location: location === null ? '' : new URL(location, url).href, body };
  }

  /** Follows redirects until an address that the test names, or the end. Returns the last address. */
  async follow(url: string, until: (url: string) => boolean = () => false): Promise<string> {
    let here = url;
    for (let step = 0; step < 10 && !until(here); step++) {
      const { location } = await this.visit(here);
      if (location === '') return here;
      here = location;
    }
    return here;
  }
}
