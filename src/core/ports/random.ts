/** Randomness fit for keys and secrets. One is composed at the start; nothing else draws any. */
export interface Random {
  bytes(length: number): Uint8Array;
}
