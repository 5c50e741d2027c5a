import { printable } from '../width.ts';

/** Markup made by {@link html}: everything in it is escaped already, and it stands in a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What may stand in a page: a text or a number, which is escaped; markup, as it is; nothing at all; or several of them. */
export type Piece = Html | string | number | null | undefined | false | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A text fit for content and for a quoted attribute of HTML. What could steer a reader (control characters, marks that turn
 * the direction of writing) is shown as `\uFFFD`, as in a terminal.
 */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Markup from a template: html`<td class="${name}">${address}</td>`. Every piece that is no markup is escaped, so an
 * attribute must be quoted; a list is its pieces one after the other. Not for what stands within `<style>` or `<script>`.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.map((text, i) => text + markupOf(pieces[i])).join(''));
}

function markupOf(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return '';
  if (piece instanceof Html) return piece.markup;
  if (typeof piece === 'object') return piece.map(markupOf).join('');
  return escapeHtml(String(piece));
}
