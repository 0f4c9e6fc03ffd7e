// One lane that skips zeros, as one writes it first: a chunk of pairs is kept in registers with the bits of its non-zeros, a loop finds the first pair of which both are
// not zero, and its operands are selected, multiplied and summed in one clock. A chunk without pairs takes a clock as well.
module zero_skip_lane #(
  parameter PAIRS = 16,
  parameter ACTIVATION_BITS = 8,
  parameter WEIGHT_BITS = 8,
  parameter SUM_BITS = 24
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
  output reg signed [SUM_BITS-1:0] out_sum
);
  integer i;
  reg busy, last;
  reg [PAIRS-1:0] pairs, rest;
  reg [PAIRS*ACTIVATION_BITS-1:0] activations;
  reg [PAIRS*WEIGHT_BITS-1:0] weights;
  reg [$clog2(PAIRS)-1:0] index;
  reg signed [SUM_BITS-1:0] sum, total;
  assign in_ready = !busy;
  always @* begin
    index = 0;
    for (i = PAIRS - 1; i >= 0; i = i - 1) if (pairs[i]) index = i;
    rest = pairs;
    rest[index] = 0;
    total = pairs == 0 ? sum
      : sum + $signed(activations[ACTIVATION_BITS*index +: ACTIVATION_BITS]) * $signed(weights[WEIGHT_BITS*index +: WEIGHT_BITS]);
  end
  always @(posedge clk) begin
    out_valid <= 0;
    if (in_valid && in_ready) begin
      busy <= 1;
      last <= in_last;
      pairs <= in_activation_bits & in_weight_bits;
      activations <= in_activation;
      weights <= in_weight;
    end
    if (busy) begin
      pairs <= rest;
      sum <= total;
      if (rest == 0) begin
        busy <= 0;
        if (last) begin
          out_valid <= 1;
          out_sum <= total;
          sum <= 0;
        end
      end
    end
    if (rst) begin
      busy <= 0;
      out_valid <= 0;
      sum <= 0;
    end
  end
endmodule
