// Inner product of activations of several planes and weights of one, all of +1 and -1: agreements are counted plane by plane, and the counts shifted and added.
module bit_planes #(
  parameter LENGTH = 64,
  parameter PLANES = 4,
  parameter SUM_BITS = 11
) (
  input [PLANES*LENGTH-1:0] in_activation,
  input [LENGTH-1:0] in_weight,
  output reg signed [SUM_BITS-1:0] out_sum
);
  localparam COUNT_BITS = $clog2(LENGTH + 1);
  integer i, plane;
  reg [COUNT_BITS-1:0] equal;
  reg [COUNT_BITS+PLANES-1:0] weighted;
  always @* begin
    weighted = 0;
    for (plane = 0; plane < PLANES; plane = plane + 1) begin
      equal = 0;
      for (i = 0; i < LENGTH; i = i + 1) equal = equal + {in_activation[LENGTH*plane+i] ~^ in_weight[i]};
      weighted = weighted + (equal << plane);
    end
    out_sum = {weighted, 1'b0} - LENGTH * ((1 << PLANES) - 1);
  end
endmodule
