import { fail } from './error.js';
import { Bits, Bool, Enum, Int, checkHome, literalBool, literalEnum, type Expression } from './expression.js';
import type { Block, Choice, Driver, Signal, SwitchChoice, WhenChoice } from './signal.js';
import { unsignedInterval } from './interval.js';
import { Site } from './site.js';
import { typeText } from './type.js';
import type { Slot } from './target.js';

/** The branches of a `when`. */
export interface WhenChain {
  /** Holds where no earlier condition does and this one does. */
  elseWhen(condition: Bool, body: () => void): WhenChain;
  /** Holds where no condition does. */
  otherwise(body: () => void): void;
}

/** One branch of a `switch`: its constants and what holds there. */
export type SwitchBranch = readonly [labels: number | bigint | string | readonly (number | bigint | string)[], body: () => void];

/** Assignments of one module, and the `when` and `switch` that surround them. */
export class Scope {
  /** Signals in the order in which they were first given a value. */
  readonly order: Signal[] = [];
  private readonly home: object;
  /** Of signals that are driven scalar by scalar, the drivers by their lowest bits. */
  private readonly parts = new Map<Signal, Map<number, Driver>>();
  private path: readonly { readonly choice: Choice; readonly branch: number }[] = [];

  /** `home` is the module whose assignments these are. */
  constructor(home: object) {
    this.home = home;
  }

  drive(slot: Slot, value: Expression, site: Site): void {
    const { signal, low, type, label } = slot;
    checkHome(value, signal.home, `'${label}'`);
    this.checkTarget(signal, label);
    if (this.path.length > 0) {
      fail('HDL306', `'${label}' is driven inside a when or switch`, 'drive says always; use set', site);
    }
    const other = this.driverOf(signal, low);
    if (other !== undefined) this.twice(label, site, other.site);
    if (signal.block !== undefined) this.mixed(label, site);
    this.note(signal);
    const driver = { low, width: type.width, value, site };
    signal.drivers.push(driver);
    if (driver.width < signal.width) this.partsOf(signal).set(low, driver);
  }

  set(slot: Slot, value: Expression, site: Site): void {
    const { signal, low, type, label } = slot;
    checkHome(value, signal.home, `'${label}'`);
    this.checkTarget(signal, label);
    if (signal.drivers.length > 0) this.mixed(label, site);
    this.note(signal);
    let block: Block = signal.block ??= { statements: [] };
    for (const { choice, branch } of this.path) {
      const last = block.statements.at(-1);
      const node = last?.kind === 'choose' && last.choice === choice
        ? last : { kind: 'choose' as const, choice, branches: new Map<number, Block>() };
      if (node !== last) block.statements.push(node);
      block = branchOf(node.branches, branch);
    }
    block.statements.push({ kind: 'set', low, width: type.width, value, site });
  }

  when(condition: Bool, body: () => void): WhenChain {
    const choice: WhenChoice = { kind: 'when', conditions: [], site: new Site() };
    const branch = (next: Bool | undefined, run: () => void): void => {
      if (choice.conditions.includes(undefined)) fail('HDL307', 'a branch follows otherwise', 'otherwise is the last branch of a when');
      if (next !== undefined) checkHome(next, this.home, 'a when');
      choice.conditions.push(next);
      this.within(choice, choice.conditions.length - 1, run);
    };
    branch(condition, body);
    const chain: WhenChain = {
      elseWhen: (next, run) => { branch(next, run); return chain; },
      otherwise: run => branch(undefined, run),
    };
    return chain;
  }

  switch(subject: Expression, branches: readonly SwitchBranch[], otherwise?: () => void): void {
    checkHome(subject, this.home, 'a switch');
    const site = new Site();
    const choice: SwitchChoice = { kind: 'switch', subject, labels: [], site };
    const seen = new Set<bigint>();
    for (const [labels, body] of branches) {
      const codes = (Array.isArray(labels) ? labels as readonly (number | bigint | string)[] : [labels as number | bigint | string])
        .map(label => codeOf(subject, label, site));
      for (const code of codes) {
        if (seen.has(code)) fail('HDL307', `the switch has two branches for ${codeText(subject, code)}`, 'put what both do into one of them', site);
        seen.add(code);
      }
      choice.labels.push(codes);
      this.within(choice, choice.labels.length - 1, body);
    }
    if (otherwise !== undefined) {
      choice.labels.push(undefined);
      this.within(choice, choice.labels.length - 1, otherwise);
    }
  }

