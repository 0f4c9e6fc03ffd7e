import { expect, test } from 'vitest';
import { askedOnce } from './asked-once.js';

test('a question is asked once per setting of its variables', async () => {
  let asked = 0;
  const find = askedOnce(['TOOL'], environment => Promise.resolve(`${environment.TOOL ?? 'none'} ${++asked}`));
  expect(await find({ TOOL: 'a', OTHER: '1' })).toBe('a 1');
  expect(await find({ TOOL: 'a', OTHER: '2' })).toBe('a 1');
  expect(await find({ TOOL: 'b' })).toBe('b 2');
  expect(await find({})).toBe('none 3');
});

test('a refusal is not kept', async () => {
  let asked = 0;
  const find = askedOnce([], () => ++asked === 1 ? Promise.reject(new Error('missing')) : Promise.resolve('found'));
  await expect(find()).rejects.toThrow('missing');
  expect(await find()).toBe('found');
  expect(asked).toBe(2);
});
