import { Enum, literalBool, type Expression } from '../expression.js';
import { checkingDomain, type Expectation, type Module } from '../module.js';
import { rootsOf, isSignal } from '../check.js';
import type { Memory } from '../memory.js';
import type { Instance } from '../instance.js';
import { withoutConstants, type Assignment, type Block, type Choose, type ClockDomain, type Driver, type Signal } from '../signal.js';
import type { Site } from '../site.js';
import type { EnumType } from '../type.js';
import { Declared, commentLine, displayText, literalText, rangeText, selectBits, signedText } from './code.js';
import { portLines } from './ports.js';
import { ExpressionWriter, type Surroundings } from './expressions.js';

/** What a written module looks like. */
export interface WriteOptions {
  /** Whether statements carry the user's file and line. */
  readonly sourceLines: boolean;
  /** Lines of comment that head the module. */
  readonly heading: readonly string[];
}

/** Writes one module as Verilog-2005. */
export function writeModule(module: Module, options: WriteOptions): string {
  return new ModuleWriter(module, options).write();
}

/** Registers that share clock, reset and enable, and are always given one value. */
interface RegisterGroup {
  readonly domain: ClockDomain;
  readonly enable: Expression | undefined;
  readonly isReset: boolean;
  readonly registers: Signal[];
}

class ModuleWriter implements Surroundings {
  private readonly module: Module;
  private readonly options: WriteOptions;
  private readonly declared = new Map<Signal, Declared>();
  private readonly checks: readonly { readonly expectation: Expectation; readonly violated: Expression }[];
  private readonly expressions: ExpressionWriter;
  private readonly parameters = new Map<string, { readonly name: string; readonly order: number; readonly line: string }>();
  /** Enumerations in the order of their first constant. */
  private readonly labels = new Map<string, number>();
  /** Wires that are read above the statement that drives them. */
  private readonly early = new Set<Signal>();
  private readonly driven = new Set<Signal>();
  private readonly temporaries: Declared[] = [];
  private readonly body: string[] = [];
  private readonly taken = new Set<string>();
  /** Of each base of temporary names the number to try next. */
  private readonly nextNumber = new Map<string, number>();

  constructor(module: Module, options: WriteOptions) {
    this.module = module;
    this.options = options;
    for (const signal of [...module.ports.map(port => port.signal), ...module.signals]) {
      this.declared.set(signal, new Declared(signal.name, signal.width, signal.signed));
    }
    this.checks = module.expectations.map(expectation => {
      const { value, type, when = literalBool(true) } = expectation;
      const { reset } = checkingDomain(module, expectation) ?? {};
      const runs = reset?.style !== 'sync' ? literalBool(true) : reset.activeLow ? reset.value : reset.value.not();
      return { expectation, violated: runs.and(when).and(value.gt(type.max).or(value.lt(type.min))) };
    });
    this.expressions = new ExpressionWriter(this, [...rootsOf(module), ...this.checks.map(check => check.violated)]);
  }

  write(): string {
    const { module } = this;
    for (const signal of module.order) if (signal.kind !== 'register') this.combinational(signal);
    this.registers();
    for (const memory of module.memories) this.memory(memory);
    for (const instance of module.instances) this.instance(instance);
    for (const check of this.checks) this.check(check.expectation, check.violated);
    const body = [this.declarations(), this.body, this.unusedSink()].filter(part => part.length > 0).flatMap((part, i) => i === 0 ? part : ['', ...part]);
    return [
      ...this.options.heading.map(line => `// ${commentLine(line)}`.trimEnd()),
      `module ${module.name} (`, ...portLines(module.ports, port => this.isProcedural(port.signal)), ');', ...body, 'endmodule', '',
    ].join('\n');
  }

  declaredOf(signal: Signal): Declared {
    if (signal.kind === 'wire' && !this.driven.has(signal)) this.early.add(signal);
    return this.own(signal);
  }

  memoryName(memory: Memory): string {
    return memory.name;
  }

