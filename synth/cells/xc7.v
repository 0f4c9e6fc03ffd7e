// Models of the Xilinx 7 series cells that synth_xilinx makes of logic: without timing.

module LUT1(output O, input I0);
  parameter [1:0] INIT = 2'd0;
  assign O = INIT[I0];
endmodule

module LUT2(output O, input I0, input I1);
  parameter [3:0] INIT = 4'd0;
  assign O = INIT[{I1, I0}];
endmodule

module LUT3(output O, input I0, input I1, input I2);
  parameter [7:0] INIT = 8'd0;
  assign O = INIT[{I2, I1, I0}];
endmodule

module LUT4(output O, input I0, input I1, input I2, input I3);
  parameter [15:0] INIT = 16'd0;
  assign O = INIT[{I3, I2, I1, I0}];
endmodule

module LUT5(output O, input I0, input I1, input I2, input I3, input I4);
  parameter [31:0] INIT = 32'd0;
  assign O = INIT[{I4, I3, I2, I1, I0}];
endmodule

module INV(output O, input I);
  assign O = ~I;
endmodule

module FDRE(output reg Q, input C, input CE, input D, input R);
  parameter [0:0] INIT = 1'b0;
  parameter [0:0] IS_C_INVERTED = 1'b0;
  parameter [0:0] IS_D_INVERTED = 1'b0;
  parameter [0:0] IS_R_INVERTED = 1'b0;
  wire clock = C ^ IS_C_INVERTED;
  wire force_value = R ^ IS_R_INVERTED;
  initial Q = INIT;
  always @(posedge clock)
    if (force_value) Q <= 1'b0;
    else if (CE) Q <= D ^ IS_D_INVERTED;
endmodule

module FDSE(output reg Q, input C, input CE, input D, input S);
  parameter [0:0] INIT = 1'b1;
  parameter [0:0] IS_C_INVERTED = 1'b0;
  parameter [0:0] IS_D_INVERTED = 1'b0;
  parameter [0:0] IS_S_INVERTED = 1'b0;
  wire clock = C ^ IS_C_INVERTED;
  wire force_value = S ^ IS_S_INVERTED;
  initial Q = INIT;
  always @(posedge clock)
    if (force_value) Q <= 1'b1;
    else if (CE) Q <= D ^ IS_D_INVERTED;
endmodule

module FDCE(output reg Q, input C, input CE, input D, input CLR);
  parameter [0:0] INIT = 1'b0;
  parameter [0:0] IS_C_INVERTED = 1'b0;
  parameter [0:0] IS_D_INVERTED = 1'b0;
  parameter [0:0] IS_CLR_INVERTED = 1'b0;
  wire clock = C ^ IS_C_INVERTED;
  wire force_value = CLR ^ IS_CLR_INVERTED;
  initial Q = INIT;
  always @(posedge clock or posedge force_value)
    if (force_value) Q <= 1'b0;
    else if (CE) Q <= D ^ IS_D_INVERTED;
endmodule

module FDPE(output reg Q, input C, input CE, input D, input PRE);
  parameter [0:0] INIT = 1'b1;
  parameter [0:0] IS_C_INVERTED = 1'b0;
  parameter [0:0] IS_D_INVERTED = 1'b0;
  parameter [0:0] IS_PRE_INVERTED = 1'b0;
  wire clock = C ^ IS_C_INVERTED;
  wire force_value = PRE ^ IS_PRE_INVERTED;
  initial Q = INIT;
  always @(posedge clock or posedge force_value)
    if (force_value) Q <= 1'b1;
    else if (CE) Q <= D ^ IS_D_INVERTED;
endmodule
