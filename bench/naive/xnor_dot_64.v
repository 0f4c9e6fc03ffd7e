// Inner product of 64 values of +1 and -1, summed as one writes it first.
module xnor_dot_64(input [63:0] in_activation, input [63:0] in_weight, output signed [7:0] out_sum);
  integer i;
  reg [6:0] equal;
  always @* begin
    equal = 7'd0;
    for (i = 0; i < 64; i = i + 1)
      equal = equal + {6'd0, in_activation[i] ~^ in_weight[i]};
  end
  assign out_sum = {equal, 1'b0} - 8'd64;
endmodule
