// Sixteen products of signed 8-bit activations and weights, summed as one writes it first.
module mac_tree_16_exact(input [127:0] in_activation, input [127:0] in_weight, output reg signed [19:0] out_sum);
  integer i;
  always @* begin
    out_sum = 20'sd0;
    for (i = 0; i < 16; i = i + 1)
      out_sum = out_sum + $signed(in_activation[8*i +: 8]) * $signed(in_weight[8*i +: 8]);
  end
endmodule
