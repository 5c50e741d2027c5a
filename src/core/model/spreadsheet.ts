/** By these a spreadsheet takes a cell for a formula (OWASP, CSV injection); some fold the full-width ones. */
const FORMULA = '=+-@＝＋－＠';

/**
 * What ends a cell where a spreadsheet reads by another separator than the comma: Excel by a semicolon in most of Europe. Our quotes then stand
 * within a cell, where they keep nothing together: not even a line. A comma does so for nobody who does not heed the quotes.
 */
const ENDS_CELL = ';|\t\r\n';

/** Most cells hold none: that is told at once. */
const MAY_HOLD_ONE = /[;|\t\r\n]|^[\s"]*'*[=+\-@＝＋－＠]/;

/** A cell that a spreadsheet would take off the blank of, and then for a formula. */
const BLANK_FIRST = /^'*[\t\r\n]/;

/**
 * A text as a cell of CSV in which nothing is taken for a formula: an apostrophe stands before whatever begins like one, where the cell begins and
 * where a reader by another separator would have one begin. One that has apostrophes already gets one more, so that {@link unguarded} gives the
 * text back. In time that grows with the text alone.
 */
export function guarded(text: string): string {
  if (!MAY_HOLD_ONE.test(text)) return text;
  const inside = atFormulas(text, (apostrophes) => apostrophes + 1);
  return BLANK_FIRST.test(inside) ? `'${inside}` : inside;
}

/** The text that {@link guarded} made a cell of. */
export function unguarded(cell: string): string {
  if (!cell.includes("'")) return cell;
  const inside = cell.startsWith("'") && BLANK_FIRST.test(cell) ? cell.slice(1) : cell;
  return atFormulas(inside, (apostrophes) => Math.max(0, apostrophes - 1));
}

/** A text with other numbers of apostrophes where a cell may begin with a formula: behind blanks and quotes, which readers take off. */
function atFormulas(text: string, other: (apostrophes: number) => number): string {
  let result = '';
  let taken = 0;
  let begins = true;
  let apostrophes = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text.charAt(i);
    if (begins && FORMULA.includes(sign)) {
      result += text.slice(taken, i - apostrophes) + "'".repeat(other(apostrophes));
      taken = i;
    }
    if (ENDS_CELL.includes(sign)) {
      begins = true;
      apostrophes = 0;
    } else if (begins && sign === "'") apostrophes += 1;
    else if (begins && (apostrophes > 0 || !/[\s"]/.test(sign))) {
      begins = false;
      apostrophes = 0;
    }
  }
  return result + text.slice(taken);
}
