// A float with fewer bits of mantissa and the same exponent, to nearest, ties to even: infinity, NaN and subnormal numbers stay what they are.
module float_convert #(parameter EXPONENT_BITS = 5, parameter FROM_MANTISSA_BITS = 10, parameter TO_MANTISSA_BITS = 7) (
  input [EXPONENT_BITS+FROM_MANTISSA_BITS:0] in_value,
  output [EXPONENT_BITS+TO_MANTISSA_BITS:0] out_value
);
  localparam E = EXPONENT_BITS;
  localparam T = TO_MANTISSA_BITS;
  localparam DROPPED = FROM_MANTISSA_BITS - TO_MANTISSA_BITS;
  wire nan = &in_value[FROM_MANTISSA_BITS +: E] && in_value[FROM_MANTISSA_BITS-1:0] != 0;
  wire half = in_value[DROPPED-1];
  wire sticky = (in_value & ((1 << (DROPPED - 1)) - 1)) != 0;
  wire [E+T-1:0] rounded = in_value[DROPPED +: E+T] + (half && (sticky || in_value[DROPPED]));
  assign out_value = nan ? {1'b0, {E{1'b1}}, 1'b1, {(T-1){1'b0}}} : {in_value[E+FROM_MANTISSA_BITS], rounded};
endmodule
