// The code of an unsigned activation: the bits from its leading one down, without it, and where it stands; the value itself where it is small.
module activation_encoder #(
  parameter ACTIVATION_BITS = 8,
  parameter KEPT_BITS = 4,
  parameter EXPONENT_BITS = 3
) (
  input [ACTIVATION_BITS-1:0] in_activation,
  output [EXPONENT_BITS+KEPT_BITS-2:0] out_code
);
  integer i;
  reg [EXPONENT_BITS-1:0] exponent;
  reg [KEPT_BITS-2:0] mantissa;
  always @* begin
    exponent = 0;
    mantissa = in_activation[KEPT_BITS-2:0];
    for (i = KEPT_BITS - 1; i < ACTIVATION_BITS; i = i + 1)
      if (in_activation[i]) begin
        exponent = i - KEPT_BITS + 2;
        mantissa = in_activation >> (i - KEPT_BITS + 1);
      end
  end
  assign out_code = {exponent, mantissa};
endmodule
