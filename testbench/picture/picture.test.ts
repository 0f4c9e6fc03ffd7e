import { describe, expect, it } from 'vitest';
import type { Beats, Streams } from '../beats.js';
import { compareStreams, type Mismatch } from '../compare.js';
import { checkHandshake } from '../handshake.js';
import type { Manifest } from '../manifest.js';
import { runPipe, type PipeOptions } from '../vcd/testing/pipe-waves.js';
import { withFile } from '../vcd/testing/temporary-file.js';
import { readTransactions, type WaveTransactions } from '../waves.js';
import { pictureAt, pictureOf, type PictureOptions, type WavePicture } from './picture.js';
import { renderSvg } from './svg.js';
import { renderText, wantsColor } from './text.js';

interface Case {
  readonly waves: WaveTransactions;
  readonly manifest: Manifest;
  readonly expected: Streams;
  readonly mismatch: Mismatch;
}

async function failing(beats: number, options: PipeOptions): Promise<Case> {
  const run = runPipe(beats, options);
  const waves = await withFile(run.vcd, file => readTransactions(file, run.manifest));
  const expected = { out: { count: run.sums.length, ports: { out_sum: Int32Array.from(run.sums) } } };
  const seen = Object.fromEntries(Object.entries(waves.streams).map(([name, stream]): [string, Beats] => [name, stream.beats]));
  const { mismatch } = compareStreams(expected, seen, run.manifest);
  if (mismatch === undefined) throw new Error('the run does not fail');
  return { waves, manifest: run.manifest, expected, mismatch };
}

async function picture(beats: number, options: PipeOptions, pictureOptions?: PictureOptions): Promise<WavePicture> {
  const { waves, manifest, mismatch, expected } = await failing(beats, options);
  return pictureOf(waves, manifest, mismatch, expected, pictureOptions);
}

const sixteenLanes: PipeOptions = { lanes: 16, latency: 5, offer: cycle => cycle % 7 !== 3, allow: cycle => cycle % 9 !== 4, faults: { wrongValue: 17 } };

