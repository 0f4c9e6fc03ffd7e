import { TestbenchError } from '../errors.js';
import { excerpt, isReal, variablePath, type VcdHeader, type VcdVariable } from './header.js';
import { declared, IdTable, undeclared } from './id-table.js';

/** Value changes ready for the parser: whole tokens, only the chosen ids, every vector complete. */
export interface ChangeBlock {
  /** The text; valid until the next call of the scanner. */
  readonly text: Buffer;
  /** Number of changes in the text. */
  readonly count: number;
  /** For each change the index of the signal. */
  readonly signals: Int32Array;
  /** For each change its time. */
  readonly times: Float64Array;
}

/** What the scanner has seen of the file so far. */
export interface ScanTotals {
  readonly bytes: number;
  /** Changes of the chosen signals. */
  readonly changes: number;
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** Whether the last byte was a newline; Verilator and Icarus Verilog write only whole lines. */
  readonly endsWithNewline: boolean;
}

/** The widest vector that the parser's static buffer holds: 4096 words of 64 bits. */
export const widestSignal = 4096 * 64;

/** The longest line that is waited for; nothing in a VCD file with legal widths comes near it. */
const longestLine = 1 << 24;

/** In the table of ids: the first chosen signal. */
const firstWanted = 2;

const space = 32, newline = 10, carriageReturn = 13, tab = 9, hash = 35, dollar = 36, digit0 = 48, digit1 = 49, digit9 = 57;
const upperB = 66, upperR = 82, upperX = 88, upperZ = 90, b = 98, r = 114, x = 120, z = 122;

/**
 * Reads the value changes of a VCD file (IEEE 1364-2005, 18.2.3) as text and hands on what the parser behind it reads right:
 * - only the chosen ids, each vector and its id on one line, each line complete;
 * - vectors that begin with x or z are extended to the left to the width of the variable, scalars of a vector likewise;
 * - the changes inside `$dumpvars`, `$dumpall`, `$dumpon` and `$dumpoff` are changes like any other;
 * - real numbers and comments are left out;
 * - whatever is not a value change is an error with its line.
 */
export class ChangeScanner {
  private readonly file: string;
  private readonly ids: IdTable;
  private readonly signals: readonly VcdVariable[];
  /** Width by entry of the table of ids. */
  private readonly widths: Int32Array;
  private carry: Buffer = Buffer.alloc(0);
  private input: Buffer = this.carry;
  /** Whether the file ends with `input`. */
  private last = false;
  /** The run of `input` that is taken over as it is, `runStart` to `runEnd`, and the end of the last token. */
  private runStart = 0;
  private runEnd = 0;
  private tokenEnd = 0;
  private output: Buffer = Buffer.alloc(1 << 16);
  private written = 0;
  private count = 0;
  private changeSignals = new Int32Array(1 << 12);
  private changeTimes = new Float64Array(1 << 12);
  /** Offset in the file of the first byte of `input`. */
  private offset: number;
  private line: number;
  private time = 0;
  private firstTime: number | undefined;
  private changes = 0;
  private endsWithNewline = true;
  /** The keyword of the `$dump...` block that is open. */
  private block: string | undefined;
  private inComment = false;

  /**
   * @param signals the chosen variables; a change carries the index in this list
   * @throws TestbenchError for a real variable, for one wider than 262144 bits, and for one id chosen twice
   */
  constructor(file: string, header: VcdHeader, signals: readonly VcdVariable[]) {
    this.file = file;
    this.signals = signals;
    this.widths = Int32Array.from([0, 0, ...signals.map(signal => signal.width)]);
    this.offset = header.bytes;
    this.line = header.lines + 1;
    this.ids = new IdTable(header.variables.map(variable => variable.id));
    signals.forEach((signal, i) => {
      const path = variablePath(signal);
      if (isReal(signal)) throw this.failure(`'${path}' is a real number, and only nets and registers can be read`);
      if (signal.width > widestSignal) throw this.failure(`'${path}' has ${signal.width} bits, and at most ${widestSignal} can be read`);
      if (!this.ids.choose(signal.id, firstWanted + i)) throw this.failure(`'${path}' is chosen twice under the id '${signal.id}', or not declared`);
    });
  }

