/** Counts how long dot products were: the beats up to each last. */
export class LengthCounter {
  private open = 0;
  readonly counts = new Map([['dot product: 1 beat', 0], ['dot product: 2 beats', 0], ['dot product: 3 beats and more', 0]]);

  add(last: Int32Array | Uint32Array): void {
    for (const flag of last) {
      this.open++;
      if (flag === 0) continue;
      const bin = this.open === 1 ? 'dot product: 1 beat' : this.open === 2 ? 'dot product: 2 beats' : 'dot product: 3 beats and more';
      this.counts.set(bin, (this.counts.get(bin) ?? 0) + 1);
      this.open = 0;
    }
  }
}

/** First and last input beat of the dot product that output beat `outputIndex` is; without last flags every beat is one. Undefined where it has not ended. */
export function beatsOfDotProduct(last: Int32Array | Uint32Array | undefined, outputIndex: number): readonly [number, number] | undefined {
  if (last === undefined) return [outputIndex, outputIndex];
  let first = 0;
  let done = 0;
  for (const [beat, flag] of last.entries()) {
    if (flag === 0) continue;
    if (done === outputIndex) return [first, beat];
    done++;
    first = beat + 1;
  }
  return undefined;
}
