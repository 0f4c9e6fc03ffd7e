import { describe, expect, it } from 'vitest';
import { runChild } from './child.js';
import { withinTime } from './time-limit.js';

describe('work within a time limit', () => {
  const asleep = (signal: AbortSignal) => runChild(['sleep', '600'], { signal });

  it('is done, or undefined', async () => {
    expect(await withinTime(60, undefined, () => Promise.resolve('done'))).toBe('done');
    expect(await withinTime(0.05, undefined, asleep)).toBeUndefined();
  });

  it('goes wrong as it does without', async () => {
    await expect(withinTime(60, undefined, () => Promise.reject(new RangeError('its own')))).rejects.toThrow('its own');
    const ended = new RangeError('ended by the caller');
    await expect(withinTime(60, AbortSignal.abort(ended), asleep)).rejects.toBe(ended);
    const caller = new AbortController();
    setTimeout(() => caller.abort(ended), 50);
    await expect(withinTime(60, caller.signal, asleep)).rejects.toBe(ended);
  });
});
