import { elementAt, slicePort, toBigints, type Beats, type PortData, type Streams } from '../beats.js';
import { mismatchText, type Mismatch } from '../compare.js';
import type { Manifest, ManifestPort, ManifestStream } from '../manifest.js';
import type { PortSamples, WaveTransactions } from '../waves.js';

/** One cell of a bus lane: one clock cycle. */
export interface BusCell {
  /** The value, or `#7` for the payload of beat 7 where the port has many elements. */
  readonly text: string;
  /**
   * `idle`: valid is low, the value means nothing; `waiting`: valid without ready; `beat`: the beat moves in this cycle;
   * `wrong`: it moves, and it is the mismatch; `expected`: what should have moved.
   */
  readonly state: 'idle' | 'waiting' | 'beat' | 'wrong' | 'expected';
}

export type Lane =
  | { readonly kind: 'clock'; readonly name: string }
  /** One level for each cycle. */
  | { readonly kind: 'bit'; readonly name: string; readonly levels: readonly ('0' | '1' | 'x')[] }
  | { readonly kind: 'bus'; readonly name: string; readonly cells: readonly BusCell[] };

/** A window of the waves around a mismatch, ready to be drawn as text or as SVG. */
export interface WavePicture {
  /** The mismatch as a sentence. */
  readonly title: string;
  readonly firstCycle: number;
  readonly cycleCount: number;
  /** The cycle of the mismatch; it lies in the window. */
  readonly markedCycle: number;
  readonly lanes: readonly Lane[];
  /** Lines below the picture: decoded operands. */
  readonly notes: readonly string[];
}

export interface PictureOptions {
  /** Decoded operands of the failing beat (`Unit.explain`), one line each. */
  readonly notes?: readonly string[];
  /** Beats of each stream that moved before the waves begin (default 0), where the waves are a window out of a run. */
  readonly beatsBefore?: Readonly<Record<string, number>>;
  /** Cycles that are shown before the marked one: by default so many that the beat is seen going in, at most 16. */
  readonly before?: number;
  /** Cycles that are shown after the marked one (default 2). */
  readonly after?: number;
  /** The sentence above the picture, where it is not that of the mismatch. */
  readonly title?: string;
  /** Values are shown as hexadecimal bit patterns, not as decimal numbers (default false). */
  readonly hexadecimal?: boolean;
}

const mostBefore = 16;
/** Elements of a wide port that are noted below the picture. */
const notedElements = 16;

/**
 * The picture of a mismatch: clock, handshakes and payloads of all streams around the cycle in which the beat moved (where it is
 * missing, at the end of the waves), and what was expected below what was seen. Ports of one element show decimal values, those
 * of many the number of the beat, and of the port with the mismatch its element; its elements are noted below.
 * @param expected the golden model's output streams from the start of the run
 */
export function pictureOf(waves: WaveTransactions, manifest: Manifest, mismatch: Mismatch, expected: Streams, options: PictureOptions = {}): WavePicture {
  const beat = mismatch.beat - (options.beatsBefore?.[mismatch.stream] ?? 0);
  const markedCycle = waves.streams[mismatch.stream]?.cycles[beat] ?? waves.samples.endCycle - 1;
  const struck = { mismatch, expected: expected[mismatch.stream] };
  return draw(waves, manifest, options.title ?? `${mismatchText(mismatch).slice(0, -1)} (cycle ${markedCycle}).`, markedCycle, options, struck);
}

/** The picture around any cycle, such as that of a broken rule of the handshake. A cycle outside the waves is moved to their end. */
export function pictureAt(waves: WaveTransactions, manifest: Manifest, title: string, cycle: number, options: PictureOptions = {}): WavePicture {
  const { firstCycle, endCycle } = waves.samples;
  return draw(waves, manifest, title, Math.min(Math.max(cycle, firstCycle), endCycle - 1), options, undefined);
}

interface Struck {
  readonly mismatch: Mismatch;
  readonly expected: Beats | undefined;
}

function draw(waves: WaveTransactions, manifest: Manifest, title: string, markedCycle: number, options: PictureOptions, struck: Struck | undefined): WavePicture {
  const { samples } = waves;
  const { notes = [], before = Math.min((manifest.latency ?? mostBefore) + 2, mostBefore), after = 2, beatsBefore = {} } = options;
  const firstCycle = Math.max(samples.firstCycle, markedCycle - before);
  const cycles = Array.from({ length: Math.min(samples.endCycle, markedCycle + after + 1) - firstCycle }, (_, i) => firstCycle + i);
  const lanes: Lane[] = [];
  if (manifest.clock !== undefined) lanes.push({ kind: 'clock', name: manifest.clock });
  if (manifest.reset !== undefined) {
    const lane = bitLane(manifest.reset, samples.port(manifest.reset), cycles);
    if (lane.levels.some(level => level !== '0')) lanes.push(lane);
  }
  for (const stream of [...manifest.streams].sort((a, b) => order(a) - order(b))) {
    for (const name of [stream.valid, stream.ready]) if (name !== undefined) lanes.push(bitLane(name, samples.port(name), cycles));
    const moves = movesOf(waves, stream, cycles, beatsBefore[stream.name] ?? 0);
    for (const name of stream.payload) {
      const port = manifest.ports.find(candidate => candidate.name === name);
      if (port === undefined) continue;
      const shown = { port, write: writerOf(port, options.hexadecimal === true) };
      lanes.push(...payloadLanes(moves, shown, samples.port(name), cycles, markedCycle, struck?.mismatch.stream === stream.name ? struck : undefined));
    }
  }
  const elements = struck === undefined ? [] : elementNotes(waves, manifest, struck, beatsBefore);
  return { title, firstCycle, cycleCount: cycles.length, markedCycle, lanes, notes: [...elements, ...notes] };
}

