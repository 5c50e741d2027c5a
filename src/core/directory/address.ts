/**
 * The form by which addresses are matched: ASCII letters in lower case, everything else as it is. So `First.Last@` and
 * `first.last@` are one address, and a Cyrillic `а` never becomes a Latin one.
 */
export function addressKey(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
