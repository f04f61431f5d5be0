/** What a browser ends up with. */
export type Visited = { status: number; url: string; body: string; headers: Headers };

/** A browser as far as authorisations need one: cookies by origin, redirects followed one by one, nothing else. */
export class CookieBrowser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** Opens an address and follows its redirects, at most until `stopAt` fits an address, which is then not opened. */
  async visit(url: string, { stopAt }: { stopAt?: (url: string) => boolean } = {}): Promise<Visited> {
    let current = url;
    for (let hop = 0; hop < 20; hop++) {
      if (hop > 0 && stopAt?.(current)) return { status: 0, url: current, body: '', headers: new Headers() };
      const response = await this.ask(current);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null)
        return { status: response.status, url: current, body: await response.text(), headers: response.headers };
      await response.body?.cancel();
      current = new URL(location, current).href;
    }
    throw new Error(`too many redirects from ${url}`);
  }

  /** Sends a form as the page at `url` would. */
  async submit(url: string, fields: Record<string, string>, options: { stopAt?: (url: string) => boolean } = {}): Promise<Visited> {
    const response = await this.ask(url, { method: 'POST', body: new URLSearchParams(fields) });
    const location = response.headers.get('location');
    if (location === null) return { status: response.status, url, body: await response.text(), headers: response.headers };
    const next = new URL(location, url).href;
    return options.stopAt?.(next) ? { status: 0, url: next, body: '', headers: new Headers() } : this.visit(next, options);
  }

  /** The values of all its cookies. */
  values(): string[] {
    return [...this.cookies.values()].flatMap((jar) => [...jar.values()]);
  }

  /** Forgets everything, as another browser knows nothing. */
  clear(): void {
    this.cookies.clear();
  }

  private async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', ...(cookie ? { cookie } : {}) } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.cookies.set(host, jar);
    return response;
  }
}
