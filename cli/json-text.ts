/** JSON for machines, with a newline at its end. Integers that a number does not hold exactly are strings. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? integerJson(each) : each), 2)}\n`;
}

/** An integer as JSON holds it exactly: a number to 2^53, a string of decimal digits beyond. */
export function integerJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
