/** Bins of one kind with their counts, of which some cannot occur. */
export class Tally {
  private readonly counts: Float64Array;

  constructor(private readonly names: readonly string[], private readonly possible: (index: number) => boolean = () => true) {
    this.counts = new Float64Array(names.length);
  }

  count(index: number): void {
    this.counts[index] = (this.counts[index] ?? 0) + 1;
  }

  entries(): readonly (readonly [string, number])[] {
    return this.names.flatMap((name, index) => (this.possible(index) ? [[name, this.counts[index] ?? 0] as const] : []));
  }
}
