import { TestbenchError } from '../errors.js';

/** One `$var` of a VCD file. Several variables may share one id code: the same net seen from several scopes. */
export interface VcdVariable {
  /** The type word of the file: `wire`, `reg`, `integer`, `parameter`, `real`, `event`, … */
  readonly kind: string;
  /** Width in bits, at least 1. */
  readonly width: number;
  /** The id code that stands for the variable in the value changes. */
  readonly id: string;
  /** The name without the range that repeats the width; an index that selects one element stays (`a[3]`). */
  readonly name: string;
  /** Names of the scopes around it, outermost first. */
  readonly scope: readonly string[];
}

/** The unit of the times of a VCD file: `magnitude` is 1, 10 or 100. */
export interface VcdTimescale {
  readonly magnitude: 1 | 10 | 100;
  readonly unit: 's' | 'ms' | 'us' | 'ns' | 'ps' | 'fs';
}

/** What the declarations of a VCD file say. */
export interface VcdHeader {
  /** Absent where the file names none. */
  readonly timescale?: VcdTimescale;
  /** All variables in the order of the file. */
  readonly variables: readonly VcdVariable[];
  /** Bytes up to and including the `$end` of `$enddefinitions`. */
  readonly bytes: number;
  /** Newlines in those bytes. */
  readonly lines: number;
}

/** Whether the value changes of a variable are real numbers, which this reader does not deliver. */
export function isReal(variable: VcdVariable): boolean {
  return variable.kind === 'real' || variable.kind === 'realtime';
}

/** `TOP.mac_tree.in_valid` */
export function variablePath(variable: VcdVariable): string {
  return [...variable.scope, variable.name].join('.');
}

/**
 * Collects the declarations of a VCD file (IEEE 1364-2005, 18.2) from chunks whose boundaries may lie anywhere.
 * The text is taken as Latin-1, so that offsets are bytes.
 */
export class VcdHeaderReader {
  private readonly file: string;
  /** The part of the text that is not yet a whole declaration. */
  private text = '';
  private offset = 0;
  private lines = 0;
  private readonly scope: string[] = [];
  private readonly variables: VcdVariable[] = [];
  private readonly widths = new Map<string, number>();
  private timescale: VcdTimescale | undefined;

  /** @param file name of the file, for messages only */
  constructor(file: string) {
    this.file = file;
  }

  /**
   * Takes the next chunk. Gives the header once it is complete, and then what of this chunk lies behind it.
   * @throws TestbenchError where the text is no VCD header
   */
  push(chunk: Buffer): { readonly header: VcdHeader; readonly rest: Buffer } | undefined {
    const before = this.offset + this.text.length;
    this.text += chunk.toString('latin1');
    const declaration = /\s*(\S+)/y;
    let used = 0;
    for (;;) {
      declaration.lastIndex = used;
      const keyword = declaration.exec(this.text)?.[1];
      if (keyword === undefined) break;
      const start = declaration.lastIndex;
      if (start === this.text.length && !keyword.startsWith('$')) this.checkStart(keyword, used);
      if (start === this.text.length) break;
      this.checkStart(keyword, used);
      const end = endOf(this.text, start);
      if (end === undefined) break;
      const body = this.text.slice(start, end - 4).trim();
      this.lines += countNewlines(this.text, used, end);
      used = end;
      if (keyword === '$enddefinitions') return this.finish(chunk, before, this.offset + end);
      this.declare(keyword, body);
    }
    this.text = this.text.slice(used);
    this.offset += used;
    return undefined;
  }

  /** To be called where the file ended before the header did. */
  truncated(): TestbenchError {
    const length = this.offset + this.text.length;
    return this.error(length === 0 ? 'the file is empty' : `the file ends after ${length} bytes, before $enddefinitions`);
  }

  private checkStart(keyword: string, from: number): void {
    if (keyword.startsWith('$')) return;
    this.lines += countNewlines(this.text, from, this.text.indexOf(keyword, from));
    throw this.error(`a declaration such as $var is expected, but '${excerpt(keyword)}' was read`);
  }

