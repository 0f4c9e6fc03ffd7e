// The vendors' primitives that generated Verilog may instance, as tables for proofs: what a primitive takes in and gives stays visible beside it. Read with -icells.

module SB_LUT4(output O, input I0, input I1, input I2, input I3);
  parameter [15:0] LUT_INIT = 16'h0000;
  \$lut #(.WIDTH(4), .LUT(LUT_INIT)) o (.A({I3, I2, I1, I0}), .Y(O));
endmodule

module SB_CARRY(output CO, input I0, input I1, input CI);
  \$lut #(.WIDTH(3), .LUT(8'he8)) co (.A({CI, I1, I0}), .Y(CO));
endmodule

module LUT4(output Z, input A, input B, input C, input D);
  parameter [15:0] INIT = 16'h0000;
  \$lut #(.WIDTH(4), .LUT(INIT)) z (.A({D, C, B, A}), .Y(Z));
endmodule

module CCU2C(output S0, output S1, output COUT, input CIN, input A0, input B0, input C0, input D0, input A1, input B1, input C1, input D1);
  parameter [15:0] INIT0 = 16'h0000;
  parameter [15:0] INIT1 = 16'h0000;
  parameter [23:0] INJECT1_0 = "YES";
  parameter [23:0] INJECT1_1 = "YES";
  localparam HAS_CARRY0 = INJECT1_0 != "YES";
  localparam HAS_CARRY1 = INJECT1_1 != "YES";
  wire propagate0, propagate1, generate0, generate1, carry1;
  \$lut #(.WIDTH(4), .LUT(INIT0)) p0 (.A({D0, C0, B0, A0}), .Y(propagate0));
  \$lut #(.WIDTH(4), .LUT(INIT1)) p1 (.A({D1, C1, B1, A1}), .Y(propagate1));
  \$lut #(.WIDTH(2), .LUT(HAS_CARRY0 ? INIT0[3:0] : 4'h0)) g0 (.A({B0, A0}), .Y(generate0));
  \$lut #(.WIDTH(2), .LUT(HAS_CARRY1 ? INIT1[3:0] : 4'h0)) g1 (.A({B1, A1}), .Y(generate1));
  \$lut #(.WIDTH(3), .LUT(8'hca)) c0 (.A({propagate0, CIN, generate0}), .Y(carry1));
  \$lut #(.WIDTH(3), .LUT(8'hca)) c1 (.A({propagate1, carry1, generate1}), .Y(COUT));
  \$lut #(.WIDTH(2), .LUT(HAS_CARRY0 ? 4'h6 : 4'ha)) s0 (.A({CIN, propagate0}), .Y(S0));
  \$lut #(.WIDTH(2), .LUT(HAS_CARRY1 ? 4'h6 : 4'ha)) s1 (.A({carry1, propagate1}), .Y(S1));
endmodule

module LUT6(output O, input I0, input I1, input I2, input I3, input I4, input I5);
  parameter [63:0] INIT = 64'd0;
  \$lut #(.WIDTH(6), .LUT(INIT)) o (.A({I5, I4, I3, I2, I1, I0}), .Y(O));
endmodule

module LUT6_2(output O6, output O5, input I0, input I1, input I2, input I3, input I4, input I5);
  parameter [63:0] INIT = 64'd0;
  \$lut #(.WIDTH(6), .LUT(INIT)) o6 (.A({I5, I4, I3, I2, I1, I0}), .Y(O6));
  \$lut #(.WIDTH(5), .LUT(INIT[31:0])) o5 (.A({I4, I3, I2, I1, I0}), .Y(O5));
endmodule

module CARRY4(output [3:0] CO, output [3:0] O, input CI, input CYINIT, input [3:0] DI, input [3:0] S);
  wire carry0 = CI | CYINIT;
  \$lut #(.WIDTH(3), .LUT(8'hca)) c0 (.A({S[0], carry0, DI[0]}), .Y(CO[0]));
  \$lut #(.WIDTH(3), .LUT(8'hca)) c1 (.A({S[1], CO[0], DI[1]}), .Y(CO[1]));
  \$lut #(.WIDTH(3), .LUT(8'hca)) c2 (.A({S[2], CO[1], DI[2]}), .Y(CO[2]));
  \$lut #(.WIDTH(3), .LUT(8'hca)) c3 (.A({S[3], CO[2], DI[3]}), .Y(CO[3]));
  assign O = S ^ {CO[2:0], carry0};
endmodule
