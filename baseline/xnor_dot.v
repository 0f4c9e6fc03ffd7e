`default_nettype none

// xnor_dot: Inner product of bit-planes of activations and weights, by counting ones.
// parameters: length=64 activationPlanes=1 weightPlanes=1 activationAlphabet=pm1 weightAlphabet=pm1
// activationDistances= weightDistances= mask=false accumulate=off flow=stream pipeline=full target=generic
module xnor_dot (
  input  wire              clk,            // clock, rising edge
  input  wire              rst,            // reset, synchronous, active high
  input  wire              in_valid,       // a beat is offered
  output wire              in_ready,       // a beat is accepted
  input  wire [63:0]       in_activation,  // planes of activations, plane 0 in the low bits; 1 x bits(64), element 0 in the low bits
  input  wire [63:0]       in_weight,      // planes of weights, plane 0 in the low bits; 1 x bits(64), element 0 in the low bits
  output wire              out_valid,      // a result is offered
  input  wire              out_ready,      // a result is accepted
  output wire signed [7:0] out_sum         // inner product; s8[-128..127]
);
  reg valid_1;
  reg [2:0] agreement_0_0_0_2_count_0;
  reg [2:0] agreement_0_0_0_2_count_1;
  reg [2:0] agreement_0_0_0_2_count_2;
  reg [2:0] agreement_0_0_0_2_count_3;
  reg [2:0] agreement_0_0_0_2_count_4;
  reg [2:0] agreement_0_0_0_2_count_5;
  reg [1:0] agreement_0_0_0_2_count_6;
  reg [2:0] agreement_0_0_0_2_count_7;
  reg [2:0] agreement_0_0_0_2_count_8;
  reg [7:0] agreement_0_0_0_2_carries;
  reg valid_2;
  reg [3:0] agreement_0_0_0_3_count_0;
  reg [3:0] agreement_0_0_0_3_count_1;
  reg [2:0] agreement_0_0_0_3_count_2;
  reg [3:0] agreement_0_0_0_3_count_3;
  reg [3:0] agreement_0_0_0_3_count_4;
  reg [3:0] agreement_0_0_0_3_carries;
  reg valid_3;
  reg [3:0] agreement_0_0_0_4_count_0;
  reg [4:0] agreement_0_0_0_4_count_1;
  reg [4:0] agreement_0_0_0_4_count_2;
  reg [1:0] agreement_0_0_0_4_carries;
  reg valid_4;
  reg [4:0] agreement_0_0_0_5_count_0;
  reg [5:0] agreement_0_0_0_5_count_1;
  reg agreement_0_0_0_5_carries;
  reg valid_5;
  reg [6:0] counted_0;
  reg valid_6;
  reg signed [7:0] product_0;

  assign out_valid = valid_6;
  wire advance = !valid_6 || out_ready;
  assign in_ready = advance;
  assign out_sum = product_0;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
      valid_3 <= 1'b0;
      valid_4 <= 1'b0;
      valid_5 <= 1'b0;
      valid_6 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
      valid_2 <= valid_1;
      valid_3 <= valid_2;
      valid_4 <= valid_3;
      valid_5 <= valid_4;
      valid_6 <= valid_5;
    end

  wire [63:0] agreement_0_0_0_2_count_0_t0 = ~(in_activation ^ in_weight);
  wire agreement_0_0_0_2_count_0_t1 = agreement_0_0_0_2_count_0_t0[0] ^ agreement_0_0_0_2_count_0_t0[1];
  wire agreement_0_0_0_2_count_0_t2 = agreement_0_0_0_2_count_0_t1 ? agreement_0_0_0_2_count_0_t0[2] : agreement_0_0_0_2_count_0_t0[0];
  wire [2:0] agreement_0_0_0_2_count_0_t3 = {agreement_0_0_0_2_count_0_t2, agreement_0_0_0_2_count_0_t1 ^ agreement_0_0_0_2_count_0_t0[2], 1'b1};
  wire agreement_0_0_0_2_count_0_t4 = agreement_0_0_0_2_count_0_t0[3] ^ agreement_0_0_0_2_count_0_t0[4];
  wire agreement_0_0_0_2_count_0_t5 = agreement_0_0_0_2_count_0_t4 ? agreement_0_0_0_2_count_0_t0[5] : agreement_0_0_0_2_count_0_t0[3];
  wire [2:0] agreement_0_0_0_2_count_0_t6 = {
      agreement_0_0_0_2_count_0_t5, agreement_0_0_0_2_count_0_t4 ^ agreement_0_0_0_2_count_0_t0[5],
      agreement_0_0_0_2_count_0_t0[6]
    };
  wire [3:0] agreement_0_0_0_2_count_0_t7 = agreement_0_0_0_2_count_0_t3 + agreement_0_0_0_2_count_0_t6;
  wire agreement_0_0_0_2_count_1_t0 = agreement_0_0_0_2_count_0_t0[7] ^ agreement_0_0_0_2_count_0_t0[8];
  wire agreement_0_0_0_2_count_1_t1 = agreement_0_0_0_2_count_1_t0 ? agreement_0_0_0_2_count_0_t0[9] : agreement_0_0_0_2_count_0_t0[7];
  wire [2:0] agreement_0_0_0_2_count_1_t2 = {agreement_0_0_0_2_count_1_t1, agreement_0_0_0_2_count_1_t0 ^ agreement_0_0_0_2_count_0_t0[9], 1'b1};
  wire agreement_0_0_0_2_count_1_t3 = agreement_0_0_0_2_count_0_t0[10] ^ agreement_0_0_0_2_count_0_t0[11];
  wire agreement_0_0_0_2_count_1_t4 = agreement_0_0_0_2_count_1_t3 ? agreement_0_0_0_2_count_0_t0[12] : agreement_0_0_0_2_count_0_t0[10];
  wire [2:0] agreement_0_0_0_2_count_1_t5 = {
      agreement_0_0_0_2_count_1_t4, agreement_0_0_0_2_count_1_t3 ^ agreement_0_0_0_2_count_0_t0[12],
      agreement_0_0_0_2_count_0_t0[13]
    };
  wire [3:0] agreement_0_0_0_2_count_1_t6 = agreement_0_0_0_2_count_1_t2 + agreement_0_0_0_2_count_1_t5;
  wire agreement_0_0_0_2_count_2_t0 = agreement_0_0_0_2_count_0_t0[15] ^ agreement_0_0_0_2_count_0_t0[16];
  wire agreement_0_0_0_2_count_2_t1 = agreement_0_0_0_2_count_2_t0 ? agreement_0_0_0_2_count_0_t0[17] : agreement_0_0_0_2_count_0_t0[15];
  wire [2:0] agreement_0_0_0_2_count_2_t2 = {
      agreement_0_0_0_2_count_2_t1, agreement_0_0_0_2_count_2_t0 ^ agreement_0_0_0_2_count_0_t0[17],
      1'b1
    };
  wire agreement_0_0_0_2_count_2_t3 = agreement_0_0_0_2_count_0_t0[18] ^ agreement_0_0_0_2_count_0_t0[19];
  wire agreement_0_0_0_2_count_2_t4 = agreement_0_0_0_2_count_2_t3 ? agreement_0_0_0_2_count_0_t0[20] : agreement_0_0_0_2_count_0_t0[18];
  wire [2:0] agreement_0_0_0_2_count_2_t5 = {
      agreement_0_0_0_2_count_2_t4, agreement_0_0_0_2_count_2_t3 ^ agreement_0_0_0_2_count_0_t0[20],
      agreement_0_0_0_2_count_0_t0[21]
    };
  wire [3:0] agreement_0_0_0_2_count_2_t6 = agreement_0_0_0_2_count_2_t2 + agreement_0_0_0_2_count_2_t5;
  wire agreement_0_0_0_2_count_3_t0 = agreement_0_0_0_2_count_0_t0[22] ^ agreement_0_0_0_2_count_0_t0[23];
  wire agreement_0_0_0_2_count_3_t1 = agreement_0_0_0_2_count_3_t0 ? agreement_0_0_0_2_count_0_t0[24] : agreement_0_0_0_2_count_0_t0[22];
  wire [2:0] agreement_0_0_0_2_count_3_t2 = {
      agreement_0_0_0_2_count_3_t1, agreement_0_0_0_2_count_3_t0 ^ agreement_0_0_0_2_count_0_t0[24],
      1'b1
    };
  wire agreement_0_0_0_2_count_3_t3 = agreement_0_0_0_2_count_0_t0[25] ^ agreement_0_0_0_2_count_0_t0[26];
  wire agreement_0_0_0_2_count_3_t4 = agreement_0_0_0_2_count_3_t3 ? agreement_0_0_0_2_count_0_t0[27] : agreement_0_0_0_2_count_0_t0[25];
  wire [2:0] agreement_0_0_0_2_count_3_t5 = {
      agreement_0_0_0_2_count_3_t4, agreement_0_0_0_2_count_3_t3 ^ agreement_0_0_0_2_count_0_t0[27],
      agreement_0_0_0_2_count_0_t0[28]
    };
  wire [3:0] agreement_0_0_0_2_count_3_t6 = agreement_0_0_0_2_count_3_t2 + agreement_0_0_0_2_count_3_t5;
  wire agreement_0_0_0_2_count_4_t0 = agreement_0_0_0_2_count_0_t0[31] ^ agreement_0_0_0_2_count_0_t0[32];
  wire agreement_0_0_0_2_count_4_t1 = agreement_0_0_0_2_count_4_t0 ? agreement_0_0_0_2_count_0_t0[33] : agreement_0_0_0_2_count_0_t0[31];
  wire [2:0] agreement_0_0_0_2_count_4_t2 = {
      agreement_0_0_0_2_count_4_t1, agreement_0_0_0_2_count_4_t0 ^ agreement_0_0_0_2_count_0_t0[33],
      1'b1
    };
  wire agreement_0_0_0_2_count_4_t3 = agreement_0_0_0_2_count_0_t0[34] ^ agreement_0_0_0_2_count_0_t0[35];
  wire agreement_0_0_0_2_count_4_t4 = agreement_0_0_0_2_count_4_t3 ? agreement_0_0_0_2_count_0_t0[36] : agreement_0_0_0_2_count_0_t0[34];
  wire [2:0] agreement_0_0_0_2_count_4_t5 = {
      agreement_0_0_0_2_count_4_t4, agreement_0_0_0_2_count_4_t3 ^ agreement_0_0_0_2_count_0_t0[36],
      agreement_0_0_0_2_count_0_t0[37]
    };
  wire [3:0] agreement_0_0_0_2_count_4_t6 = agreement_0_0_0_2_count_4_t2 + agreement_0_0_0_2_count_4_t5;
  wire agreement_0_0_0_2_count_5_t0 = agreement_0_0_0_2_count_0_t0[38] ^ agreement_0_0_0_2_count_0_t0[39];
  wire agreement_0_0_0_2_count_5_t1 = agreement_0_0_0_2_count_5_t0 ? agreement_0_0_0_2_count_0_t0[40] : agreement_0_0_0_2_count_0_t0[38];
  wire [2:0] agreement_0_0_0_2_count_5_t2 = {
      agreement_0_0_0_2_count_5_t1, agreement_0_0_0_2_count_5_t0 ^ agreement_0_0_0_2_count_0_t0[40],
      1'b1
    };
  wire agreement_0_0_0_2_count_5_t3 = agreement_0_0_0_2_count_0_t0[41] ^ agreement_0_0_0_2_count_0_t0[42];
  wire agreement_0_0_0_2_count_5_t4 = agreement_0_0_0_2_count_5_t3 ? agreement_0_0_0_2_count_0_t0[43] : agreement_0_0_0_2_count_0_t0[41];
  wire [2:0] agreement_0_0_0_2_count_5_t5 = {
      agreement_0_0_0_2_count_5_t4, agreement_0_0_0_2_count_5_t3 ^ agreement_0_0_0_2_count_0_t0[43],
      agreement_0_0_0_2_count_0_t0[44]
    };
  wire [3:0] agreement_0_0_0_2_count_5_t6 = agreement_0_0_0_2_count_5_t2 + agreement_0_0_0_2_count_5_t5;
  wire agreement_0_0_0_2_count_6_t0 = agreement_0_0_0_2_count_0_t0[53] ^ agreement_0_0_0_2_count_0_t0[54];
  wire agreement_0_0_0_2_count_6_t1 = agreement_0_0_0_2_count_6_t0 ? agreement_0_0_0_2_count_0_t0[55] : agreement_0_0_0_2_count_0_t0[53];
  wire [1:0] agreement_0_0_0_2_count_6_t2 = {agreement_0_0_0_2_count_6_t1, agreement_0_0_0_2_count_6_t0 ^ agreement_0_0_0_2_count_0_t0[55]};
  wire [1:0] agreement_0_0_0_2_count_7_t0 = {
      agreement_0_0_0_2_count_0_t0[56] && agreement_0_0_0_2_count_0_t0[57],
      agreement_0_0_0_2_count_0_t0[56] ^ agreement_0_0_0_2_count_0_t0[57]
    };
  wire [3:0] agreement_0_0_0_2_count_7_t1 = {1'b0, {agreement_0_0_0_2_count_7_t0, 1'b1}} + {2'd0, {agreement_0_0_0_2_count_0_t0[58], agreement_0_0_0_2_count_0_t0[59]}};
  wire agreement_0_0_0_2_count_8_t0 = agreement_0_0_0_2_count_0_t0[46] ^ agreement_0_0_0_2_count_0_t0[47];
  wire agreement_0_0_0_2_count_8_t1 = agreement_0_0_0_2_count_8_t0 ? agreement_0_0_0_2_count_0_t0[48] : agreement_0_0_0_2_count_0_t0[46];
  wire [2:0] agreement_0_0_0_2_count_8_t2 = {
      agreement_0_0_0_2_count_8_t1, agreement_0_0_0_2_count_8_t0 ^ agreement_0_0_0_2_count_0_t0[48],
      1'b1
    };
  wire agreement_0_0_0_2_count_8_t3 = agreement_0_0_0_2_count_0_t0[49] ^ agreement_0_0_0_2_count_0_t0[50];
  wire agreement_0_0_0_2_count_8_t4 = agreement_0_0_0_2_count_8_t3 ? agreement_0_0_0_2_count_0_t0[51] : agreement_0_0_0_2_count_0_t0[49];
  wire [2:0] agreement_0_0_0_2_count_8_t5 = {
      agreement_0_0_0_2_count_8_t4, agreement_0_0_0_2_count_8_t3 ^ agreement_0_0_0_2_count_0_t0[51],
      agreement_0_0_0_2_count_0_t0[52]
    };
  wire [3:0] agreement_0_0_0_2_count_8_t6 = agreement_0_0_0_2_count_8_t2 + agreement_0_0_0_2_count_8_t5;
  wire [4:0] agreement_0_0_0_3_count_0_t0 = {agreement_0_0_0_2_count_0, 1'b1} + {agreement_0_0_0_2_count_1, agreement_0_0_0_2_carries[0]};
  wire [4:0] agreement_0_0_0_3_count_1_t0 = {agreement_0_0_0_2_count_2, 1'b1} + {agreement_0_0_0_2_count_3, agreement_0_0_0_2_carries[1]};
  wire [4:0] agreement_0_0_0_3_count_3_t0 = {2'd0, {agreement_0_0_0_2_count_6, 1'b1}} + {1'b0, {agreement_0_0_0_2_count_7, agreement_0_0_0_2_carries[4]}};
  wire [4:0] agreement_0_0_0_3_count_4_t0 = {agreement_0_0_0_2_count_4, 1'b1} + {agreement_0_0_0_2_count_5, agreement_0_0_0_2_carries[3]};
  wire [5:0] agreement_0_0_0_4_count_1_t0 = {2'd0, {agreement_0_0_0_3_count_2, 1'b1}} + {1'b0, {agreement_0_0_0_3_count_3, agreement_0_0_0_3_carries[1]}};
  wire [5:0] agreement_0_0_0_4_count_2_t0 = {agreement_0_0_0_3_count_0, 1'b1} + {agreement_0_0_0_3_count_1, agreement_0_0_0_3_carries[0]};
  wire [6:0] agreement_0_0_0_5_count_1_t0 = {2'd0, {agreement_0_0_0_4_count_0, 1'b1}} + {1'b0, {agreement_0_0_0_4_count_1, agreement_0_0_0_4_carries[0]}};
  wire [7:0] counted_0_t0 = {2'd0, {agreement_0_0_0_5_count_0, 1'b1}} + {1'b0, {agreement_0_0_0_5_count_1, agreement_0_0_0_5_carries}};

  always @(posedge clk) if (advance) begin
    agreement_0_0_0_2_count_0 <= agreement_0_0_0_2_count_0_t7[3:1];
    agreement_0_0_0_2_count_1 <= agreement_0_0_0_2_count_1_t6[3:1];
    agreement_0_0_0_2_count_2 <= agreement_0_0_0_2_count_2_t6[3:1];
    agreement_0_0_0_2_count_3 <= agreement_0_0_0_2_count_3_t6[3:1];
    agreement_0_0_0_2_count_4 <= agreement_0_0_0_2_count_4_t6[3:1];
    agreement_0_0_0_2_count_5 <= agreement_0_0_0_2_count_5_t6[3:1];
    agreement_0_0_0_2_count_6 <= agreement_0_0_0_2_count_6_t2;
    agreement_0_0_0_2_count_7 <= agreement_0_0_0_2_count_7_t1[3:1];
    agreement_0_0_0_2_count_8 <= agreement_0_0_0_2_count_8_t6[3:1];
    agreement_0_0_0_2_carries <= {
      agreement_0_0_0_2_count_0_t0[63], agreement_0_0_0_2_count_0_t0[62],
      agreement_0_0_0_2_count_0_t0[61], agreement_0_0_0_2_count_0_t0[60],
      agreement_0_0_0_2_count_0_t0[45], agreement_0_0_0_2_count_0_t0[30],
      agreement_0_0_0_2_count_0_t0[29], agreement_0_0_0_2_count_0_t0[14]
    };
    agreement_0_0_0_3_count_0 <= agreement_0_0_0_3_count_0_t0[4:1];
    agreement_0_0_0_3_count_1 <= agreement_0_0_0_3_count_1_t0[4:1];
    agreement_0_0_0_3_count_2 <= agreement_0_0_0_2_count_8;
    agreement_0_0_0_3_count_3 <= agreement_0_0_0_3_count_3_t0[4:1];
    agreement_0_0_0_3_count_4 <= agreement_0_0_0_3_count_4_t0[4:1];
    agreement_0_0_0_3_carries <= {agreement_0_0_0_2_carries[7:5], agreement_0_0_0_2_carries[2]};
    agreement_0_0_0_4_count_0 <= agreement_0_0_0_3_count_4;
    agreement_0_0_0_4_count_1 <= agreement_0_0_0_4_count_1_t0[5:1];
    agreement_0_0_0_4_count_2 <= agreement_0_0_0_4_count_2_t0[5:1];
    agreement_0_0_0_4_carries <= agreement_0_0_0_3_carries[3:2];
    agreement_0_0_0_5_count_0 <= agreement_0_0_0_4_count_2;
    agreement_0_0_0_5_count_1 <= agreement_0_0_0_5_count_1_t0[6:1];
    agreement_0_0_0_5_carries <= agreement_0_0_0_4_carries[1];
    counted_0 <= counted_0_t0[7:1];
    product_0 <= {counted_0, 1'b0} - 8'd64;
  end

  wire unused = &{1'b0, agreement_0_0_0_2_count_0_t7[0], agreement_0_0_0_2_count_1_t6[0], agreement_0_0_0_2_count_2_t6[0], agreement_0_0_0_2_count_3_t6[0], agreement_0_0_0_2_count_4_t6[0], agreement_0_0_0_2_count_5_t6[0], agreement_0_0_0_2_count_7_t1[0], agreement_0_0_0_2_count_8_t6[0], agreement_0_0_0_3_count_0_t0[0], agreement_0_0_0_3_count_1_t0[0], agreement_0_0_0_3_count_3_t0[0], agreement_0_0_0_3_count_4_t0[0], agreement_0_0_0_4_count_1_t0[0], agreement_0_0_0_4_count_2_t0[0], agreement_0_0_0_5_count_1_t0[0], counted_0_t0[0]};
endmodule

`default_nettype wire
