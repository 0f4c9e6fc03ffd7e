`default_nettype none

// xnor_conv: Convolution of a feature map over bit-planes, by counting ones.
// parameters: height=14 width=14 inputChannels=8 outputChannels=8 kernelHeight=3 kernelWidth=3 stride=1
// padding=1 pad=mask simd=24 pe=4 activationPlanes=1 weightPlanes=1 activationAlphabet=pm1 weightAlphabet=pm1
// activationDistances= weightDistances= output=integer levelBits=2 pipeline=full target=generic
module xnor_conv (
  input  wire        clk,            // clock, rising edge
  input  wire        rst,            // reset, synchronous, active high
  input  wire        in_valid,       // a pixel is offered
  output wire        in_ready,       // a pixel is accepted
  input  wire [7:0]  in_activation,  // planes of a pixel, plane 0 in the low bits; 1 x bits(8), element 0 in the low bits
  input  wire        in_reload,      // with the first pixel of a frame: the frame takes new weights
  input  wire        weight_valid,   // a beat of weights is offered
  output wire        weight_ready,   // a beat of weights is accepted
  input  wire [95:0] weight_planes,  // weight planes of a chunk, output channel after output channel; 4 x bits(24), element 0 in the low bits
  output wire        out_valid,      // a pixel is offered
  input  wire        out_ready,      // a pixel is accepted
  output wire [63:0] out_sum         // sums of the output channels; 8 x s8[-128..127], element 0 in the low bits
);
  reg [7:0] bank_0 [0:29];
  reg [7:0] bank_1 [0:29];
  reg [7:0] bank_2 [0:29];
  reg reload_flags [0:6];
  reg [95:0] weights [0:5];
  wire moves;
  wire taking;
  reg busy;
  reg [1:0] chunk;
  reg group;
  reg [3:0] window_x;
  reg [3:0] window_y;
  reg [1:0] columns_waiting;
  reg [23:0] waiting_0;
  reg [23:0] waiting_1;
  reg [23:0] waiting_2;
  wire arriving;
  reg waiting_reload_0;
  reg waiting_reload_1;
  reg waiting_reload_2;
  reg signed [3:0] rows;
  reg [3:0] in_column;
  reg [3:0] in_row;
  reg write_row_of_bank;
  reg [1:0] write_bank;
  wire issued;
  reg [3:0] read_column;
  reg [3:0] read_row;
  reg top_row_of_bank;
  reg [1:0] top_bank;
  reg [7:0] word_0;
  reg [7:0] word_1;
  reg [7:0] word_2;
  reg arrives;
  reg [1:0] arriving_bank;
  reg frame_row_of_bank;
  reg [1:0] frame_bank;
  reg column_reload;
  reg [23:0] window_0;
  reg [23:0] window_1;
  reg [23:0] window_2;
  reg row_inside_0;
  reg row_inside_2;
  reg column_inside_0;
  reg column_inside_2;
  reg is_fresh;
  wire is_empty;
  wire is_loading;
  reg weights_loading;
  reg [2:0] weights_at;
  reg [2:0] step;
  reg [95:0] weight_word;
  reg [23:0] activation_0;
  reg [23:0] present;
  reg fetched;
  reg valid_1;
  reg [2:0] agreement_0_0_0_2_count_0;
  reg [2:0] agreement_0_0_0_2_count_1;
  reg [1:0] agreement_0_0_0_2_count_2;
  reg [2:0] agreement_0_0_0_2_count_3;
  reg [2:0] agreement_0_0_0_2_carries;
  reg [2:0] agreement_1_0_0_2_count_0;
  reg [2:0] agreement_1_0_0_2_count_1;
  reg [1:0] agreement_1_0_0_2_count_2;
  reg [2:0] agreement_1_0_0_2_count_3;
  reg [2:0] agreement_1_0_0_2_carries;
  reg [2:0] agreement_2_0_0_2_count_0;
  reg [2:0] agreement_2_0_0_2_count_1;
  reg [1:0] agreement_2_0_0_2_count_2;
  reg [2:0] agreement_2_0_0_2_count_3;
  reg [2:0] agreement_2_0_0_2_carries;
  reg [2:0] agreement_3_0_0_2_count_0;
  reg [2:0] agreement_3_0_0_2_count_1;
  reg [1:0] agreement_3_0_0_2_count_2;
  reg [2:0] agreement_3_0_0_2_count_3;
  reg [2:0] agreement_3_0_0_2_carries;
  reg [2:0] present_2_count_0;
  reg [2:0] present_2_count_1;
  reg [1:0] present_2_count_2;
  reg [2:0] present_2_count_3;
  reg [2:0] present_2_carries;
  reg valid_2;
  reg [3:0] agreement_0_0_0_3_count_0;
  reg [3:0] agreement_0_0_0_3_count_1;
  reg agreement_0_0_0_3_carries;
  reg [3:0] agreement_1_0_0_3_count_0;
  reg [3:0] agreement_1_0_0_3_count_1;
  reg agreement_1_0_0_3_carries;
  reg [3:0] agreement_2_0_0_3_count_0;
  reg [3:0] agreement_2_0_0_3_count_1;
  reg agreement_2_0_0_3_carries;
  reg [3:0] agreement_3_0_0_3_count_0;
  reg [3:0] agreement_3_0_0_3_count_1;
  reg agreement_3_0_0_3_carries;
  reg [3:0] present_3_count_0;
  reg [3:0] present_3_count_1;
  reg present_3_carries;
  reg valid_3;
  reg [4:0] shared;
  reg [4:0] counted_0;
  reg [4:0] counted_1;
  reg [4:0] counted_2;
  reg [4:0] counted_3;
  reg valid_4;
  reg signed [5:0] product_0;
  reg signed [5:0] product_1;
  reg signed [5:0] product_2;
  reg signed [5:0] product_3;
  reg first_chunk_1;
  reg first_chunk_2;
  reg first_chunk_3;
  reg first_chunk_4;
  reg first_chunk_5;
  reg signed [7:0] running_0;
  reg signed [7:0] running_1;
  reg signed [7:0] running_2;
  reg signed [7:0] running_3;
  reg last_chunk_1;
  reg last_chunk_2;
  reg last_chunk_3;
  reg last_chunk_4;
  reg last_chunk_5;
  reg group_1;
  reg group_2;
  reg group_3;
  reg group_4;
  reg group_5;
  reg last_group_1;
  reg last_group_2;
  reg last_group_3;
  reg last_group_4;
  reg last_group_5;
  reg signed [7:0] sum_of_0;
  reg signed [7:0] sum_of_1;
  reg signed [7:0] sum_of_2;
  reg signed [7:0] sum_of_3;
  reg signed [7:0] sum_of_4;
  reg signed [7:0] sum_of_5;
  reg signed [7:0] sum_of_6;
  reg signed [7:0] sum_of_7;
  reg valid_5;
  reg [2:0] pixels_inside;

  wire works = busy && moves;
  wire chunk_is_last = chunk == 2'd2;
  wire group_is_last = group == 1'b1;
  wire is_last_step = chunk_is_last && group_is_last;
  wire window_x_is_last = window_x == 4'd13;
  wire window_y_is_last = window_y == 4'd13;
  wire [1:0] columns_needed = (window_x == 4'd13) ? 2'd0 : ((window_x == 4'd0) ? 2'd2 : 2'd1);
  wire is_first = (window_x == 4'd0) && (window_y == 4'd0);
  wire [1:0] columns_taken = taking ? columns_needed : 2'd0;
  wire [1:0] columns_left = columns_waiting - columns_taken;
  wire [2:0] columns_next = {1'b0, columns_left} + {2'd0, arriving};
  wire has_free_row = rows < 4'sd6;
  wire accepted = in_valid && has_free_row;
  wire in_column_is_last = in_column == 4'd13;
  wire in_row_is_last = in_row == 4'd13;
  wire is_stored = 1'b1;
  wire row_stored = accepted && in_column_is_last;
  wire read_column_is_last = read_column == 4'd13;
  wire row_read = issued && read_column_is_last;
  wire read_row_is_last = read_row == 4'd13;
  wire [1:0] rows_needed = (read_row == 4'd13) ? 2'd2 : ((read_row == 4'd0) ? 2'd2 : 2'd3);
  wire [1:0] column_is_there_t0 = rows_needed - 2'd1;
  wire column_is_there = ($signed({2'd0, rows_needed}) <= rows) || ((rows == {2'd0, column_is_there_t0}) && (read_column < in_column));
  assign issued = column_is_there && (columns_next < 3'd3);
  assign in_ready = has_free_row;
  assign arriving = arrives;
  wire window_is_ready = columns_needed <= columns_waiting;
  wire is_stale = (is_first && waiting_reload_0) && !is_fresh;
  wire reload = ((window_is_ready && is_stale) && is_empty) && !is_loading;
  assign taking = (((moves && (!busy || is_last_step)) && window_is_ready) && !is_stale) && !is_loading;
  wire weights_moves = weight_valid && weights_loading;
  wire weights_at_is_last = weights_at == 3'd5;
  assign weight_ready = weights_loading;
  assign is_loading = weights_loading;
  wire step_is_last = step == 3'd5;
  wire [71:0] window_plane_0 = {
      window_2[23:16], window_1[23:16], window_0[23:16], window_2[15:8], window_1[15:8],
      window_0[15:8], window_2[7:0], window_1[7:0], window_0[7:0]
    };
  wire window_present_t0 = row_inside_2 && column_inside_2;
  wire window_present_t1 = row_inside_2 && column_inside_0;
  wire window_present_t2 = row_inside_0 && column_inside_2;
  wire window_present_t3 = row_inside_0 && column_inside_0;
  wire [71:0] window_present = {
      window_present_t0, window_present_t0, window_present_t0, window_present_t0, window_present_t0,
      window_present_t0, window_present_t0, window_present_t0, row_inside_2, row_inside_2,
      row_inside_2, row_inside_2, row_inside_2, row_inside_2, row_inside_2, row_inside_2,
      window_present_t1, window_present_t1, window_present_t1, window_present_t1, window_present_t1,
      window_present_t1, window_present_t1, window_present_t1, column_inside_2, column_inside_2,
      column_inside_2, column_inside_2, column_inside_2, column_inside_2, column_inside_2,
      column_inside_2, 8'hff, column_inside_0, column_inside_0, column_inside_0, column_inside_0,
      column_inside_0, column_inside_0, column_inside_0, column_inside_0, window_present_t2,
      window_present_t2, window_present_t2, window_present_t2, window_present_t2, window_present_t2,
      window_present_t2, window_present_t2, row_inside_0, row_inside_0, row_inside_0, row_inside_0,
      row_inside_0, row_inside_0, row_inside_0, row_inside_0, window_present_t3, window_present_t3,
      window_present_t3, window_present_t3, window_present_t3, window_present_t3, window_present_t3,
      window_present_t3
    };
  wire signed [7:0] total_0_t0 = (first_chunk_5 ? 8'd0 : running_0) + {{2{product_0[5]}}, product_0};
  wire signed [7:0] total_0 = total_0_t0;
  wire signed [7:0] total_1_t0 = (first_chunk_5 ? 8'd0 : running_1) + {{2{product_1[5]}}, product_1};
  wire signed [7:0] total_1 = total_1_t0;
  wire signed [7:0] total_2_t0 = (first_chunk_5 ? 8'd0 : running_2) + {{2{product_2[5]}}, product_2};
  wire signed [7:0] total_2 = total_2_t0;
  wire signed [7:0] total_3_t0 = (first_chunk_5 ? 8'd0 : running_3) + {{2{product_3[5]}}, product_3};
  wire signed [7:0] total_3 = total_3_t0;
  wire group_ends = valid_4 && last_chunk_5;
  assign out_valid = valid_5;
  wire advance = !valid_5 || out_ready;
  assign moves = advance;
  assign out_sum[7:0] = sum_of_0;
  assign out_sum[15:8] = sum_of_1;
  assign out_sum[23:16] = sum_of_2;
  assign out_sum[31:24] = sum_of_3;
  assign out_sum[39:32] = sum_of_4;
  assign out_sum[47:40] = sum_of_5;
  assign out_sum[55:48] = sum_of_6;
  assign out_sum[63:56] = sum_of_7;
  wire pixel_leaves = valid_5 && out_ready;
  assign is_empty = pixels_inside == 3'd0;

  wire signed [3:0] rows_t0 = rows + {3'd0, row_stored};
  wire [1:0] rows_t1 = row_read ? ((read_row == 4'd13) ? 2'd2 : {1'b0, (read_row == 4'd0) ? 1'b0 : 1'b1}) : 2'd0;
  wire signed [3:0] rows_t2 = rows_t0 - {2'd0, rows_t1};
  wire [3:0] pixels_inside_t0 = {1'b0, pixels_inside} + {3'd0, taking};

  always @(posedge clk)
    if (rst) begin
      busy <= 1'b0;
      columns_waiting <= 2'd0;
      rows <= 4'sd0;
      arrives <= 1'b0;
      is_fresh <= 1'b1;
      weights_loading <= 1'b1;
      pixels_inside <= 3'd0;
    end else begin
      busy <= taking || (busy && !(works && is_last_step));
      columns_waiting <= columns_next[1:0];
      rows <= rows_t2;
      arrives <= issued;
      is_fresh <= reload || (is_fresh && !(taking && is_first));
      weights_loading <= reload || (weights_loading && !(weights_moves && weights_at_is_last));
      pixels_inside <= pixels_inside_t0[2:0] - {2'd0, pixel_leaves};
    end

  wire [1:0] chunk_t0 = chunk + 2'd1;
  wire [2:0] step_t0 = step + 3'd1;

  always @(posedge clk)
    if (rst) begin
      chunk <= 2'd0;
      step <= 3'd0;
    end else if (works) begin
      chunk <= chunk_is_last ? 2'd0 : chunk_t0;
      step <= step_is_last ? 3'd0 : step_t0;
    end

  always @(posedge clk)
    if (rst) begin
      group <= 1'b0;
    end else if (works && chunk_is_last) begin
      group <= group_is_last ? 1'b0 : 1'b1;
    end

  wire [3:0] window_x_t0 = window_x + 4'd1;

  always @(posedge clk)
    if (rst) begin
      window_x <= 4'd0;
    end else if (taking) begin
      window_x <= window_x_is_last ? 4'd0 : window_x_t0;
    end

  wire [3:0] window_y_t0 = window_y + 4'd1;

  always @(posedge clk)
    if (rst) begin
      window_y <= 4'd0;
    end else if (taking && window_x_is_last) begin
      window_y <= window_y_is_last ? 4'd0 : window_y_t0;
    end

  wire [3:0] in_column_t0 = in_column + 4'd1;

  always @(posedge clk)
    if (rst) begin
      in_column <= 4'd0;
    end else if (accepted) begin
      in_column <= in_column_is_last ? 4'd0 : in_column_t0;
    end

  wire [3:0] in_row_t0 = in_row + 4'd1;

  always @(posedge clk)
    if (rst) begin
      in_row <= 4'd0;
    end else if (row_stored) begin
      in_row <= in_row_is_last ? 4'd0 : in_row_t0;
    end

  wire [1:0] write_row_of_bank_t0 = write_bank + 2'd1;
  wire write_row_of_bank_t1 = write_row_of_bank_t0 >= 2'd3;
  wire [1:0] write_row_of_bank_t2 = write_row_of_bank + write_row_of_bank_t1;
  wire signed [1:0] write_row_of_bank_t3 = write_row_of_bank_t2 - 2'd2;
  wire signed [2:0] write_row_of_bank_t4 = (write_row_of_bank_t2 >= 2'd2) ? {write_row_of_bank_t3[1], write_row_of_bank_t3} : {1'b0, write_row_of_bank_t2};
  wire signed [1:0] write_bank_t0 = write_row_of_bank_t0 - 2'd3;
  wire signed [2:0] write_bank_t1 = write_row_of_bank_t1 ? {write_bank_t0[1], write_bank_t0} : {1'b0, write_row_of_bank_t0};

  always @(posedge clk)
    if (rst) begin
      write_row_of_bank <= 1'b0;
      write_bank <= 2'd0;
    end else if (row_stored) begin
      write_row_of_bank <= write_row_of_bank_t4[0];
      write_bank <= write_bank_t1[1:0];
    end

  wire [3:0] read_column_t0 = read_column + 4'd1;

  always @(posedge clk)
    if (rst) begin
      read_column <= 4'd0;
    end else if (issued) begin
      read_column <= read_column_is_last ? 4'd0 : read_column_t0;
    end

  wire [3:0] read_row_t0 = read_row + 4'd1;
  wire [1:0] top_row_of_bank_t0 = top_bank + 2'd1;
  wire top_row_of_bank_t1 = top_row_of_bank_t0 >= 2'd3;
  wire [1:0] top_row_of_bank_t2 = top_row_of_bank + top_row_of_bank_t1;
  wire signed [1:0] top_row_of_bank_t3 = top_row_of_bank_t2 - 2'd2;
  wire signed [2:0] top_row_of_bank_t4 = (top_row_of_bank_t2 >= 2'd2) ? {top_row_of_bank_t3[1], top_row_of_bank_t3} : {1'b0, top_row_of_bank_t2};
  wire [1:0] top_row_of_bank_t5 = top_bank + 2'd1;
  wire top_row_of_bank_t6 = top_row_of_bank_t5 >= 2'd3;
  wire [1:0] top_row_of_bank_t7 = top_row_of_bank + top_row_of_bank_t6;
  wire signed [1:0] top_row_of_bank_t8 = top_row_of_bank_t7 - 2'd2;
  wire signed [2:0] top_row_of_bank_t9 = (top_row_of_bank_t7 >= 2'd2) ? {top_row_of_bank_t8[1], top_row_of_bank_t8} : {1'b0, top_row_of_bank_t7};
  wire signed [1:0] top_bank_t0 = top_row_of_bank_t0 - 2'd3;
  wire signed [2:0] top_bank_t1 = top_row_of_bank_t1 ? {top_bank_t0[1], top_bank_t0} : {1'b0, top_row_of_bank_t0};
  wire signed [1:0] top_bank_t2 = top_row_of_bank_t5 - 2'd3;
  wire signed [2:0] top_bank_t3 = top_row_of_bank_t6 ? {top_bank_t2[1], top_bank_t2} : {1'b0, top_row_of_bank_t5};

  always @(posedge clk)
    if (rst) begin
      read_row <= 4'd0;
      top_row_of_bank <= 1'b1;
      top_bank <= 2'd2;
    end else if (row_read) begin
      read_row <= read_row_is_last ? 4'd0 : read_row_t0;
      top_row_of_bank <= read_row_is_last ? top_row_of_bank_t4[0] : top_row_of_bank_t9[0];
      top_bank <= read_row_is_last ? top_bank_t1[1:0] : top_bank_t3[1:0];
    end

  always @(posedge clk) if (issued) begin
    arriving_bank <= top_bank;
  end

  wire [2:0] frame_row_of_bank_t0 = frame_bank + 2'd2;
  wire frame_row_of_bank_t1 = frame_row_of_bank_t0 >= 3'd3;
  wire [1:0] frame_row_of_bank_t2 = frame_row_of_bank + frame_row_of_bank_t1;
  wire signed [1:0] frame_row_of_bank_t3 = frame_row_of_bank_t2 - 2'd2;
  wire signed [2:0] frame_row_of_bank_t4 = (frame_row_of_bank_t2 >= 2'd2) ? {frame_row_of_bank_t3[1], frame_row_of_bank_t3} : {1'b0, frame_row_of_bank_t2};
  wire signed [1:0] frame_bank_t0 = frame_row_of_bank_t0[1:0] - 2'd3;
  wire signed [3:0] frame_bank_t1 = frame_row_of_bank_t1 ? {{2{frame_bank_t0[1]}}, frame_bank_t0} : {1'b0, frame_row_of_bank_t0};
  wire frame_row_of_bank_t5 = row_read && read_row_is_last;

  always @(posedge clk)
    if (rst) begin
      frame_row_of_bank <= 1'b0;
      frame_bank <= 2'd0;
    end else if (frame_row_of_bank_t5) begin
      frame_row_of_bank <= frame_row_of_bank_t4[0];
      frame_bank <= frame_bank_t1[1:0];
    end

  wire window_1_t0 = window_x == 4'd0;

  always @(posedge clk) if (taking) begin
    window_0 <= window_1;
    window_1 <= window_1_t0 ? waiting_0 : window_2;
    window_2 <= window_1_t0 ? waiting_1 : waiting_0;
    row_inside_0 <= window_y >= 4'd1;
    row_inside_2 <= window_y <= 4'd12;
    column_inside_0 <= window_x >= 4'd1;
    column_inside_2 <= window_x <= 4'd12;
  end

  wire [2:0] weights_at_t0 = weights_at + 3'd1;

  always @(posedge clk)
    if (rst) begin
      weights_at <= 3'd0;
    end else if (weights_moves) begin
      weights_at <= weights_at_is_last ? 3'd0 : weights_at_t0;
    end

  reg [23:0] activation_0_t0;
  always @*
    case (chunk)
      2'd0: activation_0_t0 = window_plane_0[23:0];
      2'd1: activation_0_t0 = window_plane_0[47:24];
      default: activation_0_t0 = window_plane_0[71:48];
    endcase
  reg [23:0] present_t0;
  always @*
    case (chunk)
      2'd0: present_t0 = window_present[23:0];
      2'd1: present_t0 = window_present[47:24];
      default: present_t0 = window_present[71:48];
    endcase

  always @(posedge clk) if (moves) begin
    activation_0 <= activation_0_t0;
    present <= present_t0;
    first_chunk_1 <= chunk == 2'd0;
    first_chunk_2 <= first_chunk_1;
    first_chunk_3 <= first_chunk_2;
    first_chunk_4 <= first_chunk_3;
    first_chunk_5 <= first_chunk_4;
    last_chunk_1 <= chunk_is_last;
    last_chunk_2 <= last_chunk_1;
    last_chunk_3 <= last_chunk_2;
    last_chunk_4 <= last_chunk_3;
    last_chunk_5 <= last_chunk_4;
    group_1 <= group;
    group_2 <= group_1;
    group_3 <= group_2;
    group_4 <= group_3;
    group_5 <= group_4;
    last_group_1 <= group_is_last;
    last_group_2 <= last_group_1;
    last_group_3 <= last_group_2;
    last_group_4 <= last_group_3;
    last_group_5 <= last_group_4;
  end

  always @(posedge clk)
    if (rst) begin
      fetched <= 1'b0;
    end else if (moves) begin
      fetched <= busy;
    end

  always @(posedge clk)
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
      valid_3 <= 1'b0;
      valid_4 <= 1'b0;
      valid_5 <= 1'b0;
    end else if (advance) begin
      valid_1 <= fetched;
      valid_2 <= valid_1;
      valid_3 <= valid_2;
      valid_4 <= valid_3;
      valid_5 <= valid_4 && (last_chunk_5 && last_group_5);
    end

  wire [23:0] agreement_0_0_0_2_count_0_t0 = ~(activation_0 ^ weight_word[23:0]) & present;
  wire agreement_0_0_0_2_count_0_t1 = agreement_0_0_0_2_count_0_t0[0] ^ agreement_0_0_0_2_count_0_t0[1];
  wire agreement_0_0_0_2_count_0_t2 = agreement_0_0_0_2_count_0_t1 ? agreement_0_0_0_2_count_0_t0[2] : agreement_0_0_0_2_count_0_t0[0];
  wire [2:0] agreement_0_0_0_2_count_0_t3 = {agreement_0_0_0_2_count_0_t2, agreement_0_0_0_2_count_0_t1 ^ agreement_0_0_0_2_count_0_t0[2], 1'b1};
  wire agreement_0_0_0_2_count_0_t4 = agreement_0_0_0_2_count_0_t0[3] ^ agreement_0_0_0_2_count_0_t0[4];
  wire agreement_0_0_0_2_count_0_t5 = agreement_0_0_0_2_count_0_t4 ? agreement_0_0_0_2_count_0_t0[5] : agreement_0_0_0_2_count_0_t0[3];
  wire [2:0] agreement_0_0_0_2_count_0_t6 = {
      agreement_0_0_0_2_count_0_t5, agreement_0_0_0_2_count_0_t4 ^ agreement_0_0_0_2_count_0_t0[5],
      agreement_0_0_0_2_count_0_t0[6]
    };
  wire [3:0] agreement_0_0_0_2_count_0_t7 = agreement_0_0_0_2_count_0_t3 + agreement_0_0_0_2_count_0_t6;
  wire agreement_0_0_0_2_count_1_t0 = agreement_0_0_0_2_count_0_t0[7] ^ agreement_0_0_0_2_count_0_t0[8];
  wire agreement_0_0_0_2_count_1_t1 = agreement_0_0_0_2_count_1_t0 ? agreement_0_0_0_2_count_0_t0[9] : agreement_0_0_0_2_count_0_t0[7];
  wire [2:0] agreement_0_0_0_2_count_1_t2 = {agreement_0_0_0_2_count_1_t1, agreement_0_0_0_2_count_1_t0 ^ agreement_0_0_0_2_count_0_t0[9], 1'b1};
  wire agreement_0_0_0_2_count_1_t3 = agreement_0_0_0_2_count_0_t0[10] ^ agreement_0_0_0_2_count_0_t0[11];
  wire agreement_0_0_0_2_count_1_t4 = agreement_0_0_0_2_count_1_t3 ? agreement_0_0_0_2_count_0_t0[12] : agreement_0_0_0_2_count_0_t0[10];
  wire [2:0] agreement_0_0_0_2_count_1_t5 = {
      agreement_0_0_0_2_count_1_t4, agreement_0_0_0_2_count_1_t3 ^ agreement_0_0_0_2_count_0_t0[12],
      agreement_0_0_0_2_count_0_t0[13]
    };
  wire [3:0] agreement_0_0_0_2_count_1_t6 = agreement_0_0_0_2_count_1_t2 + agreement_0_0_0_2_count_1_t5;
  wire agreement_0_0_0_2_count_2_t0 = agreement_0_0_0_2_count_0_t0[15] ^ agreement_0_0_0_2_count_0_t0[16];
  wire agreement_0_0_0_2_count_2_t1 = agreement_0_0_0_2_count_2_t0 ? agreement_0_0_0_2_count_0_t0[17] : agreement_0_0_0_2_count_0_t0[15];
  wire [1:0] agreement_0_0_0_2_count_2_t2 = {agreement_0_0_0_2_count_2_t1, agreement_0_0_0_2_count_2_t0 ^ agreement_0_0_0_2_count_0_t0[17]};
  wire [1:0] agreement_0_0_0_2_count_3_t0 = {
      agreement_0_0_0_2_count_0_t0[18] && agreement_0_0_0_2_count_0_t0[19],
      agreement_0_0_0_2_count_0_t0[18] ^ agreement_0_0_0_2_count_0_t0[19]
    };
  wire [3:0] agreement_0_0_0_2_count_3_t1 = {1'b0, {agreement_0_0_0_2_count_3_t0, 1'b1}} + {2'd0, {agreement_0_0_0_2_count_0_t0[20], agreement_0_0_0_2_count_0_t0[21]}};
  wire [23:0] agreement_1_0_0_2_count_0_t0 = ~(activation_0 ^ weight_word[47:24]) & present;
  wire agreement_1_0_0_2_count_0_t1 = agreement_1_0_0_2_count_0_t0[0] ^ agreement_1_0_0_2_count_0_t0[1];
  wire agreement_1_0_0_2_count_0_t2 = agreement_1_0_0_2_count_0_t1 ? agreement_1_0_0_2_count_0_t0[2] : agreement_1_0_0_2_count_0_t0[0];
  wire [2:0] agreement_1_0_0_2_count_0_t3 = {agreement_1_0_0_2_count_0_t2, agreement_1_0_0_2_count_0_t1 ^ agreement_1_0_0_2_count_0_t0[2], 1'b1};
  wire agreement_1_0_0_2_count_0_t4 = agreement_1_0_0_2_count_0_t0[3] ^ agreement_1_0_0_2_count_0_t0[4];
  wire agreement_1_0_0_2_count_0_t5 = agreement_1_0_0_2_count_0_t4 ? agreement_1_0_0_2_count_0_t0[5] : agreement_1_0_0_2_count_0_t0[3];
  wire [2:0] agreement_1_0_0_2_count_0_t6 = {
      agreement_1_0_0_2_count_0_t5, agreement_1_0_0_2_count_0_t4 ^ agreement_1_0_0_2_count_0_t0[5],
      agreement_1_0_0_2_count_0_t0[6]
    };
  wire [3:0] agreement_1_0_0_2_count_0_t7 = agreement_1_0_0_2_count_0_t3 + agreement_1_0_0_2_count_0_t6;
  wire agreement_1_0_0_2_count_1_t0 = agreement_1_0_0_2_count_0_t0[7] ^ agreement_1_0_0_2_count_0_t0[8];
  wire agreement_1_0_0_2_count_1_t1 = agreement_1_0_0_2_count_1_t0 ? agreement_1_0_0_2_count_0_t0[9] : agreement_1_0_0_2_count_0_t0[7];
  wire [2:0] agreement_1_0_0_2_count_1_t2 = {agreement_1_0_0_2_count_1_t1, agreement_1_0_0_2_count_1_t0 ^ agreement_1_0_0_2_count_0_t0[9], 1'b1};
  wire agreement_1_0_0_2_count_1_t3 = agreement_1_0_0_2_count_0_t0[10] ^ agreement_1_0_0_2_count_0_t0[11];
  wire agreement_1_0_0_2_count_1_t4 = agreement_1_0_0_2_count_1_t3 ? agreement_1_0_0_2_count_0_t0[12] : agreement_1_0_0_2_count_0_t0[10];
  wire [2:0] agreement_1_0_0_2_count_1_t5 = {
      agreement_1_0_0_2_count_1_t4, agreement_1_0_0_2_count_1_t3 ^ agreement_1_0_0_2_count_0_t0[12],
      agreement_1_0_0_2_count_0_t0[13]
    };
  wire [3:0] agreement_1_0_0_2_count_1_t6 = agreement_1_0_0_2_count_1_t2 + agreement_1_0_0_2_count_1_t5;
  wire agreement_1_0_0_2_count_2_t0 = agreement_1_0_0_2_count_0_t0[15] ^ agreement_1_0_0_2_count_0_t0[16];
  wire agreement_1_0_0_2_count_2_t1 = agreement_1_0_0_2_count_2_t0 ? agreement_1_0_0_2_count_0_t0[17] : agreement_1_0_0_2_count_0_t0[15];
  wire [1:0] agreement_1_0_0_2_count_2_t2 = {agreement_1_0_0_2_count_2_t1, agreement_1_0_0_2_count_2_t0 ^ agreement_1_0_0_2_count_0_t0[17]};
  wire [1:0] agreement_1_0_0_2_count_3_t0 = {
      agreement_1_0_0_2_count_0_t0[18] && agreement_1_0_0_2_count_0_t0[19],
      agreement_1_0_0_2_count_0_t0[18] ^ agreement_1_0_0_2_count_0_t0[19]
    };
  wire [3:0] agreement_1_0_0_2_count_3_t1 = {1'b0, {agreement_1_0_0_2_count_3_t0, 1'b1}} + {2'd0, {agreement_1_0_0_2_count_0_t0[20], agreement_1_0_0_2_count_0_t0[21]}};
  wire [23:0] agreement_2_0_0_2_count_0_t0 = ~(activation_0 ^ weight_word[71:48]) & present;
  wire agreement_2_0_0_2_count_0_t1 = agreement_2_0_0_2_count_0_t0[0] ^ agreement_2_0_0_2_count_0_t0[1];
  wire agreement_2_0_0_2_count_0_t2 = agreement_2_0_0_2_count_0_t1 ? agreement_2_0_0_2_count_0_t0[2] : agreement_2_0_0_2_count_0_t0[0];
  wire [2:0] agreement_2_0_0_2_count_0_t3 = {agreement_2_0_0_2_count_0_t2, agreement_2_0_0_2_count_0_t1 ^ agreement_2_0_0_2_count_0_t0[2], 1'b1};
  wire agreement_2_0_0_2_count_0_t4 = agreement_2_0_0_2_count_0_t0[3] ^ agreement_2_0_0_2_count_0_t0[4];
  wire agreement_2_0_0_2_count_0_t5 = agreement_2_0_0_2_count_0_t4 ? agreement_2_0_0_2_count_0_t0[5] : agreement_2_0_0_2_count_0_t0[3];
  wire [2:0] agreement_2_0_0_2_count_0_t6 = {
      agreement_2_0_0_2_count_0_t5, agreement_2_0_0_2_count_0_t4 ^ agreement_2_0_0_2_count_0_t0[5],
      agreement_2_0_0_2_count_0_t0[6]
    };
  wire [3:0] agreement_2_0_0_2_count_0_t7 = agreement_2_0_0_2_count_0_t3 + agreement_2_0_0_2_count_0_t6;
  wire agreement_2_0_0_2_count_1_t0 = agreement_2_0_0_2_count_0_t0[7] ^ agreement_2_0_0_2_count_0_t0[8];
  wire agreement_2_0_0_2_count_1_t1 = agreement_2_0_0_2_count_1_t0 ? agreement_2_0_0_2_count_0_t0[9] : agreement_2_0_0_2_count_0_t0[7];
  wire [2:0] agreement_2_0_0_2_count_1_t2 = {agreement_2_0_0_2_count_1_t1, agreement_2_0_0_2_count_1_t0 ^ agreement_2_0_0_2_count_0_t0[9], 1'b1};
  wire agreement_2_0_0_2_count_1_t3 = agreement_2_0_0_2_count_0_t0[10] ^ agreement_2_0_0_2_count_0_t0[11];
  wire agreement_2_0_0_2_count_1_t4 = agreement_2_0_0_2_count_1_t3 ? agreement_2_0_0_2_count_0_t0[12] : agreement_2_0_0_2_count_0_t0[10];
  wire [2:0] agreement_2_0_0_2_count_1_t5 = {
      agreement_2_0_0_2_count_1_t4, agreement_2_0_0_2_count_1_t3 ^ agreement_2_0_0_2_count_0_t0[12],
      agreement_2_0_0_2_count_0_t0[13]
    };
  wire [3:0] agreement_2_0_0_2_count_1_t6 = agreement_2_0_0_2_count_1_t2 + agreement_2_0_0_2_count_1_t5;
  wire agreement_2_0_0_2_count_2_t0 = agreement_2_0_0_2_count_0_t0[15] ^ agreement_2_0_0_2_count_0_t0[16];
  wire agreement_2_0_0_2_count_2_t1 = agreement_2_0_0_2_count_2_t0 ? agreement_2_0_0_2_count_0_t0[17] : agreement_2_0_0_2_count_0_t0[15];
  wire [1:0] agreement_2_0_0_2_count_2_t2 = {agreement_2_0_0_2_count_2_t1, agreement_2_0_0_2_count_2_t0 ^ agreement_2_0_0_2_count_0_t0[17]};
  wire [1:0] agreement_2_0_0_2_count_3_t0 = {
      agreement_2_0_0_2_count_0_t0[18] && agreement_2_0_0_2_count_0_t0[19],
      agreement_2_0_0_2_count_0_t0[18] ^ agreement_2_0_0_2_count_0_t0[19]
    };
  wire [3:0] agreement_2_0_0_2_count_3_t1 = {1'b0, {agreement_2_0_0_2_count_3_t0, 1'b1}} + {2'd0, {agreement_2_0_0_2_count_0_t0[20], agreement_2_0_0_2_count_0_t0[21]}};
  wire [23:0] agreement_3_0_0_2_count_0_t0 = ~(activation_0 ^ weight_word[95:72]) & present;
  wire agreement_3_0_0_2_count_0_t1 = agreement_3_0_0_2_count_0_t0[0] ^ agreement_3_0_0_2_count_0_t0[1];
  wire agreement_3_0_0_2_count_0_t2 = agreement_3_0_0_2_count_0_t1 ? agreement_3_0_0_2_count_0_t0[2] : agreement_3_0_0_2_count_0_t0[0];
  wire [2:0] agreement_3_0_0_2_count_0_t3 = {agreement_3_0_0_2_count_0_t2, agreement_3_0_0_2_count_0_t1 ^ agreement_3_0_0_2_count_0_t0[2], 1'b1};
  wire agreement_3_0_0_2_count_0_t4 = agreement_3_0_0_2_count_0_t0[3] ^ agreement_3_0_0_2_count_0_t0[4];
  wire agreement_3_0_0_2_count_0_t5 = agreement_3_0_0_2_count_0_t4 ? agreement_3_0_0_2_count_0_t0[5] : agreement_3_0_0_2_count_0_t0[3];
  wire [2:0] agreement_3_0_0_2_count_0_t6 = {
      agreement_3_0_0_2_count_0_t5, agreement_3_0_0_2_count_0_t4 ^ agreement_3_0_0_2_count_0_t0[5],
      agreement_3_0_0_2_count_0_t0[6]
    };
  wire [3:0] agreement_3_0_0_2_count_0_t7 = agreement_3_0_0_2_count_0_t3 + agreement_3_0_0_2_count_0_t6;
  wire agreement_3_0_0_2_count_1_t0 = agreement_3_0_0_2_count_0_t0[7] ^ agreement_3_0_0_2_count_0_t0[8];
  wire agreement_3_0_0_2_count_1_t1 = agreement_3_0_0_2_count_1_t0 ? agreement_3_0_0_2_count_0_t0[9] : agreement_3_0_0_2_count_0_t0[7];
  wire [2:0] agreement_3_0_0_2_count_1_t2 = {agreement_3_0_0_2_count_1_t1, agreement_3_0_0_2_count_1_t0 ^ agreement_3_0_0_2_count_0_t0[9], 1'b1};
  wire agreement_3_0_0_2_count_1_t3 = agreement_3_0_0_2_count_0_t0[10] ^ agreement_3_0_0_2_count_0_t0[11];
  wire agreement_3_0_0_2_count_1_t4 = agreement_3_0_0_2_count_1_t3 ? agreement_3_0_0_2_count_0_t0[12] : agreement_3_0_0_2_count_0_t0[10];
  wire [2:0] agreement_3_0_0_2_count_1_t5 = {
      agreement_3_0_0_2_count_1_t4, agreement_3_0_0_2_count_1_t3 ^ agreement_3_0_0_2_count_0_t0[12],
      agreement_3_0_0_2_count_0_t0[13]
    };
  wire [3:0] agreement_3_0_0_2_count_1_t6 = agreement_3_0_0_2_count_1_t2 + agreement_3_0_0_2_count_1_t5;
  wire agreement_3_0_0_2_count_2_t0 = agreement_3_0_0_2_count_0_t0[15] ^ agreement_3_0_0_2_count_0_t0[16];
  wire agreement_3_0_0_2_count_2_t1 = agreement_3_0_0_2_count_2_t0 ? agreement_3_0_0_2_count_0_t0[17] : agreement_3_0_0_2_count_0_t0[15];
  wire [1:0] agreement_3_0_0_2_count_2_t2 = {agreement_3_0_0_2_count_2_t1, agreement_3_0_0_2_count_2_t0 ^ agreement_3_0_0_2_count_0_t0[17]};
  wire [1:0] agreement_3_0_0_2_count_3_t0 = {
      agreement_3_0_0_2_count_0_t0[18] && agreement_3_0_0_2_count_0_t0[19],
      agreement_3_0_0_2_count_0_t0[18] ^ agreement_3_0_0_2_count_0_t0[19]
    };
  wire [3:0] agreement_3_0_0_2_count_3_t1 = {1'b0, {agreement_3_0_0_2_count_3_t0, 1'b1}} + {2'd0, {agreement_3_0_0_2_count_0_t0[20], agreement_3_0_0_2_count_0_t0[21]}};
  wire present_2_count_0_t0 = present[0] ^ present[1];
  wire [2:0] present_2_count_0_t1 = {present_2_count_0_t0 ? present[2] : present[0], present_2_count_0_t0 ^ present[2], 1'b1};
  wire present_2_count_0_t2 = present[3] ^ present[4];
  wire [2:0] present_2_count_0_t3 = {present_2_count_0_t2 ? present[5] : present[3], present_2_count_0_t2 ^ present[5], present[6]};
  wire [3:0] present_2_count_0_t4 = present_2_count_0_t1 + present_2_count_0_t3;
  wire present_2_count_1_t0 = present[7] ^ present[8];
  wire [2:0] present_2_count_1_t1 = {present_2_count_1_t0 ? present[9] : present[7], present_2_count_1_t0 ^ present[9], 1'b1};
  wire present_2_count_1_t2 = present[10] ^ present[11];
  wire [2:0] present_2_count_1_t3 = {present_2_count_1_t2 ? present[12] : present[10], present_2_count_1_t2 ^ present[12], present[13]};
  wire [3:0] present_2_count_1_t4 = present_2_count_1_t1 + present_2_count_1_t3;
  wire present_2_count_2_t0 = present[15] ^ present[16];
  wire [1:0] present_2_count_2_t1 = {present_2_count_2_t0 ? present[17] : present[15], present_2_count_2_t0 ^ present[17]};
  wire [3:0] present_2_count_3_t0 = {1'b0, {{present[18] && present[19], present[18] ^ present[19]}, 1'b1}} + {2'd0, {present[20], present[21]}};
  wire [4:0] agreement_0_0_0_3_count_0_t0 = {agreement_0_0_0_2_count_0, 1'b1} + {agreement_0_0_0_2_count_1, agreement_0_0_0_2_carries[0]};
  wire [4:0] agreement_0_0_0_3_count_1_t0 = {2'd0, {agreement_0_0_0_2_count_2, 1'b1}} + {1'b0, {agreement_0_0_0_2_count_3, agreement_0_0_0_2_carries[1]}};
  wire [4:0] agreement_1_0_0_3_count_0_t0 = {agreement_1_0_0_2_count_0, 1'b1} + {agreement_1_0_0_2_count_1, agreement_1_0_0_2_carries[0]};
  wire [4:0] agreement_1_0_0_3_count_1_t0 = {2'd0, {agreement_1_0_0_2_count_2, 1'b1}} + {1'b0, {agreement_1_0_0_2_count_3, agreement_1_0_0_2_carries[1]}};
  wire [4:0] agreement_2_0_0_3_count_0_t0 = {agreement_2_0_0_2_count_0, 1'b1} + {agreement_2_0_0_2_count_1, agreement_2_0_0_2_carries[0]};
  wire [4:0] agreement_2_0_0_3_count_1_t0 = {2'd0, {agreement_2_0_0_2_count_2, 1'b1}} + {1'b0, {agreement_2_0_0_2_count_3, agreement_2_0_0_2_carries[1]}};
  wire [4:0] agreement_3_0_0_3_count_0_t0 = {agreement_3_0_0_2_count_0, 1'b1} + {agreement_3_0_0_2_count_1, agreement_3_0_0_2_carries[0]};
  wire [4:0] agreement_3_0_0_3_count_1_t0 = {2'd0, {agreement_3_0_0_2_count_2, 1'b1}} + {1'b0, {agreement_3_0_0_2_count_3, agreement_3_0_0_2_carries[1]}};
  wire [4:0] present_3_count_0_t0 = {present_2_count_0, 1'b1} + {present_2_count_1, present_2_carries[0]};
  wire [4:0] present_3_count_1_t0 = {2'd0, {present_2_count_2, 1'b1}} + {1'b0, {present_2_count_3, present_2_carries[1]}};
  wire [5:0] shared_t0 = {present_3_count_0, 1'b1} + {present_3_count_1, present_3_carries};
  wire [5:0] counted_0_t0 = {agreement_0_0_0_3_count_0, 1'b1} + {agreement_0_0_0_3_count_1, agreement_0_0_0_3_carries};
  wire [5:0] counted_1_t0 = {agreement_1_0_0_3_count_0, 1'b1} + {agreement_1_0_0_3_count_1, agreement_1_0_0_3_carries};
  wire [5:0] counted_2_t0 = {agreement_2_0_0_3_count_0, 1'b1} + {agreement_2_0_0_3_count_1, agreement_2_0_0_3_carries};
  wire [5:0] counted_3_t0 = {agreement_3_0_0_3_count_0, 1'b1} + {agreement_3_0_0_3_count_1, agreement_3_0_0_3_carries};

  always @(posedge clk) if (advance) begin
    agreement_0_0_0_2_count_0 <= agreement_0_0_0_2_count_0_t7[3:1];
    agreement_0_0_0_2_count_1 <= agreement_0_0_0_2_count_1_t6[3:1];
    agreement_0_0_0_2_count_2 <= agreement_0_0_0_2_count_2_t2;
    agreement_0_0_0_2_count_3 <= agreement_0_0_0_2_count_3_t1[3:1];
    agreement_0_0_0_2_carries <= {
      agreement_0_0_0_2_count_0_t0[23], agreement_0_0_0_2_count_0_t0[22],
      agreement_0_0_0_2_count_0_t0[14]
    };
    agreement_1_0_0_2_count_0 <= agreement_1_0_0_2_count_0_t7[3:1];
    agreement_1_0_0_2_count_1 <= agreement_1_0_0_2_count_1_t6[3:1];
    agreement_1_0_0_2_count_2 <= agreement_1_0_0_2_count_2_t2;
    agreement_1_0_0_2_count_3 <= agreement_1_0_0_2_count_3_t1[3:1];
    agreement_1_0_0_2_carries <= {
      agreement_1_0_0_2_count_0_t0[23], agreement_1_0_0_2_count_0_t0[22],
      agreement_1_0_0_2_count_0_t0[14]
    };
    agreement_2_0_0_2_count_0 <= agreement_2_0_0_2_count_0_t7[3:1];
    agreement_2_0_0_2_count_1 <= agreement_2_0_0_2_count_1_t6[3:1];
    agreement_2_0_0_2_count_2 <= agreement_2_0_0_2_count_2_t2;
    agreement_2_0_0_2_count_3 <= agreement_2_0_0_2_count_3_t1[3:1];
    agreement_2_0_0_2_carries <= {
      agreement_2_0_0_2_count_0_t0[23], agreement_2_0_0_2_count_0_t0[22],
      agreement_2_0_0_2_count_0_t0[14]
    };
    agreement_3_0_0_2_count_0 <= agreement_3_0_0_2_count_0_t7[3:1];
    agreement_3_0_0_2_count_1 <= agreement_3_0_0_2_count_1_t6[3:1];
    agreement_3_0_0_2_count_2 <= agreement_3_0_0_2_count_2_t2;
    agreement_3_0_0_2_count_3 <= agreement_3_0_0_2_count_3_t1[3:1];
    agreement_3_0_0_2_carries <= {
      agreement_3_0_0_2_count_0_t0[23], agreement_3_0_0_2_count_0_t0[22],
      agreement_3_0_0_2_count_0_t0[14]
    };
    present_2_count_0 <= present_2_count_0_t4[3:1];
    present_2_count_1 <= present_2_count_1_t4[3:1];
    present_2_count_2 <= present_2_count_2_t1;
    present_2_count_3 <= present_2_count_3_t0[3:1];
    present_2_carries <= {present[23:22], present[14]};
    agreement_0_0_0_3_count_0 <= agreement_0_0_0_3_count_0_t0[4:1];
    agreement_0_0_0_3_count_1 <= agreement_0_0_0_3_count_1_t0[4:1];
    agreement_0_0_0_3_carries <= agreement_0_0_0_2_carries[2];
    agreement_1_0_0_3_count_0 <= agreement_1_0_0_3_count_0_t0[4:1];
    agreement_1_0_0_3_count_1 <= agreement_1_0_0_3_count_1_t0[4:1];
    agreement_1_0_0_3_carries <= agreement_1_0_0_2_carries[2];
    agreement_2_0_0_3_count_0 <= agreement_2_0_0_3_count_0_t0[4:1];
    agreement_2_0_0_3_count_1 <= agreement_2_0_0_3_count_1_t0[4:1];
    agreement_2_0_0_3_carries <= agreement_2_0_0_2_carries[2];
    agreement_3_0_0_3_count_0 <= agreement_3_0_0_3_count_0_t0[4:1];
    agreement_3_0_0_3_count_1 <= agreement_3_0_0_3_count_1_t0[4:1];
    agreement_3_0_0_3_carries <= agreement_3_0_0_2_carries[2];
    present_3_count_0 <= present_3_count_0_t0[4:1];
    present_3_count_1 <= present_3_count_1_t0[4:1];
    present_3_carries <= present_2_carries[2];
    shared <= shared_t0[5:1];
    counted_0 <= counted_0_t0[5:1];
    counted_1 <= counted_1_t0[5:1];
    counted_2 <= counted_2_t0[5:1];
    counted_3 <= counted_3_t0[5:1];
    product_0 <= {counted_0, 1'b0} - {1'b0, shared};
    product_1 <= {counted_1, 1'b0} - {1'b0, shared};
    product_2 <= {counted_2, 1'b0} - {1'b0, shared};
    product_3 <= {counted_3, 1'b0} - {1'b0, shared};
  end

  always @(posedge clk) if (advance && valid_4) begin
    running_0 <= total_0;
  end

  always @(posedge clk) if (advance && valid_4) begin
    running_1 <= total_1;
  end

  always @(posedge clk) if (advance && valid_4) begin
    running_2 <= total_2;
  end

  always @(posedge clk) if (advance && valid_4) begin
    running_3 <= total_3;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b0))) begin
    sum_of_0 <= total_0;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b0))) begin
    sum_of_1 <= total_1;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b0))) begin
    sum_of_2 <= total_2;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b0))) begin
    sum_of_3 <= total_3;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b1))) begin
    sum_of_4 <= total_0;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b1))) begin
    sum_of_5 <= total_1;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b1))) begin
    sum_of_6 <= total_2;
  end

  always @(posedge clk) if (advance && (group_ends && (group_5 == 1'b1))) begin
    sum_of_7 <= total_3;
  end
  wire waiting_0_t0 = columns_taken == 2'd2;
  wire waiting_0_t1 = columns_taken == 2'd1;
  wire waiting_0_t2 = arrives && (columns_left == 2'd0);
  reg [7:0] waiting_0_t3;
  always @*
    case (arriving_bank)
      2'd0: waiting_0_t3 = word_2;
      2'd1: waiting_0_t3 = word_0;
      default: waiting_0_t3 = word_1;
    endcase
  reg [7:0] waiting_0_t4;
  always @*
    case (arriving_bank)
      2'd0: waiting_0_t4 = word_1;
      2'd1: waiting_0_t4 = word_2;
      default: waiting_0_t4 = word_0;
    endcase
  reg [7:0] waiting_0_t5;
  always @*
    case (arriving_bank)
      2'd0: waiting_0_t5 = word_0;
      2'd1: waiting_0_t5 = word_1;
      default: waiting_0_t5 = word_2;
    endcase

  always @(posedge clk) begin
    if (waiting_0_t0) begin
      waiting_0 <= waiting_2;
    end
    if (waiting_0_t1) begin
      waiting_0 <= waiting_1;
    end
    if (waiting_0_t2) begin
      waiting_0 <= {waiting_0_t3, waiting_0_t4, waiting_0_t5};
    end
  end
  wire waiting_1_t0 = columns_taken == 2'd1;
  wire waiting_1_t1 = arrives && (columns_left == 2'd1);

  always @(posedge clk) begin
    if (waiting_1_t0) begin
      waiting_1 <= waiting_2;
    end
    if (waiting_1_t1) begin
      waiting_1 <= {waiting_0_t3, waiting_0_t4, waiting_0_t5};
    end
  end
  wire waiting_2_t0 = arrives && (columns_left == 2'd2);

  always @(posedge clk) begin
    if (waiting_2_t0) begin
      waiting_2 <= {waiting_0_t3, waiting_0_t4, waiting_0_t5};
    end
  end

  always @(posedge clk) begin
    if (waiting_0_t0) begin
      waiting_reload_0 <= waiting_reload_2;
    end
    if (waiting_0_t1) begin
      waiting_reload_0 <= waiting_reload_1;
    end
    if (waiting_0_t2) begin
      waiting_reload_0 <= column_reload;
    end
  end

  always @(posedge clk) begin
    if (waiting_1_t0) begin
      waiting_reload_1 <= waiting_reload_2;
    end
    if (waiting_1_t1) begin
      waiting_reload_1 <= column_reload;
    end
  end

  always @(posedge clk) begin
    if (waiting_2_t0) begin
      waiting_reload_2 <= column_reload;
    end
  end
  wire [1:0] word_0_t0 = top_row_of_bank + 1'b1;
  wire signed word_0_t1 = word_0_t0[0] - 1'b0;
  wire signed [2:0] word_0_t2 = (word_0_t0 >= 2'd2) ? {3{word_0_t1}} : {1'b0, word_0_t0};
  wire [4:0] word_0_t3 = {(top_bank <= 2'd0) ? top_row_of_bank : word_0_t2[0], 4'd0} + {1'b0, read_column};

  always @(posedge clk) if (issued) begin
    word_0 <= bank_0[word_0_t3];
  end
  wire [1:0] word_1_t0 = top_row_of_bank + 1'b1;
  wire signed word_1_t1 = word_1_t0[0] - 1'b0;
  wire signed [2:0] word_1_t2 = (word_1_t0 >= 2'd2) ? {3{word_1_t1}} : {1'b0, word_1_t0};
  wire [4:0] word_1_t3 = {(top_bank <= 2'd1) ? top_row_of_bank : word_1_t2[0], 4'd0} + {1'b0, read_column};

  always @(posedge clk) if (issued) begin
    word_1 <= bank_1[word_1_t3];
  end
  wire [4:0] word_2_t0 = {top_row_of_bank, 4'd0} + {1'b0, read_column};

  always @(posedge clk) if (issued) begin
    word_2 <= bank_2[word_2_t0];
  end
  wire [2:0] column_reload_t0 = {frame_row_of_bank, 2'd0} + {1'b0, frame_bank};

  always @(posedge clk) if (issued) begin
    column_reload <= reload_flags[column_reload_t0];
  end

  always @(posedge clk) if (moves) begin
    weight_word <= weights[step];
  end
  wire [4:0] bank_0_t0 = {write_row_of_bank, 4'd0} + {1'b0, in_column};

  always @(posedge clk) begin
    if (accepted && (write_bank == 2'd0)) bank_0[bank_0_t0] <= in_activation;
  end
  wire [4:0] bank_1_t0 = {write_row_of_bank, 4'd0} + {1'b0, in_column};

  always @(posedge clk) begin
    if (accepted && (write_bank == 2'd1)) bank_1[bank_1_t0] <= in_activation;
  end
  wire [4:0] bank_2_t0 = {write_row_of_bank, 4'd0} + {1'b0, in_column};

  always @(posedge clk) begin
    if (accepted && (write_bank == 2'd2)) bank_2[bank_2_t0] <= in_activation;
  end
  wire [2:0] reload_flags_t0 = {write_row_of_bank, 2'd0} + {1'b0, write_bank};

  always @(posedge clk) begin
    if ((accepted && (in_column == 4'd0)) && (in_row == 4'd0)) reload_flags[reload_flags_t0] <= in_reload;
  end

  always @(posedge clk) begin
    if (weights_moves) weights[weights_at] <= weight_planes;
  end

  wire unused = &{1'b0, is_stored, pixels_inside_t0[3], write_row_of_bank_t4[2:1], write_bank_t1[2], top_row_of_bank_t4[2:1], top_row_of_bank_t9[2:1], top_bank_t1[2], top_bank_t3[2], frame_row_of_bank_t4[2:1], frame_bank_t1[3:2], agreement_0_0_0_2_count_0_t7[0], agreement_0_0_0_2_count_1_t6[0], agreement_0_0_0_2_count_3_t1[0], agreement_1_0_0_2_count_0_t7[0], agreement_1_0_0_2_count_1_t6[0], agreement_1_0_0_2_count_3_t1[0], agreement_2_0_0_2_count_0_t7[0], agreement_2_0_0_2_count_1_t6[0], agreement_2_0_0_2_count_3_t1[0], agreement_3_0_0_2_count_0_t7[0], agreement_3_0_0_2_count_1_t6[0], agreement_3_0_0_2_count_3_t1[0], present_2_count_0_t4[0], present_2_count_1_t4[0], present_2_count_3_t0[0], agreement_0_0_0_3_count_0_t0[0], agreement_0_0_0_3_count_1_t0[0], agreement_1_0_0_3_count_0_t0[0], agreement_1_0_0_3_count_1_t0[0], agreement_2_0_0_3_count_0_t0[0], agreement_2_0_0_3_count_1_t0[0], agreement_3_0_0_3_count_0_t0[0], agreement_3_0_0_3_count_1_t0[0], present_3_count_0_t0[0], present_3_count_1_t0[0], shared_t0[0], counted_0_t0[0], counted_1_t0[0], counted_2_t0[0], counted_3_t0[0], word_0_t2[2:1], word_1_t2[2:1]};
endmodule

`default_nettype wire
