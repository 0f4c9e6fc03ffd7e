/**
 * The clocks of a tile in the zero-skip convolution core, clock by clock as `docs/zero-skip-conv.md` lays them down: lanes that claim tasks, issue the chunks of these that
 * may have work, and multiply what waits in their queues.
 */
import { popcount32 } from './bit-planes.js';
import { GoldenError } from './error.js';
import { pixelsUnderTaps, skipsZerosOf, zeroSkipSizes, type ZeroSkipParameters } from './zero-skip-conv.js';

/** What decides the schedule of a tile. */
export interface ZeroSkipBits {
  /** A bit for each weight and for each input, in their order. */
  readonly weightBits: ArrayLike<number>;
  readonly inputBits: ArrayLike<number>;
  /** Needed outputs, [position][outputChannels]; it counts where the mode skips outputs. */
  readonly mask?: ArrayLike<number>;
}

/** The counters of a tile. */
export interface ZeroSkipCounters {
  readonly cycles: number;
  readonly products: number;
  readonly skipped: number;
  readonly stalls: number;
}

/** Cases of the schedule that a tile went through, counted. */
export interface ScheduleEvents {
  /** Chunks that were jumped over because no weight of theirs is there, and visited ones that had no pairs. */
  readonly jumped: number;
  readonly empty: number;
  /** Tasks without any pair, which never come to the queue. */
  readonly withoutPairs: number;
  readonly masked: number;
  /** Clocks of a lane in which a chunk had to wait for the queue. */
  readonly full: number;
  /** Tasks that another lane took, and clocks in which it did so in the same clock as the owner claimed one. */
  readonly thefts: number;
  readonly contested: number;
}

/** The output channels of each lane, slot by slot. `channelBits` are the weight bits of each output channel. */
export function channelsOfLanes({ outputChannels, lanes, balance }: Pick<ZeroSkipParameters, 'outputChannels' | 'lanes' | 'balance'>, channelBits: ArrayLike<number>): readonly (readonly number[])[] {
  const dealt: number[][] = Array.from({ length: lanes }, () => []);
  const loads = new Float64Array(lanes);
  for (let channel = 0; channel < outputChannels; channel++) {
    const round = Math.floor(channel / lanes);
    let lane = channel % lanes;
    if (balance === 'permute') {
      // The least loaded of the lanes that have none of this round; the lowest of equal ones.
      lane = -1;
      for (let candidate = 0; candidate < lanes; candidate++) {
        if (dealt[candidate]?.length === round && (lane < 0 || (loads[candidate] ?? 0) < (loads[lane] ?? 0))) lane = candidate;
      }
      loads[lane] = (loads[lane] ?? 0) + (channelBits[channel] ?? 0);
    }
    dealt[lane]?.push(channel);
  }
  return dealt;
}

/** How the window of an output is cut: `units` of at most 32 bits, the same number in each chunk but the last ones of a tap or of a window. */
interface Chunks {
  readonly unitBits: number;
  readonly unitsPerTap: number;
  /** The first unit of each chunk, numbered through the window; one more for the end. */
  readonly starts: readonly number[];
}

function chunksOf({ inputChannels, kernelHeight, kernelWidth, lookahead }: ZeroSkipParameters): Chunks {
  const taps = kernelHeight * kernelWidth;
  const rounded = 2 ** Math.ceil(Math.log2(inputChannels));
  const unitBits = Math.min(rounded, lookahead, 32);
  const unitsPerTap = Math.ceil(inputChannels / unitBits);
  const starts: number[] = [];
  if (rounded < lookahead) {
    const tapsPerChunk = Math.min(lookahead / rounded, taps);
    for (let tap = 0; tap < taps; tap += tapsPerChunk) starts.push(tap * unitsPerTap);
  } else {
    for (let tap = 0; tap < taps; tap++) {
      for (let unit = 0; unit < unitsPerTap; unit += lookahead / unitBits) starts.push(tap * unitsPerTap + unit);
    }
  }
  return { unitBits, unitsPerTap, starts: [...starts, taps * unitsPerTap] };
}

/** Bits of rows of `inputChannels`, as words of `unitBits`; all ones where their zeros are not skipped. */
function packUnits(bits: ArrayLike<number>, isSkipped: boolean, inputChannels: number, { unitBits, unitsPerTap }: Chunks): Uint32Array {
  const words = new Uint32Array((bits.length / inputChannels) * unitsPerTap);
  for (let index = 0; index < bits.length; index++) {
    if (isSkipped && bits[index] === 0) continue;
    const channel = index % inputChannels;
    const word = Math.floor(index / inputChannels) * unitsPerTap + Math.floor(channel / unitBits);
    words[word] = (words[word] ?? 0) | (1 << (channel % unitBits));
  }
  return words;
}

