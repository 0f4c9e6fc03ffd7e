/** The least number of characters to insert, drop, replace or swap with the next one that makes one text of the other (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (last[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const dropped = (last[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      const swaps = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = swaps ? (beforeLast[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(replaced, dropped, inserted, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

/**
 * The name that was probably meant: the one with the least edit distance, if that is at most a third of the longer one (and at least one letter), or
 * the only one that begins with what was written. Case, hyphens and underscores do not count.
 */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const wanted = letters(written);
  if (wanted === '') return undefined;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const known = letters(name);
    const distance = editDistance(wanted, known);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if (distance <= allowed && distance < known.length && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  if (best !== undefined) return best.name;
  const longer = names.filter(name => letters(name).startsWith(wanted));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `did you mean 'lanes'? `, or nothing; stands before a list of all names. */
export function meant(written: string, names: Iterable<string>): string {
  const near = nearest(written, [...names]);
  return near === undefined ? '' : `did you mean '${near}'? `;
}
