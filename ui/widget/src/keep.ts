// What is kept on a visitor's browser: nothing before the chat was opened once.

export type Kept = {
  token?: string;
  refresh_at?: string;
  user?: string; // whom the site has identified, if the token is theirs
  conversation?: boolean; // there is one, so a later page may show its badge
  open?: boolean; // as the visitor left the panel
  sound?: boolean;
  draft?: string;
  outbox?: unknown[];
};

/** Reads and writes localStorage, or memory where that is forbidden or full. */
export class Keep {
  private memory: string | null = null;
  private written: boolean; // what is in memory is in localStorage too
  readonly key: string;

  constructor(
    widget: string,
    private readonly persistent: boolean,
  ) {
    this.key = `parley:${widget}`;
    this.written = persistent;
  }

  read(): Kept {
    try {
      return JSON.parse(this.text() ?? '{}') as Kept;
    } catch {
      return {};
    }
  }

  write(change: Kept): void {
    const text = JSON.stringify({ ...this.read(), ...change });
    this.memory = text;
    if (!this.persistent) return;
    try {
      localStorage.setItem(this.key, text);
      this.written = true;
    } catch {
      this.written = false; // full, or forbidden: what is in memory has to do
    }
  }

  clear(): void {
    this.memory = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // forbidden: nothing was written either
    }
  }

  private text(): string | null {
    try {
      return (this.written && localStorage.getItem(this.key)) || this.memory;
    } catch {
      return this.memory;
    }
  }
}
