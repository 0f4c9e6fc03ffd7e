// The number of ones of a pattern, counted as one writes it first.
module ones_counter #(parameter LENGTH = 64, parameter COUNT_BITS = 7) (input [LENGTH-1:0] in_pattern, output reg [COUNT_BITS-1:0] out_count);
  integer i;
  always @* begin
    out_count = 0;
    for (i = 0; i < LENGTH; i = i + 1) out_count = out_count + in_pattern[i];
  end
endmodule
