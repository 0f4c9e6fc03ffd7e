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
  reg [4:0] exponent_above;
  reg [7:0] kept;
  reg up;
  reg rounding_negative;
  reg rounding_zero;
  reg rounding_infinite;
  reg rounding_nan;
  reg valid_2;
  reg [12:0] value;

  wire exact_zero_t0 = |in_value[14:10];
  wire exact_zero_t1 = !exact_zero_t0;
  wire exact_zero_t2 = |in_value[9:0];
  wire exact_zero = exact_zero_t1 && !exact_zero_t2;
  wire exact_infinite = &in_value[14:10];
  wire exact_nan = exact_infinite && exact_zero_t2;
  wire [10:0] significand = {exact_zero_t0, in_value[9:0]};
  wire [5:0] exponent = {in_value[14:11], in_value[10] || exact_zero_t1} + 5'd15;
  wire leading_zeros_t0 = significand[10] || (significand[9] || significand[8]);
  wire leading_zeros_t1 = significand[7] || significand[6];
  wire leading_zeros_t2 = leading_zeros_t1 || (significand[5] || significand[4]);
  wire leading_zeros_t3 = significand[3] || significand[2];
  wire [1:0] leading_zeros_t4 = leading_zeros_t2 ? {leading_zeros_t1, leading_zeros_t1 ? significand[7] : significand[5]} : {leading_zeros_t3, leading_zeros_t3 ? significand[3] : significand[1]};
  wire [2:0] leading_zeros_t5 = leading_zeros_t0 ? {1'b0, significand[10], significand[10] ? 1'b0 : significand[9]} : {leading_zeros_t2, leading_zeros_t4};
  wire [3:0] leading_zeros = 4'd10 - {leading_zeros_t0, leading_zeros_t5};
  wire signed [5:0] exponent_left = exponent - {1'b0, {1'b1, leading_zeros}};
  wire below_normal = exponent_left < 6'sd0;
  wire [3:0] shift = below_normal ? exponent[3:0] : leading_zeros;
  wire [3:0] sticky_t0 = ~shift;
  wire [23:0] sticky_t1 = {significand, 13'h0000};
  wire [15:0] sticky_t2 = sticky_t0[3] ? sticky_t1[23:8] : sticky_t1[15:0];
  wire sticky_t3 = (sticky_t0[3] && (|sticky_t1[7:0])) || (sticky_t0[2] && (|sticky_t2[3:0]));
  wire [11:0] sticky_t4 = sticky_t0[2] ? sticky_t2[15:4] : sticky_t2[11:0];
  wire [9:0] sticky_t5 = sticky_t0[1] ? sticky_t4[11:2] : sticky_t4[9:0];
  wire sticky = (sticky_t3 || (sticky_t0[1] && (|sticky_t4[1:0]))) || (sticky_t0[0] && sticky_t5[0]);
  wire [11:0] rounded = {exponent_above, kept[6:0]} + {4'd0, {kept[7], 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, up}};
  wire full = rounding_infinite || rounding_nan;
  wire empty = rounding_zero && !full;
  wire [4:0] field = ({rounded[11] == 1'b1, rounded[10:7]} | {full, full, full, full, full}) & {!empty, !empty, !empty, !empty, !empty};
  wire cleared = (&field) || empty;
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

  wire [8:0] kept_t0 = sticky_t0[0] ? sticky_t5[9:1] : sticky_t5[8:0];
  wire [6:0] value_t0 = rounded[6:0] & {!cleared, !cleared, !cleared, !cleared, !cleared, !cleared, !cleared};

  always @(posedge clk) if (advance) begin
    exponent_above <= below_normal ? 5'd0 : exponent_left[4:0];
    kept <= kept_t0[8:1];
    up <= kept_t0[0] && (sticky || kept_t0[1]);
    rounding_negative <= in_value[15];
    rounding_zero <= exact_zero;
    rounding_infinite <= exact_infinite;
    rounding_nan <= exact_nan;
    value <= {rounding_negative && !rounding_nan, field, value_t0[6] || rounding_nan, value_t0[5:0]};
  end
endmodule

`default_nettype wire
