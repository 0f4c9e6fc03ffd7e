// Inner product of values of +1 and -1, summed as one writes it first.
module xnor_dot #(parameter LENGTH = 64, parameter SUM_BITS = 8) (input [LENGTH-1:0] in_activation, input [LENGTH-1:0] in_weight, output signed [SUM_BITS-1:0] out_sum);
  integer i;
  reg [SUM_BITS-2:0] equal;
  always @* begin
    equal = 0;
    for (i = 0; i < LENGTH; i = i + 1) equal = equal + {in_activation[i] ~^ in_weight[i]};
  end
  assign out_sum = {equal, 1'b0} - LENGTH;
endmodule
