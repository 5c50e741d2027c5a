import { printable } from './width.ts';

/** What reads the same as Markdown and as text: words, figures and punctuation that never mean anything. */
const HARMLESS = /^(?:[A-Za-z0-9 ,;%()"→…–’·?✗✓]|[.:](?= |$)|(?<=\w)[.'](?=[A-Za-z])|(?<=[A-Za-z])-(?=[A-Za-z]))*$/;

/** What forges link by themselves: `GH-12`, a commit's digits. Figures before a dot at the beginning are a list. */
const LINKED = /^\d+[.)]|\bwww[.]|\bGH-\d|\b[0-9a-f]{7,40}\b/i;

/**
 * A text that came from a directory or a document, fit for a comment in Markdown: as it is where it is harmless, else as
 * code, where no mark, mention (`@name`), reference (`#1`), HTML or link takes effect. One line, whatever it holds.
 */
export function inlineText(text: string): string {
  return HARMLESS.test(text) && !LINKED.test(text) && text.trim() === text ? text : inlineCode(text);
}

/** The same, always as code: names, addresses, paths. Fenced by more backticks than it holds in a row. */
export function inlineCode(text: string): string {
  const shown = printable(text).trim();
  if (shown === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return fence + room + shown + room + fence;
}

/** Something that readers open when they want it; `lines` are Markdown of their own. The summary is plain words of ours. */
export function details(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}

/** Bytes of some lines, their line feeds with them. Never less than their UTF-16 units. */
export function bytesOf(lines: readonly string[]): number {
  let bytes = 0;
  for (const line of lines) bytes += Buffer.byteLength(line, 'utf8') + 1;
  return bytes;
}
