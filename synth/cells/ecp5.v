// Models of the ECP5 cells that synth_ecp5 makes of logic: without timing.

module LUT4(output Z, input A, input B, input C, input D);
  parameter [15:0] INIT = 16'h0000;
  assign Z = INIT[{D, C, B, A}];
endmodule

// Two bits of an adder: `INITn` of a LUT4 is the sum without carry, its lowest four bits are what is generated; INJECT1_n "YES" cuts the carry out of bit n.
module CCU2C(output S0, output S1, output COUT, input CIN, input A0, input B0, input C0, input D0, input A1, input B1, input C1, input D1);
  parameter [15:0] INIT0 = 16'h0000;
  parameter [15:0] INIT1 = 16'h0000;
  parameter INJECT1_0 = "YES";
  parameter INJECT1_1 = "YES";
  wire propagate0 = INIT0[{D0, C0, B0, A0}];
  wire propagate1 = INIT1[{D1, C1, B1, A1}];
  wire generate0 = INIT0[{2'b00, B0, A0}] & (INJECT1_0 != "YES");
  wire generate1 = INIT1[{2'b00, B1, A1}] & (INJECT1_1 != "YES");
  wire carry1 = propagate0 ? CIN : generate0;
  assign S0 = propagate0 ^ (CIN & (INJECT1_0 != "YES"));
  assign S1 = propagate1 ^ (carry1 & (INJECT1_1 != "YES"));
  assign COUT = propagate1 ? carry1 : generate1;
endmodule

// A flip-flop with a synchronous or asynchronous set or reset. LSRMODE other than "LSR" is not modelled.
module TRELLIS_FF(output reg Q, input CLK, input LSR, input CE, input DI, input M);
  parameter GSR = "ENABLED";
  parameter [127:0] CEMUX = "1";
  parameter CLKMUX = "CLK";
  parameter LSRMUX = "LSR";
  parameter SRMODE = "LSR_OVER_CE";
  parameter REGSET = "RESET";
  parameter [127:0] LSRMODE = "LSR";
  wire clock = CLK ^ (CLKMUX == "INV");
  wire enable = CEMUX == "1" ? 1'b1 : CEMUX == "0" ? 1'b0 : CE ^ (CEMUX == "INV");
  wire load = LSR ^ (LSRMUX == "INV");
  initial Q = REGSET == "SET";
  generate
    if (SRMODE == "ASYNC") begin : asynchronous
      always @(posedge clock or posedge load)
        if (load) Q <= REGSET == "SET";
        else if (enable) Q <= DI;
    end else begin : synchronous
      always @(posedge clock)
        if (load) Q <= REGSET == "SET";
        else if (enable) Q <= DI;
    end
  endgenerate
endmodule
