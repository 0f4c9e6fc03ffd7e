import { expect, it } from 'vitest';
import { grouped, many } from './many.js';

it('a number of things is one of them or more', () => {
  expect([0, 1, 1152].map(count => many(count, 'beat'))).toEqual(['0 beats', '1 beat', '1152 beats']);
  expect(many(1152, 'beat', grouped)).toBe('1,152 beats');
});
