`default_nettype none

// float_convert: A small float in another format, by default binary16 to 1-5-7.
// parameters: fromExponentBits=5 fromMantissaBits=10 fromSpecials=ieee toExponentBits=5 toMantissaBits=7
// toSpecials=ieee rounding=nearest-even subnormals=gradual flow=stream pipeline=full target=generic
module float_convert (
  input  wire        clk,        // clock, rising edge
  input  wire        rst,        // reset, synchronous, active high
  input  wire        in_valid,   // a beat is offered
  output wire        in_ready,   // a beat is accepted
  input  wire [15:0] in_value,   // sign, exponent, mantissa; bits(16)
  output wire        out_valid,  // a result is offered
  input  wire        out_ready,  // a result is accepted
  output wire [12:0] out_value   // sign, exponent, mantissa; bits(13)
);
  reg valid_1;
  reg rounding_negative;
  reg rounding_zero;
  reg rounding_infinite;
  reg rounding_nan;
  reg [6:0] mantissa;
  reg [4:0] field;
  reg guard;
  reg sticky;
  reg valid_2;
  reg [12:0] value;

  wire significand_t0 = |in_value[14:10];
  wire [10:0] significand = {significand_t0, in_value[9:0]};
  wire exact_zero_t0 = !significand_t0;
  wire exact_zero_t1 = |in_value[9:0];
  wire exact_zero_t2 = !exact_zero_t1;
  wire exact_zero = exact_zero_t0 && exact_zero_t2;
  wire exact_infinite_t0 = &in_value[14:10];
  wire exact_infinite = exact_infinite_t0 && exact_zero_t2;
  wire exact_nan = exact_infinite_t0 && exact_zero_t1;
  wire [4:0] exponent = {in_value[14:11], in_value[10] || exact_zero_t0};
  wire leading_zeros_t0 = significand[10] || (significand[9] || significand[8]);
  wire leading_zeros_t1 = significand[7] || significand[6];
  wire leading_zeros_t2 = leading_zeros_t1 || (significand[5] || significand[4]);
  wire leading_zeros_t3 = significand[3] || significand[2];
  wire [1:0] leading_zeros_t4 = leading_zeros_t2 ? {leading_zeros_t1, leading_zeros_t1 ? significand[7] : significand[5]} : {leading_zeros_t3, leading_zeros_t3 ? significand[3] : significand[1]};
  wire [2:0] leading_zeros_t5 = leading_zeros_t0 ? {1'b0, significand[10], significand[10] ? 1'b0 : significand[9]} : {leading_zeros_t2, leading_zeros_t4};
  wire [3:0] leading_zeros = 4'd10 - {leading_zeros_t0, leading_zeros_t5};
  wire signed [5:0] shift_left_t0 = {1'b0, exponent} - {2'd0, leading_zeros};
  wire shift_left_t1 = shift_left_t0 >= 6'sd1;
  wire signed [5:0] shift_left_t2 = exponent - 5'd1;
  wire signed [5:0] shift_left_t3 = (shift_left_t2 < 6'sd0) ? 6'd0 : shift_left_t2;
  wire [3:0] shift_left = shift_left_t1 ? leading_zeros : shift_left_t3[3:0];
  wire [10:0] shifted_left_t0 = {significand[9:0], 1'b0};
  wire [10:0] shifted_left_t1 = shift_left[0] ? shifted_left_t0 : significand;
  wire [10:0] shifted_left_t2 = {shifted_left_t1[8:0], 2'd0};
  wire [10:0] shifted_left_t3 = shift_left[1] ? shifted_left_t2 : shifted_left_t1;
  wire [10:0] shifted_left_t4 = {shifted_left_t3[6:0], 4'd0};
  wire [10:0] shifted_left_t5 = shift_left[2] ? shifted_left_t4 : shifted_left_t3;
  wire [10:0] shifted_left_t6 = {shifted_left_t5[2:0], 8'd0};
  wire [10:0] shifted_left = shift_left[3] ? shifted_left_t6 : shifted_left_t5;
  wire signed [5:0] shift_right_t0 = 5'd1 - exponent;
  wire shift_right = (shift_right_t0 < 6'sd0) ? 1'b0 : shift_right_t0[0];
  wire [12:0] rounded = {1'b0, {field, mantissa}} + {12'd0, guard && (sticky || mantissa[0])};
  assign out_valid = valid_2;
  wire advance = !valid_2 || out_ready;
  assign in_ready = advance;
  assign out_value = value;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
      valid_2 <= valid_1;
    end

  wire [10:0] mantissa_t0 = shift_right ? {1'b0, shifted_left[10:1]} : shifted_left;
  wire [11:0] value_t0 = rounding_zero ? 12'h000 : ((rounded > 13'd3967) ? 12'hf80 : rounded[11:0]);

  always @(posedge clk) if (advance) begin
    rounding_negative <= in_value[15];
    rounding_zero <= exact_zero;
    rounding_infinite <= exact_infinite;
    rounding_nan <= exact_nan;
    mantissa <= mantissa_t0[9:3];
    field <= shift_left_t1 ? shift_left_t0[4:0] : 5'd0;
    guard <= mantissa_t0[2];
    sticky <= (|mantissa_t0[1:0]) || (shift_right ? shifted_left[0] : 1'b0);
    value <= {
      rounding_negative && !rounding_nan,
      rounding_nan ? 12'hfc0 : (rounding_infinite ? 12'hf80 : value_t0)
    };
  end

  wire unused = &{1'b0, shift_left_t3[5:4], mantissa_t0[10]};
endmodule

`default_nettype wire