  enumName(node: Expression): string | undefined {
    const { type, constant } = node;
    if (type.kind !== 'enum' || type.label === undefined || constant === undefined) return undefined;
    const state = type.names[Number(constant)] ?? '';
    const wanted = `${type.label}_${state}`.toUpperCase();
    const key = `${type.label} ${state}`;
    const known = this.parameters.get(key);
    if (known !== undefined) return known.name;
    const name = this.isTaken(wanted) ? this.fresh(`${wanted}_`) : wanted;
    this.taken.add(name);
    this.labels.set(type.label, this.labels.get(type.label) ?? this.labels.size);
    const order = (this.labels.get(type.label) ?? 0) * 65536 + Number(constant);
    this.parameters.set(key, { name, order, line: `  localparam ${rangeText(type.width)}${name} = ${literalText(constant, type.width, { signed: false })};` });
    return name;
  }

  temporaryName(target: string): string {
    return this.fresh(`${target}_t`);
  }

  declareWire(declared: Declared, text: string): void {
    this.temporaries.push(declared);
    this.body.push(`  wire ${declared.signed ? 'signed ' : ''}${rangeText(declared.width)}${declared.name} = ${text};`);
  }

  declareSelection(declared: Declared, subject: string, choices: readonly string[], labels: readonly string[]): void {
    this.temporaries.push(declared);
    this.body.push(`  reg ${declared.signed ? 'signed ' : ''}${rangeText(declared.width)}${declared.name};`, '  always @*', `    case (${subject})`);
    choices.forEach((choice, i) => {
      const label = i === choices.length - 1 ? 'default' : labels[i] ?? 'default';
      this.body.push(`      ${label}: ${declared.name} = ${choice};`);
    });
    this.body.push('    endcase');
  }

  private isTaken(name: string): boolean {
    return this.taken.has(name) || this.module.names.has(name);
  }

  private fresh(base: string): string {
    for (let i = this.nextNumber.get(base) ?? 0; ; i++) {
      const name = `${base}${i}`;
      if (this.isTaken(name)) continue;
      this.taken.add(name);
      this.nextNumber.set(base, i + 1);
      return name;
    }
  }

  private own(signal: Signal): Declared {
    const found = this.declared.get(signal);
    if (found === undefined) throw new TypeError(`signal ${signal.name} is not of module ${this.module.name}`);
    return found;
  }

  /** Wires and outputs, in the order in which the build gave them values. */
  private combinational(signal: Signal): void {
    if (signal.block !== undefined) this.always(signal, signal.block);
    for (const driver of signal.drivers) this.driver(signal, driver);
    this.driven.add(signal);
  }

  private driver(signal: Signal, { low, width, value, site }: Driver): void {
    if (signal.kind === 'wire') {
      this.wire(signal, value, site);
      return;
    }
    const text = this.expressions.assigned(value, width, signal.name);
    this.line(`  assign ${selectBits(this.own(signal), low, width)} = ${text};`, site);
  }

  private wire(signal: Signal, value: Expression, site: Site): void {
    const declared = this.own(signal);
    const text = this.expressions.assignedAs(value, declared);
    const head = this.early.has(signal) ? 'assign ' : `wire ${signedText(signal.type)}${rangeText(signal.width)}`;
    this.line(`  ${head}${signal.name} = ${text};`, site);
  }

  /** A wire or output that is assigned under conditions. */
  private always(signal: Signal, whole: Block): void {
    const block = withoutConstants(whole);
    const declared = this.own(signal);
    const fixed = fixedValues(block);
    if (fixed !== undefined) {
      for (const each of fixed) this.driver(signal, each);
      return;
    }
    const lines: string[] = [];
    this.statements(block, 2, (set, indent) => {
      const text = this.expressions.assigned(set.value, set.width, signal.name);
      return [`${indent}${selectBits(declared, set.low, set.width)} = ${text};${this.comment(set.site)}`];
    }, lines, signal.name);
    this.line('  always @* begin', signal.site);
    this.body.push(...lines, '  end');
  }

  private registers(): void {
    const groups = new Map<string, RegisterGroup>();
    const ids = new Map<object, number>();
    const idOf = (value: object | undefined): number => {
      if (value === undefined) return -1;
      const id = ids.get(value) ?? ids.size;
      ids.set(value, id);
      return id;
    };
    const alone: Signal[] = [];
    for (const signal of this.module.signals) {
      const { register } = signal;
      if (register === undefined) continue;
      if (signal.block !== undefined || register.read !== undefined) {
        alone.push(signal);
        continue;
      }
      const { domain, enable } = register;
      const isReset = register.resetValue !== undefined;
      const key = `${idOf(domain)} ${idOf(enable)} ${isReset}`;
      const group = groups.get(key) ?? { domain, enable, isReset, registers: [] };
      groups.set(key, group);
      group.registers.push(signal);
    }
    for (const group of groups.values()) this.registerGroup(group);
    for (const signal of alone) this.registerAlone(signal);
  }