  /** The changes of the next chunk, as far as they are complete. */
  push(chunk: Buffer): ChangeBlock {
    if (chunk.length > 0) this.endsWithNewline = chunk[chunk.length - 1] === newline;
    const cut = chunk.lastIndexOf(newline) + 1;
    const whole = chunk.subarray(0, cut);
    const head = this.carry.length === 0 ? whole : Buffer.concat([this.carry, whole]);
    if (cut > 0) return this.scan(head, chunk.subarray(cut), false);
    this.carry = Buffer.concat([this.carry, chunk]);
    if (this.carry.length > longestLine) throw this.failure(`a line is longer than ${longestLine} bytes`, this.line);
    return { text: this.output.subarray(0, 0), count: 0, signals: this.changeSignals, times: this.changeTimes };
  }

  /**
   * What was left of the last line.
   * @throws TestbenchError where the file ends inside a token, a comment or a `$dump...` block
   */
  end(): ChangeBlock {
    const block = this.scan(this.carry, Buffer.alloc(0), true);
    if (this.inComment) throw this.truncated('inside a $comment');
    if (this.block !== undefined) throw this.truncated(`inside a ${this.block} block`);
    return block;
  }

  get totals(): ScanTotals {
    return {
      bytes: this.offset + this.carry.length, changes: this.changes, firstTime: this.firstTime,
      lastTime: this.firstTime === undefined ? undefined : this.time, endsWithNewline: this.endsWithNewline,
    };
  }

  /** An error that names the file, and the line where one is to blame. */
  failure(what: string, line?: number): TestbenchError {
    return new TestbenchError('tool', `${this.file}${line === undefined ? '' : `:${line}`}: not a readable VCD file: ${what}.`);
  }

  private scan(input: Buffer, rest: Buffer, last: boolean): ChangeBlock {
    this.input = input;
    this.last = last;
    this.count = 0;
    this.written = 0;
    this.runStart = this.runEnd = this.tokenEnd = 0;
    if (this.output.length < input.length) this.output = Buffer.alloc(2 * input.length);
    if (this.changeSignals.length < input.length / 2) {
      this.changeSignals = new Int32Array(input.length);
      this.changeTimes = new Float64Array(input.length);
    }
    let at = 0;
    while (at < input.length) {
      if (!this.inComment) at = this.regularLines(at);
      if (at >= input.length) break;
      const code = input[at] ?? 0;
      if (isSpace(code)) {
        if (code === newline) this.line++;
        at++;
        continue;
      }
      const line = this.line;
      const end = this.token(at, code);
      if (end === incomplete) {
        this.line = line;
        break;
      }
      this.tokenEnd = at = end;
    }
    this.flushRun();
    this.carry = Buffer.concat([input.subarray(at), rest]);
    this.offset += at;
    this.changes += this.count;
    return {
      text: this.output.subarray(0, this.written), count: this.count, signals: this.changeSignals, times: this.changeTimes,
    };
  }

  /**
   * The fast way over lines as simulators write them: one scalar, one vector of 0 and 1, or one time, ended by a newline. Gives
   * the index of the first line that is anything else, which `token` then reads.
   */
  private regularLines(from: number): number {
    const { input, changeSignals, changeTimes, ids: { short }, widths } = this;
    let { line, count, time, tokenEnd } = this;
    let at = from;
    for (;;) {
      const code = input[at] ?? 0;
      let id = at + 1;
      if (code === hash) {
        let value = 0;
        for (let digit = (input[id] ?? 0) - digit0; digit >= 0 && digit <= 9; digit = (input[++id] ?? 0) - digit0) value = value * 10 + digit;
        if (id - at > safeTimeDigits || id === at + 1 || input[id] !== newline || value < time || this.firstTime === undefined) break;
        time = value;
        this.tokenEnd = tokenEnd;
        this.take(at, id);
        tokenEnd = id;
        at = id + 1;
        line++;
        continue;
      }
      if (code === b) {
        while (((input[id] ?? 0) | 1) === digit1) id++;
        if (id === at + 1 || input[id] !== space) break;
        id++;
      } else if ((code | 1) !== digit1) break;
      let key = 0;
      let end = id;
      for (let digit = (input[end] ?? 0) - space; digit > 0 && digit < 95; digit = (input[++end] ?? 0) - space) key = key * 95 + digit;
      if (input[end] !== newline || end - id > 3) break;
      const entry = short[key] ?? undeclared;
      if (entry === undeclared) break;
      if (entry !== declared) {
        const width = widths[entry] ?? 0;
        if (code === b ? id - at - 2 > width : width !== 1) break;
        changeSignals[count] = entry - firstWanted;
        changeTimes[count++] = time;
        if (this.runEnd === tokenEnd && this.runEnd !== this.runStart) this.runEnd = end;
        else {
          this.tokenEnd = tokenEnd;
          this.take(at, end);
        }
      }
      tokenEnd = end;
      at = end + 1;
      line++;
    }
    this.line = line;
    this.count = count;
    this.time = time;
    this.tokenEnd = tokenEnd;
    return at;
  }

