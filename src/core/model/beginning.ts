/** The first characters of a text, at most so many UTF-16 units; a character is never cut in half, as what is left of it is none. */
export function beginning(text: string, units: number): string {
  if (text.length <= units) return text;
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, '');
}
