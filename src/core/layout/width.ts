/** Control and format characters, line separators, lone surrogates: what could move the cursor or reorder a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Marks that take no column of their own. */
const MARK = /^\p{M}$/u;

/** East Asian wide and full-width blocks, and pictures: two columns (Unicode Standard Annex 11, simplified to blocks). */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})$/u;

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A text that came from a directory or a document, fit for a terminal: whatever could steer it is shown as `\uFFFD`.
 * Gives the text itself when there is nothing of the kind.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}

/** The columns that a printable text takes in a terminal. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text with blanks behind it, up to `width` columns; the text itself when it is wider. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text with blanks before it, up to `width` columns; the text itself when it is wider. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The longest beginning of a text that takes at most `width` columns; at least one character. */
export function headOf(text: string, width: number): string {
  let head = '';
  let taken = 0;
  for (const character of text) {
    taken += widthOf(character);
    if (head !== '' && taken > width) break;
    head += character;
  }
  return head;
}

/** At most `width` columns of a text; what was cut off shows as `…`, at its end, or at its start for paths. */
export function cut(text: string, width: number, side: 'start' | 'end' = 'end'): string {
  if (widthOf(text) <= width) return text;
  if (side === 'end') return `${headOf(text, width - 1)}…`;
  const characters = Array.from(text);
  while (widthOf(characters.join('')) > width - 1) characters.shift();
  return `…${characters.join('')}`;
}
