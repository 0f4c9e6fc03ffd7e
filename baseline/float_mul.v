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
  reg exact_negative;
  reg exact_zero;
  reg exact_infinite;
  reg exact_nan;
  reg [5:0] exponent;
  reg valid_2;
  reg rounding_negative;
  reg rounding_zero;
  reg rounding_infinite;
  reg rounding_nan;
  reg [6:0] mantissa;
  reg [5:0] field;
  reg guard;
  reg sticky;
  reg valid_3;
  reg [12:0] product;

  wire leading_zeros_t0 = significand[15] || significand[14];
  wire leading_zeros_t1 = leading_zeros_t0 || (significand[13] || significand[12]);
  wire leading_zeros_t2 = significand[11] || significand[10];
  wire leading_zeros_t3 = leading_zeros_t1 || (leading_zeros_t2 || (significand[9] || significand[8]));
  wire [1:0] leading_zeros_t4 = leading_zeros_t1 ? {leading_zeros_t0, leading_zeros_t0 ? significand[15] : significand[13]} : {leading_zeros_t2, leading_zeros_t2 ? significand[11] : significand[9]};
  wire leading_zeros_t5 = significand[7] || significand[6];
  wire leading_zeros_t6 = leading_zeros_t5 || (significand[5] || significand[4]);
  wire leading_zeros_t7 = significand[3] || significand[2];
  wire [1:0] leading_zeros_t8 = leading_zeros_t6 ? {leading_zeros_t5, leading_zeros_t5 ? significand[7] : significand[5]} : {leading_zeros_t7, leading_zeros_t7 ? significand[3] : significand[1]};
  wire [2:0] leading_zeros_t9 = leading_zeros_t3 ? {leading_zeros_t1, leading_zeros_t4} : {leading_zeros_t6, leading_zeros_t8};
  wire [3:0] leading_zeros = 4'd15 - {leading_zeros_t3, leading_zeros_t9};
  wire signed [6:0] shift_left_t0 = {1'b0, exponent} + (-7'sd14);
  wire signed [6:0] shift_left_t1 = shift_left_t0 - {3'd0, leading_zeros};
  wire shift_left_t2 = shift_left_t1 >= 7'sd1;
  wire signed [6:0] shift_left_t3 = shift_left_t0 - 7'd1;
  wire signed [6:0] shift_left_t4 = (shift_left_t3 < 7'sd0) ? 7'd0 : shift_left_t3;
  wire [3:0] shift_left = shift_left_t2 ? leading_zeros : shift_left_t4[3:0];
  wire [15:0] shifted_left_t0 = {significand[14:0], 1'b0};
  wire [15:0] shifted_left_t1 = shift_left[0] ? shifted_left_t0 : significand;
  wire [15:0] shifted_left_t2 = {shifted_left_t1[13:0], 2'd0};
  wire [15:0] shifted_left_t3 = shift_left[1] ? shifted_left_t2 : shifted_left_t1;
  wire [15:0] shifted_left_t4 = {shifted_left_t3[11:0], 4'd0};
  wire [15:0] shifted_left_t5 = shift_left[2] ? shifted_left_t4 : shifted_left_t3;
  wire [15:0] shifted_left_t6 = {shifted_left_t5[7:0], 8'd0};
  wire [15:0] shifted_left = shift_left[3] ? shifted_left_t6 : shifted_left_t5;
  wire signed [6:0] shift_right_t0 = 7'd1 - shift_left_t0;
  wire [3:0] shift_right = (shift_right_t0 < 7'sd0) ? 4'd0 : ((shift_right_t0 > 7'sd9) ? 4'd9 : shift_right_t0[3:0]);
  wire [13:0] rounded = {1'b0, {field, mantissa}} + {13'd0, guard && (sticky || mantissa[0])};
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

  wire exact_zero_t0 = !(|in_a[11:7]);
  wire exact_zero_t1 = !(|in_a[6:0]);
  wire exact_zero_t2 = exact_zero_t0 && exact_zero_t1;
  wire exact_zero_t3 = !(|in_b[11:7]);
  wire exact_zero_t4 = !(|in_b[6:0]);
  wire exact_zero_t5 = exact_zero_t3 && exact_zero_t4;
  wire exact_infinite_t0 = (&in_a[11:7]) && exact_zero_t1;
  wire exact_infinite_t1 = (&in_b[11:7]) && exact_zero_t4;
  wire exact_nan_t0 = (((&in_a[11:7]) && (|in_a[6:0])) || ((&in_b[11:7]) && (|in_b[6:0]))) || (exact_infinite_t0 && exact_zero_t5);
  wire [15:0] mantissa_t0 = shift_right[3] ? {8'h00, shifted_left[15:8]} : shifted_left;
  wire [15:0] mantissa_t1 = shift_right[2] ? {4'h0, mantissa_t0[15:4]} : mantissa_t0;
  wire [15:0] mantissa_t2 = shift_right[1] ? {2'd0, mantissa_t1[15:2]} : mantissa_t1;
  wire [15:0] mantissa_t3 = shift_right[0] ? {1'b0, mantissa_t2[15:1]} : mantissa_t2;
  wire sticky_t0 = shift_right[3] ? shifted_left[7] : 1'b0;
  wire sticky_t1 = shift_right[2] ? mantissa_t0[3] : sticky_t0;
  wire sticky_t2 = shift_right[1] ? mantissa_t1[1] : sticky_t1;
  wire sticky_t3 = (shift_right[3] && (|shifted_left[6:0])) || (shift_right[2] && ((|mantissa_t0[2:0]) || sticky_t0));
  wire sticky_t4 = (sticky_t3 || (shift_right[1] && (mantissa_t1[0] || sticky_t1))) || (shift_right[0] && sticky_t2);
  wire [11:0] product_t0 = rounding_zero ? 12'h000 : ((rounded > 14'd3967) ? 12'hf80 : rounded[11:0]);

  always @(posedge clk) if (advance) begin
    significand <= {|in_a[11:7], in_a[6:0]} * {|in_b[11:7], in_b[6:0]};
    exact_negative <= in_a[12] ^ in_b[12];
    exact_zero <= exact_zero_t2 || exact_zero_t5;
    exact_infinite <= exact_infinite_t0 || exact_infinite_t1;
    exact_nan <= exact_nan_t0 || (exact_infinite_t1 && exact_zero_t2);
    exponent <= {in_a[11:8], in_a[7] || exact_zero_t0} + {in_b[11:8], in_b[7] || exact_zero_t3};
    rounding_negative <= exact_negative;
    rounding_zero <= exact_zero;
    rounding_infinite <= exact_infinite;
    rounding_nan <= exact_nan;
    mantissa <= mantissa_t3[14:8];
    field <= shift_left_t2 ? shift_left_t1[5:0] : 6'd0;
    guard <= mantissa_t3[7];
    sticky <= ((|mantissa_t3[6:0]) || (shift_right[0] ? mantissa_t2[0] : sticky_t2)) || sticky_t4;
    product <= {
      rounding_negative && !rounding_nan,
      rounding_nan ? 12'hfc0 : (rounding_infinite ? 12'hf80 : product_t0)
    };
  end

  wire unused = &{1'b0, shift_left_t4[6:4], mantissa_t3[15]};
endmodule

`default_nettype wire
