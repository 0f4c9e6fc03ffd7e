// Sixteen or so products, a register behind each, and behind each level of the tree of their sums.
module mac_tree_pipelined #(
  parameter LANES = 16,
  parameter ACTIVATION_BITS = 8,
  parameter WEIGHT_BITS = 8,
  parameter SUM_BITS = 20
) (
  input clk,
  input [LANES*ACTIVATION_BITS-1:0] in_activation,
  input [LANES*WEIGHT_BITS-1:0] in_weight,
  output signed [SUM_BITS-1:0] out_sum
);
  localparam PRODUCT_BITS = ACTIVATION_BITS + WEIGHT_BITS;
  localparam LEVELS = $clog2(LANES);
  genvar level, i;
  generate
    for (level = 0; level <= LEVELS; level = level + 1) begin : tree
      reg signed [PRODUCT_BITS+level-1:0] value [0:(LANES>>level)-1];
      for (i = 0; i < (LANES >> level); i = i + 1) begin : node
        if (level == 0) begin : leaf
          always @(posedge clk)
            value[i] <= $signed(in_activation[ACTIVATION_BITS*i +: ACTIVATION_BITS]) * $signed(in_weight[WEIGHT_BITS*i +: WEIGHT_BITS]);
        end else begin : sum
          always @(posedge clk) value[i] <= tree[level-1].value[2*i] + tree[level-1].value[2*i+1];
        end
      end
    end
  endgenerate
  assign out_sum = tree[LEVELS].value[0];
endmodule
