import { compareSums } from '../network/compare-sums.js';
import { equalByPolynomial, type PolynomialLimits, type Word } from '../network/polynomial.js';
import { isComplement, merged, moved, Network, nodeOf, type Literal } from '../network/network.js';
import { readModule, UnreadableModule, wordCells } from '../network/read.js';
import { coneOf, Patterns, RandomWords } from '../network/simulate.js';
import { equalInWindows } from '../network/windows.js';
import { runYosys, textOf, type YosysOptions } from '../yosys/run.js';
import type { ElaboratedDesign } from './elaborate.js';
import type { PortValue } from './equivalence.js';

/** What came out leaf by leaf. */
export type Leaves =
  /** All outputs are equal. */
  | { readonly answer: 'equal' }
  /** Inputs that tell the designs apart. */
  | { readonly answer: 'different'; readonly inputs: readonly PortValue[]; readonly by: string }
  /** The outputs that are not known to be equal, and what is known to be, as networks of these outputs alone in BLIF. */
  | { readonly answer: 'unknown'; readonly outputs: readonly string[]; readonly networks?: readonly [string, string] };

/** What decides, for a verdict. */
export const leavesEngine = 'leaf by leaf (exhaustion, polynomials)';

/** Nodes of both designs together above which it is not tried. */
const mostNodes = 400_000;

/**
 * Compares two combinational designs from their inputs on: what depends on few inputs, such as a multiplier of 8 x 8 bits, by all values of these; words of the same name, and outputs, as polynomials,
 * to which sums of products come down whatever they are built of; outputs also as sums of functions of few inputs each, such as lanes, which need not be multipliers (see `Sums`). What is equal is made one, so that what is built on it is as well.
 * @param deadline as `performance.now()` counts, after which nothing more is begun
 */
export async function compareByLeaves(pair: readonly [ElaboratedDesign, ElaboratedDesign], deadline: number, options: YosysOptions): Promise<Leaves> {
  const allOutputs = pair[0].ports.filter(({ direction }) => direction === 'output').map(({ name }) => name);
  try {
    const comparison = new Comparison(await gates(pair, options), pair[0]);
    return comparison.decide(deadline);
  } catch (error) {
    if (error instanceof UnreadableModule) return { answer: 'unknown', outputs: allOutputs };
    throw error;
  }
}

const shifts = ['$shl', '$shr', '$sshl', '$sshr', '$shift', '$shiftx'];
const others = ['$lt', '$le', '$gt', '$ge', '$pmux', '$bmux', '$div', '$mod', '$divfloor', '$modfloor', '$pow'];

/** Both designs as gates, tables, additions and multiplications. */
async function gates(pair: readonly [ElaboratedDesign, ElaboratedDesign], options: YosysOptions): Promise<readonly [string, string]> {
  const words = wordCells.map(type => `t:${type} %d`).join(' ');
  const script = ['gold', 'gate'].flatMap(side => [
    `read_rtlil ${side}.il`, 'opt_expr', 'opt_clean', `techmap ${[...shifts, ...others].map(type => `t:${type}`).join(' ')}`, 'opt_expr', `simplemap t:* ${words}`, 'opt_clean', `write_json ${side}.json`, 'design -reset',
  ]);
  const result = await runYosys(() => script, { 'gold.il': pair[0].rtlil, 'gate.il': pair[1].rtlil }, ['gold.json', 'gate.json'], options);
  return [textOf(result, 'gold.json'), textOf(result, 'gate.json')];
}

/** Words of random patterns that every node is simulated with. */
const randomWords = 16;

interface ComparedWord {
  readonly name: string;
  readonly isOutput: boolean;
  readonly gold: readonly Literal[];
  readonly gate: readonly Literal[];
}

/** Nodes of equal words, each with the lower one that it is equal to. */
function equalBits(gold: Word, gate: Word): readonly (readonly [number, number])[] {
  return gold.flatMap((literal, bit) => {
    const other = gate[bit] ?? literal;
    if (isComplement(literal) !== isComplement(other)) return [];
    return [[Math.max(nodeOf(literal), nodeOf(other)), Math.min(nodeOf(literal), nodeOf(other))] as const];
  });
}

class Comparison {
  private network = new Network();
  private words: readonly ComparedWord[];
  /** All words that the Verilog of either design names. */
  private named: readonly Word[];
  private readonly inputs = new Map<string, readonly Literal[]>();
  private readonly hasUndefined: boolean;
  /** Where the nodes of the first network are in the one of now. */
  private place: Int32Array;
  private readonly width: ReadonlyMap<string, number>;

