// As float_mul_flush, in three clocks: product and sum of exponents; the leading one to its place; rounding and special numbers.
module float_mul_pipelined #(parameter EXPONENT_BITS = 5, parameter MANTISSA_BITS = 7) (
  input clk,
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_a,
  input [EXPONENT_BITS+MANTISSA_BITS:0] in_b,
  output reg [EXPONENT_BITS+MANTISSA_BITS:0] out_product
);
  localparam E = EXPONENT_BITS;
  localparam M = MANTISSA_BITS;
  localparam BIAS = (1 << (E - 1)) - 1;
  localparam LAST = (1 << E) - 1;
  wire zero_a = in_a[M +: E] == 0;
  wire zero_b = in_b[M +: E] == 0;
  wire last_a = &in_a[M +: E];
  wire last_b = &in_b[M +: E];
  reg sign_1, sign_2, nan_1, nan_2, infinite_1, infinite_2, zero_1, zero_2, up_2;
  reg [2*M+1:0] product_1;
  reg signed [E+1:0] exponent_1, exponent_2;
  reg [M-1:0] mantissa_2;
  wire carry = product_1[2*M+1];
  wire [M-1:0] mantissa = carry ? product_1[2*M -: M] : product_1[2*M-1 -: M];
  wire half = carry ? product_1[M] : product_1[M-1];
  wire sticky = (carry && product_1[M-1]) || product_1[M-2:0] != 0;
  wire signed [E+M+1:0] rounded = $signed({exponent_2, mantissa_2}) + $signed({1'b0, up_2});
  wire signed [E+1:0] field = rounded[M +: E+2];
  always @(posedge clk) begin
    sign_1 <= in_a[E+M] ^ in_b[E+M];
    nan_1 <= (last_a && in_a[M-1:0] != 0) || (last_b && in_b[M-1:0] != 0) || (last_a && zero_b) || (last_b && zero_a);
    infinite_1 <= last_a || last_b;
    zero_1 <= zero_a || zero_b;
    product_1 <= {1'b1, in_a[M-1:0]} * {1'b1, in_b[M-1:0]};
    exponent_1 <= $signed({2'b00, in_a[M +: E]}) + $signed({2'b00, in_b[M +: E]}) - BIAS;

    sign_2 <= sign_1;
    nan_2 <= nan_1;
    infinite_2 <= infinite_1;
    zero_2 <= zero_1;
    exponent_2 <= exponent_1 + $signed({1'b0, carry});
    mantissa_2 <= mantissa;
    up_2 <= half && (sticky || mantissa[0]);

    if (nan_2) out_product <= {1'b0, {E{1'b1}}, 1'b1, {(M-1){1'b0}}};
    else if (infinite_2) out_product <= {sign_2, {E{1'b1}}, {M{1'b0}}};
    else if (zero_2 || field < 1) out_product <= {sign_2, {(E+M){1'b0}}};
    else if (field >= LAST) out_product <= {sign_2, {E{1'b1}}, {M{1'b0}}};
    else out_product <= {sign_2, rounded[E+M-1:0]};
  end
endmodule
