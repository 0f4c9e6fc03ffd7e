import type { Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import type { Unit } from '../unit.js';
import type { WaveTransactions } from '../waves.js';

/** What the clocks of a run at full speed are, beside those that the unit promises. */
export interface TimingCheck {
  /** Output beats whose clock was promised and compared. */
  readonly beats: number;
  /** The first beat that moved in another clock. */
  readonly violation?: { readonly message: string; readonly cycle: number };
}

/**
 * Holds the clocks in which output beats moved against the unit's promise (`Unit.timing`). The beats themselves must have been compared before.
 * @param waves a run at full speed, from its start
 * @throws TestbenchError of kind 'usage' where the promise is not one clock for every expected beat of an output stream
 */
export function checkTiming(unit: Unit, manifest: Manifest, inputs: Streams, expected: Streams, waves: WaveTransactions): TimingCheck {
  const promised = unit.timing?.(manifest, inputs) ?? {};
  const start = firstInputCycle(manifest, waves);
  let beats = 0;
  let violation: TimingCheck['violation'];
  for (const [stream, clocks] of Object.entries(promised)) {
    const cycles = waves.streams[stream]?.cycles;
    const wanted = expected[stream]?.count;
    if (cycles === undefined || wanted !== clocks.length) {
      throw new TestbenchError('usage', `The timing of ${unit.name} promises ${clocks.length} clock${clocks.length === 1 ? '' : 's'} for the stream '${stream}' of ${manifest.top}; its golden model gives ${wanted ?? 'no'} beats of it.`);
    }
    beats += clocks.length;
    const beat = clocks.findIndex((clock, index) => cycles[index] !== start + clock);
    const cycle = cycles[beat];
    if (cycle === undefined || (violation !== undefined && violation.cycle <= cycle)) continue;
    violation = { cycle, message: `Beat ${beat} of stream '${stream}' moves ${cycle - start} clocks after the first input beat; ${clocks[beat]} were promised.` };
  }
  return violation === undefined ? { beats } : { beats, violation };
}

/** The cycle in which the first beat of any input stream moved. */
function firstInputCycle(manifest: Manifest, waves: WaveTransactions): number {
  const firsts = manifest.streams.flatMap(stream => (stream.direction === 'input' ? [waves.streams[stream.name]?.cycles[0]] : []));
  return Math.min(...firsts.filter(cycle => cycle !== undefined));
}
