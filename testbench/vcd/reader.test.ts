import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nativeBuildLoads, readVcd, type VcdBackEnd, type VcdReadOptions, type VcdSummary } from './reader.js';
import type { VcdVariable } from './header.js';
import { readPlain, type PlainChange } from './testing/plain-reader.js';
import { withFile } from './testing/temporary-file.js';

interface Outcome {
  readonly changes: readonly PlainChange[];
  readonly summary: VcdSummary;
}

/** All changes of the chosen variables, spelt as the plain reader spells them. */
async function read(file: string, options: VcdReadOptions = {}, choose: (variable: VcdVariable) => boolean = () => true): Promise<Outcome> {
  const changes: PlainChange[] = [];
  let signals: readonly VcdVariable[] = [];
  const summary = await readVcd(file, header => {
    const ids = new Map(header.variables.filter(v => v.kind !== 'real' && choose(v)).map(v => [v.id, v]));
    return signals = [...ids.values()];
  }, (signal, time, value, unknown) => {
    const { id = '', width = 1 } = signals[signal] ?? {};
    changes.push({ id, time, digits: digitsOf(value, unknown, width) });
  }, options);
  return { changes, summary };
}

function digitsOf(value: bigint, unknown: bigint, width: number): string {
  const values = value.toString(2).padStart(width, '0');
  const unknowns = unknown.toString(2).padStart(width, '0');
  return Array.from(values, (digit, i) => unknowns[i] === '0' ? digit : digit === '0' ? 'x' : 'z').join('');
}

const readText = (text: string, options?: VcdReadOptions): Promise<Outcome> => withFile(text, file => read(file, options));

/** The header of one scope with these variables. */
function declare(variables: readonly { readonly id: string; readonly width: number; readonly kind?: string }[]): string {
  const lines = variables.map(({ id, width, kind = 'wire' }, i) => `$var ${kind} ${width} ${id} n${i} $end\n`);
  return `$timescale 1 ns $end\n$scope module top $end\n${lines.join('')}$upscope $end\n$enddefinitions $end\n`;
}

/** Id codes as the tools count them: '!', '"', …, '~', '!!', …; some far out, where four characters are needed. */
const idCode = fc.oneof(fc.nat(200), fc.nat(94 ** 4)).map(number => {
  let code = '';
  for (let rest = number + 1; rest > 0; rest = Math.floor((rest - 1) / 94)) code += String.fromCharCode(33 + ((rest - 1) % 94));
  return code;
});

const width = fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 70 }), fc.integer({ min: 120, max: 300 }));

const randomVcd = fc.uniqueArray(fc.record({ id: idCode, width }), { selector: v => v.id, minLength: 1, maxLength: 12 }).chain(variables => {
  const blank = fc.constantFrom('\n', '\n', '\n', ' ', '\t', '\r\n', '\n\n');
  const digits = (most: number): fc.Arbitrary<string> => fc.oneof(
    fc.array(fc.constantFrom('0', '1'), { minLength: 1, maxLength: most }),
    fc.array(fc.constantFrom('0', '1', 'x', 'z', 'X', 'Z'), { minLength: 1, maxLength: most }),
  ).map(list => list.join(''));
  const change = fc.constantFrom(...variables).chain(variable => fc.tuple(
    variable.width === 1 ? fc.constantFrom('0', '1', 'x', 'z', 'X', 'Z', 'b1 ', 'bx ', 'B0 ')
      : fc.oneof({ weight: 6, arbitrary: digits(variable.width).map(text => `b${text} `) }, fc.constantFrom('x', 'z', '1', '0', 'b\n0 ')).map(text => text.replace('b\n', 'b')),
    fc.boolean(),
  ).map(([text, breakLine]) => `${breakLine ? text.replace(' ', '\n') : text}${variable.id}`));
  const step = fc.tuple(fc.nat(1000), fc.array(change, { maxLength: 8 }), fc.constantFrom('', '', '', '$dumpvars', '$dumpall', '$dumpoff', '$dumpon', '$comment 1! b1 #7 $end'));
  return fc.tuple(fc.array(step, { maxLength: 30 }), fc.infiniteStream(blank), fc.boolean()).map(([steps, blanks, newlineAtEnd]) => {
    let time = 0;
    const words = steps.flatMap(([delta, changes, block]) => {
      time += delta;
      const opened = block.startsWith('$comment') || block === '' ? [block, ...changes] : [block, ...changes, '$end'];
      return [`#${time}`, ...opened.filter(word => word !== '')];
    });
    const body = words.map((word, i) => i === 0 ? word : `${blanks.next().value}${word}`).join('');
    return `${declare(variables)}${body}${newlineAtEnd ? '\n' : ''}`;
  });
});

