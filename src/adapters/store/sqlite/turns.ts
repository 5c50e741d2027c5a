/** One at a time, in the order in which they came: SQLite has one transaction a connection. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  /** Waits for a turn; whoever has it ends it by {@link end}. */
  async begin(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
  }

  end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next();
  }
}
