// A product that is added to a sum in the same clock; the first of a sum begins it anew.
module multiply_accumulate #(parameter ACTIVATION_BITS = 8, parameter WEIGHT_BITS = 8, parameter SUM_BITS = 24) (
  input clk,
  input rst,
  input in_valid,
  input in_first,
  input [ACTIVATION_BITS-1:0] in_activation,
  input [WEIGHT_BITS-1:0] in_weight,
  output reg signed [SUM_BITS-1:0] out_sum
);
  always @(posedge clk)
    if (rst) out_sum <= 0;
    else if (in_valid) out_sum <= (in_first ? 0 : out_sum) + $signed(in_activation) * $signed(in_weight);
endmodule