  /** Reads the token at `at`; gives the index behind it, or `incomplete`. */
  private token(at: number, code: number): number {
    if (this.inComment) return this.keyword(at);
    switch (code) {
      case digit0: case digit1: case x: case z: case upperX: case upperZ: return this.scalar(at, code);
      case b: case upperB: return this.vector(at);
      case hash: return this.timestamp(at);
      case r: case upperR: return this.real(at);
      case dollar: return this.keyword(at);
      default: throw this.unexpected(at, 'a value change, a time or a $ keyword is expected');
    }
  }

  private scalar(at: number, code: number): number {
    const id = at + 1;
    const end = this.endOfWord(id);
    const signal = this.lookUp(at, id, end) - firstWanted;
    if (signal >= 0) {
      const width = this.widthOf(signal);
      if (width === 1) this.take(at, end);
      else if (code === digit0 || code === digit1) this.write(code, 1, id, id, id, end);
      else this.write(code, width, id, id, id, end);
      this.record(signal);
    }
    return end;
  }

  private vector(at: number): number {
    const { input } = this;
    const first = at + 1;
    let last = first;
    while (last < input.length && isDigit(input[last] ?? 0)) last++;
    if (last === first || (last < input.length && !isSpace(input[last] ?? 0))) {
      throw this.unexpected(at, 'a vector of the digits 0, 1, x and z is expected');
    }
    const id = this.nextWord(last);
    if (id === incomplete) return this.incomplete('between a vector and its id');
    const end = this.endOfWord(id);
    const signal = this.lookUp(at, id, end) - firstWanted;
    if (signal >= 0) {
      const missing = this.widthOf(signal) - (last - first);
      if (missing < 0) throw this.unexpected(at, `at most ${this.widthOf(signal)} digits are expected for '${this.nameOf(signal)}'`);
      const leading = input[first] ?? 0;
      const extend = missing > 0 && leading !== digit0 && leading !== digit1;
      if (!extend && id === last + 1 && input[last] === space) this.take(at, end);
      else this.write(leading, extend ? missing : 0, first, last, id, end);
      this.record(signal);
    }
    return end;
  }

  private timestamp(at: number): number {
    const { input } = this;
    let value = 0;
    let end = at + 1;
    for (; end < input.length; end++) {
      const code = input[end] ?? 0;
      if (code < digit0 || code > digit9) break;
      value = value * 10 + (code - digit0);
    }
    if (end === at + 1 && end === input.length) throw this.truncated('inside a time');
    if (end === at + 1 || (end < input.length && !isSpace(input[end] ?? 0))) throw this.unexpected(at, 'a time of decimal digits is expected');
    if (value > Number.MAX_SAFE_INTEGER) throw this.unexpected(at, `times up to ${Number.MAX_SAFE_INTEGER} can be read`);
    if (this.firstTime !== undefined && value < this.time) throw this.unexpected(at, `the time goes back from ${this.time}`);
    this.firstTime ??= value;
    this.time = value;
    this.take(at, end);
    return end;
  }

  private real(at: number): number {
    const id = this.nextWord(this.endOfWord(at));
    if (id === incomplete) return this.incomplete('between a real number and its id');
    const end = this.endOfWord(id);
    if (this.lookUp(at, id, end) >= firstWanted) throw this.unexpected(at, 'a value of bits is expected for this id');
    return end;
  }

  private keyword(at: number): number {
    const end = this.endOfWord(at);
    const word = this.input.toString('latin1', at, end);
    if (this.inComment) {
      this.inComment = word !== '$end';
      return end;
    }
    switch (word) {
      case '$comment':
        this.inComment = true;
        return end;
      case '$dumpvars': case '$dumpall': case '$dumpon': case '$dumpoff':
        if (this.block !== undefined) throw this.unexpected(at, `$end of the ${this.block} block is expected`);
        this.block = word;
        return end;
      case '$end':
        if (this.block === undefined) throw this.unexpected(at, 'a value change is expected, as no block is open');
        this.block = undefined;
        return end;
      default:
        throw this.unexpected(at, '$dumpvars, $dumpall, $dumpon, $dumpoff, $comment or $end is expected');
    }
  }

