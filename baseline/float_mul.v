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
  reg exact_negative;
  reg exact_zero;
  reg exact_infinite;
  reg exact_nan;
  reg [15:0] significand;
  reg [5:0] exponent;
  reg [2:0] leading_zeros;
  reg valid_2;
  reg [5:0] exponent_above;
  reg [7:0] kept;
  reg up;
  reg upper;
  reg up_upper;
  reg rounding_negative;
  reg rounding_zero;
  reg rounding_infinite;
  reg rounding_nan;
  reg valid_3;
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
  wire [9:0] rounded_t0 = {upper, !upper && kept[7], !upper && !kept[7], 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, up_upper, up};
  wire [13:0] rounded = {exponent_above, kept} + {4'd0, rounded_t0};
  wire full_t0 = rounding_infinite || rounding_nan;
  wire full = full_t0 || (rounded[13:12] > 2'd1);
  wire empty = rounding_zero && !full_t0;
  wire [4:0] field = ({rounded[13:12] == 2'd1, rounded[11:8]} | {full, full, full, full, full}) & {!empty, !empty, !empty, !empty, !empty};
  wire cleared = (&field) || empty;
  assign out_valid = valid_3;
  wire advance = !valid_3 || out_ready;
  assign in_ready = advance;
  assign out_product = product;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
      valid_3 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
      valid_2 <= valid_1;
      valid_3 <= valid_2;
    end

  wire exact_nan_t0 = ((&in_a[11:7]) || (&in_b[11:7])) && ((one_is_low_t0 && !(|in_a[6:0])) || (one_is_low_t1 && !(|in_b[6:0])));
  wire [9:0] kept_t0 = sticky_t0[0] ? sticky_t7[10:1] : sticky_t7[9:0];
  wire [6:0] product_t0 = (upper ? rounded[7:1] : rounded[6:0]) & {!cleared, !cleared, !cleared, !cleared, !cleared, !cleared, !cleared};

  always @(posedge clk) if (advance) begin
    exact_negative <= in_a[12] ^ in_b[12];
    exact_zero <= (one_is_low_t0 && !(|in_a[6:0])) || (one_is_low_t1 && !(|in_b[6:0]));
    exact_infinite <= (&in_a[11:7]) || (&in_b[11:7]);
    exact_nan <= (((&in_a[11:7]) && (|in_a[6:0])) || ((&in_b[11:7]) && (|in_b[6:0]))) || exact_nan_t0;
    significand <= low_mantissa_t0 * low_mantissa_t2;
    exponent <= {in_a[11:8], in_a[7] || one_is_low_t0} + {in_b[11:8], in_b[7] || one_is_low_t1};
    leading_zeros <= zeros_above;
    exponent_above <= below_normal ? 6'd0 : exponent_left[5:0];
    kept <= kept_t0[8:1];
    up <= (kept_t0[0] && (sticky || kept_t0[1])) && !kept_t0[9];
    upper <= kept_t0[9];
    up_upper <= (kept_t0[9] && kept_t0[1]) && ((kept_t0[2] || kept_t0[0]) || sticky);
    rounding_negative <= exact_negative;
    rounding_zero <= exact_zero;
    rounding_infinite <= exact_infinite;
    rounding_nan <= exact_nan;
    product <= {rounding_negative && !rounding_nan, field, product_t0[6] || rounding_nan, product_t0[5:0]};
  end

  wire unused = &{1'b0, zeros_above_t0[0]};
endmodule

`default_nettype wire