  private registerGroup({ domain, enable, isReset, registers }: RegisterGroup): void {
    this.gap();
    const lines = registers.flatMap(signal => signal.drivers.map(driver => {
      const text = this.expressions.assigned(driver.value, driver.width, signal.name);
      return { text: `${signal.name} <= ${text};`, site: driver.site };
    }));
    const resets = registers.map(signal => ({ text: this.resetLine(signal), site: signal.site }));
    this.clocked(domain, isReset ? resets : [], enable, registers[0]?.name ?? '',
      indent => lines.map(line => `${indent}${line.text}${this.comment(line.site)}`));
  }

  private registerAlone(signal: Signal): void {
    const { register } = signal;
    if (register === undefined) return;
    const resets = register.resetValue === undefined ? [] : [{ text: this.resetLine(signal), site: signal.site }];
    const lines: string[] = [];
    if (register.read !== undefined) {
      const { memory, address } = register.read;
      const index = this.expressions.inline(memory.indexed(address), signal.name);
      lines.push(`${signal.name} <= ${memory.name}[${index}];${this.comment(signal.site)}`);
    } else if (signal.block !== undefined) {
      this.statements(withoutConstants(signal.block), 0, (set, indent) => {
        const text = this.expressions.assigned(set.value, set.width, signal.name);
        return [`${indent}${selectBits(this.own(signal), set.low, set.width)} <= ${text};${this.comment(set.site)}`];
      }, lines, signal.name);
    }
    this.clocked(register.domain, resets, register.enable, signal.name, indent => lines.map(line => `${indent}${line}`));
  }

  private resetLine(signal: Signal): string {
    const { type } = signal;
    const value = signal.register?.resetValue ?? 0n;
    if (type.kind === 'enum' && type.label !== undefined) {
      const name = this.enumName(literalOf(type, value));
      if (name !== undefined) return `${signal.name} <= ${name};`;
    }
    return `${signal.name} <= ${literalText(value, signal.width, { signed: signal.signed })};`;
  }

  /** One clocked always block: reset, then enable, then what happens at the edge. */
  private clocked(
    domain: ClockDomain, resets: readonly { readonly text: string; readonly site: Site }[], enable: Expression | undefined,
    target: string, lines: (indent: string) => readonly string[],
  ): void {
    const clock = this.own(domain.clock);
    clock.read(0, 1);
    const { reset } = domain;
    const enabled = enable === undefined ? undefined : this.expressions.inline(enable, target);
    if (resets.length === 0 || reset === undefined) {
      this.gap();
      this.body.push(enabled === undefined ? `  always @(posedge ${clock.name}) begin` : `  always @(posedge ${clock.name}) if (${enabled}) begin`,
        ...lines('    '), '  end');
      return;
    }
    const active = this.expressions.inline(reset.value, target);
    const edge = reset.style === 'async' ? ` or ${reset.activeLow ? 'negedge' : 'posedge'} ${active}` : '';
    this.gap();
    this.body.push(
      `  always @(posedge ${clock.name}${edge})`,
      `    if (${reset.activeLow ? `!${active.includes(' ') ? `(${active})` : active}` : active}) begin`,
      ...resets.map(({ text, site }) => `      ${text}${this.comment(site)}`),
      enabled === undefined ? '    end else begin' : `    end else if (${enabled}) begin`,
      ...lines('      '), '    end');
  }

  /** Statements of a block with their `if`s and `case`s. */
  private statements(
    block: Block, depth: number, leaf: (set: Assignment, indent: string) => readonly string[], lines: string[], target: string,
  ): void {
    const indent = '  '.repeat(depth);
    for (const statement of block.statements) {
      if (statement.kind === 'set') lines.push(...leaf(statement, indent));
      else if (statement.choice.kind === 'when') this.conditional(statement, depth, leaf, lines, target);
      else this.caseOf(statement, depth, leaf, lines, target);
    }
  }