const masked = -1;

/** Clocks from the push of an entry to the first pop of it: it is read, and its first pairs are taken out. */
const clocksToPop = 3;
/** Chunks that may be in flight beside the `runAhead` that wait. */
const chunksOnTheWay = 3;

/** The tasks of a tile: for any of them the pops of its visited chunks. */
class Tasks {
  private readonly chunks: Chunks;
  private readonly weights: Uint32Array;
  private readonly inputs: Uint32Array;
  private readonly pixels: Int32Array;
  private readonly skipsWeights: boolean;
  private readonly mask: ArrayLike<number> | undefined;
  private readonly taps: number;
  readonly mostChunks: number;
  jumped = 0;
  empty = 0;
  withoutPairs = 0;
  products = 0;

  constructor(private readonly parameters: ZeroSkipParameters, { weightBits, inputBits, mask }: ZeroSkipBits) {
    const { weights, inputs, positions } = zeroSkipSizes(parameters);
    const { inputChannels, outputChannels, kernelHeight, kernelWidth } = parameters;
    this.skipsWeights = skipsZerosOf(parameters, 'weight');
    if (weightBits.length !== weights) throw new GoldenError('shape', `bits of weights are ${weights}, not ${weightBits.length}.`);
    if (inputBits.length !== inputs) throw new GoldenError('shape', `bits of inputs are ${inputs}, not ${inputBits.length}.`);
    this.mask = skipsZerosOf(parameters, 'output') ? mask ?? [] : undefined;
    if (this.mask !== undefined && this.mask.length !== positions * outputChannels) {
      throw new GoldenError('shape', `the mask is ${positions} positions x ${outputChannels} output channels, ${positions * outputChannels} bits, not ${this.mask.length}.`);
    }
    this.chunks = chunksOf(parameters);
    this.taps = kernelHeight * kernelWidth;
    this.mostChunks = this.chunks.starts.length - 1;
    this.weights = packUnits(weightBits, this.skipsWeights, inputChannels, this.chunks);
    this.inputs = packUnits(inputBits, skipsZerosOf(parameters, 'input'), inputChannels, this.chunks);
    this.pixels = pixelsUnderTaps(parameters);
  }

  /**
   * Writes the pops of the visited chunks of a task, in order: how many pairs, 0 for a chunk without an entry. Returns how many
   * chunks these are, or `masked`.
   */
  read(channel: number, position: number, pops: Int32Array): number {
    const { outputChannels } = this.parameters;
    if (this.mask?.[position * outputChannels + channel] === 0) return masked;
    const { starts, unitsPerTap } = this.chunks;
    const { taps, weights, inputs, pixels } = this;
    const window = taps * unitsPerTap;
    let [visited, total] = [0, 0];
    for (let chunk = 0; chunk < this.mostChunks; chunk++) {
      const [first, end] = [starts[chunk] ?? 0, starts[chunk + 1] ?? 0];
      let [pairs, some] = [0, 0];
      for (let unit = first; unit < end; unit++) {
        const word = weights[channel * window + unit] ?? 0;
        some |= word;
        const tap = Math.floor(unit / unitsPerTap);
        const pixel = pixels[position * taps + tap] ?? -1;
        if (pixel >= 0) pairs += popcount32(word & (inputs[pixel * unitsPerTap + unit - tap * unitsPerTap] ?? 0));
      }
      if (some === 0 && this.skipsWeights) continue;
      pops[visited++] = pairs;
      total += pairs;
      if (pairs === 0) this.empty++;
    }
    // Of a task without weights the first chunk is visited all the same.
    if (visited === 0) {
      pops[visited++] = 0;
      this.empty++;
    }
    this.jumped += this.mostChunks - visited;
    this.products += total;
    if (total === 0) this.withoutPairs++;
    return visited;
  }
}

/** A lane: its tasks that nobody has claimed, and what it is at. */
class Lane {
  readonly pops: Int32Array;
  readonly queue: Int32Array;
  readonly pushedAt: Int32Array;
  /** Tasks first .. end - 1 are left. */
  first = 0;
  end: number;
  /** Chunks of the task in A and the next of them; 0 chunks: nothing in A; `masked`. */
  chunks = 0;
  next = 0;
  /** Whether B holds a chunk, and its pops. */
  isHolding = false;
  held = 0;
  /** The queue: a ring with the pops that each entry still needs, and the clocks in which the entries were pushed. */
  head = 0;
  waiting = 0;
  /** The clocks in which it last claimed a task of its own, and in which one was taken from it. */
  claimedAt = 0;
  robbedAt = 0;

