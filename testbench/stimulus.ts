import { createPortData, joinBeats, type Beats, type PortData, type Streams, type WritablePortData } from './beats.js';
import { TestbenchError } from './errors.js';
import type { Manifest, ManifestPort, ManifestStream } from './manifest.js';
import type { RandomSource } from './random.js';
import type { Stimulus } from './unit.js';

export interface StimulusOptions {
  /** Where the legal elements of a port are not a range: all of them, in the order of what they stand for; the first and the last count as the port's ends. */
  readonly legal?: Readonly<Record<string, Int32Array | Uint32Array>>;
}

/** Operands are counted up to this many; beyond, nobody simulates them all. */
const mostCounted = 2n ** 48n;

/** The elements that a port takes. */
interface Elements {
  readonly port: ManifestPort;
  readonly count: bigint;
  /** Element number `index`, 0 .. count - 1. Where every pattern is legal, the element with the bits of `index`. */
  at(index: bigint): bigint;
  /** A uniform element from a random word and, where the port is wide, more words. */
  draw(word: number, random: RandomSource): bigint | number;
  /** Those that break arithmetic: 0, the ends, powers of two, and the neighbours of all of these. From one end to the other. */
  readonly special: readonly bigint[];
  readonly everyPattern: boolean;
  readonly isLast: boolean;
}

function elementsOf(port: ManifestPort, stream: ManifestStream, legal: Int32Array | Uint32Array | undefined): Elements {
  const width = BigInt(port.elementWidth);
  const [lowest, highest] = port.signed ? [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n] : [0n, (1n << width) - 1n];
  const min = port.min === undefined ? lowest : BigInt(port.min);
  const max = port.max === undefined ? highest : BigInt(port.max);
  if (min < lowest || max > highest || min > max) throw new TestbenchError('usage', `Port ${port.name} cannot hold its range ${min} .. ${max}.`);
  const shared = { port, isLast: stream.last === port.name };
  if (legal !== undefined) {
    const values = Array.from<number, bigint>(legal, value => BigInt(value));
    const near = new Set(specialValues(min, max));
    const pick = (index: bigint): bigint => values[Number(index)] ?? min;
    return {
      ...shared, count: BigInt(values.length), at: pick, draw: word => legal[Math.floor((word / 2 ** 32) * legal.length)] ?? 0,
      special: values.filter((value, index) => index < 2 || index >= values.length - 2 || near.has(value)), everyPattern: false,
    };
  }
  const count = max - min + 1n;
  const everyPattern = min === lowest && max === highest;
  const at = everyPattern ? (index: bigint) => (port.signed ? BigInt.asIntN(port.elementWidth, index) : index) : (index: bigint) => min + index;
  return { ...shared, count, at, draw: drawFrom(port, min, count), special: specialValues(min, max), everyPattern };
}

function drawFrom(port: ManifestPort, min: bigint, count: bigint): Elements['draw'] {
  if (port.elementWidth <= 32) {
    const [first, span] = [Number(min), Number(count)];
    // A word has 2^32 values: where the span does not divide them, some elements come 2^-32 more often than others.
    return word => first + Math.floor((word / 2 ** 32) * span);
  }
  const bits = (count - 1n).toString(2).length;
  return (_word, random) => {
    let offset: bigint;
    do offset = random.bits(bits); while (offset >= count);
    return min + offset;
  };
}

function specialValues(min: bigint, max: bigint): readonly bigint[] {
  const centres = [0n, min, max, min / 2n, max / 2n];
  for (let power = 1n; power <= (max > -min ? max : -min); power *= 2n) centres.push(power, -power);
  const near = new Set(centres.flatMap(value => [value - 1n, value, value + 1n]).filter(value => value >= min && value <= max));
  return [...near].sort((a, b) => (a < b ? -1 : 1));
}

function write(data: WritablePortData, index: number, value: bigint | number): void {
  if (data instanceof Int32Array || data instanceof Uint32Array) data[index] = Number(value);
  else data[index] = BigInt(value);
}

/** How the elements of one beat of one port are drawn. */
type Mood = 'uniform' | 'some special' | 'all special' | 'sparse' | 'one value';
const moods: readonly Mood[] = ['uniform', 'uniform', 'uniform', 'some special', 'some special', 'all special', 'sparse', 'one value'];