  constructor([goldJson, gateJson]: readonly [string, string], design: ElaboratedDesign) {
    const inputOf = (port: string, width: number): readonly Literal[] => {
      const known = this.inputs.get(port) ?? Array.from({ length: width }, () => this.network.input());
      this.inputs.set(port, known);
      return known;
    };
    const [gold, gate] = [readModule(goldJson, 'design', this.network, inputOf), readModule(gateJson, 'design', this.network, inputOf)];
    if (this.network.size > mostNodes) throw new UnreadableModule('it is too large');
    this.hasUndefined = gold.hasUndefined || gate.hasUndefined;
    this.width = new Map(design.ports.map(({ name, width }) => [name, width]));
    const inner = [...gold.words].filter(([name]) => !gold.outputs.has(name)).flatMap(([name, word]): readonly ComparedWord[] => {
      const other = gate.words.get(name);
      return other?.length === word.length ? [{ name, isOutput: false, gold: word, gate: other }] : [];
    });
    const outputs = [...gold.outputs].map(([name, word]): ComparedWord => ({ name, isOutput: true, gold: word, gate: gate.outputs.get(name) ?? [] }));
    this.words = [...inner, ...outputs];
    this.named = [gold, gate].flatMap(({ words }) => [...words.values()]);
    this.place = Int32Array.from({ length: this.network.size }, (_, node) => 2 * node);
  }

  decide(deadline: number): Leaves {
    const signatures = this.simulate();
    const difference = this.hasUndefined ? undefined : this.firstDifference(signatures);
    if (difference !== undefined) return { answer: 'different', inputs: difference, by: 'random inputs' };
    // Sums of products alone need no windows, and are sooner found as they were written.
    if (this.isOpen()) this.mergeWords(signatures, { terms: 10_000, steps: 300_000 }, 2_000_000, deadline);
    if (this.isOpen() && !this.hasUndefined) {
      const found = this.mergeSums(deadline);
      if (found !== undefined) return { answer: 'different', inputs: found, by: leavesEngine };
    }
    if (this.isOpen()) {
      this.mergeWindows(deadline);
      this.mergeWords(signatures, { terms: 30_000, steps: 1_000_000 }, 4_000_000, deadline);
    }
    const left = this.open().filter(({ isOutput }) => isOutput);
    if (left.length === 0) return { answer: 'equal' };
    return { answer: 'unknown', outputs: left.map(({ name }) => name), networks: [this.blif(left.map(({ gold }) => gold)), this.blif(left.map(({ gate }) => gate))] };
  }

  private isOpen(): boolean {
    return this.open().some(({ isOutput }) => isOutput);
  }

  private open(): readonly ComparedWord[] {
    return this.words.filter(({ gold, gate }) => gold.some((literal, bit) => literal !== gate[bit]));
  }

  private merge(same: (node: number) => number): void {
    const { network, place } = merged(this.network, same);
    this.network = network;
    const at = (literals: readonly Literal[]): readonly Literal[] => literals.map(literal => moved(literal, place));
    this.words = this.words.map(word => ({ ...word, gold: at(word.gold), gate: at(word.gate) }));
    this.named = this.named.map(at);
    for (const [port, literals] of this.inputs) this.inputs.set(port, at(literals));
    this.place = this.place.map(literal => moved(literal, place));
  }

  private mergeWindows(deadline: number): void {
    const [first, second] = (['gold', 'gate'] as const).map(side => {
      const is = new Uint8Array(this.network.size);
      for (const node of coneOf(this.network, this.words.flatMap(word => word[side]))) is[node] = 1;
      return is;
    });
    const ends = this.words.flatMap(({ gold, gate }) => [...gold, ...gate]).map(nodeOf);
    const same = equalInWindows(this.network, node => [first?.[node] === 1, second?.[node] === 1], ends, { inputs: 18, words: 2e8, deadline });
    this.merge(node => same[node] ?? node);
  }

  /**
   * Words of the same name, those near the inputs first.
   * @param steps of all polynomials together
   */
  private mergeWords(signatures: readonly Uint32Array[], limits: PolynomialLimits, steps: number, deadline: number): void {
    let stepsLeft = steps;
    const levelOf = ({ gold, gate }: ComparedWord): number => Math.max(0, ...[...gold, ...gate].map(literal => this.network.node(nodeOf(literal)).level));
    const looksEqual = this.looksEqual(signatures);
    const byLevel = new Map<number, string[]>();
    for (const word of this.open().filter(({ name }) => looksEqual.has(name))) byLevel.set(levelOf(word), [...(byLevel.get(levelOf(word)) ?? []), word.name]);
    for (const [, names] of [...byLevel].sort(([a], [b]) => a - b)) {
      const same = new Map<number, number>();
      for (const { gold, gate } of this.open().filter(({ name }) => names.includes(name))) {
        if (stepsLeft <= 0 || performance.now() > deadline) break;
        const answer = equalByPolynomial(this.network, gold, gate, limits);
        stepsLeft -= answer.steps;
        if (!answer.equal) continue;
        for (const [node, other] of equalBits(gold, gate)) same.set(node, other);
      }
      if (same.size > 0) this.merge(node => same.get(node) ?? node);
    }
  }