  private finish(chunk: Buffer, before: number, bytes: number): { header: VcdHeader; rest: Buffer } {
    if (this.scope.length > 0) throw this.error(`scope '${this.scope.join('.')}' is still open at $enddefinitions`);
    const header: VcdHeader = {
      variables: this.variables, bytes, lines: this.lines,
      ...(this.timescale === undefined ? {} : { timescale: this.timescale }),
    };
    return { header, rest: chunk.subarray(bytes - before) };
  }

  private declare(keyword: string, body: string): void {
    switch (keyword) {
      case '$scope': {
        const name = body.split(/\s+/)[1];
        if (name === undefined) throw this.error(`'$scope ${excerpt(body)}' names no scope`);
        this.scope.push(name);
        return;
      }
      case '$upscope':
        if (this.scope.pop() === undefined) throw this.error('$upscope without an open scope');
        return;
      case '$var':
        this.variables.push(this.variable(body));
        return;
      case '$timescale':
        this.timescale = this.readTimescale(body);
        return;
      case '$comment': case '$date': case '$version': case '$attrbegin': case '$attrend':
        return;
      default:
        throw this.error(`unknown declaration '${excerpt(keyword)}'`);
    }
  }

  private variable(body: string): VcdVariable {
    const [kind, size, id, ...reference] = body.split(/\s+/);
    const width = /^\d+$/.test(size ?? '') ? Number(size) : 0;
    if (kind === undefined || id === undefined || reference.length === 0 || width < 1) {
      throw this.error(`'$var ${excerpt(body)}' is not of the form '$var kind width id name [range] $end' with a width of at least 1`);
    }
    const known = this.widths.get(id);
    if (known !== undefined && known !== width) {
      throw this.error(`id '${id}' is declared with ${known} bits and, as '${reference.join(' ')}', with ${width}`);
    }
    this.widths.set(id, width);
    return { kind, width, id, name: withoutRange(reference.join(''), width), scope: [...this.scope] };
  }

  private readTimescale(body: string): VcdTimescale {
    const [, magnitude, unit] = /^(1|10|100)\s*(s|ms|us|ns|ps|fs)$/.exec(body) ?? [];
    const number = magnitudes.find(value => String(value) === magnitude);
    const name = units.find(value => value === unit);
    if (number === undefined || name === undefined) {
      throw this.error(`the timescale '${excerpt(body)}' is not 1, 10 or 100 of s, ms, us, ns, ps or fs`);
    }
    return { magnitude: number, unit: name };
  }

  private error(what: string): TestbenchError {
    return new TestbenchError('tool', `${this.file}:${this.lines + 1}: not a readable VCD header: ${what}.`);
  }
}

const magnitudes = [1, 10, 100] as const;
const units = ['s', 'ms', 'us', 'ns', 'ps', 'fs'] as const;

/** Index behind the next `$end` that stands alone; undefined where more text is needed. */
function endOf(text: string, from: number): number | undefined {
  const end = /(?<=\s)\$end(?=\s)/g;
  end.lastIndex = from;
  const found = end.exec(text);
  return found === null ? undefined : found.index + 4;
}

/** The range of a vector is cut where it only repeats the width: `name[7:0]` of 8 bits. */
function withoutRange(name: string, width: number): string {
  const [, base, left, right] = /^(.+)\[(-?\d+):(-?\d+)\]$/.exec(name) ?? [];
  if (base === undefined) return name;
  return Math.abs(Number(left) - Number(right)) + 1 === width ? base : name;
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Text of the file as it may stand in a message: short, and without control characters. */
export function excerpt(text: string): string {
  const plain = Array.from(text, character => character >= ' ' && character <= '~' ? character : '?').join('');
  return plain.length > 40 ? `${plain.slice(0, 37)}...` : plain;
}
