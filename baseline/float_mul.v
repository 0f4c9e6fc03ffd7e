`default_nettype none

// float_mul: Product of two small floats, by default 1-5-7, or of a float and an integer.
// parameters: exponentBits=5 mantissaBits=7 specials=ieee result=same rounding=nearest-even subnormals=gradual
// second=float flow=stream pipeline=full target=generic dsp=true
module float_mul (
  input  wire        clk,          // clock, rising edge
  input  wire        rst,          // reset, synchronous, active high
  input  wire        in_valid,     // a beat is offered
  output wire        in_ready,     // a beat is accepted
  input  wire [12:0] in_a,         // first operand: sign, exponent, mantissa; bits(13)
  input  wire [12:0] in_b,         // second operand; bits(13)
  output wire        out_valid,    // a result is offered
  input  wire        out_ready,    // a result is accepted
  output wire [12:0] out_product   // product: sign, exponent, mantissa; bits(13)
);
  reg valid_1;
  reg [15:0] significand;
  reg [5:0] exponent;
  reg [2:0] leading_zeros;
  reg exact_negative;
  reg [1:0] exact_kind;
  reg valid_2;
  reg [5:0] exponent_above;
  reg [7:0] kept;
  reg up;
  reg upper;
  reg up_upper;
  reg rounding_negative;
  reg [1:0] rounding_kind;
  reg valid_3;
  reg [13:0] rounded_number;
  reg rounded_upper;
  reg rounded_negative;
  reg [1:0] rounded_kind;
  reg valid_4;
  reg [12:0] product;

  wire one_is_low_t0 = !(|in_a[11:7]);
  wire one_is_low_t1 = !(|in_b[11:7]);
  wire one_is_low = one_is_low_t0 || one_is_low_t1;
  wire [7:0] low_mantissa_t0 = {|in_a[11:7], in_a[6:0]};
  wire [6:0] low_mantissa_t1 = {
      one_is_low_t0, one_is_low_t0, one_is_low_t0, one_is_low_t0, one_is_low_t0, one_is_low_t0,
      one_is_low_t0
    };
  wire [7:0] low_mantissa_t2 = {|in_b[11:7], in_b[6:0]};
  wire [6:0] low_mantissa_t3 = {
      one_is_low_t1, one_is_low_t1, one_is_low_t1, one_is_low_t1, one_is_low_t1, one_is_low_t1,
      one_is_low_t1
    };
  wire [6:0] low_mantissa = (low_mantissa_t0[6:0] & low_mantissa_t1) | (low_mantissa_t2[6:0] & low_mantissa_t3);
  wire [7:0] zeros_above_t0 = {!one_is_low, low_mantissa};
  wire zeros_above_t1 = zeros_above_t0[7] || zeros_above_t0[6];
  wire zeros_above_t2 = zeros_above_t1 || (zeros_above_t0[5] || zeros_above_t0[4]);
  wire zeros_above_t3 = zeros_above_t0[3] || zeros_above_t0[2];
  wire [1:0] zeros_above_t4 = zeros_above_t2 ? {zeros_above_t1, zeros_above_t1 ? zeros_above_t0[7] : zeros_above_t0[5]} : {zeros_above_t3, zeros_above_t3 ? zeros_above_t0[3] : zeros_above_t0[1]};
  wire [2:0] zeros_above = ~{zeros_above_t2, zeros_above_t4};
  wire signed [6:0] exponent_left = {1'b0, exponent} - {2'd0, {2'd2, leading_zeros}};
  wire below_normal = exponent_left < 7'sd0;
  wire [3:0] shift = below_normal ? exponent[3:0] : {1'b0, leading_zeros};
  wire [4:0] sticky_t0 = {exponent < 6'd16, ~shift};
  wire [24:0] sticky_t1 = {significand, 9'h000};
  wire [24:0] sticky_t2 = sticky_t0[4] ? {16'h0000, sticky_t1[24:16]} : sticky_t1;
  wire sticky_t3 = (sticky_t0[4] && (|sticky_t1[15:0])) || (sticky_t0[3] && (|sticky_t2[7:0]));
  wire [16:0] sticky_t4 = sticky_t0[3] ? sticky_t2[24:8] : sticky_t2[16:0];
  wire [12:0] sticky_t5 = sticky_t0[2] ? sticky_t4[16:4] : sticky_t4[12:0];
  wire sticky_t6 = (sticky_t3 || (sticky_t0[2] && (|sticky_t4[3:0]))) || (sticky_t0[1] && (|sticky_t5[1:0]));
  wire [10:0] sticky_t7 = sticky_t0[1] ? sticky_t5[12:2] : sticky_t5[10:0];
  wire sticky = sticky_t6 || (sticky_t0[0] && sticky_t7[0]);
  wire [9:0] rounded_t0 = {
      upper, !upper && kept[7], !upper && !kept[7], 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0,
      upper ? up_upper : up
    };
  wire [13:0] rounded = {exponent_above, kept} + {4'd0, rounded_t0};
  wire full_t0 = rounded_kind[1] && rounded_kind[0];
  wire full_t1 = (rounded_kind[1] && !rounded_kind[0]) || full_t0;
  wire full = full_t1 || (rounded_number[13:12] > 2'd1);
  wire empty = (rounded_kind[0] && !rounded_kind[1]) && !full_t1;
  wire [4:0] field_t0 = {rounded_number[12], rounded_number[11:8]};
  wire [4:0] field = (field_t0 | {full, full, full, full, full}) & {!empty, !empty, !empty, !empty, !empty};
  wire cleared = (&field_t0) || (full || empty);
  assign out_valid = valid_4;
  wire advance = !valid_4 || out_ready;
  assign in_ready = advance;
  assign out_product = product;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
      valid_3 <= 1'b0;
      valid_4 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
      valid_2 <= valid_1;
      valid_3 <= valid_2;
      valid_4 <= valid_3;
    end

  wire exact_kind_t0 = (&in_a[11:7]) || (&in_b[11:7]);
  wire exact_kind_t1 = (one_is_low_t0 && !(|in_a[6:0])) || (one_is_low_t1 && !(|in_b[6:0]));
  wire exact_kind_t2 = (((&in_a[11:7]) && (|in_a[6:0])) || ((&in_b[11:7]) && (|in_b[6:0]))) || (exact_kind_t0 && exact_kind_t1);
  wire exact_kind_t3 = exact_kind_t0 || exact_kind_t2;
  wire [9:0] kept_t0 = sticky_t0[0] ? sticky_t7[10:1] : sticky_t7[9:0];
  wire [6:0] product_t0 = (rounded_upper ? rounded_number[7:1] : rounded_number[6:0]) & {!cleared, !cleared, !cleared, !cleared, !cleared, !cleared, !cleared};

  always @(posedge clk) if (advance) begin
    significand <= low_mantissa_t0 * low_mantissa_t2;
    exponent <= {in_a[11:8], in_a[7] || one_is_low_t0} + {in_b[11:8], in_b[7] || one_is_low_t1};
    leading_zeros <= zeros_above;
    exact_negative <= in_a[12] ^ in_b[12];
    exact_kind <= {exact_kind_t3, exact_kind_t3 ? exact_kind_t2 : exact_kind_t1};
    exponent_above <= below_normal ? 6'd0 : exponent_left[5:0];
    kept <= kept_t0[8:1];
    up <= kept_t0[0] && (sticky || kept_t0[1]);
    upper <= kept_t0[9];
    up_upper <= (kept_t0[2] || kept_t0[0]) || sticky;
    rounding_negative <= exact_negative;
    rounding_kind <= exact_kind;
    rounded_number <= rounded;
    rounded_upper <= upper;
    rounded_negative <= rounding_negative;
    rounded_kind <= rounding_kind;
    product <= {rounded_negative && !full_t0, field, product_t0[6] || full_t0, product_t0[5:0]};
  end

  wire unused = &{1'b0, zeros_above_t0[0]};
endmodule

`default_nettype wire
