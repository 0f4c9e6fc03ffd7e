import { describe, expect, it } from 'vitest';
import { bits, bool, clock, elaborate, evaluate, generator, input, output, s, vec, type Design } from '../../hdl/index.js';
import { seeded } from '../testing/handshake.js';
import { levelOf, planesOf, type Operand } from '../testing/planes.js';
import { productInterval, signedWidth } from './bit-planes.js';
import { strategiesFor } from './strategies.js';
import type { TargetName } from './strategy.js';
import { Pipeline, type Pipelining } from './stream.js';

const targets = ['generic', 'ice40', 'ecp5', 'xc7'] as const;
const alphabets = ['pm1', '01'] as const;
const alphabetPairs = alphabets.flatMap(a => alphabets.map(w => [a, w] as const));

interface Products {
  readonly target: TargetName;
  readonly activation: Operand;
  readonly weight: Operand;
  readonly channels: number;
  readonly length: number;
  readonly masked?: boolean;
  readonly pipeline?: Pipelining;
}

/** Inner products `y` of the activations `a` with the weights `w` of each channel, plane after plane; under `mask`. */
function products({ target, activation, weight, channels, length, masked = false, pipeline = 'none' }: Products): Design {
  const formats = { activation, weight };
  const hasClock = pipeline !== 'none';
  return elaborate(generator({
    name: 'products', doc: 'Inner products.', params: {},
    ports: () => ({
      clk: hasClock ? clock() : undefined, rst: hasClock ? input(bool) : undefined,
      a: input(vec(activation.planes, bits(length))), w: input(vec(channels, vec(weight.planes, bits(length)))), mask: masked ? input(bits(length)) : undefined,
      y: output(vec(channels, s(signedWidth(productInterval(formats, length))))),
    }),
    build(m, io) {
      const none = { in_valid: undefined, in_ready: undefined, out_valid: undefined, out_ready: undefined };
      const pipe = new Pipeline(m, { clk: io.clk, rst: io.rst, ...none }, { flow: 'none', pipeline });
      m.unused(io.a, io.w, ...(io.mask === undefined ? [] : [io.mask]), ...(io.rst === undefined ? [] : [io.rst]));
      const sums = strategiesFor(m, target, false).planeProducts(pipe, { formats, activation: [...io.a], weights: [...io.w].map(each => [...each]), mask: io.mask });
      const end = pipe.end();
      io.y.drive(sums.map(({ name, value }) => end.enter(name, value)));
      pipe.promise(['a', 'w'], ['y']);
    },
  }));
}

function operand(alphabet: Operand['alphabet'], distances: readonly number[]): Operand {
  return { planes: distances.length, alphabet, distances };
}

/** The inner product from the levels; elements outside of the mask are absent. */
function dot({ activation, weight }: Pick<Products, 'activation' | 'weight'>, a: readonly number[], w: readonly number[], mask = -1): bigint {
  return a.reduce((sum, code, e) => ((mask >> e) & 1) === 0 ? sum : sum + BigInt(levelOf(code, activation) * levelOf(w[e] ?? 0, weight)), 0n);
}

function wordsOf(length: number, planes: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** (planes * length) }, (_, word) => Array.from({ length }, (__, e) => Math.floor(word / 2 ** (planes * e)) % 2 ** planes));
}

