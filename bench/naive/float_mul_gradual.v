// Product of two floats {sign, exponent, mantissa} as IEEE 754 has it: infinity, NaN and subnormal numbers, to nearest, ties to even.
module float_mul_gradual #(parameter EXPONENT_BITS = 5, parameter MANTISSA_BITS = 7) (
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_a,
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_b,
  output reg [EXPONENT_BITS+MANTISSA_BITS:0] out_product
);
  localparam E = EXPONENT_BITS;
  localparam M = MANTISSA_BITS;
  localparam P = 2 * M + 2;
  localparam BIAS = (1 << (E - 1)) - 1;
  localparam LAST = (1 << E) - 1;
  wire sign = in_a[E+M] ^ in_b[E+M];
  wire [E-1:0] exponent_a = in_a[M +: E];
  wire [E-1:0] exponent_b = in_b[M +: E];
  wire subnormal_a = exponent_a == 0;
  wire subnormal_b = exponent_b == 0;
  wire last_a = &exponent_a;
  wire last_b = &exponent_b;
  wire zero_a = in_a[E+M-1:0] == 0;
  wire zero_b = in_b[E+M-1:0] == 0;
  wire nan = (last_a && in_a[M-1:0] != 0) || (last_b && in_b[M-1:0] != 0) || (last_a && zero_b) || (last_b && zero_a);
  wire [P-1:0] product = {!subnormal_a, in_a[M-1:0]} * {!subnormal_b, in_b[M-1:0]};

  // The leading one goes to the top, as far as the exponent allows; below that, what falls out at the bottom is kept as one sticky bit.
  integer i;
  reg [$clog2(P)-1:0] zeros;
  reg [P-1:0] normal, shifted;
  reg signed [E+1:0] exponent, distance;
  reg sticky;
  reg [E-1:0] field;
  reg [M-1:0] mantissa;
  reg [E+M:0] rounded;
  always @* begin
    zeros = 0;
    for (i = 0; i < P; i = i + 1) if (product[i]) zeros = P - 1 - i;
    normal = product << zeros;
    exponent = $signed({2'b00, exponent_a}) + $signed({1'b0, subnormal_a}) + $signed({2'b00, exponent_b}) + $signed({1'b0, subnormal_b}) - BIAS + 1;
    exponent = exponent - $signed({1'b0, zeros});
    distance = 1 - exponent;
    if (distance > 0) begin
      shifted = normal >> distance;
      sticky = (shifted << distance) != normal;
      field = 0;
    end else begin
      shifted = normal;
      sticky = 0;
      field = exponent[E-1:0];
    end
    mantissa = shifted[P-2 -: M];
    sticky = sticky || shifted[P-M-3:0] != 0;
    rounded = {field, mantissa} + (shifted[P-M-2] && (sticky || mantissa[0]));
    if (nan) out_product = {1'b0, {E{1'b1}}, 1'b1, {(M-1){1'b0}}};
    else if (last_a || last_b || exponent >= LAST || rounded[E+M-1:M] == LAST) out_product = {sign, {E{1'b1}}, {M{1'b0}}};
    else if (zero_a || zero_b) out_product = {sign, {(E+M){1'b0}}};
    else out_product = {sign, rounded[E+M-1:0]};
  end
endmodule