  private endOfWord(from: number): number {
    const { input } = this;
    let end = from;
    while (end < input.length && !isSpace(input[end] ?? 0)) end++;
    return end;
  }

  /** Start of the word after the white space at `from`; `incomplete` where the block ends before it. */
  private nextWord(from: number): number {
    const { input } = this;
    for (let at = from; at < input.length; at++) {
      const code = input[at] ?? 0;
      if (!isSpace(code)) return at;
      if (code === newline) this.line++;
    }
    return incomplete;
  }

  private incomplete(where: string): number {
    if (this.last) throw this.truncated(where);
    return incomplete;
  }

  /** The entry of the table of ids; an id that the header does not declare is an error. */
  private lookUp(at: number, id: number, end: number): number {
    if (end === id && end === this.input.length) throw this.truncated('before the id of a value change');
    const entry = this.ids.find(this.input, id, end);
    if (entry === undeclared) throw this.unexpected(at, `its id '${excerpt(this.input.toString('latin1', id, end))}' is not declared in the header`);
    return entry;
  }

  private widthOf(signal: number): number {
    return this.signals[signal]?.width ?? 1;
  }

  private nameOf(signal: number): string {
    return this.signals[signal]?.name ?? '';
  }

  private record(signal: number): void {
    this.changeSignals[this.count] = signal;
    this.changeTimes[this.count] = this.time;
    this.count++;
  }

  /** Takes a token over as it stands; neighbours go over in one copy. */
  private take(at: number, end: number): void {
    if (this.runEnd !== this.tokenEnd || this.runEnd === this.runStart) {
      this.flushRun();
      this.runStart = at;
    }
    this.runEnd = end;
  }

  private flushRun(): void {
    const length = this.runEnd - this.runStart;
    if (length > 0) {
      this.reserve(length + 1);
      const { input, output } = this;
      if (length > shortRun) output.set(input.subarray(this.runStart, this.runEnd), this.written);
      else for (let i = 0; i < length; i++) output[this.written + i] = input[this.runStart + i] ?? 0;
      output[this.written + length] = newline;
      this.written += length + 1;
    }
    this.runStart = this.runEnd;
  }

  /** Writes a vector of `repeat` digits `digit` and those from `first` to `last`, for the id from `id` to `end`. */
  private write(digit: number, repeat: number, first: number, last: number, id: number, end: number): void {
    this.flushRun();
    this.runStart = this.runEnd = -1;
    const { input } = this;
    this.reserve(repeat + (last - first) + (end - id) + 3);
    const { output } = this;
    let at = this.written;
    output[at++] = b;
    for (let i = 0; i < repeat; i++) output[at++] = digit;
    for (let i = first; i < last; i++) output[at++] = input[i] ?? 0;
    output[at++] = space;
    for (let i = id; i < end; i++) output[at++] = input[i] ?? 0;
    output[at++] = newline;
    this.written = at;
  }

  private reserve(bytes: number): void {
    if (this.written + bytes <= this.output.length) return;
    const grown = Buffer.alloc(2 * (this.written + bytes));
    this.output.copy(grown, 0, 0, this.written);
    this.output = grown;
  }

  private unexpected(at: number, expected: string): TestbenchError {
    const word = this.input.toString('latin1', at, Math.min(this.input.length, at + longestExcerpt)).split('\n')[0] ?? '';
    return this.failure(`at byte ${this.offset + at}, '${excerpt(word)}' was read, but ${expected}`, this.line);
  }

  private truncated(where: string): TestbenchError {
    return this.failure(`the file is cut off: it ends ${where} after ${this.offset + this.input.length} bytes, at time ${this.time}`, this.line);
  }
}

/** Index of a token that is not complete before the end of the block. */
const incomplete = -1;
const shortRun = 64;
/** A '#' and this many digits less one are below 2^53 for sure. */
const safeTimeDigits = 16;
const longestExcerpt = 60;

function isSpace(code: number): boolean {
  return code === newline || code === space || code === carriageReturn || code === tab;
}

function isDigit(code: number): boolean {
  return code === digit0 || code === digit1 || code === x || code === z || code === upperX || code === upperZ;
}
