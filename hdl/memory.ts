import { Bits, Bool, Enum, Int, checkHome, int, noArgs, widened, type Expression, type IntLike } from './expression.js';
import { fail } from './error.js';
import type { Site } from './site.js';
import type { ClockDomain, Signal } from './signal.js';
import { intType, typeText, type BitsType, type BoolType, type IntType, type ScalarType } from './type.js';

/** What a memory holds. */
export type WordType = IntType | BitsType | BoolType;

/** What synthesis is told of a memory. */
export interface MemoryOptions {
  /**
   * What a read gives at the edge that writes its word: the `old` word, or something that is `unused`. Block memories that give something else there need registers and multiplexers
   * around them for the old word. In simulation, the Verilog gives the old word in any case, the evaluator a wrong one where it is to be unused.
   */
  readonly collisions?: 'old' | 'unused';
  /** Block memory is to be taken, however small it is. */
  readonly style?: 'block';
}

/** A memory of `depth` words. With `contents` and no write port it is a ROM. */
export class Memory<T extends WordType = WordType> {
  readonly name: string;
  readonly type: T;
  readonly depth: number;
  readonly contents: readonly bigint[] | undefined;
  readonly site: Site;
  readonly home: object;
  readonly options: MemoryOptions;
  readonly writes: MemoryWrite[] = [];
  /** Output registers of synchronous reads. */
  readonly syncReads: Signal[] = [];
  /** The addresses: 0 to depth - 1. */
  readonly address: IntType;

  constructor(name: string, type: T, depth: number, contents: readonly bigint[] | undefined, home: object, site: Site, options: MemoryOptions = {}) {
    this.name = name;
    this.type = type;
    this.depth = depth;
    this.contents = contents;
    this.home = home;
    this.site = site;
    this.options = options;
    this.address = intType({ min: 0n, max: BigInt(depth - 1) });
  }

  /** An address at the width that Verilog indexes the memory with. */
  indexed(address: Expression): Expression {
    return widened(address, this.address);
  }

  /** Checks that an address lies in the memory. */
  at(address: IntLike): Int {
    const index = int(address);
    checkHome(index, this.home, `the address of memory '${this.name}'`);
    if (index.min < 0n || index.max >= BigInt(this.depth)) {
      fail('HDL321',
        `an address of type ${typeText(index.type)} does not lie in memory '${this.name}' of ${this.depth} words (declared at ${this.site.place()})`,
        `the addresses are 0 to ${this.depth - 1}; narrow the address with .wrap, .saturate or m.expect`);
    }
    return index;
  }
}

/** One write port: at each edge where `enable` holds, `data` goes to `address`; a later port wins over an earlier one. */
export interface MemoryWrite {
  readonly domain: ClockDomain;
  readonly address: Int;
  readonly data: Expression;
  readonly enable: Expression | undefined;
  readonly site: Site;
}

/** A node that gives the word at `address` at once. */
export function asyncRead(memory: Memory, address: Int): Int | Bits | Bool {
  return scalarNode('memory', memory.type, [address], { memory }, memory.home);
}

/** A node of the class that belongs to `type`. */
export function scalarNode(
  op: 'read' | 'memory', type: WordType, args: readonly Expression[], detail: Expression['detail'], home: object,
): Int | Bits | Bool {
  switch (type.kind) {
    case 'int': return new Int(op, type, args, detail, home);
    case 'bits': return new Bits(op, type, args, detail, home);
    case 'bool': return new Bool(op, type, args, detail, home);
  }
}

/** A read of `type.width` bits of a signal from bit `low` upwards. */
export function readNode(signal: Signal, low: number, type: ScalarType): Int | Bits | Bool | Enum {
  const detail = { signal, low };
  if (type.kind === 'enum') return new Enum('read', type, noArgs, detail, signal.home);
  return scalarNode('read', type, noArgs, detail, signal.home);
}