describe('the picture of a mismatch as text', () => {
  it('shows the handshakes, the values, what was expected, and where', async () => {
    const text = renderText(await picture(40, sixteenLanes, { notes: ['lane 0: a = -11, w = 3, product -33'] }));
    expect(text).toBe(`Beat 17 of stream 'out': element 0 of out_sum is -87, expected -88 (cycle 28).

        cycle  21    22    23    24    25    26    27    28    29    30
          clk ▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲
     in_valid ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔
     in_ready ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔
in_activation │#15  │#16  │#17  │┄┄┄┄┄│#18  │#19  │#20  │#21  │#22  │#23
    out_valid ▔▔▔▔▔▔╲▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁╱▔▔▔▔▔
    out_ready ▔▔▔▔▔▔╲▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔
      out_sum │200  │┄┄┄┄┄│24   │-152 │184  │8    │-168 │-87  │┄┄┄┄┄│248
     expected │200  │┄┄┄┄┄│24   │-152 │184  │8    │-168 │-88  │┄┄┄┄┄│248
                                                         ▲▲▲▲

lane 0: a = -11, w = 3, product -33
`);
  });

  it('fits the terminal, whatever its width, and keeps the marked cycle', async () => {
    const notes = [`in_activation = ${'-128 '.repeat(40)}`];
    const shown = await picture(60, { ...sixteenLanes, latency: 14, allow: cycle => cycle % 2 === 0 }, { notes });
    for (const width of [40, 60, 80, 100, 120]) {
      for (const ascii of [false, true]) {
        const lines = renderText(shown, { width, ascii }).split('\n');
        expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width);
        const [ruler, marker] = [lines.find(line => line.trimStart().startsWith('cycle')) ?? '', lines.find(line => /^ *[▲^]+$/.test(line)) ?? ''];
        expect(ruler.slice(marker.search(/[▲^]/)).trim().split(/\s+/)[0]).toBe(String(shown.markedCycle));
      }
    }
  });

  it('is plain unless colour is asked for, and then shows the wrong value red', async () => {
    const shown = await picture(40, sixteenLanes);
    expect(renderText(shown)).not.toContain('\u001b');
    expect(renderText(shown, { ascii: true })).toMatch(/^[ -~\n]*$/);
    const colored = renderText(shown, { color: true });
    expect(colored).toContain('\u001b[1;31m│-87  \u001b[0m');
    expect(colored.replace(/\u001b\[[0-9;]*m/g, '').split('\n').map(line => line.trimEnd())).toEqual(renderText(shown).split('\n'));
  });

  it('asks for colour on terminals that want it', () => {
    expect(wantsColor({ isTTY: true }, {})).toBe(true);
    expect(wantsColor({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColor({}, {})).toBe(false);
    expect(wantsColor({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColor({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });

  it('of a missing beat marks the end of the waves and shows what did not come', async () => {
    const shown = await picture(12, { faults: { dropped: 11 } }, { before: 3 });
    expect(shown.markedCycle).toBe(26);
    expect(shown.lanes.at(-1)).toMatchObject({ name: 'expected', cells: [{ text: '' }, { text: '' }, { text: '' }, { text: '186', state: 'expected' }] });
  });

  it('of one beat too many shows that nothing was expected', async () => {
    const shown = await picture(6, { faults: { duplicated: 5 } });
    expect(shown.title).toBe("Beat 6 of stream 'out' is one too many: 7 beats were seen, 6 expected (cycle 11).");
    const cells = shown.lanes.flatMap(lane => lane.kind === 'bus' ? [[lane.name, lane.cells[shown.markedCycle - shown.firstCycle]?.text]] : []);
    expect(cells).toContainEqual(['expected', 'nothing']);
  });

  it('counts the beats before a window', async () => {
    const { waves, manifest, mismatch, expected } = await failing(40, { ...sixteenLanes });
    const late = runPipe(40, { ...sixteenLanes, window: { first: 22, last: 40 } });
    const window = await withFile(late.vcd, file => readTransactions(file, late.manifest));
    const before = Object.fromEntries(Object.entries(waves.streams).map(([name, stream]) => [name, stream.cycles.filter(cycle => cycle < 22).length]));
    const options = { before: 5 };
    expect(pictureOf(window, manifest, mismatch, expected, { ...options, beatsBefore: before })).toEqual(pictureOf(waves, manifest, mismatch, expected, options));
  });

  it('of a vector notes the elements around the wrong one, as seen and as expected', async () => {
    const { waves, manifest } = await failing(40, sixteenLanes);
    const ports = waves.streams.in?.beats ?? { count: 0, ports: {} };
    const mismatch = { kind: 'value', stream: 'in', port: 'in_activation', beat: 3, element: 15, expected: 0n, seen: -32n } as const;
    const shown = pictureOf(waves, manifest, mismatch, { in: ports });
    expect(shown.notes[0]).toMatch(/^in_activation, elements 0 to 15, seen: {5}(-?\d+ ){15}-?\d+$/);
    expect(renderText(shown)).toMatch(/in_activation .*│-?\d+ /);
  });
});

describe('the picture of a broken handshake', () => {
  it('stands around its cycle, with x where a level is not known', async () => {
    const run = runPipe(12, { faults: { unknownValidCycle: 20 } });
    const waves = await withFile(run.vcd, file => readTransactions(file, run.manifest));
    const [violation] = checkHandshake(waves, run.manifest).violations;
    const shown = pictureAt(waves, run.manifest, violation?.message ?? '', violation?.cycle ?? 0);
    expect(shown).toMatchObject({ markedCycle: 20, title: "Stream 'out', cycle 20: out_valid is x outside reset." });
    expect(renderText(shown, { ascii: true })).toMatch(/out_valid -+.?_+x{5}_+\n/);
    expect(pictureAt(waves, run.manifest, '', 9999).markedCycle).toBe(waves.samples.endCycle - 1);
  });
});

describe('the picture as SVG', () => {
  it('has the cycles, the values, the title and the notes, escaped', async () => {
    const svg = await renderSvg(await picture(40, sixteenLanes, { notes: ['lane 0: a <= 3 && "b"'] }));
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
    for (const text of ['in_activation', '>#17<', '>-87<', '>-88<', '>28<', 'expected -88 (cycle 28).', 'lane 0: a &lt;= 3 &amp;&amp; &quot;b&quot;']) expect(svg).toContain(text);
    expect(svg.match(/<svg[ >]/g)?.length).toBe(svg.match(/<\/svg>/g)?.length);
  });

  it('is the same each time, and grows with its notes', async () => {
    const shown = await picture(40, sixteenLanes);
    const height = (svg: string): number => Number(/ height="(\d+)"/.exec(svg)?.[1]);
    expect(await renderSvg(shown)).toBe(await renderSvg(shown));
    expect(height(await renderSvg({ ...shown, notes: Array<string>(10).fill('note') }))).toBeGreaterThanOrEqual(height(await renderSvg(shown)) + 150);
  });
});
