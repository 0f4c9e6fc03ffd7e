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

// An 18 x 18 multiplier without registers, signed where SIGNEDA and SIGNEDB say so; a factor comes from the neighbour (SRIA, SRIB) where SOURCEA and SOURCEB say so. With registers it has no model.
module MULT18X18D(
  input A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17,
  input B0, B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17,
  input C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15, C16, C17,
  input SIGNEDA, SIGNEDB, SOURCEA, SOURCEB, CLK0, CLK1, CLK2, CLK3, CE0, CE1, CE2, CE3, RST0, RST1, RST2, RST3,
  input SRIA0, SRIA1, SRIA2, SRIA3, SRIA4, SRIA5, SRIA6, SRIA7, SRIA8, SRIA9, SRIA10, SRIA11, SRIA12, SRIA13, SRIA14, SRIA15, SRIA16, SRIA17,
  input SRIB0, SRIB1, SRIB2, SRIB3, SRIB4, SRIB5, SRIB6, SRIB7, SRIB8, SRIB9, SRIB10, SRIB11, SRIB12, SRIB13, SRIB14, SRIB15, SRIB16, SRIB17,
  output P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17, P18, P19, P20, P21, P22, P23, P24, P25, P26, P27, P28, P29, P30, P31, P32, P33, P34, P35,
  output SIGNEDP
);
  parameter REG_INPUTA_CLK = "NONE";
  parameter REG_INPUTA_CE = "CE0";
  parameter REG_INPUTA_RST = "RST0";
  parameter REG_INPUTB_CLK = "NONE";
  parameter REG_INPUTB_CE = "CE0";
  parameter REG_INPUTB_RST = "RST0";
  parameter REG_INPUTC_CLK = "NONE";
  parameter REG_INPUTC_CE = "CE0";
  parameter REG_INPUTC_RST = "RST0";
  parameter REG_PIPELINE_CLK = "NONE";
  parameter REG_PIPELINE_CE = "CE0";
  parameter REG_PIPELINE_RST = "RST0";
  parameter REG_OUTPUT_CLK = "NONE";
  parameter REG_OUTPUT_CE = "CE0";
  parameter REG_OUTPUT_RST = "RST0";
  parameter [127:0] CLK0_DIV = "ENABLED";
  parameter [127:0] CLK1_DIV = "ENABLED";
  parameter [127:0] CLK2_DIV = "ENABLED";
  parameter [127:0] CLK3_DIV = "ENABLED";
  parameter HIGHSPEED_CLK = "NONE";
  parameter [127:0] GSR = "ENABLED";
  parameter CAS_MATCH_REG = "FALSE";
  parameter [127:0] SOURCEB_MODE = "B_SHIFT";
  parameter [127:0] MULT_BYPASS = "DISABLED";
  parameter [127:0] RESETMODE = "SYNC";
  wire [17:0] a = SOURCEA ? {SRIA17, SRIA16, SRIA15, SRIA14, SRIA13, SRIA12, SRIA11, SRIA10, SRIA9, SRIA8, SRIA7, SRIA6, SRIA5, SRIA4, SRIA3, SRIA2, SRIA1, SRIA0} : {A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
  wire [17:0] b = SOURCEB ? {SRIB17, SRIB16, SRIB15, SRIB14, SRIB13, SRIB12, SRIB11, SRIB10, SRIB9, SRIB8, SRIB7, SRIB6, SRIB5, SRIB4, SRIB3, SRIB2, SRIB1, SRIB0} : {B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
  wire signed [37:0] product = $signed({SIGNEDA & a[17], a}) * $signed({SIGNEDB & b[17], b});
  assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16, P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} = product[35:0];
  assign SIGNEDP = SIGNEDA | SIGNEDB;
  generate
    if (REG_INPUTA_CLK != "NONE" || REG_INPUTB_CLK != "NONE" || REG_INPUTC_CLK != "NONE" || REG_PIPELINE_CLK != "NONE" || REG_OUTPUT_CLK != "NONE" || MULT_BYPASS != "DISABLED") begin : refused
      MULT18X18D_with_registers refused();
    end
  endgenerate
endmodule
