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
  reg [12:0] value;

  wire [12:0] rounded_t0 = {1'b0, in_value[14:3]} + {12'd0, in_value[2] && ((|in_value[1:0]) || in_value[3])};
  wire [12:0] rounded = rounded_t0;
  assign out_valid = valid_1;
  wire advance = !valid_1 || out_ready;
  assign in_ready = advance;
  assign out_value = value;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
    end

  wire value_t0 = (&in_value[14:10]) && (|in_value[9:0]);

  always @(posedge clk) if (advance) begin
    value <= {in_value[15] && !value_t0, value_t0 ? 12'hfc0 : rounded[11:0]};
  end

  wire unused = &{1'b0, rounded[12]};
endmodule

`default_nettype wire
