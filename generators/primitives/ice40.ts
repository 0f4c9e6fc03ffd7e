import { blackbox, bool, input, output, p } from '../../hdl/index.js';
import { lookup } from './lookup.js';
import { tableText } from './table.js';

/** A LUT of the Lattice iCE40: `O` is bit {I3, I2, I1, I0} of `table`. In a logic cell with a carry, `I1` and `I2` are the addends and `I3` the carry in. */
export const sbLut4 = blackbox({
  name: 'sb-lut4', doc: 'A LUT of four inputs.', module: 'SB_LUT4',
  params: { table: p.int({ default: 0, min: 0, max: 0xffff, doc: 'entries of the table, entry 0 lowest' }) },
  verilogParameters: P => ({ LUT_INIT: tableText(P.table, 16) }),
  simulationVerilog: `module SB_LUT4(output O, input I0, input I1, input I2, input I3);
  parameter [15:0] LUT_INIT = 16'h0000;
  assign O = LUT_INIT[{I3, I2, I1, I0}];
endmodule
`,
  ports: () => ({ O: output(bool), I0: input(bool), I1: input(bool), I2: input(bool), I3: input(bool) }),
  build(_, { O, I0, I1, I2, I3 }, P) { O.drive(lookup(BigInt(P.table), [I0, I1, I2, I3])); },
});

/** The carry of a logic cell of the iCE40: the majority of its inputs. */
export const sbCarry = blackbox({
  name: 'sb-carry', doc: 'A carry.', module: 'SB_CARRY', params: {}, verilogParameters: () => ({}),
  simulationVerilog: `module SB_CARRY(output CO, input I0, input I1, input CI);
  assign CO = (I0 & I1) | (I0 & CI) | (I1 & CI);
endmodule
`,
  ports: () => ({ CO: output(bool), I0: input(bool), I1: input(bool), CI: input(bool) }),
  build(_, { CO, I0, I1, CI }) { CO.drive(I0.xor(I1).mux(CI, I0)); },
});
