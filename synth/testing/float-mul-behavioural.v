// The 1-5-7 multiplier as its definition reads, for proofs: the exact product as one fixed-point number, cut at the place that its leading one decides.
// Formats as in IEEE 754: {sign, 5 bits of exponent with bias 15, 7 bits of mantissa}; exponent all ones is infinity or NaN.
//
// A significand times a significand, P, at the sum of the exponent fields, E, is P * 2^(E - 44). In `fixed` bit 0 is 2^-44, so that the least subnormal, 2^-21, is bit 23 and
// the least normal number, 2^-14, is bit 30.

`default_nettype none

// Subnormals are kept, and the result is rounded to nearest, ties to even.
module float_mul_gradual (
  input  wire [12:0] in_a,
  input  wire [12:0] in_b,
  output reg  [12:0] out_product
);
  wire sign = in_a[12] ^ in_b[12];
  wire nan_a = in_a[11:7] == 5'd31 && in_a[6:0] != 7'd0;
  wire nan_b = in_b[11:7] == 5'd31 && in_b[6:0] != 7'd0;
  wire infinite_a = in_a[11:0] == 12'hf80;
  wire infinite_b = in_b[11:0] == 12'hf80;
  wire zero_a = in_a[11:0] == 12'd0;
  wire zero_b = in_b[11:0] == 12'd0;

  wire [7:0] significand_a = {in_a[11:7] != 5'd0, in_a[6:0]};
  wire [7:0] significand_b = {in_b[11:7] != 5'd0, in_b[6:0]};
  wire [15:0] product = significand_a * significand_b;
  wire [5:0] exponent_a = in_a[11:7] == 5'd0 ? 6'd1 : {1'b0, in_a[11:7]};
  wire [5:0] exponent_b = in_b[11:7] == 5'd0 ? 6'd1 : {1'b0, in_b[11:7]};
  wire [79:0] fixed = {64'd0, product} << (exponent_a + exponent_b);

  integer place;
  reg [6:0] leading;
  reg [6:0] cut;
  reg [79:0] kept, half, rest;
  reg [13:0] magnitude;
  always @* begin
    leading = 7'd0;
    for (place = 0; place < 80; place = place + 1) if (fixed[place]) leading = place[6:0];
    cut = leading >= 7'd30 ? leading - 7'd7 : 7'd23;
    kept = fixed >> cut;
    rest = fixed - (kept << cut);
    half = 80'd1 << (cut - 7'd1);
    if (rest > half || (rest == half && kept[0])) kept = kept + 80'd1;
    // A significand has its leading one at bit 7, which counts as one step of the exponent: a carry out of the rounding is right by itself.
    magnitude = (leading >= 7'd30 ? {leading - 7'd30, 7'd0} : 14'd0) + kept[13:0];
    if (nan_a || nan_b || (infinite_a && zero_b) || (infinite_b && zero_a)) out_product = 13'h0fc0;
    else if (infinite_a || infinite_b || magnitude >= 14'h0f80) out_product = {sign, 12'hf80};
    else out_product = {sign, magnitude[11:0]};
  end
endmodule

// Subnormals count as zero, and the result is cut off.
module float_mul_flush (
  input  wire [12:0] in_a,
  input  wire [12:0] in_b,
  output reg  [12:0] out_product
);
  wire sign = in_a[12] ^ in_b[12];
  wire nan_a = in_a[11:7] == 5'd31 && in_a[6:0] != 7'd0;
  wire nan_b = in_b[11:7] == 5'd31 && in_b[6:0] != 7'd0;
  wire infinite_a = in_a[11:0] == 12'hf80;
  wire infinite_b = in_b[11:0] == 12'hf80;
  wire zero_a = in_a[11:7] == 5'd0;
  wire zero_b = in_b[11:7] == 5'd0;

  wire [7:0] significand_a = {1'b1, in_a[6:0]};
  wire [7:0] significand_b = {1'b1, in_b[6:0]};
  wire [15:0] product = significand_a * significand_b;
  // The product of two numbers from 1 to below 2 is below 4.
  wire carry = product[15];
  wire signed [7:0] exponent = {3'd0, in_a[11:7]} + {3'd0, in_b[11:7]} + {7'd0, carry} - 8'sd15;

  always @* begin
    if (nan_a || nan_b || (infinite_a && zero_b) || (infinite_b && zero_a)) out_product = 13'h0fc0;
    else if (infinite_a || infinite_b) out_product = {sign, 12'hf80};
    else if (zero_a || zero_b || exponent < 8'sd1) out_product = {sign, 12'd0};
    else if (exponent > 8'sd30) out_product = {sign, 12'hf7f};
    else out_product = {sign, exponent[4:0], carry ? product[14:8] : product[13:7]};
  end
endmodule

`default_nettype wire
