import { expect, it } from 'vitest';
import { alternatives, suggestion } from './nearest.js';

it('writes sentences', () => {
  expect(suggestion('lane', ['lanes'], name => `--${name}`)).toBe(' Did you mean --lanes?');
  expect(suggestion('colour', ['lanes'])).toBe('');
  expect([alternatives([]), alternatives(['a']), alternatives(['a', 'b']), alternatives(['a', 'b', 'c'])]).toEqual(['', 'a', 'a or b', 'a, b or c']);
});
