// Product of two floats {sign, exponent, mantissa} with infinity and NaN, to nearest, ties to even; subnormal numbers count as zero.
module float_mul_flush #(parameter EXPONENT_BITS = 5, parameter MANTISSA_BITS = 7) (
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_a,
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_b,
  output reg [EXPONENT_BITS+MANTISSA_BITS:0] out_product
);
  localparam E = EXPONENT_BITS;
  localparam M = MANTISSA_BITS;
  localparam BIAS = (1 << (E - 1)) - 1;
  localparam LAST = (1 << E) - 1;
  wire sign = in_a[E+M] ^ in_b[E+M];
  wire [E-1:0] exponent_a = in_a[M +: E];
  wire [E-1:0] exponent_b = in_b[M +: E];
  wire zero_a = exponent_a == 0;
  wire zero_b = exponent_b == 0;
  wire last_a = &exponent_a;
  wire last_b = &exponent_b;
  wire nan = (last_a && in_a[M-1:0] != 0) || (last_b && in_b[M-1:0] != 0) || (last_a && zero_b) || (last_b && zero_a);
  wire [2*M+1:0] product = {1'b1, in_a[M-1:0]} * {1'b1, in_b[M-1:0]};
  wire carry = product[2*M+1];
  wire [M-1:0] mantissa = carry ? product[2*M -: M] : product[2*M-1 -: M];
  wire half = carry ? product[M] : product[M-1];
  wire sticky = (carry && product[M-1]) || product[M-2:0] != 0;
  wire signed [E+1:0] exponent = $signed({2'b00, exponent_a}) + $signed({2'b00, exponent_b}) + $signed({1'b0, carry}) - BIAS;
  wire signed [E+M+1:0] rounded = $signed({exponent, mantissa}) + $signed({1'b0, half && (sticky || mantissa[0])});
  wire signed [E+1:0] field = rounded[M +: E+2];
  always @*
    if (nan) out_product = {1'b0, {E{1'b1}}, 1'b1, {(M-1){1'b0}}};
    else if (last_a || last_b) out_product = {sign, {E{1'b1}}, {M{1'b0}}};
    else if (zero_a || zero_b || field < 1) out_product = {sign, {(E+M){1'b0}}};
    else if (field >= LAST) out_product = {sign, {E{1'b1}}, {M{1'b0}}};
    else out_product = {sign, rounded[E+M-1:0]};
endmodule
