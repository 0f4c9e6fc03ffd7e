// Models of the iCE40 cells that synth_ice40 makes of logic: without timing, flip-flops at 0 when they start, as the device is.

module SB_DFF(output reg Q, input C, input D);
  initial Q = 1'b0;
  always @(posedge C) Q <= D;
endmodule

module SB_DFFSR(output reg Q, input C, input R, input D);
  initial Q = 1'b0;
  always @(posedge C) Q <= R ? 1'b0 : D;
endmodule

module SB_DFFR(output reg Q, input C, input R, input D);
  initial Q = 1'b0;
  always @(posedge C or posedge R)
    if (R) Q <= 1'b0;
    else Q <= D;
endmodule

module SB_DFFSS(output reg Q, input C, input S, input D);
  initial Q = 1'b0;
  always @(posedge C) Q <= S ? 1'b1 : D;
endmodule

module SB_DFFS(output reg Q, input C, input S, input D);
  initial Q = 1'b0;
  always @(posedge C or posedge S)
    if (S) Q <= 1'b1;
    else Q <= D;
endmodule

module SB_DFFE(output reg Q, input C, input E, input D);
  initial Q = 1'b0;
  always @(posedge C) if (E) Q <= D;
endmodule

module SB_DFFESR(output reg Q, input C, input E, input R, input D);
  initial Q = 1'b0;
  always @(posedge C) if (E) Q <= R ? 1'b0 : D;
endmodule

module SB_DFFER(output reg Q, input C, input E, input R, input D);
  initial Q = 1'b0;
  always @(posedge C or posedge R)
    if (R) Q <= 1'b0;
    else if (E) Q <= D;
endmodule

module SB_DFFESS(output reg Q, input C, input E, input S, input D);
  initial Q = 1'b0;
  always @(posedge C) if (E) Q <= S ? 1'b1 : D;
endmodule

module SB_DFFES(output reg Q, input C, input E, input S, input D);
  initial Q = 1'b0;
  always @(posedge C or posedge S)
    if (S) Q <= 1'b1;
    else if (E) Q <= D;
endmodule

module SB_DFFN(output reg Q, input C, input D);
  initial Q = 1'b0;
  always @(negedge C) Q <= D;
endmodule

module SB_DFFNSR(output reg Q, input C, input R, input D);
  initial Q = 1'b0;
  always @(negedge C) Q <= R ? 1'b0 : D;
endmodule

module SB_DFFNR(output reg Q, input C, input R, input D);
  initial Q = 1'b0;
  always @(negedge C or posedge R)
    if (R) Q <= 1'b0;
    else Q <= D;
endmodule

module SB_DFFNSS(output reg Q, input C, input S, input D);
  initial Q = 1'b0;
  always @(negedge C) Q <= S ? 1'b1 : D;
endmodule

module SB_DFFNS(output reg Q, input C, input S, input D);
  initial Q = 1'b0;
  always @(negedge C or posedge S)
    if (S) Q <= 1'b1;
    else Q <= D;
endmodule

module SB_DFFNE(output reg Q, input C, input E, input D);
  initial Q = 1'b0;
  always @(negedge C) if (E) Q <= D;
endmodule

module SB_DFFNESR(output reg Q, input C, input E, input R, input D);
  initial Q = 1'b0;
  always @(negedge C) if (E) Q <= R ? 1'b0 : D;
endmodule

module SB_DFFNER(output reg Q, input C, input E, input R, input D);
  initial Q = 1'b0;
  always @(negedge C or posedge R)
    if (R) Q <= 1'b0;
    else if (E) Q <= D;
endmodule

module SB_DFFNESS(output reg Q, input C, input E, input S, input D);
  initial Q = 1'b0;
  always @(negedge C) if (E) Q <= S ? 1'b1 : D;
endmodule

module SB_DFFNES(output reg Q, input C, input E, input S, input D);
  initial Q = 1'b0;
  always @(negedge C or posedge S)
    if (S) Q <= 1'b1;
    else if (E) Q <= D;
endmodule
