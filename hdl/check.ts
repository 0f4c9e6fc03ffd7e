import { HdlError, type HdlIssue } from './error.js';
import type { Expression } from './expression.js';
import type { Memory } from './memory.js';
import type { Module, Port } from './module.js';
import { isComplete, withoutConstants, type Block, type Signal } from './signal.js';
import { typeText } from './type.js';

type Unchecked = Omit<Module, 'combinationalInputs'>;
type Vertex = Expression | Signal;

/**
 * Checks a finished module and tells which inputs reach each output without a register in between.
 * Linear in the size of the module.
 * @throws HdlError with every finding: HDL301 undriven, HDL303 never read, HDL305 latch, HDL304 combinational loop
 */
export function checkModule(module: Unchecked): Module['combinationalInputs'] {
  const issues = [...undriven(module), ...latches(module), ...unread(module)];
  const traced = trace(module);
  if ('loop' in traced) issues.push(loopIssue(traced.loop));
  const [first, ...rest] = issues;
  if (first !== undefined) throw new HdlError([first, ...rest]);
  return combinationalInputs(module.ports, 'reached' in traced ? traced.reached : new Map());
}

function* undriven(module: Unchecked): Generator<HdlIssue> {
  for (const signal of [...module.ports.map(port => port.signal), ...module.signals]) {
    if (signal.kind === 'input' || signal.kind === 'instance' || signal.register?.read !== undefined) continue;
    const what = signal.kind === 'output' ? 'output' : signal.kind;
    if (signal.drivers.length === 0 && signal.block === undefined) {
      yield {
        code: 'HDL301', message: `${what} '${signal.name}' is never given a value`, site: signal.site,
        hint: 'give it one with drive or set',
      };
    } else if (signal.drivers.length > 0) {
      const covered = signal.drivers.reduce((total, driver) => total + driver.width, 0);
      if (covered < signal.width) {
        yield {
          code: 'HDL301', message: `${signal.width - covered} of the ${signal.width} bits of ${what} '${signal.name}' are never driven`,
          site: signal.site, hint: 'drive each element',
        };
      }
    }
  }
}

/** A wire or output that some path through its `when`s leaves without a value would have to remember the last one. */
function* latches(module: Unchecked): Generator<HdlIssue> {
  for (const signal of module.order) {
    if (signal.kind === 'register' || signal.block === undefined) continue;
    if (!alwaysAssigned(withoutConstants(signal.block), 0, signal.width)) {
      yield {
        code: 'HDL305', message: `'${signal.name}' keeps its value on some path through its when or switch, which needs a latch`,
        site: signal.site, hint: 'set a default value before the when, or add otherwise; or make it a register',
      };
    }
  }
}

/** Whether every path through `block` assigns each of the bits from `low` to `high` (not included). */
function alwaysAssigned(block: Block, low: number, high: number): boolean {
  const missing = new Set<number>();
  for (let bit = low; bit < high; bit++) missing.add(bit);
  removeAssigned(block, missing);
  return missing.size === 0;
}

function removeAssigned(block: Block, missing: Set<number>): void {
  for (const statement of block.statements) {
    if (statement.kind === 'set') {
      for (let bit = statement.low; bit < statement.low + statement.width; bit++) missing.delete(bit);
      continue;
    }
    const { choice, branches } = statement;
    const count = choice.kind === 'when' ? choice.conditions.length : choice.labels.length;
    if (!isComplete(choice) || branches.size < count) continue;
    const left = new Set<number>();
    for (const branch of branches.values()) {
      const still = new Set(missing);
      removeAssigned(branch, still);
      for (const bit of still) left.add(bit);
    }
    for (const bit of missing) if (!left.has(bit)) missing.delete(bit);
  }
}

function* unread(module: Unchecked): Generator<HdlIssue> {
  const read = readSignals(module);
  for (const { signal } of module.ports) {
    if (signal.kind === 'input' && !read.has(signal) && !signal.deliberatelyUnused) {
      yield {
        code: 'HDL303', message: `input '${signal.name}' of type ${signalTypeText(signal)} is never read`, site: signal.site,
        hint: 'leave it out of the ports, or say m.unused(...) where that is meant',
      };
    }
  }
  for (const signal of module.signals) {
    if (signal.kind === 'instance' || read.has(signal) || signal.deliberatelyUnused) continue;
    yield {
      code: 'HDL303', message: `${signal.kind} '${signal.name}' of type ${signalTypeText(signal)} is never read`, site: signal.site,
      hint: 'leave it out, or say m.unused(...) where that is meant',
    };
  }
  for (const memory of module.memories) {
    if (memory.syncReads.length > 0 || read.has(memory)) continue;
    yield {
      code: 'HDL303', message: `memory '${memory.name}' of ${memory.depth} words of type ${typeText(memory.type)} is never read`, site: memory.site,
      hint: 'leave it out, or read it with m.read or the read of a domain',
    };
  }
}

function signalTypeText(signal: Signal): string {
  return signal.type.kind === 'clock' ? 'clock' : typeText(signal.type);
}

