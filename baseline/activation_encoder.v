`default_nettype none

// activation_encoder: Codes of activations: the few bits from the leading one down, and where they stand.
// parameters: activationBits=8 activationSigned=false keptBits=4 rounding=truncate shift=leading-one lanes=1
// flow=stream pipeline=full target=generic
module activation_encoder (
  input  wire       clk,            // clock, rising edge
  input  wire       rst,            // reset, synchronous, active high
  input  wire       in_valid,       // a beat is offered
  output wire       in_ready,       // a beat is accepted
  input  wire [7:0] in_activation,  // activations; 1 x u8[0..255], element 0 in the low bits
  output wire       out_valid,      // a result is offered
  input  wire       out_ready,      // a result is accepted
  output wire [5:0] out_code        // codes of the activations; 1 x u6[0..47], element 0 in the low bits
);
  reg valid_1;
  reg [5:0] code_0;

  assign out_valid = valid_1;
  wire advance = !valid_1 || out_ready;
  assign in_ready = advance;
  assign out_code = code_0;

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
    end else if (advance) begin
      valid_1 <= in_valid;
    end

  wire code_0_t0 = in_activation[6] || in_activation[5];
  wire [1:0] code_0_t1 = in_activation[7] ? 2'd0 : {code_0_t0, code_0_t0 ? in_activation[6] : in_activation[4]};
  wire [2:0] code_0_t2 = {in_activation[7], code_0_t1};
  wire [6:0] code_0_t3 = code_0_t2[2] ? {3'd0, in_activation[7:4]} : in_activation[6:0];
  wire [4:0] code_0_t4 = code_0_t2[1] ? code_0_t3[6:2] : code_0_t3[4:0];
  wire [3:0] code_0_t5 = code_0_t2[0] ? code_0_t4[4:1] : code_0_t4[3:0];
  wire [2:0] code_0_t6 = code_0_t2 + {2'd0, code_0_t5[3]};

  always @(posedge clk) if (advance) begin
    code_0 <= {code_0_t6, code_0_t5[2:0]};
  end
endmodule

`default_nettype wire