  private mergeEqual({ gold, gate }: ComparedWord): void {
    const same = new Map(equalBits(gold, gate));
    this.merge(node => same.get(node) ?? node);
  }

  /** Outputs as sums of functions of groups of inputs; inputs for which two differ where there are such. */
  private mergeSums(deadline: number): readonly PortValue[] | undefined {
    for (const { name } of this.open().filter(({ isOutput }) => isOutput)) {
      const word = this.words.find(each => each.name === name);
      if (word === undefined || performance.now() > deadline) continue;
      const found = compareSums(this.network, word.gold, word.gate, this.named);
      if (found === 'equal') this.mergeEqual(word);
      else if (found !== 'unknown') return this.portValues(node => found.get(node) === true);
    }
    return undefined;
  }

  /** Words whose random values are the same; the rows are those of the first network. */
  private looksEqual(rows: readonly Uint32Array[]): ReadonlySet<string> {
    const values = new Map<number, Uint32Array>();
    this.place.forEach((literal, node) => {
      const row = rows[node];
      if (row !== undefined && !isComplement(literal)) values.set(nodeOf(literal), row);
    });
    const same = (a: Literal, b: Literal): boolean => {
      const [x, y] = [values.get(nodeOf(a)), values.get(nodeOf(b))];
      return x !== undefined && y !== undefined && isComplement(a) === isComplement(b) && x.every((word, index) => word === y[index]);
    };
    return new Set(this.words.filter(({ gold, gate }) => gold.every((literal, bit) => same(literal, gate[bit] ?? 0))).map(({ name }) => name));
  }

  /** The value of every node for random inputs. */
  private simulate(): readonly Uint32Array[] {
    const { network } = this;
    const nodes = Array.from({ length: network.size }, (_, node) => node);
    const patterns = new Patterns(network, nodes, randomWords);
    const random = new RandomWords();
    for (const node of nodes) if (network.isInput(node)) patterns.row(node).forEach((_, word, row) => { row[word] = random.next(); });
    patterns.simulate();
    return nodes.map(node => patterns.row(node));
  }

  private firstDifference(rows: readonly Uint32Array[]): readonly PortValue[] | undefined {
    const wordOf = (literal: Literal, index: number): number => ((rows[nodeOf(literal)]?.[index] ?? 0) ^ (isComplement(literal) ? -1 : 0)) >>> 0;
    for (const { gold, gate } of this.words.filter(({ isOutput }) => isOutput)) {
      for (const [bit, literal] of gold.entries()) {
        for (let index = 0; index < randomWords; index++) {
          const wrong = (wordOf(literal, index) ^ wordOf(gate[bit] ?? 0, index)) >>> 0;
          if (wrong === 0) continue;
          const pattern = 31 - Math.clz32(wrong);
          return this.portValues(node => ((wordOf(2 * node, index) >>> pattern) & 1) === 1);
        }
      }
    }
    return undefined;
  }

  private portValues(isOne: (input: number) => boolean): readonly PortValue[] {
    return [...this.inputs].map(([port, literals]) => ({
      port, width: this.width.get(port) ?? literals.length, value: literals.reduce((sum, literal, place) => sum | (BigInt(isOne(nodeOf(literal))) << BigInt(place)), 0n),
    }));
  }

  /** Words as a model of BLIF, over all inputs. */
  private blif(words: readonly (readonly Literal[])[]): string {
    const { network } = this;
    const inputs = Array.from({ length: network.size }, (_, node) => node).filter(node => network.isInput(node));
    const outputs = words.flat();
    const cone = coneOf(network, outputs);
    return [
      '.model m', `.inputs ${inputs.map(node => `n${node}`).join(' ')}`, `.outputs ${outputs.map((_, index) => `o${index}`).join(' ')}`,
      ...cone.filter(node => !network.isInput(node)).flatMap(node => {
        const { fanins, table } = network.node(node);
        const rows = Array.from({ length: 2 ** fanins.length }, (_, row) => row).filter(row => ((table >> BigInt(row)) & 1n) === 1n);
        return [`.names ${[...fanins.map(fanin => `n${fanin}`), `n${node}`].join(' ')}`, ...rows.map(row => `${fanins.map((_, place) => (row >> place) & 1).join('')} 1`)];
      }),
      ...outputs.flatMap((literal, index) => [`.names n${nodeOf(literal)} o${index}`, isComplement(literal) ? '0 1' : '1 1']), '.end', '',
    ].join('\n');
  }
}
