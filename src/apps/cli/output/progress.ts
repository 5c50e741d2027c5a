import { NARROWEST } from '../../../core/layout/flow.ts';
import { cut, printable } from '../../../core/layout/width.ts';
import type { Screen } from './terminal.ts';

/** Shows how far long work is, on one line that updates itself. */
export interface Progress {
  /** `done` things so far, of `total` where it is known. */
  step(done: number, total?: number): void;
  /** Takes the line away: what follows begins on a clean one. */
  end(): void;
}

/** Milliseconds between two updates, and before the first: short work shows nothing. */
const INTERVAL = 200;
const CLEAR = '\r\u001b[K';

const SILENT: Progress = { step: () => undefined, end: () => undefined };

/**
 * Progress of one piece of work on a terminal's standard error; nothing at all on a pipe.
 * `label` is what is done (`reading people`), `clock` gives milliseconds.
 *
 *     reading people  120 000 of 1 000 000 · 12 % · 48 000/s
 */
export function progressOn(screen: Screen & { write(text: string): unknown }, label: string, clock: () => number): Progress {
  if (screen.isTTY !== true) return SILENT;
  const began = clock();
  let shown = began;
  let visible = false;
  return {
    step(done, total) {
      const now = clock();
      if (now - shown < INTERVAL) return;
      shown = now;
      visible = true;
      const rate = Math.round((done * 1000) / (now - began));
      const share = total === undefined || total === 0 ? '' : ` of ${grouped(total)} · ${Math.floor((done * 100) / total)} %`;
      const line = `${printable(label)}  ${grouped(done)}${share} · ${grouped(rate)}/s`;
      // One column less than there are, or a terminal that wraps would leave lines behind.
      screen.write(CLEAR + cut(line, (screen.columns ?? NARROWEST) - 1));
    },
    end() {
      if (visible) screen.write(CLEAR);
      visible = false;
    },
  };
}

/** `1 000 000`: digits in groups of three. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ' ');
}