/** A port, and how its elements are written. */
interface ShownPort {
  readonly port: ManifestPort;
  readonly write: (element: bigint) => string;
}

function writerOf({ elementWidth, signed }: ManifestPort, hexadecimal: boolean): ShownPort['write'] {
  if (hexadecimal) return element => BigInt.asUintN(elementWidth, element).toString(16).padStart(Math.ceil(elementWidth / 4), '0');
  return element => String(signed ? BigInt.asIntN(elementWidth, element) : BigInt.asUintN(elementWidth, element));
}

/** The lane of one payload port, and below it what was expected where this port has the mismatch. */
function payloadLanes(
  moves: readonly Move[], shown: ShownPort, samples: PortSamples, cycles: readonly number[], markedCycle: number, struck: Struck | undefined,
): readonly Lane[] {
  const { port } = shown;
  const { name } = port;
  const mismatch = struck?.mismatch;
  if (struck === undefined || mismatch === undefined || (mismatch.kind === 'value' && mismatch.port !== name)) {
    return [port.width === 1 ? bitLane(name, samples, cycles) : { kind: 'bus', name, cells: moves.map(move => cellOf(move, shown, samples, undefined, false)) }];
  }
  const element = mismatch.kind === 'value' ? mismatch.element : undefined;
  const cells = moves.map(move => cellOf(move, shown, samples, element, move.cycle === markedCycle && mismatch.kind !== 'missing'));
  return [{ kind: 'bus', name, cells }, { kind: 'bus', name: 'expected', cells: expectedCells(moves, shown, struck.expected, element, mismatch, markedCycle) }];
}

/** Of a port with many elements: those around the wrong one, as seen and as expected. */
function elementNotes(waves: WaveTransactions, manifest: Manifest, { mismatch, expected }: Struck, beatsBefore: Readonly<Record<string, number>>): readonly string[] {
  if (mismatch.kind !== 'value') return [];
  const port = manifest.ports.find(candidate => candidate.name === mismatch.port);
  const seen = waves.streams[mismatch.stream]?.beats.ports[mismatch.port];
  const wanted = expected?.ports[mismatch.port];
  if (port === undefined || port.elements === 1 || seen === undefined || wanted === undefined) return [];
  const first = Math.max(0, Math.min(mismatch.element - notedElements / 2, port.elements - notedElements));
  const end = Math.min(port.elements, first + notedElements);
  const list = (data: PortData, beat: number): string => toBigints(slicePort(data, beat * port.elements + first, beat * port.elements + end)).join(' ');
  const range = `${port.name}, elements ${first} to ${end - 1}`;
  return [
    `${range}, seen:     ${list(seen, mismatch.beat - (beatsBefore[mismatch.stream] ?? 0))}`,
    `${range}, expected: ${list(wanted, mismatch.beat)}`,
  ];
}

function order(stream: ManifestStream): number {
  return stream.direction === 'input' ? 0 : 1;
}

function bitLane(name: string, port: PortSamples, cycles: readonly number[]): Extract<Lane, { kind: 'bit' }> {
  return { kind: 'bit', name, levels: cycles.map(cycle => port.isHigh(cycle) ? '1' : port.isLow(cycle) ? '0' : 'x') };
}

/** What a stream does in one cycle, and the number of the beat that stands on it. */
interface Move {
  readonly cycle: number;
  readonly state: 'idle' | 'waiting' | 'beat';
  readonly beat: number;
}

function movesOf(waves: WaveTransactions, stream: ManifestStream, cycles: readonly number[], beatsBefore: number): readonly Move[] {
  const moved = waves.streams[stream.name]?.cycles ?? new Uint32Array(0);
  const valid = stream.valid === undefined ? undefined : waves.samples.port(stream.valid);
  let next = moved.findIndex(cycle => cycle >= (cycles[0] ?? 0));
  if (next < 0) next = moved.length;
  return cycles.map(cycle => {
    const beat = next + beatsBefore;
    if (moved[next] === cycle) {
      next++;
      return { cycle, beat, state: 'beat' };
    }
    return { cycle, beat, state: valid?.isHigh(cycle) === true ? 'waiting' : 'idle' };
  });
}

function cellOf({ cycle, state, beat }: Move, { port, write }: ShownPort, samples: PortSamples, element: number | undefined, wrong: boolean): BusCell {
  if (state === 'idle') return { text: '', state };
  const shown = element ?? (port.elements === 1 ? 0 : undefined);
  if (shown === undefined) return { text: `#${beat}`, state: wrong ? 'wrong' : state };
  const shift = BigInt(shown * port.elementWidth);
  const isUnknown = BigInt.asUintN(port.elementWidth, samples.unknown(cycle) >> shift) !== 0n;
  return { text: isUnknown ? 'x' : write(samples.value(cycle) >> shift), state: wrong ? 'wrong' : state };
}

function expectedCells(
  moves: readonly Move[], { port, write }: ShownPort, expected: Beats | undefined, element: number | undefined, mismatch: Mismatch, markedCycle: number,
): readonly BusCell[] {
  const data = expected?.ports[port.name] ?? [];
  const valueOf = (beat: number): string => {
    const index = beat * port.elements + (element ?? 0);
    if (index >= data.length) return 'nothing';
    return element === undefined && port.elements > 1 ? `#${beat}` : write(elementAt(data, index));
  };
  return moves.map(({ cycle, state, beat }) => {
    const missing = mismatch.kind === 'missing' && cycle === markedCycle;
    return state === 'beat' || missing ? { text: valueOf(missing ? mismatch.beat : beat), state: 'expected' } : { text: '', state: 'idle' };
  });
}
