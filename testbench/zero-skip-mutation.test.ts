import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { failingVerdict, mutated } from './testing/mutation.js';
import type { Design } from './verilator/build.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-zero-skip-mutation-'));
afterAll(() => rmSync(directory, { recursive: true }));

const fail = (unit: string, name: string, design: Design): ReturnType<typeof failingVerdict> =>
  failingVerdict(join(directory, name.replaceAll(' ', '-')), unit, design, { vectors: 5000, waveBeats: 800 });

/** What is said of a beat in another clock than the promised one. */
const late = (stream: string): RegExp => new RegExp(`Beat \\d+ of stream '${stream}' moves \\d+ clocks after the first input beat; \\d+ were promised\\.`);

type Mutant = readonly [name: string, design: Design, from: string | RegExp, to: string];

describe.concurrent('a broken zero-skip convolution core is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const tile = { inputChannels: 3, outputChannels: 4, height: 4, width: 4, kernelHeight: 2, kernelWidth: 2, lanes: 2, lookahead: 8, group: 4 } as const;
  const plain = generate('zero-skip-conv', tile);
  const stealing = generate('zero-skip-conv', { ...tile, skip: 'weight+output', balance: 'steal' });
  const padded = generate('zero-skip-conv', { ...tile, padding: 1, skip: 'weight' });
  const mutants: readonly Mutant[] = [
    ['that loses a pair of a group', plain, /wire \[3:0\] group_is_free_t1 = group & (\w+);/, "wire [3:0] group_is_free_t1 = group & $1 & 4'hb;"],
    ['that loses a group of a chunk', plain, /groups_left <= [^;]*;/, "groups_left <= 2'd0;"],
    ['that does a chunk again that is done', plain, '(pushed || (last_push_place != read_place))', '(pushed || (last_push_place != read_place) || pop_is_first)'],
    ['that reads operands of the next chunk', plain, 'pop_context <= contexts[head_place];', 'pop_context <= contexts[read_place];'],
    ['that adds to the sum of the next chunk', plain, 'place_of_sum <= places[product_queue_place];', 'place_of_sum <= places[operand_queue_place];'],
    ['whose lists of chunks lack the last one', plain, 'wire list_grows = list_ends || ', 'wire list_grows = (list_ends && !chunk_is_listed) || '],
    ['that skips no zeros of inputs', plain, /(wire \[7:0\] chunk_pairs = chunk_weight_bits) & [^;]*;/, '$1;'],
    ['that counts a product too many where a queue is empty', plain, 'assign multiplies = pops;', 'assign multiplies = pops || group_moves;'],
    ['that counts no stalls of one lane', plain, /(wire \[1:0\] stalls_counted_t1 = stalls_counted_t0 \+ )2'd2;/, "$12'd1;"],
    ['that takes the sum of the task before along', plain, "(product_is_first ? 32'd0 : running_sum)", "((product_is_first && !read_slot) ? 32'd0 : running_sum)"],
    ['that has one chunk in flight instead of five', generate('zero-skip-conv', { ...tile, runAhead: 2 }), /assign has_room = [^;]*;/, "assign has_room = waiting_count == 3'd0 && !pushed && !chunk_valid;"],
    ['that shows old sums where an output has no pairs', plain, 'out_sum_0 <= lane_0_has_sums ?', 'out_sum_0 <= (lane_0_has_sums || out_slot) ?'],
    ['that takes operands for unsigned', plain, 'product <= $signed(', "product <= $signed({1'b0, 7'h7f} & "],
    ['that ignores the mask of one output channel', stealing, /= round_mask\[0\] \?/, '= (round_mask[0] || rst || round_mask[1]) ?'],
    ['that takes a task from a lane with as many', stealing, '(left < next_left)', '(left <= next_left)'],
    ['that takes the sum of a stolen output from its own lane', stealing, /\(out_sum_0_t0 < read_task\)/, '(out_sum_0_t0 <= read_task)'],
    ['that reads inputs beyond the edge', padded, /tap_0_inside \? 4'hf : 4'h0/, "(tap_0_inside || tap_1_inside) ? 4'hf : 4'h0"],
    ['that changes its result while it waits', plain, 'wire advance = !out_valid || output_ready;', "wire advance = !out_valid || output_ready || out_slot;"],
  ];
  it.each(mutants)('%s', async (name, design, from, to) => {
    const { failure } = await fail('zero-skip-conv', name, mutated(design, from, to));
    expect(['mismatch', 'handshake', 'run']).toContain(failure?.kind);
  });

  it('with the row and column, and the counters that are expected', async () => {
    const { failure } = await fail('zero-skip-conv', 'counter', mutated(plain, /assign output_cycles = output_cycles_t0;/, "assign output_cycles = output_cycles_t0 + 32'd1;"));
    expect(failure?.mismatch?.port).toBe('output_cycles');
    expect(failure?.picture).toMatch(/tile 0, row 0, column 0: input rows 0\.\.1, columns 0\.\.1/);
    expect(failure?.picture).toMatch(/counters of the tile: \d+ cycles, \d+ products, \d+ skipped, \d+ stalls/);
  });

  it.each([
    ['loads no tile while one is computed', '.enable(!(tiles_in_use == 2\'d2))', '.enable(tiles_in_use == 2\'d0)'],
    ['computes no tile while one goes out', '(sums_in_use == 2\'d2)', '(sums_in_use != 2\'d0)'],
  ])('that is right, and late: it %s', async (name, from, to) => {
    const { failure } = await fail('zero-skip-conv', name, mutated(plain, from, to));
    expect(failure?.kind).toBe('timing');
    expect(failure?.message).toMatch(late('output'));
  });
});

