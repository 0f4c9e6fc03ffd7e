import { joinBeats, sliceBeats, type Beats } from '../beats.js';

/** Beats of a stream that are not a whole frame or set yet: they wait for the rest. */
export class PartialBeats {
  private waiting: Beats = { count: 0, ports: {} };

  constructor(private readonly size: number) {}

  /** The whole frames or sets that the beats complete, each as the beats of one. */
  take(beats: Beats | undefined): readonly Beats[] {
    if (beats === undefined || beats.count === 0) return [];
    const all = this.waiting.count === 0 ? beats : joinBeats([this.waiting, beats]);
    const whole = Math.floor(all.count / this.size);
    this.waiting = sliceBeats(all, whole * this.size, all.count);
    return Array.from({ length: whole }, (_, index) => sliceBeats(all, index * this.size, (index + 1) * this.size));
  }
}
