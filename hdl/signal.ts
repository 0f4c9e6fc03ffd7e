import type { Bool, Expression } from './expression.js';
import type { Instance } from './instance.js';
import type { Memory } from './memory.js';
import type { Site } from './site.js';
import type { ClockType, ScalarType, VecType } from './type.js';

/** What Verilog declares by name: a port, a wire or a register. */
export class Signal {
  readonly kind: 'input' | 'output' | 'wire' | 'register' | 'instance';
  readonly name: string;
  readonly type: ScalarType | VecType | ClockType;
  readonly site: Site;
  /** The module it belongs to. */
  readonly home: object;
  /** Unconditional drivers, each of some bits from `low` upwards. */
  readonly drivers: Driver[] = [];
  /** Conditional assignments, the last one wins; for a register the ones of its next value. */
  block: Block | undefined;
  /** Of a register: what clocks, resets and enables it. */
  readonly register: RegisterDetail | undefined;
  /** Of an output of an instance: the instance and its port. */
  readonly source: { readonly instance: Instance; readonly port: string } | undefined;
  /** Said by the user to be unused on purpose. */
  deliberatelyUnused = false;

  constructor(
    kind: Signal['kind'], name: string, type: Signal['type'], home: object, site: Site,
    origin: { readonly register?: RegisterDetail; readonly source?: Signal['source'] } = {},
  ) {
    this.kind = kind;
    this.name = name;
    this.type = type;
    this.home = home;
    this.site = site;
    this.register = origin.register;
    this.source = origin.source;
  }

  get width(): number {
    return this.type.width;
  }

  /** Whether Verilog declares it `signed`. */
  get signed(): boolean {
    return this.type.kind === 'int' && this.type.signed;
  }
}

export interface Driver {
  readonly low: number;
  /** Bits that are driven; the value fits them, and may be narrower. */
  readonly width: number;
  readonly value: Expression;
  readonly site: Site;
}

/** The edge and reset that a group of registers shares. */
export interface ClockDomain {
  readonly clock: Signal;
  readonly reset?: { readonly value: Bool; readonly style: 'sync' | 'async'; readonly activeLow: boolean };
}

export interface RegisterDetail {
  readonly domain: ClockDomain;
  readonly resetValue?: bigint;
  readonly enable?: Expression;
  /** Whether synthesis must keep it as it is. */
  readonly keep?: boolean;
  /** Of the output register of a synchronous memory read: what it reads. */
  readonly read?: { readonly memory: Memory; readonly address: Expression };
}

/** Assignments in the order of writing. */
export interface Block {
  readonly statements: Statement[];
}

export type Statement = Assignment | Choose;

export interface Assignment {
  readonly kind: 'set';
  readonly low: number;
  readonly width: number;
  readonly value: Expression;
  readonly site: Site;
}

/** One `when` chain or `switch`, as far as it concerns one signal. */
export interface Choose {
  readonly kind: 'choose';
  readonly choice: Choice;
  /** By the branch's index in the choice; a branch that does not assign the signal is absent. */
  readonly branches: Map<number, Block>;
}

/** Shared by all signals that are assigned under it. */
export type Choice = WhenChoice | SwitchChoice;

export interface WhenChoice {
  readonly kind: 'when';
  /** One a branch, tried in order; undefined stands for `otherwise`. */
  readonly conditions: (Bool | undefined)[];
  readonly site: Site;
}

export interface SwitchChoice {
  readonly kind: 'switch';
  readonly subject: Expression;
  /** The constants of each branch; undefined stands for the default. */
  readonly labels: (readonly bigint[] | undefined)[];
  readonly site: Site;
}

/** True where every value of the subject or every condition leads into one of the branches. */
export function isComplete(choice: Choice): boolean {
  if (choice.kind === 'when') return choice.conditions.includes(undefined);
  if (choice.labels.includes(undefined)) return true;
  const covered = new Set(choice.labels.flatMap(labels => labels ?? [])).size;
  const { type } = choice.subject;
  if (type.kind === 'enum') return covered === type.names.length;
  return BigInt(covered) === (type.kind === 'int' ? type.max - type.min + 1n : 1n << BigInt(type.width));
}

/** The same assignments with constant conditions of `when` and constant subjects of `switch` decided. */
export function withoutConstants(block: Block): Block {
  return { statements: block.statements.flatMap(statement => statement.kind === 'set' ? [statement] : decided(statement)) };
}

function decided({ choice, branches }: Choose): readonly Statement[] {
  const inner = new Map([...branches].map(([i, branch]) => [i, withoutConstants(branch)]));
  if (choice.kind === 'switch') {
    const value = choice.subject.constant;
    if (value === undefined) return [{ kind: 'choose', choice, branches: inner }];
    const taken = choice.labels.findIndex(labels => labels?.includes(value) === true);
    return inner.get(taken < 0 ? choice.labels.indexOf(undefined) : taken)?.statements ?? [];
  }
  const conditions: (Bool | undefined)[] = [];
  const left = new Map<number, Block>();
  for (const [i, condition] of choice.conditions.entries()) {
    if (condition?.constant === 0n) continue;
    const branch = inner.get(i);
    if (branch !== undefined) left.set(conditions.length, branch);
    const always = condition === undefined || condition.constant === 1n;
    conditions.push(always ? undefined : condition);
    if (always) break;
  }
  if (conditions.length === 1 && conditions[0] === undefined) return left.get(0)?.statements ?? [];
  return left.size === 0 ? [] : [{ kind: 'choose', choice: { kind: 'when', conditions, site: choice.site }, branches: left }];
}
