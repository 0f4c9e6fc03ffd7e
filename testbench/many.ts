/** A number with commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * A number of things: `1 beat`, `2 beats`.
 * @param write how the number is written
 */
export function many(count: number, thing: string, write: (count: number) => string = String): string {
  return `${write(count)} ${thing}${count === 1 ? '' : 's'}`;
}
