import { bits, blackbox, bool, cat, input, literalBool, output, p, type Bool } from '../../hdl/index.js';
import { lookup } from './lookup.js';
import { tableText } from './table.js';

const tables = {
  low: p.int({ default: 0, min: 0, max: 0xffff_ffff, doc: 'entries of the table for I5 = 0, entry 0 lowest' }),
  high: p.int({ default: 0, min: 0, max: 0xffff_ffff, doc: 'entries of the table for I5 = 1, entry 0 lowest' }),
} as const;
const tableOf = (P: { readonly low: number; readonly high: number }): bigint => (BigInt(P.high) << 32n) | BigInt(P.low);
const lutInputs = () => ({ I0: input(bool), I1: input(bool), I2: input(bool), I3: input(bool), I4: input(bool), I5: input(bool) });

/** A LUT of the Xilinx 7 series: `O` is bit {I5, …, I0} of its table. */
export const lut6 = blackbox({
  name: 'lut6', doc: 'A LUT of six inputs.', module: 'LUT6', params: tables,
  verilogParameters: P => ({ INIT: tableText(tableOf(P), 64) }),
  simulationVerilog: `module LUT6(output O, input I0, input I1, input I2, input I3, input I4, input I5);
  parameter [63:0] INIT = 64'd0;
  assign O = INIT[{I5, I4, I3, I2, I1, I0}];
endmodule
`,
  ports: () => ({ O: output(bool), ...lutInputs() }),
  build(_, { O, I0, I1, I2, I3, I4, I5 }, P) { O.drive(lookup(tableOf(P), [I0, I1, I2, I3, I4, I5])); },
});

/** A LUT of the Xilinx 7 series with both of its outputs: `O6` is bit {I5, …, I0} of its table, `O5` bit {0, I4, …, I0}. With `I5` at 1 these are two tables of five inputs. */
export const lut6With2Outputs = blackbox({
  name: 'lut6-2', doc: 'A LUT of six inputs with a second output of five.', module: 'LUT6_2', params: tables,
  verilogParameters: P => ({ INIT: tableText(tableOf(P), 64) }),
  simulationVerilog: `module LUT6_2(output O6, output O5, input I0, input I1, input I2, input I3, input I4, input I5);
  parameter [63:0] INIT = 64'd0;
  assign O6 = INIT[{I5, I4, I3, I2, I1, I0}];
  assign O5 = INIT[{1'b0, I4, I3, I2, I1, I0}];
endmodule
`,
  ports: () => ({ O6: output(bool), O5: output(bool), ...lutInputs() }),
  build(_, { O6, O5, I0, I1, I2, I3, I4, I5 }, P) {
    O6.drive(lookup(tableOf(P), [I0, I1, I2, I3, I4, I5]));
    O5.drive(lookup(BigInt(P.low), [I0, I1, I2, I3, I4]));
  },
});

/** Four bits of the carry chain of the Xilinx 7 series: where `S` is 1 the carry goes through, else it is `DI`; `O` is `S` with the carry into its bit, `CO` the carry out of each. */
export const carry4 = blackbox({
  name: 'carry4', doc: 'Four bits of a carry chain.', module: 'CARRY4', params: {}, verilogParameters: () => ({}),
  simulationVerilog: `module CARRY4(output [3:0] CO, output [3:0] O, input CI, input CYINIT, input [3:0] DI, input [3:0] S);
  wire carry0 = CI | CYINIT;
  wire carry1 = S[0] ? carry0 : DI[0];
  wire carry2 = S[1] ? carry1 : DI[1];
  wire carry3 = S[2] ? carry2 : DI[2];
  wire carry4 = S[3] ? carry3 : DI[3];
  assign CO = {carry4, carry3, carry2, carry1};
  assign O = S ^ {carry3, carry2, carry1, carry0};
endmodule
`,
  ports: () => ({ CO: output(bits(4)), O: output(bits(4)), CI: input(bool), CYINIT: input(bool), DI: input(bits(4)), S: input(bits(4)) }),
  build(_, { CO, O, CI, CYINIT, DI, S }) {
    const carries: Bool[] = [CI.or(CYINIT)];
    for (let i = 0; i < 4; i++) carries.push(S.bit(i).mux(carries[i] ?? literalBool(false), DI.bit(i)));
    CO.drive(cat(...carries.slice(1).reverse()));
    O.drive(S.xor(cat(...carries.slice(0, 4).reverse())));
  },
});