  private conditional(
    { choice, branches }: Choose, depth: number, leaf: (set: Assignment, indent: string) => readonly string[], lines: string[], target: string,
  ): void {
    if (choice.kind !== 'when') return;
    const indent = '  '.repeat(depth);
    const last = Math.max(...branches.keys());
    for (let i = 0; i <= last; i++) {
      const condition = choice.conditions[i];
      const test = condition === undefined ? '' : `if (${this.expressions.inline(condition, target)}) `;
      lines.push(`${indent}${i === 0 ? '' : 'end else '}${test}begin`);
      this.statements(branches.get(i) ?? { statements: [] }, depth + 1, leaf, lines, target);
    }
    lines.push(`${indent}end`);
  }

  private caseOf(
    { choice, branches }: Choose, depth: number, leaf: (set: Assignment, indent: string) => readonly string[], lines: string[], target: string,
  ): void {
    if (choice.kind !== 'switch') return;
    const indent = '  '.repeat(depth);
    const { subject } = choice;
    lines.push(`${indent}case (${this.expressions.inline(subject, target)})`);
    for (const [i, labels] of choice.labels.entries()) {
      const branch = branches.get(i);
      if (branch === undefined) {
        if (labels !== undefined && choice.labels.includes(undefined) && branches.has(choice.labels.indexOf(undefined))) {
          lines.push(`${indent}  ${labels.map(label => this.label(subject, label)).join(', ')}: ;`);
        }
        continue;
      }
      const head = labels === undefined ? 'default' : labels.map(label => this.label(subject, label)).join(', ');
      const [only, ...more] = branch.statements;
      if (only?.kind === 'set' && more.length === 0) {
        lines.push(...leaf(only, '').map(line => `${indent}  ${head}: ${line}`));
        continue;
      }
      lines.push(`${indent}  ${head}: begin`);
      this.statements(branch, depth + 2, leaf, lines, target);
      lines.push(`${indent}  end`);
    }
    if (!choice.labels.some((labels, i) => labels === undefined && branches.has(i))) lines.push(`${indent}  default: ;`);
    lines.push(`${indent}endcase`);
  }

  private label(subject: Expression, label: bigint): string {
    const { type } = subject;
    const name = type.kind === 'enum' ? this.enumName(literalOf(type, label)) : undefined;
    if (name !== undefined) return name;
    return literalText(label, subject.width, { signed: type.signed });
  }

  private memory(memory: Memory): void {
    const [first] = memory.writes;
    if (first === undefined) return;
    const clock = this.own(first.domain.clock);
    clock.read(0, 1);
    const lines = memory.writes.map(({ address, data, enable, site }) => {
      const index = this.expressions.inline(memory.indexed(address), memory.name);
      const word = this.expressions.assigned(data, memory.type.width, memory.name);
      const test = enable === undefined ? '' : `if (${this.expressions.inline(enable, memory.name)}) `;
      return `    ${test}${memory.name}[${index}] <= ${word};${this.comment(site)}`;
    });
    this.gap();
    this.body.push(`  always @(posedge ${clock.name}) begin`, ...lines, '  end');
  }

  private instance({ name, module, inputs, outputs, site }: Instance): void {
    const connections: string[] = [];
    for (const { signal } of module.ports) {
      const value = inputs.get(signal.name);
      const result = outputs.get(signal.name);
      if (value !== undefined) connections.push(`    .${signal.name}(${this.connected(value, `${name}_${signal.name}`)})`);
      else if (result !== undefined) connections.push(`    .${signal.name}(${result.name})`);
    }
    const parameters = Object.entries(module.verilogParameters).map(([key, value]) => `.${key}(${value})`);
    const override = parameters.length === 0 ? '' : `#(${parameters.join(', ')}) `;
    this.gap();
    this.line(`  ${module.verilogName} ${override}${name} (`, site);
    this.body.push(connections.join(',\n'), '  );');
  }

  private connected(value: Expression | Signal, target: string): string {
    if (!isSignal(value)) return this.expressions.inline(value, target);
    const clock = this.own(value);
    clock.read(0, 1);
    return clock.name;
  }

  private check(expectation: Expectation, violated: Expression): void {
    const { value, type, site } = expectation;
    const clocking = checkingDomain(this.module, expectation);
    const shown = this.expressions.asName(value, 'expected');
    const condition = this.expressions.inline(violated, 'expected');
    const event = this.checkEvent(clocking);
    this.gap();
    this.body.push(
      '`ifndef SYNTHESIS', ...event, `    if (${condition}) begin`,
      `      $display("%m: ${shown} is %0d, outside ${type.min}..${type.max}${this.options.sourceLines ? ` (${displayText(site.place())})` : ''}", ${shown});`,
      '      $stop;', '    end', '  end', '`endif');
  }

