import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestbenchError } from './errors.js';
import { indexText, readNpy, shapeText, writeNpy, type NpyData } from './npy.js';

/** A file built by hand from the published format: magic, version, header length, header, data. */
function file(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = Buffer.from(`${header}\n`, version === 3 ? 'utf8' : 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]), length, text, Buffer.from(data)]);
}

function header(descr: string, shape: string, fortran = false): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
}

function problem(bytes: Uint8Array): string {
  try {
    readNpy(bytes, 'a.npy');
  } catch (error) {
    expect(error).toBeInstanceOf(TestbenchError);
    if (error instanceof TestbenchError) {
      expect(error.kind).toBe('usage');
      return error.message;
    }
  }
  throw new Error('It was accepted.');
}

function values(data: NpyData): readonly (number | bigint)[] {
  return Array.from<number | bigint, number | bigint>(data, value => value);
}

describe('readNpy', () => {
  it.each([
    ['|b1', 'bool', [0, 1, 7], [0, 1, 1]],
    ['|i1', 'int8', [0, 127, 128], [0, 127, -128]],
    ['|u1', 'uint8', [0, 127, 255], [0, 127, 255]],
    ['<i2', 'int16', [1, 0, 0, 128], [1, -32768]],
    ['>i2', 'int16', [1, 0, 128, 0], [256, -32768]],
    ['<u2', 'uint16', [1, 2], [513]],
    ['<i4', 'int32', [255, 255, 255, 255], [-1]],
    ['>u4', 'uint32', [255, 255, 255, 254], [4294967294]],
    ['<i8', 'int64', [0, 0, 0, 0, 0, 0, 0, 128], [-(2n ** 63n)]],
    ['>u8', 'uint64', [255, 0, 0, 0, 0, 0, 0, 1], [0xff00000000000001n]],
    ['<f2', 'float16', [0, 0x3c, 0, 0xc0, 0, 0x64], [1, -2, 1024]],
    ['<f4', 'float32', [0, 0, 0x80, 0x3f], [1]],
    ['>f8', 'float64', [0xc0, 8, 0, 0, 0, 0, 0, 0], [-3]],
    ['=i2', 'int16', [3, 0], [3]],
  ] as const)('reads %s', (descr, type, bytes, expected) => {
    const tensor = readNpy(file(header(descr, `(${expected.length},)`), bytes), 'a.npy');
    expect(tensor.type).toBe(type);
    expect(tensor.shape).toEqual([expected.length]);
    expect(values(tensor.data)).toEqual(expected);
  });

  it.each([1, 2, 3])('reads version %d', version => {
    expect(readNpy(file(header('|u1', '(2, 2)'), [1, 2, 3, 4], version), 'a.npy')).toEqual({ shape: [2, 2], type: 'uint8', data: Uint8Array.of(1, 2, 3, 4) });
  });

  it('gives C order for a file in Fortran order', () => {
    // The 2 x 3 matrix 1 2 3 / 4 5 6, column after column.
    expect(values(readNpy(file(header('|u1', '(2, 3)', true), [1, 4, 2, 5, 3, 6]), 'a.npy').data)).toEqual([1, 2, 3, 4, 5, 6]);
    // Element [i][j][k] of a 2 x 2 x 2 tensor is 100 i + 10 j + k.
    const stored = [0, 100, 10, 110, 1, 101, 11, 111];
    expect(values(readNpy(file(header('|u1', '(2, 2, 2)', true), stored), 'a.npy').data)).toEqual([0, 1, 10, 11, 100, 101, 110, 111]);
  });

  it('reads a single number, an empty tensor, another order of keys and double quotes', () => {
    expect(readNpy(file(header('|u1', '()'), [9]), 'a.npy')).toEqual({ shape: [], type: 'uint8', data: Uint8Array.of(9) });
    expect(readNpy(file(header('|u1', '(0, 16)'), []), 'a.npy').shape).toEqual([0, 16]);
    expect(readNpy(file('{"shape": (2L,), "fortran_order": False, "descr": "|u1"}', [5, 6]), 'a.npy').data).toEqual(Uint8Array.of(5, 6));
  });

  it('says where the first float stands that is no whole number', () => {
    const bytes = [0, 0, 0x80, 0x3f, 0, 0, 0, 0x3f];
    expect(problem(file(header('<f4', '(1, 2)'), bytes))).toBe('a.npy holds float32, and its element [0, 1] is 0.5: only whole numbers are accepted.');
    expect(problem(file(header('<f2', '(1,)'), [0, 0x7e]))).toContain('element [0] is NaN');
    expect(problem(file(header('<f2', '(1,)'), [0, 0x7c]))).toContain('element [0] is Infinity');
  });

  it('refuses what is cut short, at every length', () => {
    const whole = file(header('<i4', '(2, 3)'), new Array<number>(24).fill(1));
    for (let length = 0; length < whole.length; length++) expect(problem(whole.subarray(0, length))).toContain('is cut short');
    expect(problem(whole.subarray(0, -1))).toBe('a.npy is cut short: its shape (2, 3) of int32 needs 24 bytes of data, and 23 are there.');
  });

  it('refuses what is no NPY file of integers', () => {
    expect(problem(Buffer.from('[1, 2, 3]'))).toContain('is no NPY file');
    expect(problem(file(header('|u1', '(1,)'), [1, 2]))).toContain('has bytes too many');
    expect(problem(file(header('<c8', '(1,)'), new Array<number>(8).fill(0)))).toContain("elements of type '<c8'");
    expect(problem(file("{'descr': [('x', '<i4')], 'fortran_order': False, 'shape': (1,)}", [0, 0, 0, 0]))).toContain('structured elements');
    expect(problem(file("{'descr': '|u1', 'fortran_order': False}", [0]))).toContain('without a shape');
    expect(problem(file("{'descr': '|u1', 'shape': (-1,)}", [0]))).toContain('without a shape');
    expect(problem(file('nonsense', [0]))).toContain('a header that is not one of NPY');
    expect(problem(file(header('|u1', '(1,)'), [0], 4))).toContain('version 4.0');
  });
});