  constructor(readonly channels: readonly number[], private readonly positions: number, mostChunks: number, mostInFlight: number) {
    this.pops = new Int32Array(mostChunks);
    this.queue = new Int32Array(mostInFlight);
    this.pushedAt = new Int32Array(mostInFlight);
    this.end = channels.length * positions;
  }

  get left(): number {
    return this.end - this.first;
  }

  get isIdle(): boolean {
    return this.left === 0 && this.chunks === 0 && !this.isHolding && this.waiting === 0;
  }

  channelOf(task: number): number {
    return this.channels[Math.floor(task / this.positions)] ?? 0;
  }
}

/** The counters of a tile, and the cases that it went through. Throws a GoldenError for bits that do not have the shape. */
export function zeroSkipSchedule(bits: ZeroSkipBits, parameters: ZeroSkipParameters): ZeroSkipCounters & { readonly events: ScheduleEvents } {
  const { positions, products: dense, weights } = zeroSkipSizes(parameters);
  const { outputChannels, lanes: laneCount, runAhead, balance } = parameters;
  const tasks = new Tasks(parameters, bits);
  const window = weights / outputChannels;
  const channelBits = new Float64Array(outputChannels);
  for (let index = 0; index < weights; index++) {
    if (bits.weightBits[index] !== 0) channelBits[Math.floor(index / window)] = (channelBits[Math.floor(index / window)] ?? 0) + 1;
  }
  const mostInFlight = runAhead + chunksOnTheWay;
  const lanes = channelsOfLanes(parameters, channelBits).map(channels => new Lane(channels, positions, tasks.mostChunks, mostInFlight));
  const left = new Int32Array(laneCount);
  let [cycles, maskedTasks, full, thefts, contested] = [0, 0, 0, 0, 0];

  /** Takes a task of `owner` into A of `lane`. */
  const claim = (lane: Lane, owner: Lane, task: number): void => {
    lane.chunks = tasks.read(owner.channelOf(task), task % positions, lane.pops);
    lane.next = 0;
    if (lane.chunks === masked) maskedTasks++;
  };

  while (lanes.some(lane => !lane.isIdle)) {
    cycles++;
    lanes.forEach((lane, index) => left[index] = lane.left);
    lanes.forEach((lane, index) => {
      const inFlight = lane.waiting + (lane.isHolding ? 1 : 0);
      if (lane.waiting > 0 && cycles - (lane.pushedAt[lane.head] ?? 0) >= clocksToPop) {
        const remaining = (lane.queue[lane.head] ?? 0) - 1;
        lane.queue[lane.head] = remaining;
        if (remaining === 0) {
          lane.head = (lane.head + 1) % mostInFlight;
          lane.waiting--;
        }
      }
      if (lane.isHolding && lane.held > 0) {
        const end = (lane.head + lane.waiting) % mostInFlight;
        lane.queue[end] = lane.held;
        lane.pushedAt[end] = cycles;
        lane.waiting++;
      }
      lane.isHolding = false;
      if (lane.chunks === masked) {
        lane.chunks = 0;
      } else if (lane.chunks > 0) {
        if (inFlight < mostInFlight) {
          lane.held = lane.pops[lane.next++] ?? 0;
          lane.isHolding = true;
          if (lane.next === lane.chunks) lane.chunks = 0;
        } else {
          full++;
        }
      }
      if (lane.chunks !== 0) return;
      const victim = lanes[(index + 1) % laneCount];
      const leftThere = left[(index + 1) % laneCount] ?? 0;
      const leftHere = left[index] ?? 0;
      if (balance === 'steal' && victim !== undefined && leftThere >= 2 && leftThere > leftHere) {
        claim(lane, victim, --victim.end);
        thefts++;
        victim.robbedAt = cycles;
        if (victim.claimedAt === cycles) contested++;
      } else if (leftHere >= 1) {
        claim(lane, lane, lane.first++);
        lane.claimedAt = cycles;
        if (lane.robbedAt === cycles) contested++;
      }
    });
  }
  const { products, jumped, empty, withoutPairs } = tasks;
  return { cycles, products, skipped: dense - products, stalls: laneCount * cycles - products, events: { jumped, empty, withoutPairs, masked: maskedTasks, full, thefts, contested } };
}