/** Every signal and memory whose value goes anywhere. */
function readSignals(module: Unchecked): ReadonlySet<Signal | Memory> {
  const read = new Set<Signal | Memory>();
  const seen = new Set<Expression>();
  const pending: Expression[] = [...rootsOf(module)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.detail.signal !== undefined) read.add(node.detail.signal);
    if (node.detail.memory !== undefined) read.add(node.detail.memory);
    pending.push(...node.args);
  }
  for (const { clock } of module.domains) read.add(clock);
  for (const { inputs } of module.instances) {
    for (const value of inputs.values()) if (isSignal(value)) read.add(value);
  }
  return read;
}

/** The expressions that a module holds on to: what drives signals, clocks registers, writes memories, goes to instances. */
export function* rootsOf(module: Unchecked): Generator<Expression> {
  for (const signal of module.order) yield* driverExpressions(signal);
  for (const { register } of module.signals) {
    if (register?.enable !== undefined) yield register.enable;
    if (register?.read !== undefined) yield register.read.address;
    if (register?.domain.reset !== undefined) yield register.domain.reset.value;
  }
  for (const { writes } of module.memories) {
    for (const write of writes) {
      yield write.address;
      yield write.data;
      if (write.enable !== undefined) yield write.enable;
    }
  }
  for (const { inputs } of module.instances) {
    for (const value of inputs.values()) if (!isSignal(value)) yield value;
  }
  for (const { value, when } of module.expectations) {
    yield value;
    if (when !== undefined) yield when;
  }
}

/** What a signal is given, and the conditions under which. */
export function driverExpressions(signal: Signal): readonly Expression[] {
  const found = signal.drivers.map(driver => driver.value);
  if (signal.block !== undefined) collect(signal.block, found);
  return found;
}

function collect(block: Block, found: Expression[]): void {
  for (const statement of block.statements) {
    if (statement.kind === 'set') {
      found.push(statement.value);
      continue;
    }
    const { choice } = statement;
    if (choice.kind === 'switch') found.push(choice.subject);
    else for (const condition of choice.conditions) if (condition !== undefined) found.push(condition);
    for (const branch of statement.branches.values()) collect(branch, found);
  }
}

export function isSignal(value: Expression | Signal): value is Signal {
  return 'drivers' in value;
}

/** What a vertex depends on within one clock cycle. */
function dependencies(vertex: Vertex): readonly Vertex[] {
  if (!isSignal(vertex)) {
    const { signal } = vertex.detail;
    return signal === undefined ? vertex.args : [signal];
  }
  if (vertex.kind === 'input' || vertex.kind === 'register') return [];
  const { source } = vertex;
  if (source === undefined) return driverExpressions(vertex);
  const through = source.instance.module.combinationalInputs.get(source.port) ?? new Set();
  return [...through].flatMap(port => source.instance.inputs.get(port) ?? []);
}

/** Signals of a combinational loop; or of each vertex the inputs that reach it, a bit for each port. */
type Traced = { readonly loop: readonly Signal[] } | { readonly reached: ReadonlyMap<Vertex, bigint> };

/** What a vertex holds while it is open: met again then, it closes a loop. */
const open = -1n;

/** Depth-first search without recursion, once over everything. */
function trace(module: Unchecked): Traced {
  const reached = new Map<Vertex, bigint>();
  module.ports.forEach(({ signal, direction }, i) => {
    if (direction === 'input') reached.set(signal, 1n << BigInt(i));
  });
  for (const start of [...module.order, ...module.signals]) {
    if (start.kind === 'register' || reached.has(start)) continue;
    const stack: { readonly vertex: Vertex; readonly next: Iterator<Vertex, undefined>; inputs: bigint }[] = [];
    const enter = (vertex: Vertex): void => {
      reached.set(vertex, open);
      stack.push({ vertex, next: dependencies(vertex)[Symbol.iterator](), inputs: 0n });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next();
      if (step.done === true) {
        reached.set(top.vertex, top.inputs);
        stack.pop();
        const above = stack.at(-1);
        if (above !== undefined) above.inputs |= top.inputs;
        continue;
      }
      const inputs = reached.get(step.value);
      if (inputs === undefined) {
        enter(step.value);
      } else if (inputs === open) {
        const path = stack.map(each => each.vertex);
        return { loop: path.slice(path.indexOf(step.value)).filter(isSignal) };
      } else {
        top.inputs |= inputs;
      }
    }
  }
  return { reached };
}

function loopIssue(signals: readonly Signal[]): HdlIssue {
  const [first] = signals;
  const path = [...signals, ...(first === undefined ? [] : [first])].toReversed()
    .map(signal => `'${signal.name}' (${signal.site.place()})`);
  return {
    code: 'HDL304', message: `combinational loop: ${path.join(' > ')}`, site: first?.site,
    hint: 'break it with a register',
  };
}

function combinationalInputs(ports: readonly Port[], reached: ReadonlyMap<Vertex, bigint>): Module['combinationalInputs'] {
  const outputs = ports.filter(port => port.direction === 'output');
  return new Map(outputs.map(({ signal }) => {
    const inputs = (reached.get(signal) ?? 0n).toString(2);
    return [signal.name, new Set(ports.filter((_, i) => inputs.at(-1 - i) === '1').map(port => port.signal.name))];
  }));
}
