// Sum of products of unsigned activations, of which the bits from the leading one down are kept, and two's complement weights: a multiplier and a shifter in each lane.
module mac_tree_kept #(
  parameter LANES = 16,
  parameter ACTIVATION_BITS = 8,
  parameter KEPT_BITS = 4,
  parameter WEIGHT_BITS = 8,
  parameter SUM_BITS = 20
) (
  input [LANES*ACTIVATION_BITS-1:0] in_activation,
  input [LANES*WEIGHT_BITS-1:0] in_weight,
  output reg signed [SUM_BITS-1:0] out_sum
);
  integer i, j;
  reg [ACTIVATION_BITS-1:0] activation;
  reg [4:0] amount;
  reg [KEPT_BITS-1:0] kept;
  reg signed [KEPT_BITS+WEIGHT_BITS-1:0] product;
  reg signed [ACTIVATION_BITS+WEIGHT_BITS-1:0] shifted;
  always @* begin
    out_sum = 0;
    for (i = 0; i < LANES; i = i + 1) begin
      activation = in_activation[ACTIVATION_BITS*i +: ACTIVATION_BITS];
      amount = 0;
      for (j = KEPT_BITS; j < ACTIVATION_BITS; j = j + 1) if (activation[j]) amount = j - KEPT_BITS + 1;
      kept = activation >> amount;
      product = $signed({1'b0, kept}) * $signed(in_weight[WEIGHT_BITS*i +: WEIGHT_BITS]);
      shifted = product;
      shifted = shifted <<< amount;
      out_sum = out_sum + shifted;
    end
  end
endmodule