describe.each(targets)('inner products of bit-planes on %s', target => {
  it.each(alphabetPairs)('%s by %s: all words of 3 planes of up to 2 elements for four channels, under every mask', (activationAlphabet, weightAlphabet) => {
    const operands = { activation: operand(activationAlphabet, [1, 2, 4]), weight: operand(weightAlphabet, [1]) };
    for (let length = 1; length <= 2; length++) {
      const words = wordsOf(length, 1);
      for (const masked of [false, true]) {
        const unit = evaluate(products({ ...operands, target, channels: 4, length, masked }));
        // The words of the channels are all there are, or one twice.
        const weights = Array.from({ length: 4 }, (_, c) => words[c % words.length] ?? []);
        unit.set('w', weights.map(word => planesOf(word, 1)));
        for (const a of wordsOf(length, 3)) {
          unit.set('a', planesOf(a, 3));
          for (let mask = masked ? 0 : 2 ** length - 1; mask < 2 ** length; mask++) {
            if (masked) unit.set('mask', mask);
            const wanted = weights.map(word => dot(operands, a, word, mask));
            if (unit.getNumbers('y').join() !== wanted.join()) expect.fail(`${a.join()} under ${mask}: ${unit.getNumbers('y').join()}, not ${wanted.join()}`);
          }
        }
      }
    }
  });

  it.each(alphabetPairs)('%s by %s: all pairs of words of 2 planes by 2 planes, of 2 elements', (activationAlphabet, weightAlphabet) => {
    for (const [da, dw] of [[[1, 2], [1, 2]], [[4, 2], [-3, 5]], [[3, 1], [-6, -3]]] as const) {
      const operands = { activation: operand(activationAlphabet, da), weight: operand(weightAlphabet, dw) };
      const unit = evaluate(products({ ...operands, target, channels: 1, length: 2 }));
      for (const a of wordsOf(2, 2)) {
        unit.set('a', planesOf(a, 2));
        for (const w of wordsOf(2, 2)) {
          const sum = unit.set('w', [planesOf(w, 2)]).getNumbers('y')[0];
          if (sum !== dot(operands, a, w)) expect.fail(`${a.join()} by ${w.join()}: ${sum}`);
        }
      }
    }
  });

  it('random words: up to 40 elements, planes that are numbers and others, one channel to five, masks, every pipelining', () => {
    const random = seeded(23);
    const upTo = (most: number): number => 1 + Math.floor(most * random());
    const lists = [[1, 2, 4, 8], [2, 1, 4, 8, 16], [-1, -2, -4, -8], [12, 6, 3], [1, 2, 5], [1], [7, 14], [1, 2, 4, 8, 16, 32]] as const;
    const listAt = (place: number): readonly number[] => lists[place % lists.length] ?? [1];
    for (let round = 0; round < 32; round++) {
      const [activationAlphabet, weightAlphabet] = alphabetPairs[round % 4] ?? alphabetPairs[0] ?? ['pm1', 'pm1'];
      // Every other round has one plane of weights.
      const operands = { activation: operand(activationAlphabet, listAt(upTo(8))), weight: operand(weightAlphabet, listAt(round % 8 < 4 ? 5 : upTo(8))) };
      const [length, channels, masked] = [upTo(31), upTo(5), random() < 0.4];
      const pipeline = (['none', 'full', 1, 'output', 3] as const)[Math.floor(round / 4) % 5] ?? 'none';
      const design = products({ ...operands, target, channels, length, masked, pipeline });
      const unit = evaluate(design, { powerUp: 'random' });
      if (pipeline !== 'none') unit.set('rst', false);
      for (let beat = 0; beat < 3; beat++) {
        const density = beat === 0 ? 1 : random();
        const codes = (planes: number): readonly number[] => Array.from({ length }, () => Array.from({ length: planes }, (_, i) => random() < density ? 2 ** i : 0).reduce((x, y) => x + y, 0));
        const [a, w] = [codes(operands.activation.planes), Array.from({ length: channels }, () => codes(operands.weight.planes))];
        const mask = masked ? Math.floor(random() * 2 ** length) : 2 ** length - 1;
        unit.set('a', planesOf(a, operands.activation.planes)).set('w', w.map(each => planesOf(each, operands.weight.planes)));
        if (masked) unit.set('mask', mask);
        for (let clocks = 0; clocks < (design.top.timing?.latency ?? 0); clocks++) unit.step();
        expect(unit.getNumbers('y'), `round ${round}: ${length} elements, ${JSON.stringify(operands)}, masked ${masked}, pipeline ${pipeline}`)
          .toEqual(w.map(each => dot(operands, a, each, mask)));
      }
    }
  });
});

describe('what the products are made of', () => {
  const number = [1, 2, 4, 8] as const;
  it.each([
    ['conditional adders select numbers', 'ice40', operand('01', number), operand('01', [1]), 1, ['ice40_selected_sum']],
    ['sums and differences serve three channels', 'ice40', operand('pm1', number), operand('pm1', [1]), 3, ['ice40_pair_sums', 'ice40_signed_pair']],
    ['one channel counts plane by plane', 'ice40', operand('pm1', number), operand('pm1', [1]), 1, ['ice40_ones_leaf']],
    ['two numbers to a chain', 'ecp5', operand('pm1', number), operand('pm1', [1]), 1, ['ecp5_pair_sums']],
    ['planes of the weights are numbers', 'ecp5', operand('pm1', [1]), operand('pm1', number), 2, ['ecp5_pair_sums']],
    ['other distances count plane by plane', 'ecp5', operand('pm1', [1, 2, 3]), operand('pm1', [1]), 2, ['ecp5_ones_leaf']],
  ] as const)('%s', (_, target, activation, weight, channels, modules) => {
    const names = products({ target, activation, weight, channels, length: 8 }).modules.map(({ name }) => name);
    expect(modules.filter(module => !names.some(name => name.startsWith(module)))).toEqual([]);
  });
});