function randomPort(elements: Elements, random: RandomSource, beats: number): PortData {
  if (elements.isLast) return randomLast(elements, random, beats);
  const { port } = elements;
  const data = createPortData(port, beats);
  const words = new Uint32Array(port.elements);
  // Plain numbers where the array holds them: this loop makes all operands that the driver does not.
  const special = port.elementWidth <= 32 ? elements.special.map(Number) : elements.special;
  const zero = elements.special.includes(0n) ? 0 : special[0] ?? 0;
  const specialAt = (word: number): bigint | number => special[word % special.length] ?? zero;
  for (let beat = 0, at = 0; beat < beats; beat++) {
    const mood = moods[random.below(moods.length)];
    random.fill(words);
    const [head = 0] = words;
    const single = mood === 'one value' ? (head & 1 ? specialAt(head >>> 1) : elements.draw(head, random)) : zero;
    for (const word of words) write(data, at++, elementIn(mood, word, single));
  }
  return data;

  function elementIn(mood: Mood | undefined, word: number, single: bigint | number): bigint | number {
    switch (mood) {
      case 'some special': return word & 1 ? specialAt(word >>> 1) : elements.draw(word, random);
      case 'all special': return specialAt(word);
      case 'sparse': return word & 7 ? zero : elements.draw(word, random);
      case 'one value': return single;
      default: return elements.draw(word, random);
    }
  }
}

/** Last flags for groups of one beat, of a few and of many: the chance of a last changes every 32 beats or so. */
function randomLast({ port }: Elements, random: RandomSource, beats: number): PortData {
  const data = createPortData(port, beats);
  let chance = 0.5;
  for (let beat = 0; beat < beats; beat++) {
    if (random.chance(1 / 32)) chance = [1, 0.5, 0.25, 1 / 16, 1 / 40][random.below(5)] ?? 0.5;
    write(data, beat, random.chance(chance) ? 1n : 0n);
  }
  return data;
}

function fillPort(elements: Elements, beats: number, value: (beat: number, element: number) => bigint): PortData {
  const { port } = elements;
  const data = createPortData(port, beats);
  for (let beat = 0; beat < beats; beat++) for (let element = 0; element < port.elements; element++) write(data, beat * port.elements + element, value(beat, element));
  return data;
}

/** Lanes that a one-hot pattern visits: all of few, of many those around powers of two. */
function visited(lanes: number): readonly number[] {
  if (lanes <= 32) return Array.from({ length: lanes }, (_, lane) => lane);
  const near = new Set([0, lanes - 1]);
  for (let power = 1; power < lanes; power *= 2) near.add(power - 1).add(power);
  return [...near].sort((a, b) => a - b);
}

type Pattern = (elements: Elements, position: number) => (lane: number) => bigint;

/** The patterns of one beat over the data ports of a stream, for any port at its position among them. */
function patterns(ports: readonly Elements[]): readonly Pattern[] {
  const ends = ({ special }: Elements): readonly [bigint, bigint, bigint] => [special[0] ?? 0n, special.includes(0n) ? 0n : special[0] ?? 0n, special.at(-1) ?? 0n];
  const constant = (pick: (elements: Elements, position: number) => bigint): Pattern => (elements, position) => {
    const value = pick(elements, position);
    return () => value;
  };
  const list: Pattern[] = [];
  // Every combination of smallest, zero and largest over the ports.
  const combinations = 3 ** Math.min(ports.length, 4);
  for (let code = 0; code < combinations; code++) list.push(constant((elements, position) => ends(elements)[Math.floor(code / 3 ** position) % 3] ?? 0n));
  // One lane alone, at its extremes.
  const lanes = Math.max(1, ...ports.map(({ port }) => port.elements));
  for (const hot of visited(lanes)) {
    for (const end of [0, 2]) list.push((elements) => lane => (lane === hot % elements.port.elements ? ends(elements)[end] : ends(elements)[1]) ?? 0n);
  }
  // Neighbours that differ, in both phases, and a ramp that tells lanes apart.
  for (const phase of [0, 1]) list.push(elements => lane => ends(elements)[(lane + phase) % 2 === 0 ? 0 : 2]);
  list.push(elements => lane => elements.at((BigInt(lane) * 37n + 1n) % elements.count));
  // Every special value of one port against the ends of the others.
  ports.forEach((chosen, place) => {
    for (const value of chosen.special) for (const end of [0, 2]) list.push(constant((elements, position) => (position === place ? value : ends(elements)[end] ?? 0n)));
  });
  return list;
}