let backEnds: readonly VcdBackEnd[] = [];
beforeAll(async () => {
  backEnds = await nativeBuildLoads() ? ['native', 'wasm'] : ['wasm'];
});

describe('the value changes of a VCD file', () => {
  it('agree with the plain reader on random files, in either build, whatever the block size', async () => {
    await fc.assert(fc.asyncProperty(randomVcd, fc.integer({ min: 1, max: 4000 }), async (text, blockBytes) => {
      const expected = readPlain(text).changes;
      for (const backEnd of backEnds) {
        const { changes, summary } = await readText(text, { backEnd, blockBytes });
        expect(changes).toEqual(expected);
        expect(summary).toMatchObject({ backEnd, changes: expected.length, bytes: text.length, endsWithNewline: text.endsWith('\n') });
      }
    }), { numRuns: 150 });
  });

  it.each(['verilator.vcd', 'icarus.vcd'])('agree with the plain reader on %s', async name => {
    const file = new URL(`testing/${name}`, import.meta.url).pathname;
    const { changes } = readPlain(readFileSync(file, 'latin1'));
    for (const backEnd of backEnds) {
      const seen = await read(file, { backEnd });
      expect(seen.changes).toEqual(changes);
      expect(seen.changes.length).toBeGreaterThan(50);
    }
  });

  it('are only those of the chosen variables', async () => {
    const text = `${declare([{ id: '!', width: 4 }, { id: '"', width: 1 }, { id: 'abcd', width: 4 }])}#0\nb1010 !\n1"\nb1111 abcd\n#5\n0"\nb1 !\n`;
    const { changes } = await withFile(text, file => read(file, {}, variable => variable.width === 4));
    expect(changes).toEqual(readPlain(text).changes.filter(change => change.id !== '"'));
  });

  it('of real variables are left out and do not spoil the next vector', async () => {
    const text = `${declare([{ id: '!', width: 8 }, { id: ')', width: 64, kind: 'real' }])}#0\nr1.5 )\nb00100011 !\nr-2.25e-3 )\n#1\nr0\n)\nb1 !\n`;
    for (const backEnd of backEnds) {
      expect((await readText(text, { backEnd })).changes).toEqual([{ id: '!', time: 0, digits: '00100011' }, { id: '!', time: 1, digits: '00000001' }]);
    }
  });

  it('before the first time stand at time 0', async () => {
    const text = `${declare([{ id: '!', width: 1 }])}$dumpvars\nx!\n$end\n#7\n1!\n`;
    for (const backEnd of backEnds) {
      expect((await readText(text, { backEnd })).changes).toEqual([{ id: '!', time: 0, digits: 'x' }, { id: '!', time: 7, digits: '1' }]);
    }
  });

  it('at times beyond 32 bits are placed right in either build', async () => {
    const text = `${declare([{ id: '!', width: 1 }])}#4294967290\n0!\n#4294967300\n1!\n#9007199254740990\n0!\n`;
    for (const backEnd of backEnds) {
      expect((await readText(text, { backEnd })).changes.map(change => change.time)).toEqual([4294967290, 4294967300, 9007199254740990]);
    }
  });

  it('are right for vectors wider than a chunk of the WebAssembly build', async () => {
    const digits = '1x0z'.repeat(40_000);
    const text = `${declare([{ id: '!', width: 160_000 }, { id: '"', width: 3 }])}#0\nb${digits} !\nb101 "\n#1\nbx !\nb11 "\n`;
    const expected = readPlain(text).changes;
    for (const backEnd of backEnds) expect((await readText(text, { backEnd })).changes).toEqual(expected);
  });

  it('of two files read at a time do not mix', async () => {
    const ids = ['!', '"'];
    const texts = ids.map(id => `${declare([{ id, width: 40 }])}${Array.from({ length: 3000 }, (_, i) => `#${i}\nb${(i * 7 + id.charCodeAt(0)).toString(2)} ${id}\n`).join('')}`);
    for (const backEnd of backEnds) {
      const outcomes = await Promise.all(texts.map(text => readText(text, { backEnd, blockBytes: 1000 })));
      expect(outcomes.map(outcome => outcome.changes)).toEqual(texts.map(text => readPlain(text).changes));
    }
  });
});

describe('a file that is no readable VCD', () => {
  const header = declare([{ id: '!', width: 8 }, { id: '"', width: 1 }, { id: 'rr', width: 64, kind: 'real' }]);
  const lines = header.split('\n').length;
  it.each([
    ['cut off inside a vector', '#0\nb1010', `:${lines + 1}: not a readable VCD file: the file is cut off: it ends between a vector and its id after ${header.length + 8} bytes, at time 0.`],
    ['cut off inside a time', '#0\n1"\n#', `:${lines + 2}: not a readable VCD file: the file is cut off: it ends inside a time after ${header.length + 7} bytes, at time 0.`],
    ['cut off before an id', '#3\n1', `:${lines + 1}: not a readable VCD file: the file is cut off: it ends before the id of a value change after ${header.length + 4} bytes, at time 3.`],
    ['cut off inside a block', '#0\n$dumpvars\n1"\n', 'it ends inside a $dumpvars block'],
    ['cut off inside a comment', '#0\n$comment 1"\n', 'it ends inside a $comment'],
    ['cut off after a real number', '#0\nr1.5', 'it ends between a real number and its id'],
    ['unknown id', '#0\n1%\n', `:${lines + 1}: not a readable VCD file: at byte ${header.length + 3}, '1%' was read, but its id '%' is not declared in the header.`],
    ['foreign digit', '#0\nb10u1 !\n', "'b10u1 !' was read, but a vector of the digits 0, 1, x and z is expected"],
    ['too many digits', '#0\nb101010101 !\n', "at most 8 digits are expected for 'n0'"],
    ['time going back', '#5\n1"\n#4\n', `:${lines + 2}: not a readable VCD file: at byte ${header.length + 6}, '#4' was read, but the time goes back from 5.`],
    ['no time', '#5x\n', "'#5x' was read, but a time of decimal digits is expected"],
    ['time too big', '#9007199254740993\n', 'times up to 9007199254740991 can be read'],
    ['foreign word', '#0\n1"\nhello world\n', `:${lines + 2}: not a readable VCD file: at byte ${header.length + 6}, 'hello world' was read, but a value change`],
    ['foreign keyword', '#0\n$dumpnothing $end\n', '$dumpvars, $dumpall, $dumpon, $dumpoff, $comment or $end is expected'],
    ['end of nothing', '#0\n$end\n', 'no block is open'],
    ['block in a block', '#0\n$dumpvars\n$dumpall\n', '$end of the $dumpvars block is expected'],
    ['real number for a net', '#0\nr1.5 !\n', 'a value of bits is expected for this id'],
  ])('is refused with its place: %s', async (_, body, message) => {
    for (const blockBytes of [1, 7, 65536]) {
      await expect(readText(header + body, { blockBytes })).rejects.toThrow(expect.objectContaining({ name: 'TestbenchError', kind: 'tool', message: expect.stringContaining(message) as string }));
    }
  });

  it('such as one that is not there is named', async () => {
    await expect(read('/nonexistent/waves.vcd')).rejects.toThrow("The VCD file '/nonexistent/waves.vcd' cannot be read: ENOENT");
  });

  it('or that the caller gives up ends at once, and the next one is read', async () => {
    const text = `${header}#0\n1"\n#1\n0"\n`;
    await withFile(text, async file => {
      await expect(readVcd(file, h => h.variables.slice(0, 2), () => { throw new Error('enough'); })).rejects.toThrow('enough');
      await expect(read(file, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
      expect((await read(file)).changes).toHaveLength(2);
    });
  });

  it('cannot follow real variables or one variable twice', async () => {
    await withFile(header, async file => {
      await expect(readVcd(file, h => h.variables, () => undefined)).rejects.toThrow("'top.n2' is a real number");
      await expect(readVcd(file, h => h.variables.slice(0, 1).concat(h.variables.slice(0, 1)), () => undefined)).rejects.toThrow("'top.n0' is chosen twice");
    });
  });
});
