import { bool, elaborate, generator, manifest, verilog } from '../../hdl/index.js';
import { coreParameters } from '../../generators/zero-skip-conv/core-parameters.js';
import type { CoreParameters } from '../../generators/zero-skip-conv/shape.js';
import { zeroSkipConv } from '../../generators/zero-skip-conv/zero-skip-conv.js';
import { pruneUnit } from '../../generators/prune-unit/prune-unit.js';
import { tool, type Generated } from '../../generators/index.js';
import type { ZeroSkipParameters } from '../../golden/index.js';

type PruneParameters = Parameters<typeof pruneUnit.spec.ports>[0];
type ConvolutionParameters = Parameters<typeof zeroSkipConv.spec.ports>[0];

/** The pruning unit that goes with a core: all its steps. */
function pruningOf({ inputChannels, outputChannels, kernelHeight, kernelWidth, weightBits, group }: CoreParameters): PruneParameters {
  return { inputChannels, outputChannels, kernelHeight, kernelWidth, weightBits, group, fine: true, magnitude: true, similarity: true };
}

/** The ports of the pruning unit but for its words, and of the core but for its weights. */
function ports(P: ConvolutionParameters) {
  const { threshold_valid, threshold_ready, threshold_fine, threshold_magnitude, threshold_similarity, in_valid, in_ready, in_weight, report_valid, report_ready, report_reads, report_fine, report_runs, report_kept } = pruneUnit.spec.ports(pruningOf(P));
  const { clk, rst, input_valid, input_ready, input_data, output_valid, output_ready, output_sum, output_last, output_cycles, output_products, output_skipped, output_stalls } = zeroSkipConv.spec.ports(P);
  return {
    clk, rst, threshold_valid, threshold_ready, threshold_fine, threshold_magnitude, threshold_similarity, in_valid, in_ready, in_weight, input_valid, input_ready, input_data,
    output_valid, output_ready, output_sum, output_last, output_cycles, output_products, output_skipped, output_stalls,
    report_valid, report_ready, report_reads, report_fine, report_runs, report_kept,
  };
}

/**
 * The pruning unit before the zero-skip convolution: dense weights go in, are read once, and what is left of them goes on in compressed words. For compressed inputs and modes
 * that skip no outputs.
 */
export const prunedCore = generator({
  name: 'pruned-core',
  doc: 'Pruning and zero-skipping convolution, one behind the other.',
  params: coreParameters,
  ports,
  build(m, io, P) {
    m.domain(io.clk, { reset: io.rst });
    const takesWord = m.wire('takes_word', bool);
    const pruned = m.inst('prune', pruneUnit, pruningOf(P), {
      clk: io.clk, rst: io.rst, threshold_valid: io.threshold_valid, threshold_fine: io.threshold_fine, threshold_magnitude: io.threshold_magnitude,
      threshold_similarity: io.threshold_similarity, in_valid: io.in_valid, in_weight: io.in_weight, out_ready: takesWord.q, report_ready: io.report_ready,
    });
    m.unused(pruned.out_last);
    const core = m.inst('core', zeroSkipConv, P, {
      clk: io.clk, rst: io.rst, weight_valid: pruned.out_valid, weight_data: pruned.out_data, input_valid: io.input_valid, input_data: io.input_data, output_ready: io.output_ready,
      input_value: undefined, mask_valid: undefined, mask_needed: undefined,
    });
    takesWord.drive(core.weight_ready);
    if (pruned.threshold_ready !== undefined) io.threshold_ready?.drive(pruned.threshold_ready);
    for (const port of ['in_ready', 'report_valid'] as const) io[port].drive(pruned[port]);
    for (const port of ['report_reads', 'report_fine', 'report_runs', 'report_kept'] as const) io[port].drive(pruned[port]);
    for (const port of ['input_ready', 'output_valid', 'output_last'] as const) io[port].drive(core[port]);
    for (const port of ['output_cycles', 'output_products', 'output_skipped', 'output_stalls'] as const) io[port].drive(core[port]);
    io.output_sum.drive(core.output_sum);
    const words = (prefix: string, ...names: readonly string[]): readonly string[] => names.map(name => `${prefix}_${name}`);
    m.promise({
      flow: 'stream', interval: 1,
      streams: [
        { name: 'threshold', direction: 'input', valid: 'threshold_valid', ready: 'threshold_ready', payload: words('threshold', 'fine', 'magnitude', 'similarity') },
        { name: 'in', direction: 'input', valid: 'in_valid', ready: 'in_ready', payload: ['in_weight'] },
        { name: 'input', direction: 'input', valid: 'input_valid', ready: 'input_ready', payload: ['input_data'] },
        {
          name: 'output', direction: 'output', valid: 'output_valid', ready: 'output_ready', last: 'output_last',
          payload: words('output', 'sum', 'last', 'cycles', 'products', 'skipped', 'stalls'),
        },
        { name: 'report', direction: 'output', valid: 'report_valid', ready: 'report_ready', payload: words('report', 'reads', 'fine', 'runs', 'kept') },
      ],
    });
  },
});

/** Verilog and manifest of both units, one behind the other. Throws an HdlError for parameters that do not go together. */
export function generatePrunedCore(parameters: ZeroSkipParameters): Generated {
  const design = elaborate(prunedCore, { ...parameters });
  return { verilog: verilog(design, { sourceLines: true }), manifest: manifest(design, tool) };
}
