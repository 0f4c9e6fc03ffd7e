// Inner product of floats {sign, exponent, mantissa} with infinity, NaN and subnormal numbers: exact products, shifted to the largest exponent and summed.
module float_dot #(
  parameter LANES = 16,
  parameter EXPONENT_BITS = 5,
  parameter MANTISSA_BITS = 7,
  parameter GUARD_BITS = 8,
  parameter MAX_SHIFT = 8,
  parameter SUM_BITS = 29
) (
  input [LANES*(EXPONENT_BITS+MANTISSA_BITS+1)-1:0] in_a,
  input [LANES*(EXPONENT_BITS+MANTISSA_BITS+1)-1:0] in_b,
  output reg signed [SUM_BITS-1:0] out_sum,
  output reg [EXPONENT_BITS:0] out_exponent
);
  localparam E = EXPONENT_BITS;
  localparam M = MANTISSA_BITS;
  localparam W = E + M + 1;
  integer i;
  reg [W-1:0] a, b;
  reg [2*M+1:0] product [0:LANES-1];
  reg [E:0] exponent [0:LANES-1];
  reg negative [0:LANES-1];
  reg zero_a, zero_b, nan, infinite_positive, infinite_negative;
  reg [E:0] largest, distance;
  reg [2*M+1+GUARD_BITS:0] aligned;
  reg signed [SUM_BITS-1:0] total;
  always @* begin
    nan = 0;
    infinite_positive = 0;
    infinite_negative = 0;
    largest = 0;
    for (i = 0; i < LANES; i = i + 1) begin
      a = in_a[W*i +: W];
      b = in_b[W*i +: W];
      negative[i] = a[W-1] ^ b[W-1];
      zero_a = a[W-2:0] == 0;
      zero_b = b[W-2:0] == 0;
      if ((&a[M +: E] && (a[M-1:0] != 0 || zero_b)) || (&b[M +: E] && (b[M-1:0] != 0 || zero_a))) nan = 1;
      else if (&a[M +: E] || &b[M +: E]) begin
        if (negative[i]) infinite_negative = 1; else infinite_positive = 1;
      end
      product[i] = {a[M +: E] != 0, a[M-1:0]} * {b[M +: E] != 0, b[M-1:0]};
      exponent[i] = a[M +: E] + (a[M +: E] == 0) + b[M +: E] + (b[M +: E] == 0);
      if (!zero_a && !zero_b && exponent[i] > largest) largest = exponent[i];
    end
    total = 0;
    for (i = 0; i < LANES; i = i + 1) begin
      distance = largest - exponent[i];
      aligned = distance > MAX_SHIFT ? 0 : {product[i], {GUARD_BITS{1'b0}}} >> distance;
      total = negative[i] ? total - $signed({1'b0, aligned}) : total + $signed({1'b0, aligned});
    end
    if (nan || (infinite_positive && infinite_negative)) total = 0;
    else if (infinite_positive) total = 1;
    else if (infinite_negative) total = -1;
    out_sum = total;
    out_exponent = nan || infinite_positive || infinite_negative ? {(E+1){1'b1}} : largest;
  end
endmodule