describe('writeNpy', () => {
  it('writes the published layout', () => {
    const bytes = Buffer.from(writeNpy([2, 2], Int16Array.of(1, -1, 2, -2)));
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const begin = 10 + bytes.readUInt16LE(8);
    expect(begin % 64).toBe(0);
    expect(bytes.toString('latin1', 10, begin)).toMatch(/^\{'descr': '<i2', 'fortran_order': False, 'shape': \(2, 2\), \} *\n$/);
    expect([...bytes.subarray(begin)]).toEqual([1, 0, 255, 255, 2, 0, 254, 255]);
  });

  it('writes what is read back the same', () => {
    const tensors: fc.Arbitrary<NpyData> = fc.oneof(
      fc.int8Array(), fc.uint8Array(), fc.int16Array(), fc.uint16Array(), fc.int32Array(), fc.uint32Array(), fc.bigInt64Array(), fc.bigUint64Array(),
    );
    fc.assert(fc.property(tensors, data => {
      expect(readNpy(writeNpy([data.length, 1], data), 'a.npy')).toMatchObject({ shape: [data.length, 1], data });
    }));
  });

  it('refuses a shape of another size', () => {
    expect(() => writeNpy([2, 2], Uint8Array.of(1))).toThrow(RangeError);
  });
});

describe('texts', () => {
  it('writes shapes and positions', () => {
    expect([shapeText([]), shapeText([3]), shapeText([3, 4])]).toEqual(['()', '(3,)', '(3, 4)']);
    expect([indexText(0, [3]), indexText(7, [2, 4]), indexText(23, [2, 3, 4])]).toEqual(['[0]', '[1, 3]', '[1, 2, 3]']);
  });
});
