/** The entry of an id that the header does not declare. */
export const undeclared = 0;
/** The entry of an id that is declared and has no number of its own. */
export const declared = 1;

const space = 32;

/**
 * From id code to a small number, without making strings for the short ids that nearly every file has: up to three
 * characters of '!' to '~' are an index into an array, longer ids go through a map.
 */
export class IdTable {
  /** By the number that `shortKey` gives. */
  readonly short: Int32Array;
  private readonly long = new Map<string, number>();

  constructor(ids: readonly string[]) {
    let most = 0;
    for (const id of ids) most = Math.max(most, shortKey(Buffer.from(id, 'latin1'), 0, id.length));
    this.short = new Int32Array(most + 1);
    for (const id of ids) this.set(id, declared);
  }

  /** Gives the id its number; false where it is not declared or has one already. */
  choose(id: string, entry: number): boolean {
    const code = Buffer.from(id, 'latin1');
    if (this.find(code, 0, code.length) !== declared) return false;
    this.set(id, entry);
    return true;
  }

  find(text: Buffer, from: number, to: number): number {
    const key = shortKey(text, from, to);
    if (key >= 0) return this.short[key] ?? undeclared;
    return this.long.get(text.toString('latin1', from, to)) ?? undeclared;
  }

  private set(id: string, entry: number): void {
    const key = shortKey(Buffer.from(id, 'latin1'), 0, id.length);
    if (key >= 0) this.short[key] = entry;
    else this.long.set(id, entry);
  }
}

/** The id as a number to the base 95, digits from 1 up; -1 where it is longer or has other characters; 0 for none. */
function shortKey(text: Buffer, from: number, to: number): number {
  if (to - from > 3) return -1;
  let key = 0;
  for (let i = from; i < to; i++) {
    const digit = (text[i] ?? 0) - space;
    if (digit < 1 || digit > 94) return -1;
    key = key * 95 + digit;
  }
  return key;
}