function cornerBeats(ports: readonly Elements[]): Beats {
  const data = ports.filter(elements => !elements.isLast);
  const list = patterns(data);
  const rounds = ports.some(elements => elements.isLast) ? ([1, 2, list.length] as const) : ([1] as const);
  return joinBeats(rounds.map(group => ({
    count: list.length,
    ports: Object.fromEntries(ports.map(elements => [elements.port.name, elements.isLast
      ? fillPort(elements, list.length, beat => (beat % group === group - 1 || beat === list.length - 1 ? 1n : 0n))
      : fillPattern(elements, list, data.indexOf(elements))])),
  })));
}

function fillPattern(elements: Elements, list: readonly Pattern[], position: number): PortData {
  const lanes = list.map(pattern => pattern(elements, position));
  return fillPort(elements, list.length, (beat, element) => lanes[beat]?.(element) ?? 0n);
}

/** The beat that is repeated until all streams have as many as the longest. */
function padded(beats: Beats, count: number): Beats {
  const parts: Beats[] = [];
  for (let done = 0; done < count; done += beats.count) parts.push(beats);
  const whole = joinBeats(parts);
  const ports = Object.fromEntries(Object.entries(whole.ports).map(([name, data]) => [name, data.slice(0, (data.length / whole.count) * count)]));
  return { count, ports };
}

/** Counts beats over the elements of a stream's ports, element 0 of the first port lowest. */
function counted(name: string, ports: readonly Elements[], count: bigint): NonNullable<Stimulus['exhaustive']> {
  return {
    count,
    at: (first, beats) => {
      if (first < 0n || first + BigInt(beats) > count) throw new TestbenchError('usage', `Operands ${first} .. ${first + BigInt(beats) - 1n} were asked for; there are ${count}.`);
      const data = ports.map(elements => createPortData(elements.port, beats));
      for (let beat = 0; beat < beats; beat++) {
        let rest = first + BigInt(beat);
        ports.forEach((elements, position) => {
          const target = data[position];
          for (let element = 0; element < elements.port.elements; element++) {
            if (target !== undefined) write(target, beat * elements.port.elements + element, elements.at(rest % elements.count));
            rest /= elements.count;
          }
        });
      }
      return { [name]: { count: beats, ports: Object.fromEntries(ports.map((elements, position) => [elements.port.name, data[position] ?? []])) } };
    },
  };
}

/**
 * The stimulus of any design whose input ports take independent elements, from the ranges in its manifest (`min`, `max`, else the whole width).
 * Throws a TestbenchError of kind `usage` for a range that a port does not hold.
 */
export function createStimulus(manifest: Manifest, options: StimulusOptions = {}): Stimulus {
  const streams = manifest.streams.filter(stream => stream.direction === 'input').map(stream => ({
    stream,
    ports: stream.payload.flatMap(name => {
      const port = manifest.ports.find(candidate => candidate.name === name);
      return port === undefined ? [] : [elementsOf(port, stream, options.legal?.[name])];
    }),
  }));
  const [only] = streams;
  const total = only?.ports.reduce((product, elements) => (product > mostCounted ? product : product * elements.count ** BigInt(Math.min(elements.port.elements, 64))), 1n) ?? 0n;
  // A last flag makes the result depend on the beats before: counting through single beats would prove little.
  const countable = streams.length === 1 && only !== undefined && total <= mostCounted && only.ports.every(elements => !elements.isLast);
  return {
    anyPattern: streams.every(({ ports }) => ports.every(elements => elements.everyPattern)),
    random: (random, count) => Object.fromEntries(streams.map(({ stream, ports }) =>
      [stream.name, { count, ports: Object.fromEntries(ports.map(elements => [elements.port.name, randomPort(elements, random, count)])) }])),
    corners: () => {
      const corners = streams.map(({ stream, ports }) => [stream.name, cornerBeats(ports)] as const);
      const longest = Math.max(...corners.map(([, beats]) => beats.count));
      return Object.fromEntries(corners.map(([name, beats]) => [name, padded(beats, longest)] as const)) satisfies Streams;
    },
    ...(countable ? { exhaustive: counted(only.stream.name, only.ports, total) } : {}),
  };
}