  /** When a check runs. Without a clock it waits until all logic has settled, or it would see values on their way. */
  private checkEvent(clocking: ClockDomain | undefined): readonly string[] {
    if (clocking === undefined) return ['  always @* begin', '`ifndef VERILATOR', '    #0;', '`endif'];
    const clock = this.own(clocking.clock);
    clock.read(0, 1);
    const { reset } = clocking;
    if (reset?.style !== 'async') return [`  always @(posedge ${clock.name}) begin`];
    const active = this.expressions.inline(reset.value, 'expected');
    return [
      `  always @(posedge ${clock.name} or ${reset.activeLow ? 'negedge' : 'posedge'} ${active})`,
      `    if (${reset.activeLow ? '!' : ''}${active}) begin`, '    end else begin',
    ];
  }

  /** Everything that must be declared above its first use. */
  private declarations(): readonly string[] {
    const lines = [...this.parameters.values()].toSorted((a, b) => a.order - b.order).map(parameter => parameter.line);
    for (const memory of this.module.memories) lines.push(...this.memoryDeclaration(memory));
    for (const signal of this.module.signals) {
      const isWire = signal.kind === 'wire';
      if (isWire && !this.early.has(signal) && !this.isProcedural(signal)) continue;
      const keyword = signal.kind === 'register' || this.isProcedural(signal) ? 'reg' : 'wire';
      const keep = signal.register?.keep === true ? '(* keep *) ' : '';
      lines.push(`  ${keep}${keyword} ${signedText(signal.type)}${rangeText(signal.width)}${signal.name};`);
    }
    return lines;
  }

  private memoryDeclaration(memory: Memory): readonly string[] {
    const { name, type, depth, contents, options } = memory;
    const attributes = [...(options.style === undefined ? [] : [`ram_style = "${options.style}"`]), ...(options.collisions === 'unused' ? ['no_rw_check'] : [])];
    const lines = [`  ${attributes.length === 0 ? '' : `(* ${attributes.join(', ')} *) `}reg ${signedText(type)}${rangeText(type.width)}${name} [0:${depth - 1}];${this.comment(memory.site)}`];
    if (contents !== undefined) {
      lines.push('  initial begin');
      contents.forEach((word, i) => lines.push(`    ${name}[${i}] = ${literalText(word, type.width, { signed: type.signed })};`));
      lines.push('  end');
    }
    return lines;
  }

  private isProcedural(signal: Signal): boolean {
    return signal.kind !== 'register' && signal.block !== undefined
      && fixedValues(withoutConstants(signal.block)) === undefined;
  }

  /** Names a tool would warn about: bits that nobody reads, read here once so that the warning means something elsewhere. */
  private unusedSink(): readonly string[] {
    const unread: string[] = [];
    const consider = (declared: Declared): void => { unread.push(...declared.unread()); };
    for (const [signal, declared] of this.declared) if (signal.kind !== 'output') consider(declared);
    for (const declared of this.temporaries) consider(declared);
    if (unread.length === 0) return [];
    const name = this.isTaken('unused') ? this.fresh('unused_') : 'unused';
    return [`  wire ${name} = &{${["1'b0", ...unread].join(', ')}};`];
  }

  /** A blank line before a part that stands for itself. */
  private gap(): void {
    if (this.body.length > 0 && this.body.at(-1) !== '') this.body.push('');
  }

  private line(text: string, site: Site): void {
    const [first = '', ...rest] = text.split('\n');
    this.body.push([first + this.comment(site), ...rest].join('\n'));
  }

  private comment(site: Site): string {
    return this.options.sourceLines ? `  // ${commentLine(site.place())}` : '';
  }
}

function literalOf(type: EnumType, value: bigint): Expression {
  return new Enum('literal', type, [], { value });
}

/** The values of a block that assigns without a condition: the last one of each part of the signal. */
function fixedValues(block: Block): readonly Assignment[] | undefined {
  const last = new Map<number, Assignment>();
  for (const statement of block.statements) {
    if (statement.kind !== 'set') return undefined;
    last.set(statement.low, statement);
  }
  return [...last.values()];
}
