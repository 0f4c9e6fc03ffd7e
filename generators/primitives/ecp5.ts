import { blackbox, bool, input, literalBool, output, p, type Bool } from '../../hdl/index.js';
import { lookup } from './lookup.js';
import { tableText } from './table.js';

const tableParameter = (doc: string) => p.int({ default: 0, min: 0, max: 0xffff, doc });

/** A LUT of the Lattice ECP5: `Z` is bit {D, C, B, A} of `table`. */
export const lut4 = blackbox({
  name: 'lut4', doc: 'A LUT of four inputs.', module: 'LUT4',
  params: { table: tableParameter('entries of the table, entry 0 lowest') },
  verilogParameters: P => ({ INIT: tableText(P.table, 16) }),
  simulationVerilog: `module LUT4(output Z, input A, input B, input C, input D);
  parameter [15:0] INIT = 16'h0000;
  assign Z = INIT[{D, C, B, A}];
endmodule
`,
  ports: () => ({ Z: output(bool), A: input(bool), B: input(bool), C: input(bool), D: input(bool) }),
  build(_, { Z, A, B, C, D }, P) { Z.drive(lookup(BigInt(P.table), [A, B, C, D])); },
});

/**
 * Two bits of an adder of the ECP5. Of each bit the table says what it propagates, bit {D, C, B, A}, and with its lowest four entries what it generates where it does not
 * propagate, bit {B, A}; the carry goes into the sum and into the next bit. A bit that `cuts` has no carry: its sum is what it propagates, and it generates 0.
 */
export const ccu2c = blackbox({
  name: 'ccu2c', doc: 'Two bits of an adder, with a table before each.', module: 'CCU2C',
  params: {
    table0: tableParameter('table of the lower bit'), table1: tableParameter('table of the upper bit'),
    cuts0: p.bool({ default: false, doc: 'the lower bit has no carry' }), cuts1: p.bool({ default: false, doc: 'the upper bit has no carry' }),
  },
  verilogParameters: P => ({
    INIT0: tableText(P.table0, 16), INIT1: tableText(P.table1, 16), INJECT1_0: P.cuts0 ? '"YES"' : '"NO"', INJECT1_1: P.cuts1 ? '"YES"' : '"NO"',
  }),
  simulationVerilog: `module CCU2C(output S0, output S1, output COUT, input CIN, input A0, input B0, input C0, input D0, input A1, input B1, input C1, input D1);
  parameter [15:0] INIT0 = 16'h0000;
  parameter [15:0] INIT1 = 16'h0000;
  parameter [23:0] INJECT1_0 = "YES";
  parameter [23:0] INJECT1_1 = "YES";
  wire propagate0 = INIT0[{D0, C0, B0, A0}];
  wire propagate1 = INIT1[{D1, C1, B1, A1}];
  wire generate0 = INIT0[{2'b00, B0, A0}] & (INJECT1_0 != "YES");
  wire generate1 = INIT1[{2'b00, B1, A1}] & (INJECT1_1 != "YES");
  wire carry1 = propagate0 ? CIN : generate0;
  assign S0 = propagate0 ^ (CIN & (INJECT1_0 != "YES"));
  assign S1 = propagate1 ^ (carry1 & (INJECT1_1 != "YES"));
  assign COUT = propagate1 ? carry1 : generate1;
endmodule
`,
  ports: () => ({
    S0: output(bool), S1: output(bool), COUT: output(bool), CIN: input(bool),
    A0: input(bool), B0: input(bool), C0: input(bool), D0: input(bool), A1: input(bool), B1: input(bool), C1: input(bool), D1: input(bool),
  }),
  build(_, io, P) {
    const never = literalBool(false);
    const half = (table: number, cuts: boolean, carry: Bool, [a, b, c, d]: readonly [Bool, Bool, Bool, Bool]): { readonly sum: Bool; readonly carry: Bool } => {
      const propagates = lookup(BigInt(table), [a, b, c, d]);
      const generates = cuts ? never : lookup(BigInt(table & 15), [a, b]);
      return { sum: cuts ? propagates : propagates.xor(carry), carry: propagates.mux(carry, generates) };
    };
    const low = half(P.table0, P.cuts0, io.CIN, [io.A0, io.B0, io.C0, io.D0]);
    const high = half(P.table1, P.cuts1, low.carry, [io.A1, io.B1, io.C1, io.D1]);
    io.S0.drive(low.sum);
    io.S1.drive(high.sum);
    io.COUT.drive(high.carry);
  },
});