describe.concurrent('a broken pruning unit is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const set = generate('prune-unit', { inputChannels: 5, outputChannels: 2, kernelHeight: 1, kernelWidth: 2, group: 4, similarity: true });
  const mutants: readonly Mutant[] = [
    ['that prunes a weight at its threshold', set, /wire is_small = (\w+\[7:0\]) < fine_threshold;/, 'wire is_small = $1 <= fine_threshold;'],
    ['that prunes a run at its threshold', set, 'wire run_is_pruned_t0 = magnitudes < ', 'wire run_is_pruned_t0 = magnitudes <= '],
    ['that takes the threshold of the last channel of a run', set, '(weight_starts_run ? magnitude_threshold : magnitude_of_run)', 'magnitude_threshold'],
    ['that compares with the weights before they were pruned', set, /\(even_runs\[even_weight_t0\] == 1'b1\) \?/, "(even_runs[even_weight_t0] == 1'b1 && rst) ?"],
    ['that prunes even output channels by what came before', set, '(weight_is_odd && run_is_pruned_t1)', 'run_is_pruned_t1'],
    ['whose sum of magnitudes forgets the sign', set, "(fine_weight < 8'sd0) ?", "(fine_weight < -8'sd127) ?"],
    ['that counts zeros as pruned', set, "(is_small && (weight != 8'd0))", 'is_small'],
    ['that loses a group of a coarse word', set, 'weight_in_span == 2\'d3, weight_in_span == 2\'d2', "1'b0, weight_in_span == 2'd2"],
    ['that drops a word when the output stalls', set, 'wire advance = !out_valid_q || out_ready;', 'wire advance = !out_valid_q || out_ready || word_last;'],
    ['that takes weights before their thresholds are there', set, '|| !thresholds_loaded)', ')'],
  ];
  it.each(mutants)('%s', async (name, design, from, to) => {
    const { failure } = await fail('prune-unit', name, mutated(design, from, to));
    expect(['mismatch', 'handshake', 'run']).toContain(failure?.kind);
  });

  it('that is right, and late: it takes no weights while a coarse word and its weights go out', async () => {
    const { failure } = await fail('prune-unit', 'late', mutated(set, "(can_accept_t0 == 2'd2)", "(can_accept_t0 != 2'd0)"));
    expect(failure?.kind).toBe('timing');
    expect(failure?.message).toMatch(late('report'));
  });
});
