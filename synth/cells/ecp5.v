// Models of the ECP5 cells that synth_ecp5 makes of logic: without timing.

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
