import type { Writable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import { TestbenchError } from '../errors.js';

/** Which build of vcd-stream reads the value changes. */
export type VcdBackEnd = 'native' | 'wasm';

/**
 * One value change as the parser saw it. Bit i of `value` and `unknown` speaks of bit i of the signal: where `unknown` is 0
 * the bit is that of `value`; where it is 1 the bit is x (value 0) or z (value 1).
 */
export type ParsedChange = (id: string, value: bigint, unknown: bigint) => void;

/** A vcd-stream parser that stands behind its declarations and takes value changes. */
export interface ChangeParser {
  readonly backEnd: VcdBackEnd;
  /** The last time that it reads right. */
  readonly lastTime: number;
  /** Parses whole lines; the listener has been called for each change in them when the promise is fulfilled. It must not throw. */
  write(text: Buffer): Promise<void>;
  /** The last time that was read. */
  time(): number;
}

type CreateNative = typeof import('vcd-stream/lib/parser.js').default;

interface WasmBuild {
  readonly create: typeof import('vcd-stream/lib/web-vcd-parser.js').default;
  readonly module: import('vcd-stream/out/vcd.js').VcdModule;
}

/** A bigger chunk is copied to the WebAssembly stack, which overflows near 128 KiB. */
const wasmChunkBytes = 1 << 16;
const nativeChunkBytes = 1 << 18;
/** The WebAssembly build reads a time with a 32-bit `strtoul`, and a bigger one stands still there without a word. */
const lastWasmTime = 2 ** 32 - 1;

/** The only declaration it ever sees: a chunk that ends inside the declarations corrupts what it holds. */
const endOfDeclarations = Buffer.from('$enddefinitions $end\n');

let native: Promise<CreateNative | undefined> | undefined;
let wasm: Promise<WasmBuild> | undefined;

/** Whether the native build of vcd-stream loads here: its installation says nothing when its compilation failed. */
export async function nativeBuildLoads(): Promise<boolean> {
  return await nativeBuild() !== undefined;
}

/**
 * A parser of the given build, or of the native one where it loads, else of the WebAssembly one. Both builds keep their
 * buffers in static memory, so only one parser may be at work at a time: see `exclusively`.
 * @throws TestbenchError where the build that is asked for does not load
 */
export async function createChangeParser(listener: ParsedChange, backEnd?: VcdBackEnd): Promise<ChangeParser> {
  const create = backEnd === 'wasm' ? undefined : await nativeBuild();
  if (create !== undefined) return nativeParser(create, listener);
  if (backEnd === 'native') throw new TestbenchError('tool', 'The native build of vcd-stream does not load here.', { hint: 'Run `npm rebuild vcd-stream`, or use the WebAssembly build.' });
  return wasmParser(listener);
}

let queue: Promise<unknown> = Promise.resolve();

/** Runs the tasks of all callers one after the other. */
export function exclusively<T>(task: () => Promise<T>): Promise<T> {
  const result = queue.then(task);
  queue = result.catch(() => undefined);
  return result;
}

async function nativeParser(create: CreateNative, listener: ParsedChange): Promise<ChangeParser> {
  const parser = create();
  parser.change.any((id, _time, command, value, mask) => {
    if (command >= firstVector) listener(id, value, mask);
    else listener(id, scalarValue(command), scalarUnknown(command));
  });
  await write(parser, endOfDeclarations, nativeChunkBytes);
  return {
    backEnd: 'native', lastTime: Number.MAX_SAFE_INTEGER, time: () => Number(parser.getTime()),
    write: text => write(parser, text, nativeChunkBytes),
  };
}

async function wasmParser(listener: ParsedChange): Promise<ChangeParser> {
  wasm ??= loadWasm();
  const { create, module } = await wasm;
  const parser = await create(module);
  parser.change.any((id, _time, command, value, mask) => {
    if (command >= firstVector) listener(id, value ?? 0n, mask ?? 0n);
    else listener(id, scalarValue(command), scalarUnknown(command));
  });
  await write(parser, endOfDeclarations, wasmChunkBytes);
  return {
    backEnd: 'wasm', lastTime: lastWasmTime, time: () => Number(BigInt.asUintN(32, parser.getTime())),
    write: text => write(parser, text, wasmChunkBytes),
  };
}

/** The addon is loaded in the main thread only: its static buffers would be shared by the threads. */
function nativeBuild(): Promise<CreateNative | undefined> {
  native ??= isMainThread ? import('vcd-stream/lib/parser.js').then(build => build.default, () => undefined) : Promise.resolve(undefined);
  return native;
}

async function loadWasm(): Promise<WasmBuild> {
  try {
    const [{ default: create }, { default: createModule }] = await Promise.all([
      import('vcd-stream/lib/web-vcd-parser.js'), import('vcd-stream/out/vcd.js'),
    ]);
    return { create, module: await createModule() };
  } catch (cause) {
    throw new TestbenchError('tool', 'No build of vcd-stream loads here, neither the native nor the WebAssembly one.', { hint: 'Run `npm install` again.', cause });
  }
}

/** Hands the text on in chunks that end with a line where one fits. */
async function write(parser: Writable, text: Buffer, chunkBytes: number): Promise<void> {
  for (let from = 0; from < text.length;) {
    const fits = Math.min(text.length, from + chunkBytes);
    const lineEnd = fits === text.length ? fits : text.lastIndexOf(newline, fits - 1) + 1;
    const to = lineEnd > from ? lineEnd : fits;
    const chunk = text.subarray(from, to);
    await new Promise<void>((resolve, reject) => {
      parser.write(chunk, error => { if (error) reject(error); else resolve(); });
    });
    from = to;
  }
}

const newline = 10;
/** The command codes of vcd-stream: 14 and 15 for 0 and 1, 16 and 17 for x, 18 and 19 for z, 30 and above for vectors. */
const firstVector = 30;

function scalarValue(command: number): bigint {
  return command === 14 || command === 16 || command === 17 ? 0n : 1n;
}

function scalarUnknown(command: number): bigint {
  return command === 14 || command === 15 ? 0n : 1n;
}
