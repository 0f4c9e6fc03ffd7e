import { describe, expect, it } from 'vitest';
import { elaborateAny, evaluate, type Design, type Evaluator, type PortValue } from '../../hdl/index.js';
import { findGenerator } from '../index.js';
import { CircuitSimulator } from '../testing/simulate-circuit.js';
import { blast } from './blast.js';
import { devices, type Device } from './device.js';
import { always, never, nodeOf } from './logic.js';
import { sweep } from './sweep.js';

const beats = 24;

/** A port's type as far as values of it are made from patterns. */
type PortType = Design['top']['ports'][number]['signal']['type'];

/** What a pattern is as a value of a port. */
function valueOf(type: PortType, pattern: bigint): PortValue {
  switch (type.kind) {
    case 'vec': return Array.from({ length: type.count }, (_, i) => valueOf(type.element as PortType, BigInt.asUintN(type.element.width, pattern >> BigInt(i * type.element.width))));
    case 'bool': return pattern === 1n;
    case 'int': return type.signed ? BigInt.asIntN(type.width, pattern) : pattern;
    case 'enum': return type.names[Number(pattern)] ?? '';
    default: return pattern;
  }
}

function patternOf(type: PortType, value: ReturnType<Evaluator['get']>): bigint {
  if (type.kind === 'vec' && Array.isArray(value)) {
    const elements = value as readonly ReturnType<Evaluator['get']>[];
    return elements.reduceRight<bigint>((high, each) => (high << BigInt(type.element.width)) | patternOf(type.element, each), 0n);
  }
  return type.kind === 'enum' ? BigInt(type.names.indexOf(String(value))) : BigInt.asUintN(type.width, BigInt(String(value)));
}

/** Bits that look random, the same ones each time. */
function patterns(): (width: number) => bigint {
  let state = 12345;
  return width => {
    let pattern = 0n;
    for (let i = 0; i < width; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      pattern = pattern * 2n + BigInt((state >>> 16) & 1);
    }
    return pattern;
  };
}

/** Output patterns of a circuit of bits and of the evaluator, beat by beat. */
function runBoth(name: string, parameters: Readonly<Record<string, unknown>>, device: Device['name']): { readonly circuit: bigint[]; readonly evaluator: bigint[] } {
  const generator = findGenerator(name)?.generator;
  if (generator === undefined) throw new TypeError(`there is no unit ${name}`);
  const design = elaborateAny(generator, parameters);
  const [simulator, evaluator] = [new CircuitSimulator(blast(design, devices[device], parameters.dsp === true)), evaluate(design)];
  const inputs = design.top.ports.filter(({ direction, signal }) => direction === 'input' && signal.type.kind !== 'clock').map(({ signal }) => signal);
  const outputs = design.top.ports.filter(({ direction }) => direction === 'output').map(({ signal }) => signal);
  const [next, results] = [patterns(), { circuit: [] as bigint[], evaluator: [] as bigint[] }];
  for (let beat = 0; beat < beats; beat++) {
    for (const { name: port, type, width } of inputs) {
      const pattern = port === 'rst' ? 0n : port.endsWith('valid') || port.endsWith('ready') ? 1n : next(width);
      evaluator.set(port, valueOf(type, pattern));
      simulator.set(port, pattern);
    }
    for (const { name: port, type } of outputs) {
      results.circuit.push(simulator.get(port));
      results.evaluator.push(patternOf(type, evaluator.get(port)));
    }
    if (design.top.ports.some(({ signal }) => signal.type.kind === 'clock')) {
      evaluator.step();
      simulator.step();
    }
  }
  return results;
}

describe('a design as single bits', () => {
  const combinational = { flow: 'none', pipeline: 'none' } as const;
  it.each([
    ['mac-tree', { ...combinational, lanes: 4, dsp: false }], ['mac-tree', { lanes: 4, keptBits: 8, activationSigned: true, accumulate: 4, dsp: true }],
    ['activation-encoder', combinational], ['xnor-dot', { length: 19, activationPlanes: 2 }], ['float-convert', { rounding: 'truncate' }],
    ['float-mul', { ...combinational, dsp: false }], ['float-dot', { lanes: 2, dsp: false }],
  ] as const)('%s %o gives what the evaluator gives, on each device', (name, parameters) => {
    for (const device of ['ice40', 'ecp5', 'xc7'] as const) {
      const { circuit, evaluator } = runBoth(name, parameters, device);
      expect(circuit, device).toEqual(evaluator);
      expect(new Set(circuit).size).toBeGreaterThan(3);
    }
  });
});

describe('sweeping', () => {
  it('merges what is equal or inverse, and finds constants', () => {
    const generator = findGenerator('activation-encoder')?.generator;
    if (generator === undefined) throw new TypeError('there is an encoder');
    const circuit = blast(elaborateAny(generator, { flow: 'none', pipeline: 'none' }), devices.ice40, false);
    const { logic } = circuit;
    const [a = never, b = never] = circuit.inputs.get('in_activation') ?? [];
    const [direct, other] = [logic.xor(a, b), logic.or(logic.and(logic.or(a, b), logic.or(a ^ 1, b ^ 1)), never)];
    const contradiction = logic.and(logic.and(a, logic.or(a, b)), logic.and(a ^ 1, b));
    expect(nodeOf(direct)).not.toBe(nodeOf(other));
    sweep(circuit);
    expect(logic.resolve(other)).toBe(logic.resolve(direct));
    expect(logic.resolve(contradiction ^ 1)).toBe(always);
    expect(logic.resolve(a)).not.toBe(logic.resolve(b));
  });
});
