// A lane that skips zeros, up to its multiplier, as one writes it first: a chunk of pairs is kept in registers with the bits of its non-zeros, a loop finds the first pair of
// which both are not zero, and its operands are selected, all in one clock. A chunk without pairs takes a clock as well.
module zero_skip_operands #(
  parameter PAIRS = 16,
  parameter ACTIVATION_BITS = 8,
  parameter WEIGHT_BITS = 8
) (
  input clk,
  input rst,
  input in_valid,
  output in_ready,
  input [PAIRS-1:0] in_activation_bits,
  input [PAIRS-1:0] in_weight_bits,
  input [PAIRS*ACTIVATION_BITS-1:0] in_activation,
  input [PAIRS*WEIGHT_BITS-1:0] in_weight,
  input in_last,
  output reg out_valid,
  output reg [ACTIVATION_BITS-1:0] out_activation,
  output reg [WEIGHT_BITS-1:0] out_weight,
  output reg out_last
);
  integer i;
  reg busy, last;
  reg [PAIRS-1:0] pairs, rest;
  reg [PAIRS*ACTIVATION_BITS-1:0] activations;
  reg [PAIRS*WEIGHT_BITS-1:0] weights;
  reg [$clog2(PAIRS)-1:0] index;
  assign in_ready = !busy;
  always @* begin
    index = 0;
    for (i = PAIRS - 1; i >= 0; i = i - 1) if (pairs[i]) index = i;
    rest = pairs;
    rest[index] = 0;
  end
  always @(posedge clk) begin
    out_valid <= busy && pairs != 0;
    out_last <= busy && rest == 0 && last;
    out_activation <= activations[ACTIVATION_BITS*index +: ACTIVATION_BITS];
    out_weight <= weights[WEIGHT_BITS*index +: WEIGHT_BITS];
    if (in_valid && in_ready) begin
      busy <= 1;
      last <= in_last;
      pairs <= in_activation_bits & in_weight_bits;
      activations <= in_activation;
      weights <= in_weight;
    end
    if (busy) begin
      pairs <= rest;
      if (rest == 0) busy <= 0;
    end
    if (rst) begin
      busy <= 0;
      out_valid <= 0;
      out_last <= 0;
    end
  end
endmodule
