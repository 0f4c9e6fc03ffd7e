import { open } from 'node:fs/promises';
import { TestbenchError } from '../errors.js';
import { createChangeParser, exclusively, type VcdBackEnd } from './change-parser.js';
import { ChangeScanner, type ChangeBlock, type ScanTotals } from './change-text.js';
import { VcdHeaderReader, type VcdHeader, type VcdVariable } from './header.js';

export type { VcdBackEnd } from './change-parser.js';
export { nativeBuildLoads } from './change-parser.js';

/**
 * One value change. `signal` is the index in the list of chosen variables, `time` counts the file's timescale.
 * Bit i of `value` and `unknown` is bit i of the variable, over its full width: where `unknown` is 0 the bit is that of
 * `value`; where it is 1 the bit is x (value 0) or z (value 1).
 */
export type ChangeListener = (signal: number, time: number, value: bigint, unknown: bigint) => void;

export interface VcdReadOptions {
  /** The build of vcd-stream to use: by default the native one where it loads, else the WebAssembly one. */
  readonly backEnd?: VcdBackEnd;
  /** Bytes that are read from the file at a time (default 256 KiB). */
  readonly blockBytes?: number;
  readonly signal?: AbortSignal;
}

/** What was read. */
export interface VcdSummary extends ScanTotals {
  readonly backEnd: VcdBackEnd;
  readonly header: VcdHeader;
}

const defaultBlock = 1 << 18;

/**
 * Streams the value changes of chosen variables of a VCD file, in the order of the file. The header is read by this room, the
 * changes by vcd-stream, behind a scanner that lets pass only what it reads right and that checks change by change that it
 * read it: a change that the parser loses or misreads the id of is an error, never silence.
 * @param select the variables to follow, each id once; it may throw
 * @param listener called synchronously for each change; what it throws ends the reading
 * @throws TestbenchError for a file that cannot be read, is cut off inside a token or block, or is no VCD
 */
export async function readVcd(
  file: string, select: (header: VcdHeader) => readonly VcdVariable[], listener: ChangeListener, options: VcdReadOptions = {},
): Promise<VcdSummary> {
  const blocks = readBlocks(file, options.blockBytes ?? defaultBlock, options.signal);
  try {
    const { header, rest } = await readHeader(file, blocks);
    const signals = select(header);
    const scanner = new ChangeScanner(file, header, signals);
    return await exclusively(async () => {
      const checked = new CheckedParser(scanner, signals, listener);
      const backEnd = await checked.open(options.backEnd);
      await checked.parse(scanner.push(rest));
      for await (const block of blocks) await checked.parse(scanner.push(block));
      await checked.parse(scanner.end());
      return { backEnd, header, ...scanner.totals };
    });
  } finally {
    await blocks.return(undefined);
  }
}

/** The header of a VCD file alone. */
export async function readVcdHeader(file: string): Promise<VcdHeader> {
  const blocks = readBlocks(file, defaultBlock);
  try {
    return (await readHeader(file, blocks)).header;
  } finally {
    await blocks.return(undefined);
  }
}

async function readHeader(file: string, blocks: AsyncIterator<Buffer>): Promise<{ header: VcdHeader; rest: Buffer }> {
  const reader = new VcdHeaderReader(file);
  for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) {
    const complete = reader.push(next.value);
    if (complete !== undefined) return { header: complete.header, rest: Buffer.from(complete.rest) };
  }
  throw reader.truncated();
}

/** The file in blocks that are valid until the next one is asked for. */
async function* readBlocks(file: string, bytes: number, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file).catch((cause: unknown) => { throw unreadable(file, cause); });
  try {
    const buffer = Buffer.alloc(bytes);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, bytes).catch((cause: unknown) => { throw unreadable(file, cause); });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, cause: unknown): TestbenchError {
  return new TestbenchError('tool', `The VCD file '${file}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
}

/** vcd-stream with every change that it delivers held against what was put in. */
class CheckedParser {
  private readonly scanner: ChangeScanner;
  private readonly ids: readonly string[];
  private readonly listener: ChangeListener;
  private write: (text: Buffer) => Promise<void> = () => Promise.resolve();
  private parsedTime: () => number = () => 0;
  private lastTime = 0;
  private signals: Int32Array = new Int32Array(0);
  private times: Float64Array = new Float64Array(0);
  private expected = 0;
  private delivered = 0;
  /** The first thing that went wrong; inside the parser's callback nothing may be thrown. */
  private failure: { readonly error: unknown } | undefined;

  constructor(scanner: ChangeScanner, signals: readonly VcdVariable[], listener: ChangeListener) {
    this.scanner = scanner;
    this.ids = signals.map(signal => signal.id);
    this.listener = listener;
  }

  async open(backEnd: VcdBackEnd | undefined): Promise<VcdBackEnd> {
    const parser = await createChangeParser((id, value, unknown) => this.change(id, value, unknown), backEnd);
    this.write = text => parser.write(text);
    this.parsedTime = () => parser.time();
    this.lastTime = parser.lastTime;
    await parser.write(Buffer.from('#0\n'));
    return parser.backEnd;
  }

  async parse(block: ChangeBlock): Promise<void> {
    this.signals = block.signals;
    this.times = block.times;
    this.expected = block.count;
    this.delivered = 0;
    await this.write(block.text);
    if (this.failure !== undefined) throw this.failure.error;
    if (this.delivered !== this.expected) throw this.misread(`${this.delivered} of ${this.expected} value changes came back`);
    const time = this.scanner.totals.lastTime;
    if (time !== undefined && this.parsedTime() !== Math.min(time, this.lastTime)) throw this.misread(`it stands at time ${this.parsedTime()} instead of ${time}`);
  }

  private change(id: string, value: bigint, unknown: bigint): void {
    if (this.failure !== undefined) return;
    const index = this.delivered++;
    const signal = this.signals[index] ?? -1;
    const time = this.times[index] ?? 0;
    if (index >= this.expected || id !== this.ids[signal]) {
      this.failure = { error: this.misread(`it read id '${id}' where the file has '${this.ids[signal] ?? ''}', at time ${time}`) };
      return;
    }
    try {
      this.listener(signal, time, value, unknown);
    } catch (error) {
      this.failure = { error };
    }
  }

  private misread(what: string): TestbenchError {
    return this.scanner.failure(`vcd-stream lost its way before byte ${this.scanner.totals.bytes}: ${what}`);
  }
}