  /** What holds where the build stands now; undefined where that is always. */
  condition(): Bool | undefined {
    let all: Bool | undefined;
    for (const { choice, branch } of this.path) {
      const here = choice.kind === 'when' ? reached(choice, branch) : matched(choice, branch);
      all = all === undefined ? here : all.and(here);
    }
    return all;
  }

  private within(choice: Choice, branch: number, body: () => void): void {
    const outer = this.path;
    this.path = [...outer, { choice, branch }];
    try {
      body();
    } finally {
      this.path = outer;
    }
  }

  /** What drives the scalar at bit `low` of a signal. */
  private driverOf(signal: Signal, low: number): Driver | undefined {
    const [first] = signal.drivers;
    return first === undefined || first.width === signal.width ? first : this.partsOf(signal).get(low);
  }

  private partsOf(signal: Signal): Map<number, Driver> {
    const known = this.parts.get(signal);
    if (known !== undefined) return known;
    const parts = new Map<number, Driver>();
    this.parts.set(signal, parts);
    return parts;
  }

  private checkTarget(signal: Signal, label: string): void {
    if (signal.home !== this.home) fail('HDL108', `'${label}' of another module is given a value`, 'connect the modules through ports');
  }

  private note(signal: Signal): void {
    if (signal.drivers.length === 0 && signal.block === undefined) this.order.push(signal);
  }

  private twice(label: string, site: Site, first: Site): never {
    fail('HDL302', `'${label}' is driven twice (first at ${first.place()})`, 'choose between the two values with mux, or set them under when', site);
  }

  private mixed(label: string, site: Site): never {
    fail('HDL302', `'${label}' is given a value by both drive and set`, 'use set for all of its values', site);
  }
}

/** A branch of a `when` is reached where its condition holds and no earlier one does. */
function reached(choice: WhenChoice, branch: number): Bool {
  return choice.conditions.slice(0, branch + 1).reduce<Bool>(
    (all, condition, i) => condition === undefined ? all : all.and(i === branch ? condition : condition.not()), literalBool(true));
}

/** A branch of a `switch` is reached where the subject is one of its constants; the default where it is none of the others'. */
function matched({ subject, labels }: SwitchChoice, branch: number): Bool {
  const isOneOf = (codes: readonly bigint[]): Bool =>
    codes.reduce<Bool>((any, code) => any.or(equals(subject, code)), literalBool(false));
  const own = labels[branch];
  return own === undefined ? isOneOf(labels.flatMap(codes => codes ?? [])).not() : isOneOf(own);
}

function equals(subject: Expression, code: bigint): Bool {
  if (subject instanceof Enum) return subject.is(subject.type.names[Number(code)] ?? '');
  return subject.bits().asU().eq(BigInt.asUintN(subject.width, code));
}

function branchOf(branches: Map<number, Block>, index: number): Block {
  const known = branches.get(index);
  if (known !== undefined) return known;
  const block: Block = { statements: [] };
  branches.set(index, block);
  return block;
}

function codeOf(subject: Expression, label: number | bigint | string, site: Site): bigint {
  if (subject instanceof Enum) {
    if (!subject.type.names.includes(String(label))) {
      fail('HDL307', `'${label}' is not a value of type ${typeText(subject.type)}`, valuesText(subject), site);
    }
    return literalEnum(subject.type, String(label)).constant ?? 0n;
  }
  if (typeof label === 'string') fail('HDL307', `'${label}' is not a value of type ${typeText(subject.type)}`, valuesText(subject), site);
  const code = BigInt(label);
  const fits = subject instanceof Int ? subject.min <= code && code <= subject.max
    : (subject instanceof Bits || subject instanceof Bool) && code >= 0n && code < 1n << BigInt(subject.width);
  if (!fits) fail('HDL307', `${code} is not a value of type ${typeText(subject.type)}`, valuesText(subject), site);
  return code;
}

function codeText({ type }: Expression, code: bigint): string {
  return type.kind === 'enum' ? `'${type.names[Number(code)] ?? ''}'` : String(code);
}

/** What the labels of a switch may be. */
function valuesText({ type }: Expression): string {
  if (type.kind === 'enum') return `the names are ${type.names.join(', ')}`;
  return type.kind === 'int' ? `the values are ${type.min} to ${type.max}` : `the patterns are 0 to ${unsignedInterval(type.width).max}`;
}
