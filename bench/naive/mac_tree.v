// Sum of products of activations and two's complement weights, summed as one writes it first.
module mac_tree #(
  parameter LANES = 16,
  parameter ACTIVATION_BITS = 8,
  parameter ACTIVATION_SIGNED = 1,
  parameter WEIGHT_BITS = 8,
  parameter SUM_BITS = 20
) (
  input [LANES*ACTIVATION_BITS-1:0] in_activation,
  input [LANES*WEIGHT_BITS-1:0] in_weight,
  output reg signed [SUM_BITS-1:0] out_sum
);
  integer i;
  generate
    if (ACTIVATION_SIGNED != 0) begin : with_sign
      always @* begin
        out_sum = 0;
        for (i = 0; i < LANES; i = i + 1)
          out_sum = out_sum + $signed(in_activation[ACTIVATION_BITS*i +: ACTIVATION_BITS]) * $signed(in_weight[WEIGHT_BITS*i +: WEIGHT_BITS]);
      end
    end else begin : without_sign
      always @* begin
        out_sum = 0;
        for (i = 0; i < LANES; i = i + 1)
          out_sum = out_sum + $signed({1'b0, in_activation[ACTIVATION_BITS*i +: ACTIVATION_BITS]}) * $signed(in_weight[WEIGHT_BITS*i +: WEIGHT_BITS]);
      end
    end
  endgenerate
endmodule
