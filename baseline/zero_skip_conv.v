`default_nettype none

// zero_skip_conv: Convolution of a tile that skips the zeros of weights, inputs or outputs, or of two of them.
// parameters: inputChannels=8 height=8 width=8 outputChannels=8 kernelHeight=3 kernelWidth=3 stride=1 padding=0
// activationBits=8 activationSigned=true weightBits=8 accumulatorBits=32 group=8 lanes=4 lookahead=32
// runAhead=4 balance=none skip=weight+input inputFormat=dense weightTiles=1 target=generic dsp=true
module zero_skip_conv (
  input  wire              clk,              // clock, rising edge
  input  wire              rst,              // reset, synchronous, active high
  input  wire              weight_valid,     // a word of weights is offered
  output wire              weight_ready,     // a word of weights is accepted
  input  wire [7:0]        weight_data,      // a coarse bitmap, a fine bitmap or a weight; bits(8)
  input  wire              input_valid,      // an input is offered
  output wire              input_ready,      // an input is accepted
  input  wire signed [7:0] input_value,      // an input; s8[-128..127]
  output wire              output_valid,     // sums are offered
  input  wire              output_ready,     // sums are accepted
  output wire [127:0]      output_sum,       // sums of neighbouring output channels; 4 x s32[-2147483648..2147483647], element 0 in the low bits
  output wire              output_last,      // the last beat of a tile
  output wire [31:0]       output_cycles,    // clocks of the tile; u32[0..4294967295]
  output wire [31:0]       output_products,  // products that were done; u32[0..4294967295]
  output wire [31:0]       output_skipped,   // products of the dense convolution that were not done; u32[0..4294967295]
  output wire [31:0]       output_stalls     // clocks of lanes without a product; u32[0..4294967295]
);
  localparam [1:0] STATE_IDLE = 2'd0;
  localparam [1:0] STATE_RUN = 2'd1;
  localparam [1:0] STATE_FLUSH_1 = 2'd2;
  localparam [1:0] STATE_FLUSH_2 = 2'd3;
  reg [1:0] sets_put;
  reg [1:0] sets_taken;
  reg [1:0] tiles_put;
  reg [1:0] tiles_taken;
  reg [1:0] sums_put;
  reg [1:0] sums_taken;
  wire weight_loader_data_ready;
  wire [3:0] weight_loader_row;
  wire [2:0] weight_loader_outer;
  wire weight_loader_value_write;
  wire [2:0] weight_loader_value_channel;
  wire [7:0] weight_loader_value;
  wire weight_loader_word_write;
  wire weight_loader_word_index;
  wire [31:0] weight_loader_word;
  wire [6:0] weight_loader_ones;
  wire weight_loader_outer_done;
  wire weight_loader_done;
  wire input_loader_data_ready;
  wire [5:0] input_loader_row;
  wire input_loader_outer;
  wire input_loader_value_write;
  wire [2:0] input_loader_value_channel;
  wire [7:0] input_loader_value;
  wire input_loader_word_write;
  wire input_loader_word_index;
  wire [7:0] input_loader_word;
  wire [6:0] input_loader_ones;
  wire input_loader_outer_done;
  wire input_loader_done;
  reg [1:0] load_place;
  reg load_slot;
  reg chunk_is_listed;
  reg [1:0] listed_chunk;
  reg [1:0] listed_place;
  reg list_ends;
  reg weight_goes_to_0;
  reg weight_goes_to_1;
  reg weight_goes_to_2;
  reg weight_goes_to_3;
  reg weight_goes_to_bank;
  reg weight_slot;
  reg [3:0] weight_tap;
  reg [2:0] weight_channel;
  reg weight_comes;
  reg [7:0] weight_value;
  reg chunk_comes;
  reg [1:0] coming_chunk;
  reg [31:0] coming_chunk_bits;
  wire tile_starts;
  reg out_slot;
  reg [5:0] out_position;
  reg read_valid;
  reg out_valid;
  reg read_last;
  reg out_last;
  reg all_read;
  wire lane_0_active;
  wire lane_0_multiplies;
  wire [31:0] lane_0_sums;
  wire lane_0_has_sums;
  wire lane_1_active;
  wire lane_1_multiplies;
  wire [31:0] lane_1_sums;
  wire lane_1_has_sums;
  wire lane_2_active;
  wire lane_2_multiplies;
  wire [31:0] lane_2_sums;
  wire lane_2_has_sums;
  wire lane_3_active;
  wire lane_3_multiplies;
  wire [31:0] lane_3_sums;
  wire lane_3_has_sums;
  reg [1:0] state;
  reg [2:0] products_counted;
  reg [2:0] stalls_counted;
  reg [31:0] cycles;
  reg [31:0] products;
  reg [31:0] stalls;
  reg signed [31:0] out_sum_0;
  reg signed [31:0] out_sum_1;
  reg signed [31:0] out_sum_2;
  reg signed [31:0] out_sum_3;
  reg [31:0] kept_products_0;
  reg [31:0] kept_products_1;
  reg [31:0] kept_cycles_0;
  reg [31:0] kept_cycles_1;
  reg [31:0] kept_stalls_0;
  reg [31:0] kept_stalls_1;

  wire signed [1:0] sets_in_use_t0 = sets_put - sets_taken;
  wire [1:0] sets_in_use = sets_in_use_t0;
  wire signed [1:0] tiles_in_use_t0 = tiles_put - tiles_taken;
  wire [1:0] tiles_in_use = tiles_in_use_t0;
  wire signed [1:0] sums_in_use_t0 = sums_put - sums_taken;
  wire [1:0] sums_in_use = sums_in_use_t0;
  assign weight_ready = weight_loader_data_ready;
  wire set_loaded = weight_loader_done;
  assign input_ready = input_loader_data_ready;
  wire tile_loaded = input_loader_done;
  wire round_done_t0 = load_place == 2'd3;
  wire round_done = weight_loader_outer_done && (round_done_t0 || weight_loader_done);
  wire [1:0] place_behind_t0 = listed_place + 2'd1;
  wire [1:0] place_behind = (list_ends || !chunk_is_listed) ? 2'd0 : place_behind_t0;
  wire list_grows_t0 = weight_loader_word_write && (|weight_loader_word);
  wire list_grows = list_ends || (list_grows_t0 && chunk_is_listed);
  wire advance = !out_valid || output_ready;
  wire reads = !(sums_in_use == 2'd0) && !all_read;
  wire reads_last_t0 = out_slot == 1'b1;
  wire reads_last_t1 = out_position == 6'd35;
  wire reads_last = reads_last_t0 && reads_last_t1;
  wire output_ends = (out_valid && out_last) && output_ready;
  wire output_is_done = output_ends;
  wire [6:0] lane_0_tasks = tile_starts ? 7'd72 : 7'd0;
  wire [6:0] lane_1_tasks = tile_starts ? 7'd72 : 7'd0;
  wire [6:0] lane_2_tasks = tile_starts ? 7'd72 : 7'd0;
  wire [6:0] lane_3_tasks = tile_starts ? 7'd72 : 7'd0;
  wire can_start_t0 = ((sets_in_use == 2'd0) || (tiles_in_use == 2'd0)) || (sums_in_use == 2'd2);
  wire can_start = !can_start_t0;
  wire any_lane_active = ((lane_0_active || lane_1_active) || lane_2_active) || lane_3_active;
  wire start = (state == STATE_IDLE) && can_start;
  wire tile_ends = state == STATE_FLUSH_2;
  wire is_computing = (state == STATE_RUN) && any_lane_active;
  wire [1:0] products_now_t0 = lane_0_multiplies + lane_1_multiplies;
  wire [1:0] products_now_t1 = lane_2_multiplies + lane_3_multiplies;
  wire [2:0] products_now = products_now_t0 + products_now_t1;
  wire set_ends = tile_ends;
  assign tile_starts = start;
  wire tile_is_done = tile_ends;
  wire set_is_done = set_ends;
  assign output_sum[31:0] = out_sum_0;
  assign output_sum[63:32] = out_sum_1;
  assign output_sum[95:64] = out_sum_2;
  assign output_sum[127:96] = out_sum_3;
  assign output_valid = out_valid;
  assign output_last = out_last;
  reg [31:0] output_cycles_t0;
  always @*
    case (sums_taken[0])
      1'b0: output_cycles_t0 = kept_cycles_0;
      default: output_cycles_t0 = kept_cycles_1;
    endcase
  assign output_cycles = output_cycles_t0;
  reg [31:0] output_products_t0;
  always @*
    case (sums_taken[0])
      1'b0: output_products_t0 = kept_products_0;
      default: output_products_t0 = kept_products_1;
    endcase
  assign output_products = output_products_t0;
  wire signed [31:0] output_skipped_t0 = 32'd20736 - output_products_t0;
  assign output_skipped = output_skipped_t0;
  reg [31:0] output_stalls_t0;
  always @*
    case (sums_taken[0])
      1'b0: output_stalls_t0 = kept_stalls_0;
      default: output_stalls_t0 = kept_stalls_1;
    endcase
  assign output_stalls = output_stalls_t0;

  always @(posedge clk)
    if (rst) begin
      list_ends <= 1'b0;
      weight_comes <= 1'b0;
      chunk_comes <= 1'b0;
    end else begin
      list_ends <= weight_loader_outer_done;
      weight_comes <= weight_loader_value_write;
      chunk_comes <= weight_loader_word_write;
    end

  wire signed [2:0] stalls_counted_t0 = -products_now;
  wire [2:0] stalls_counted_t1 = stalls_counted_t0 + 3'd4;

  always @(posedge clk) begin
    weight_goes_to_0 <= load_place == 2'd0;
    weight_goes_to_1 <= load_place == 2'd1;
    weight_goes_to_2 <= load_place == 2'd2;
    weight_goes_to_3 <= load_place == 2'd3;
    weight_goes_to_bank <= sets_put[0];
    weight_slot <= load_slot;
    weight_tap <= weight_loader_row;
    weight_channel <= weight_loader_value_channel;
    weight_value <= weight_loader_value;
    coming_chunk <= weight_loader_row[3:2];
    coming_chunk_bits <= weight_loader_word;
    products_counted <= products_now;
    stalls_counted <= is_computing ? stalls_counted_t1 : 3'd0;
  end

  always @(posedge clk) if (advance) begin
    out_sum_0 <= lane_0_has_sums ? lane_0_sums : 32'd0;
    out_sum_1 <= lane_1_has_sums ? lane_1_sums : 32'd0;
    out_sum_2 <= lane_2_has_sums ? lane_2_sums : 32'd0;
    out_sum_3 <= lane_3_has_sums ? lane_3_sums : 32'd0;
  end

  always @(posedge clk)
    if (rst) begin
      sets_put <= 2'd0;
    end else begin
      if (set_loaded) begin
        sets_put <= sets_put + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      sets_taken <= 2'd0;
    end else begin
      if (set_is_done) begin
        sets_taken <= sets_taken + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      tiles_put <= 2'd0;
    end else begin
      if (tile_loaded) begin
        tiles_put <= tiles_put + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      tiles_taken <= 2'd0;
    end else begin
      if (tile_is_done) begin
        tiles_taken <= tiles_taken + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      sums_put <= 2'd0;
    end else begin
      if (tile_is_done) begin
        sums_put <= sums_put + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      sums_taken <= 2'd0;
    end else begin
      if (output_is_done) begin
        sums_taken <= sums_taken + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      load_place <= 2'd0;
    end else begin
      if (weight_loader_done) begin
        load_place <= 2'd0;
      end else if (weight_loader_outer_done) begin
        load_place <= load_place + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      load_slot <= 1'b0;
    end else begin
      if (weight_loader_done) begin
        load_slot <= 1'b0;
      end else if (weight_loader_outer_done) begin
        if (round_done_t0) begin
          load_slot <= load_slot + 1'b1;
        end
      end
    end

  always @(posedge clk)
    if (rst) begin
      chunk_is_listed <= 1'b0;
    end else begin
      if (list_grows_t0) begin
        chunk_is_listed <= 1'b1;
      end else if (list_ends) begin
        chunk_is_listed <= 1'b0;
      end
    end

  always @(posedge clk)
    if (rst) begin
      listed_chunk <= 2'd0;
    end else begin
      if (list_grows_t0) begin
        listed_chunk <= weight_loader_row[3:2];
      end else if (list_ends) begin
        listed_chunk <= 2'd0;
      end
    end

  always @(posedge clk)
    if (rst) begin
      listed_place <= 2'd0;
    end else begin
      if (list_grows_t0) begin
        listed_place <= place_behind;
      end else if (list_ends) begin
        listed_place <= 2'd0;
      end
    end

  always @(posedge clk)
    if (rst) begin
      out_slot <= 1'b0;
    end else begin
      if (advance) begin
        if (reads) begin
          out_slot <= out_slot + 1'b1;
        end
      end
    end
  wire [5:0] out_position_t0 = out_position + 6'd1;

  always @(posedge clk)
    if (rst) begin
      out_position <= 6'd0;
    end else begin
      if (advance) begin
        if (reads) begin
          if (reads_last_t0) begin
            out_position <= reads_last_t1 ? 6'd0 : out_position_t0;
          end
        end
      end
    end

  always @(posedge clk)
    if (rst) begin
      read_valid <= 1'b0;
    end else begin
      if (advance) begin
        read_valid <= reads;
      end
    end

  always @(posedge clk)
    if (rst) begin
      out_valid <= 1'b0;
    end else begin
      if (advance) begin
        out_valid <= read_valid;
      end
    end

  always @(posedge clk) begin
    if (advance) begin
      read_last <= reads_last;
    end
  end

  always @(posedge clk) begin
    if (advance) begin
      out_last <= read_last;
    end
  end

  always @(posedge clk)
    if (rst) begin
      all_read <= 1'b0;
    end else begin
      if (advance) begin
        if (reads) begin
          if (reads_last) begin
            all_read <= 1'b1;
          end
        end
      end
      if (output_ends) begin
        all_read <= 1'b0;
      end
    end

  always @(posedge clk)
    if (rst) begin
      state <= STATE_IDLE;
    end else begin
      case (state)
        STATE_IDLE: begin
          if (can_start) begin
            state <= STATE_RUN;
          end
        end
        STATE_RUN: begin
          if (!any_lane_active) begin
            state <= STATE_FLUSH_1;
          end
        end
        STATE_FLUSH_1: state <= STATE_FLUSH_2;
        STATE_FLUSH_2: state <= STATE_IDLE;
        default: ;
      endcase
    end

  always @(posedge clk) begin
    if (start) begin
      cycles <= 32'd0;
    end else begin
      cycles <= cycles + {31'd0, is_computing};
    end
  end

  always @(posedge clk) begin
    if (start) begin
      products <= 32'd0;
    end else begin
      products <= products + {29'd0, products_counted};
    end
  end

  always @(posedge clk) begin
    if (start) begin
      stalls <= 32'd0;
    end else begin
      stalls <= stalls + {29'd0, stalls_counted};
    end
  end

  always @(posedge clk) begin
    if (tile_ends && !sums_put[0]) begin
      kept_products_0 <= products;
    end
  end

  always @(posedge clk) begin
    if (tile_ends && sums_put[0]) begin
      kept_products_1 <= products;
    end
  end

  always @(posedge clk) begin
    if (tile_ends && !sums_put[0]) begin
      kept_cycles_0 <= cycles;
    end
  end

  always @(posedge clk) begin
    if (tile_ends && sums_put[0]) begin
      kept_cycles_1 <= cycles;
    end
  end

  always @(posedge clk) begin
    if (tile_ends && !sums_put[0]) begin
      kept_stalls_0 <= stalls;
    end
  end

  always @(posedge clk) begin
    if (tile_ends && sums_put[0]) begin
      kept_stalls_1 <= stalls;
    end
  end

  zero_skip_loader_rows_in_word_4_word_bits_32 weight_loader (
    .clk(clk),
    .rst(rst),
    .enable(!(sets_in_use == 2'd2)),
    .data_valid(weight_valid),
    .data_ready(weight_loader_data_ready),
    .data(weight_data),
    .row(weight_loader_row),
    .outer(weight_loader_outer),
    .value_write(weight_loader_value_write),
    .value_channel(weight_loader_value_channel),
    .value(weight_loader_value),
    .word_write(weight_loader_word_write),
    .word_index(weight_loader_word_index),
    .word(weight_loader_word),
    .ones(weight_loader_ones),
    .outer_done(weight_loader_outer_done),
    .done(weight_loader_done)
  );

  zero_skip_loader_format_dense_rows_64_outers_1 input_loader (
    .clk(clk),
    .rst(rst),
    .enable(!(tiles_in_use == 2'd2)),
    .data_valid(input_valid),
    .data_ready(input_loader_data_ready),
    .data(input_value),
    .row(input_loader_row),
    .outer(input_loader_outer),
    .value_write(input_loader_value_write),
    .value_channel(input_loader_value_channel),
    .value(input_loader_value),
    .word_write(input_loader_word_write),
    .word_index(input_loader_word_index),
    .word(input_loader_word),
    .ones(input_loader_ones),
    .outer_done(input_loader_outer_done),
    .done(input_loader_done)
  );
  wire [4:0] lane_0_load_list_entry_t0 = {list_ends, place_behind, listed_chunk};

  zero_skip_lane lane_0 (
    .clk(clk),
    .rst(rst),
    .start(tile_starts),
    .tasks(lane_0_tasks),
    .weight_bank(sets_taken[0]),
    .tile_bank(tiles_taken[0]),
    .active(lane_0_active),
    .multiplies(lane_0_multiplies),
    .load_own(weight_goes_to_0),
    .load_weight_bank(weight_goes_to_bank),
    .load_slot(weight_slot),
    .load_tap(weight_tap),
    .load_channel(weight_channel),
    .load_weight(weight_comes),
    .load_weight_value(weight_value),
    .load_chunk(chunk_comes),
    .load_chunk_index(coming_chunk),
    .load_chunk_bits(coming_chunk_bits),
    .load_list(list_grows),
    .load_list_place(listed_place),
    .load_list_entry(lane_0_load_list_entry_t0),
    .load_tile_bank(tiles_put[0]),
    .load_pixel(input_loader_row),
    .load_input_channel(input_loader_value_channel),
    .load_input(input_loader_value_write),
    .load_input_value(input_loader_value),
    .load_word(input_loader_word_write),
    .load_word_index(input_loader_word_index),
    .load_word_bits(input_loader_word),
    .sum_bank(sums_put[0]),
    .read(advance),
    .read_bank(sums_taken[0]),
    .read_slot(out_slot),
    .read_position(out_position),
    .sums(lane_0_sums),
    .has_sums(lane_0_has_sums)
  );

  zero_skip_lane lane_1 (
    .clk(clk),
    .rst(rst),
    .start(tile_starts),
    .tasks(lane_1_tasks),
    .weight_bank(sets_taken[0]),
    .tile_bank(tiles_taken[0]),
    .active(lane_1_active),
    .multiplies(lane_1_multiplies),
    .load_own(weight_goes_to_1),
    .load_weight_bank(weight_goes_to_bank),
    .load_slot(weight_slot),
    .load_tap(weight_tap),
    .load_channel(weight_channel),
    .load_weight(weight_comes),
    .load_weight_value(weight_value),
    .load_chunk(chunk_comes),
    .load_chunk_index(coming_chunk),
    .load_chunk_bits(coming_chunk_bits),
    .load_list(list_grows),
    .load_list_place(listed_place),
    .load_list_entry(lane_0_load_list_entry_t0),
    .load_tile_bank(tiles_put[0]),
    .load_pixel(input_loader_row),
    .load_input_channel(input_loader_value_channel),
    .load_input(input_loader_value_write),
    .load_input_value(input_loader_value),
    .load_word(input_loader_word_write),
    .load_word_index(input_loader_word_index),
    .load_word_bits(input_loader_word),
    .sum_bank(sums_put[0]),
    .read(advance),
    .read_bank(sums_taken[0]),
    .read_slot(out_slot),
    .read_position(out_position),
    .sums(lane_1_sums),
    .has_sums(lane_1_has_sums)
  );

  zero_skip_lane lane_2 (
    .clk(clk),
    .rst(rst),
    .start(tile_starts),
    .tasks(lane_2_tasks),
    .weight_bank(sets_taken[0]),
    .tile_bank(tiles_taken[0]),
    .active(lane_2_active),
    .multiplies(lane_2_multiplies),
    .load_own(weight_goes_to_2),
    .load_weight_bank(weight_goes_to_bank),
    .load_slot(weight_slot),
    .load_tap(weight_tap),
    .load_channel(weight_channel),
    .load_weight(weight_comes),
    .load_weight_value(weight_value),
    .load_chunk(chunk_comes),
    .load_chunk_index(coming_chunk),
    .load_chunk_bits(coming_chunk_bits),
    .load_list(list_grows),
    .load_list_place(listed_place),
    .load_list_entry(lane_0_load_list_entry_t0),
    .load_tile_bank(tiles_put[0]),
    .load_pixel(input_loader_row),
    .load_input_channel(input_loader_value_channel),
    .load_input(input_loader_value_write),
    .load_input_value(input_loader_value),
    .load_word(input_loader_word_write),
    .load_word_index(input_loader_word_index),
    .load_word_bits(input_loader_word),
    .sum_bank(sums_put[0]),
    .read(advance),
    .read_bank(sums_taken[0]),
    .read_slot(out_slot),
    .read_position(out_position),
    .sums(lane_2_sums),
    .has_sums(lane_2_has_sums)
  );

  zero_skip_lane lane_3 (
    .clk(clk),
    .rst(rst),
    .start(tile_starts),
    .tasks(lane_3_tasks),
    .weight_bank(sets_taken[0]),
    .tile_bank(tiles_taken[0]),
    .active(lane_3_active),
    .multiplies(lane_3_multiplies),
    .load_own(weight_goes_to_3),
    .load_weight_bank(weight_goes_to_bank),
    .load_slot(weight_slot),
    .load_tap(weight_tap),
    .load_channel(weight_channel),
    .load_weight(weight_comes),
    .load_weight_value(weight_value),
    .load_chunk(chunk_comes),
    .load_chunk_index(coming_chunk),
    .load_chunk_bits(coming_chunk_bits),
    .load_list(list_grows),
    .load_list_place(listed_place),
    .load_list_entry(lane_0_load_list_entry_t0),
    .load_tile_bank(tiles_put[0]),
    .load_pixel(input_loader_row),
    .load_input_channel(input_loader_value_channel),
    .load_input(input_loader_value_write),
    .load_input_value(input_loader_value),
    .load_word(input_loader_word_write),
    .load_word_index(input_loader_word_index),
    .load_word_bits(input_loader_word),
    .sum_bank(sums_put[0]),
    .read(advance),
    .read_bank(sums_taken[0]),
    .read_slot(out_slot),
    .read_position(out_position),
    .sums(lane_3_sums),
    .has_sums(lane_3_has_sums)
  );

  wire unused = &{1'b0, weight_loader_outer, weight_loader_word_index, weight_loader_ones, input_loader_outer, input_loader_ones, input_loader_outer_done, round_done};
endmodule

`line 1 "zero_skip_lane.v" 0
// zero_skip_lane: One lane of the zero-skip convolution: finds pairs of operands that are not zero, multiplies them, one a clock, and sums.
// parameters: inputChannels=8 height=8 width=8 outputChannels=8 kernelHeight=3 kernelWidth=3 stride=1 padding=0
// activationBits=8 activationSigned=true weightBits=8 accumulatorBits=32 group=8 lanes=4 lookahead=32
// runAhead=4 balance=none skip=weight+input inputFormat=dense weightTiles=1 target=generic dsp=true
module zero_skip_lane (
  input  wire        clk,                 // clock, rising edge
  input  wire        rst,                 // reset, synchronous, active high
  input  wire        start,               // a tile begins
  input  wire [6:0]  tasks,               // tasks of this lane as a tile begins, else 0; u7[0..127]
  input  wire        weight_bank,         // bank of the weights of this tile
  input  wire        tile_bank,           // bank of its inputs and its mask
  output wire        active,              // there is something left to do
  output wire        multiplies,          // a pair is popped
  input  wire        load_own,            // the weights that come are of this lane
  input  wire        load_weight_bank,    // bank that weights go to
  input  wire        load_slot,           // slot of the weights that come; u1[0..1]
  input  wire [3:0]  load_tap,            // tap of the weight; u4[0..15]
  input  wire [2:0]  load_channel,        // channel of the weight; u3[0..7]
  input  wire        load_weight,         // a weight comes
  input  wire [7:0]  load_weight_value,   // the weight; bits(8)
  input  wire        load_chunk,          // the bits of a chunk come
  input  wire [1:0]  load_chunk_index,    // number of the chunk; u2[0..3]
  input  wire [31:0] load_chunk_bits,     // the bits of the chunk; bits(32)
  input  wire        load_list,           // an entry of the list of chunks with weights comes
  input  wire [1:0]  load_list_place,     // its place in the list; u2[0..3]
  input  wire [4:0]  load_list_entry,     // whether it is the last one, the place of the one behind it or else 0, and its chunk; bits(5)
  input  wire        load_tile_bank,      // bank that inputs go to
  input  wire [5:0]  load_pixel,          // pixel of the input; u6[0..63]
  input  wire [2:0]  load_input_channel,  // channel of the input; u3[0..7]
  input  wire        load_input,          // an input comes
  input  wire [7:0]  load_input_value,    // the input; bits(8)
  input  wire        load_word,           // bits of inputs come
  input  wire        load_word_index,     // their number in the pixel; u1[0..1]
  input  wire [7:0]  load_word_bits,      // the bits of inputs; bits(8)
  input  wire        sum_bank,            // bank of the sums of this tile
  input  wire        read,                // a sum is read
  input  wire        read_bank,           // bank of the sum
  input  wire        read_slot,           // its slot; u1[0..1]
  input  wire [5:0]  read_position,       // its position; u6[0..63]
  output wire [31:0] sums,                // the sum, one clock later: of the lane's own, and what it has of the next lane; 1 x s32[-2147483648..2147483647], element 0 in the low bits
  output wire        has_sums             // a flag for each of them: the task had pairs, and else its sum is 0; bits(1)
);
  (* no_rw_check *) reg signed [31:0] sums_own [0:255];
  (* no_rw_check *) reg has_sum_own [0:255];
  wire operands_active;
  wire operands_multiplies;
  wire operands_operand_valid;
  wire operands_operand_first;
  wire signed [7:0] operands_operand_weight;
  wire [7:0] operands_operand_input;
  wire [6:0] operands_operand_place;
  wire operands_ended;
  wire operands_ended_has_sum;
  wire [6:0] operands_ended_place;
  reg signed [15:0] product;
  reg product_valid;
  reg product_is_first;
  reg signed [31:0] running_sum;
  reg sum_comes;
  reg has_sum_read_own;
  reg signed [31:0] sum_read_own;

  assign active = operands_active;
  assign multiplies = operands_multiplies;
  assign sums = sum_read_own;
  assign has_sums = has_sum_read_own;

  always @(posedge clk) begin
    product <= $signed(operands_operand_input) * operands_operand_weight;
    product_is_first <= operands_operand_first;
  end

  always @(posedge clk)
    if (rst) begin
      product_valid <= 1'b0;
      sum_comes <= 1'b0;
    end else begin
      product_valid <= operands_operand_valid;
      sum_comes <= product_valid;
    end

  always @(posedge clk) if (product_valid) begin
    running_sum <= (product_is_first ? 32'd0 : running_sum) + {{16{product[15]}}, product};
  end
  wire [7:0] has_sum_read_own_t0 = {read_bank, read_slot, read_position};

  always @(posedge clk) if (read) begin
    has_sum_read_own <= has_sum_own[has_sum_read_own_t0];
  end

  always @(posedge clk) if (read) begin
    sum_read_own <= sums_own[has_sum_read_own_t0];
  end

  always @(posedge clk) begin
    if (sum_comes) sums_own[{sum_bank, operands_operand_place}] <= running_sum;
  end

  always @(posedge clk) begin
    if (operands_ended) has_sum_own[{sum_bank, operands_ended_place}] <= operands_ended_has_sum;
  end

  zero_skip_operands operands (
    .clk(clk),
    .rst(rst),
    .start(start),
    .tasks(tasks),
    .weight_bank(weight_bank),
    .tile_bank(tile_bank),
    .active(operands_active),
    .multiplies(operands_multiplies),
    .load_own(load_own),
    .load_weight_bank(load_weight_bank),
    .load_slot(load_slot),
    .load_tap(load_tap),
    .load_channel(load_channel),
    .load_weight(load_weight),
    .load_weight_value(load_weight_value),
    .load_chunk(load_chunk),
    .load_chunk_index(load_chunk_index),
    .load_chunk_bits(load_chunk_bits),
    .load_list(load_list),
    .load_list_place(load_list_place),
    .load_list_entry(load_list_entry),
    .load_tile_bank(load_tile_bank),
    .load_pixel(load_pixel),
    .load_input_channel(load_input_channel),
    .load_input(load_input),
    .load_input_value(load_input_value),
    .load_word(load_word),
    .load_word_index(load_word_index),
    .load_word_bits(load_word_bits),
    .operand_valid(operands_operand_valid),
    .operand_first(operands_operand_first),
    .operand_weight(operands_operand_weight),
    .operand_input(operands_operand_input),
    .operand_place(operands_operand_place),
    .ended(operands_ended),
    .ended_has_sum(operands_ended_has_sum),
    .ended_place(operands_ended_place)
  );
endmodule

`line 1 "zero_skip_operands.v" 0
// zero_skip_operands: Finds pairs of operands that are not zero, and reads those of one pair a clock.
// parameters: inputChannels=8 height=8 width=8 outputChannels=8 kernelHeight=3 kernelWidth=3 stride=1 padding=0
// activationBits=8 activationSigned=true weightBits=8 accumulatorBits=32 group=8 lanes=4 lookahead=32
// runAhead=4 balance=none skip=weight+input inputFormat=dense weightTiles=1 target=generic dsp=true
module zero_skip_operands (
  input  wire              clk,                 // clock, rising edge
  input  wire              rst,                 // reset, synchronous, active high
  input  wire              start,               // a tile begins
  input  wire [6:0]        tasks,               // tasks of this lane as a tile begins, else 0; u7[0..127]
  input  wire              weight_bank,         // bank of the weights of this tile
  input  wire              tile_bank,           // bank of its inputs and its mask
  output wire              active,              // there is something left to do
  output wire              multiplies,          // a pair is popped
  input  wire              load_own,            // the weights that come are of this lane
  input  wire              load_weight_bank,    // bank that weights go to
  input  wire              load_slot,           // slot of the weights that come; u1[0..1]
  input  wire [3:0]        load_tap,            // tap of the weight; u4[0..15]
  input  wire [2:0]        load_channel,        // channel of the weight; u3[0..7]
  input  wire              load_weight,         // a weight comes
  input  wire [7:0]        load_weight_value,   // the weight; bits(8)
  input  wire              load_chunk,          // the bits of a chunk come
  input  wire [1:0]        load_chunk_index,    // number of the chunk; u2[0..3]
  input  wire [31:0]       load_chunk_bits,     // the bits of the chunk; bits(32)
  input  wire              load_list,           // an entry of the list of chunks with weights comes
  input  wire [1:0]        load_list_place,     // its place in the list; u2[0..3]
  input  wire [4:0]        load_list_entry,     // whether it is the last one, the place of the one behind it or else 0, and its chunk; bits(5)
  input  wire              load_tile_bank,      // bank that inputs go to
  input  wire [5:0]        load_pixel,          // pixel of the input; u6[0..63]
  input  wire [2:0]        load_input_channel,  // channel of the input; u3[0..7]
  input  wire              load_input,          // an input comes
  input  wire [7:0]        load_input_value,    // the input; bits(8)
  input  wire              load_word,           // bits of inputs come
  input  wire              load_word_index,     // their number in the pixel; u1[0..1]
  input  wire [7:0]        load_word_bits,      // the bits of inputs; bits(8)
  output wire              operand_valid,       // the operands of a pair are there
  output wire              operand_first,       // they are the first of a task
  output wire signed [7:0] operand_weight,      // the weight; s8[-128..127]
  output wire [7:0]        operand_input,       // the input; bits(8)
  output wire [6:0]        operand_place,       // the place of their sum, two clocks later; bits(7)
  output wire              ended,               // all chunks of a task are through
  output wire              ended_has_sum,       // and it had pairs
  output wire [6:0]        ended_place          // the place of its sum; bits(7)
);
  (* no_rw_check *) reg [4:0] chunk_list [0:15];
  (* no_rw_check *) reg [31:0] weight_bits [0:15];
  (* no_rw_check *) reg [7:0] input_bits [0:127];
  (* no_rw_check *) reg [39:0] waiting [0:7];
  (* no_rw_check *) reg [9:0] contexts [0:7];
  (* no_rw_check *) reg [6:0] places [0:7];
  (* no_rw_check *) reg signed [7:0] weights [0:511];
  (* no_rw_check *) reg [7:0] inputs [0:1023];
  reg [6:0] left;
  reg task_valid;
  wire claims_own;
  reg own_slot;
  reg [5:0] own_position;
  reg [2:0] own_column;
  reg [5:0] own_base;
  reg chunk_valid;
  reg chunk_is_last;
  reg task_had_pairs;
  wire has_room;
  wire finds_pairs;
  reg [4:0] next_chunk;
  reg [31:0] chunk_weight_bits;
  reg [7:0] chunk_input_bits_0;
  reg [7:0] chunk_input_bits_1;
  reg [7:0] chunk_input_bits_2;
  reg [7:0] chunk_input_bits_3;
  reg [1:0] chunk_index;
  reg chunk_slot;
  reg [5:0] chunk_position;
  reg [5:0] chunk_pixel;
  reg pushed;
  reg [2:0] last_push_place;
  reg [2:0] read_place;
  wire group_moves;
  wire head_leaves;
  reg head_valid;
  reg [2:0] head_place;
  reg [39:0] head;
  reg head_is_fresh;
  reg [7:0] groups_left;
  reg [3:0] group;
  reg pops;
  reg group_is_last;
  reg pop_is_first;
  reg [2:0] pop_place;
  reg [9:0] pop_context;
  reg [2:0] group_index;
  reg [2:0] waiting_count;
  reg [2:0] operand_queue_place;
  reg [2:0] product_queue_place;
  reg [6:0] place_of_sum;
  reg signed [7:0] weight;
  reg [7:0] input_pattern;
  reg operand_is_valid;
  reg operand_is_first;

  wire claims = claims_own;
  wire has_left = left != 7'd0;
  wire issues = task_valid && has_room;
  wire [1:0] next_place = task_valid ? next_chunk[3:2] : 2'd0;
  wire [31:0] chunk_pairs_t0 = {chunk_input_bits_3, chunk_input_bits_2, chunk_input_bits_1, chunk_input_bits_0};
  wire [31:0] chunk_pairs = chunk_weight_bits & chunk_pairs_t0;
  wire task_ends = chunk_valid && chunk_is_last;
  wire task_has_sum = task_had_pairs || finds_pairs;
  wire task_leaves = task_valid && (issues && next_chunk[4]);
  wire [7:0] chunk_groups = {
      |chunk_pairs[31:28], |chunk_pairs[27:24], |chunk_pairs[23:20], |chunk_pairs[19:16],
      |chunk_pairs[15:12], |chunk_pairs[11:8], |chunk_pairs[7:4], |chunk_pairs[3:0]
    };
  wire chunk_has_pairs = |chunk_groups;
  wire [2:0] push_place = last_push_place + {2'd0, pushed};
  wire head_is_read = (pushed || (last_push_place != read_place)) && (!head_valid || head_leaves);
  wire [7:0] head_groups = head_is_fresh ? head[39:32] : groups_left;
  wire [7:0] head_leaves_t0 = {
      |head_groups[6:0], |head_groups[5:0], |head_groups[4:0], |head_groups[3:0], |head_groups[2:0],
      |head_groups[1:0], head_groups[0], 1'b0
    };
  wire [7:0] head_leaves_t1 = head_groups & head_leaves_t0;
  wire head_leaves_t2 = |head_leaves_t1;
  assign head_leaves = group_moves && !head_leaves_t2;
  wire [3:0] group_is_free_t0 = {|group[2:0], |group[1:0], group[0], 1'b0};
  wire [3:0] group_is_free_t1 = group & group_is_free_t0;
  wire group_is_free = !(|group_is_free_t1);
  assign group_moves = head_valid && group_is_free;
  wire entry_is_done = (pops && group_is_free) && group_is_last;
  wire task_ends_here = task_leaves;
  wire task_is_free = !task_valid || task_leaves;
  assign claims_own = task_is_free && has_left;
  assign has_room = pushed ? (chunk_valid ? (waiting_count < 3'd5) : (waiting_count < 3'd6)) : (chunk_valid ? (waiting_count < 3'd6) : (waiting_count < 3'd7));
  assign finds_pairs = chunk_has_pairs;
  assign active = ((has_left || task_valid) || chunk_valid) || !((waiting_count == 3'd0) && !pushed);
  assign multiplies = pops;
  wire [3:0] pair_tap_t0 = group & ~group_is_free_t0;
  wire [4:0] pair_tap_t1 = {group_index, |{1'b0, pair_tap_t0[2], pair_tap_t0[3]}, |{1'b0, pair_tap_t0[1], pair_tap_t0[3]}};
  wire [3:0] pair_tap = {pop_context[1:0], pair_tap_t1[4:3]};
  wire [2:0] pair_channel = pair_tap_t1[2:0];
  assign operand_valid = operand_is_valid;
  assign operand_first = operand_is_first;
  assign operand_weight = weight;
  assign operand_input = input_pattern;
  assign operand_place = place_of_sum;
  assign ended = task_ends;
  assign ended_has_sum = task_has_sum;
  assign ended_place = {chunk_slot, chunk_position};

  wire signed [6:0] left_t0 = left - {6'd0, claims_own};
  wire [7:0] group_t0 = head_groups & ~head_leaves_t0;
  wire [3:0] group_t1 = ((group_t0[0] ? head[3:0] : 4'h0) | (group_t0[1] ? head[7:4] : 4'h0)) | (group_t0[2] ? head[11:8] : 4'h0);
  wire [3:0] group_t2 = (group_t1 | (group_t0[3] ? head[15:12] : 4'h0)) | (group_t0[4] ? head[19:16] : 4'h0);
  wire [3:0] group_t3 = (group_t2 | (group_t0[5] ? head[23:20] : 4'h0)) | (group_t0[6] ? head[27:24] : 4'h0);

  always @(posedge clk)
    if (rst) begin
      left <= 7'd0;
      task_valid <= 1'b0;
      chunk_valid <= 1'b0;
      pushed <= 1'b0;
      last_push_place <= 3'd0;
      head_valid <= 1'b0;
      group <= 4'd0;
      pops <= 1'b0;
      operand_is_valid <= 1'b0;
    end else begin
      left <= left_t0 | tasks;
      task_valid <= claims || !task_is_free;
      chunk_valid <= issues;
      pushed <= chunk_valid && chunk_has_pairs;
      last_push_place <= push_place;
      head_valid <= head_is_read || (head_valid && !head_leaves);
      group <= group_moves ? (group_t3 | (group_t0[7] ? head[31:28] : 4'h0)) : group_is_free_t1;
      pops <= group_moves || !group_is_free;
      operand_is_valid <= pops;
    end

  always @(posedge clk) begin
    chunk_is_last <= next_chunk[4];
    chunk_index <= next_chunk[1:0];
    chunk_slot <= own_slot;
    chunk_position <= own_position;
    chunk_pixel <= own_base;
    head_is_fresh <= head_is_read || (head_is_fresh && !group_moves);
    pop_is_first <= group_moves && head_is_fresh;
    operand_queue_place <= pop_place;
    product_queue_place <= operand_queue_place;
    operand_is_first <= pop_context[9] && pop_is_first;
  end

  always @(posedge clk) if (head_is_read) begin
    head_place <= read_place;
  end

  always @(posedge clk) if (group_moves) begin
    groups_left <= head_leaves_t1;
  end

  always @(posedge clk) if (group_moves) begin
    group_is_last <= !head_leaves_t2;
  end

  always @(posedge clk) if (group_moves) begin
    pop_place <= head_place;
  end

  always @(posedge clk) if (group_moves) begin
    group_index <= {
      |{1'b0, group_t0[4], group_t0[5], group_t0[6], group_t0[7]},
      |{1'b0, group_t0[2], group_t0[3], group_t0[6], group_t0[7]},
      |{1'b0, group_t0[1], group_t0[3], group_t0[5], group_t0[7]}
    };
  end
  wire own_slot_t0 = own_position == 6'd35;
  wire own_slot_t1 = own_slot + 1'b1;

  always @(posedge clk) begin
    if (start) begin
      own_slot <= 1'b0;
    end else if (task_ends_here) begin
      if (own_slot_t0) begin
        own_slot <= own_slot_t1;
      end
    end
  end
  wire [5:0] own_position_t0 = own_position + 6'd1;

  always @(posedge clk) begin
    if (start) begin
      own_position <= 6'd0;
    end else if (task_ends_here) begin
      own_position <= own_slot_t0 ? 6'd0 : own_position_t0;
    end
  end
  wire own_column_t0 = own_column == 3'd5;
  wire [2:0] own_column_t1 = own_column + 3'd1;

  always @(posedge clk) begin
    if (start) begin
      own_column <= 3'd0;
    end else if (task_ends_here) begin
      own_column <= own_column_t0 ? 3'd0 : own_column_t1;
    end
  end

  always @(posedge clk) begin
    if (start) begin
      own_base <= 6'd0;
    end else if (task_ends_here) begin
      own_base <= own_base + {4'd0, own_column_t0 ? 2'd3 : 2'd1};
      if (own_slot_t0) begin
        own_base <= 6'd0;
      end
    end
  end

  always @(posedge clk)
    if (rst) begin
      task_had_pairs <= 1'b0;
    end else begin
      if (chunk_valid) begin
        task_had_pairs <= !chunk_is_last && (task_had_pairs || finds_pairs);
      end
    end
  wire [3:0] next_chunk_t0 = {weight_bank, (task_ends_here && own_slot_t0) ? own_slot_t1 : own_slot, next_place};

  always @(posedge clk) if (claims || issues) begin
    next_chunk <= chunk_list[next_chunk_t0];
  end

  always @(posedge clk) begin
    chunk_weight_bits <= weight_bits[{weight_bank, own_slot, next_chunk[1:0]}];
  end
  reg [4:0] chunk_input_bits_0_t0;
  always @*
    case (next_chunk[1:0])
      2'd0: chunk_input_bits_0_t0 = 5'd0;
      2'd1: chunk_input_bits_0_t0 = 5'd9;
      2'd2: chunk_input_bits_0_t0 = 5'd18;
      default: chunk_input_bits_0_t0 = 5'd18;
    endcase
  wire [5:0] chunk_input_bits_0_t1 = own_base + {1'b0, chunk_input_bits_0_t0};

  always @(posedge clk) begin
    chunk_input_bits_0 <= input_bits[{tile_bank, chunk_input_bits_0_t1}];
  end
  reg [3:0] chunk_input_bits_1_t0;
  always @*
    case (next_chunk[1:0])
      2'd0: chunk_input_bits_1_t0 = 4'd1;
      2'd1: chunk_input_bits_1_t0 = 4'd10;
      2'd2: chunk_input_bits_1_t0 = 4'd0;
      default: chunk_input_bits_1_t0 = 4'd0;
    endcase
  wire [5:0] chunk_input_bits_1_t1 = own_base + {2'd0, chunk_input_bits_1_t0};

  always @(posedge clk) begin
    chunk_input_bits_1 <= input_bits[{tile_bank, chunk_input_bits_1_t1}];
  end
  reg [4:0] chunk_input_bits_2_t0;
  always @*
    case (next_chunk[1:0])
      2'd0: chunk_input_bits_2_t0 = 5'd2;
      2'd1: chunk_input_bits_2_t0 = 5'd16;
      2'd2: chunk_input_bits_2_t0 = 5'd0;
      default: chunk_input_bits_2_t0 = 5'd0;
    endcase
  wire [5:0] chunk_input_bits_2_t1 = own_base + {1'b0, chunk_input_bits_2_t0};

  always @(posedge clk) begin
    chunk_input_bits_2 <= input_bits[{tile_bank, chunk_input_bits_2_t1}];
  end
  reg [4:0] chunk_input_bits_3_t0;
  always @*
    case (next_chunk[1:0])
      2'd0: chunk_input_bits_3_t0 = 5'd8;
      2'd1: chunk_input_bits_3_t0 = 5'd17;
      2'd2: chunk_input_bits_3_t0 = 5'd0;
      default: chunk_input_bits_3_t0 = 5'd0;
    endcase
  wire [5:0] chunk_input_bits_3_t1 = own_base + {1'b0, chunk_input_bits_3_t0};

  always @(posedge clk) begin
    chunk_input_bits_3 <= input_bits[{tile_bank, chunk_input_bits_3_t1}];
  end

  always @(posedge clk)
    if (rst) begin
      read_place <= 3'd0;
    end else begin
      if (head_is_read) begin
        read_place <= read_place + 3'd1;
      end
    end

  always @(posedge clk) if (head_is_read) begin
    head <= waiting[read_place];
  end

  always @(posedge clk) if (group_moves) begin
    pop_context <= contexts[head_place];
  end
  wire signed [1:0] waiting_count_t1 = pushed ? 2'd1 : (-2'sd1);
  wire signed [2:0] waiting_count_t0 = waiting_count + {waiting_count_t1[1], waiting_count_t1};

  always @(posedge clk)
    if (rst) begin
      waiting_count <= 3'd0;
    end else begin
      if (pushed ^ entry_is_done) begin
        waiting_count <= waiting_count_t0;
      end
    end

  always @(posedge clk) begin
    place_of_sum <= places[product_queue_place];
  end

  always @(posedge clk) begin
    weight <= weights[{weight_bank, pop_context[8], pair_tap, pair_channel}];
  end
  reg [4:0] input_pattern_t0;
  always @*
    case (pair_tap)
      4'd0: input_pattern_t0 = 5'd0;
      4'd1: input_pattern_t0 = 5'd1;
      4'd2: input_pattern_t0 = 5'd2;
      4'd3: input_pattern_t0 = 5'd8;
      4'd4: input_pattern_t0 = 5'd9;
      4'd5: input_pattern_t0 = 5'd10;
      4'd6: input_pattern_t0 = 5'd16;
      4'd7: input_pattern_t0 = 5'd17;
      4'd8: input_pattern_t0 = 5'd18;
      4'd9: input_pattern_t0 = 5'd18;
      4'd10: input_pattern_t0 = 5'd18;
      4'd11: input_pattern_t0 = 5'd18;
      4'd12: input_pattern_t0 = 5'd18;
      4'd13: input_pattern_t0 = 5'd18;
      4'd14: input_pattern_t0 = 5'd18;
      default: input_pattern_t0 = 5'd18;
    endcase
  wire [5:0] input_pattern_t1 = pop_context[7:2] + {1'b0, input_pattern_t0};

  always @(posedge clk) begin
    input_pattern <= inputs[{tile_bank, input_pattern_t1, pair_channel}];
  end

  always @(posedge clk) begin
    if (load_list && load_own) chunk_list[{load_weight_bank, load_slot, load_list_place}] <= load_list_entry;
  end

  always @(posedge clk) begin
    if (load_chunk && load_own) weight_bits[{load_weight_bank, load_slot, load_chunk_index}] <= load_chunk_bits;
  end

  always @(posedge clk) begin
    if (load_word) input_bits[{load_tile_bank, load_pixel}] <= load_word_bits;
  end

  always @(posedge clk) begin
    if (chunk_valid) waiting[push_place] <= {chunk_groups, chunk_pairs};
  end

  always @(posedge clk) begin
    if (chunk_valid) contexts[push_place] <= {!task_had_pairs, chunk_slot, chunk_pixel, chunk_index};
  end

  always @(posedge clk) begin
    if (chunk_valid) places[push_place] <= {chunk_slot, chunk_position};
  end

  always @(posedge clk) begin
    if (load_weight && load_own) weights[{load_weight_bank, load_slot, load_tap, load_channel}] <= load_weight_value;
  end

  always @(posedge clk) begin
    if (load_input) inputs[{load_tile_bank, load_pixel, load_input_channel}] <= load_input_value;
  end

  wire unused = &{1'b0, load_word_index, pair_tap_t0[0]};
endmodule

`line 1 "zero_skip_loader_format_dense_rows_64_outers_1.v" 0
// zero_skip_loader_format_dense_rows_64_outers_1: Takes bitmaps and values from a stream apart, or makes the bitmap of a dense one.
// parameters: format=dense channels=8 rows=64 outers=1 group=8 valueBits=8 rowsInWord=1 wordsOfRow=1 wordBits=8
// writesZeros=false
module zero_skip_loader_format_dense_rows_64_outers_1 (
  input  wire       clk,            // clock, rising edge
  input  wire       rst,            // reset, synchronous, active high
  input  wire       enable,         // there is room for a load
  input  wire       data_valid,     // a word is offered
  output wire       data_ready,     // a word is accepted
  input  wire [7:0] data,           // a word; bits(8)
  output wire [5:0] row,            // row of what is written; u6[0..63]
  output wire       outer,          // outer of what is written; u1[0..1]
  output wire       value_write,    // a value is written
  output wire [2:0] value_channel,  // its channel; u3[0..7]
  output wire [7:0] value,          // it; bits(8)
  output wire       word_write,     // a word of the bitmap is whole
  output wire       word_index,     // its number in the row; u1[0..1]
  output wire [7:0] word,           // it; bits(8)
  output wire [6:0] ones,           // ones of the group whose bits are known in this clock; u7[0..127]
  output wire       outer_done,     // the outer is whole after this clock
  output wire       done            // the load is whole after this clock
);
  reg [5:0] row_number;
  reg [2:0] element;
  reg [7:0] bits_before;

  wire takes = enable && data_valid;
  wire [7:0] group_bits_t0 = {
      element == 3'd7, element == 3'd6, element == 3'd5, element == 3'd4, element == 3'd3,
      element == 3'd2, element == 3'd1, element == 3'd0
    };
  wire [7:0] group_bits = bits_before | ((|data) ? group_bits_t0 : 8'h00);
  assign data_ready = enable;
  assign value_write = takes;
  assign value_channel = element;
  assign value = data;
  wire group_done_t0 = element == 3'd7;
  wire group_done = takes && group_done_t0;
  wire outer_end = group_done && (row_number == 6'd63);
  assign row = row_number;
  assign outer = 1'b0;
  assign outer_done = outer_end;
  assign done = outer_end;
  wire [7:0] ones_t0 = group_done ? group_bits : 8'h00;
  wire [1:0] ones_t1 = ones_t0[0] + ones_t0[1];
  wire [1:0] ones_t2 = ones_t0[2] + ones_t0[3];
  wire [2:0] ones_t3 = ones_t1 + ones_t2;
  wire [1:0] ones_t4 = ones_t0[4] + ones_t0[5];
  wire [1:0] ones_t5 = ones_t0[6] + ones_t0[7];
  wire [2:0] ones_t6 = ones_t4 + ones_t5;
  assign ones = {4'd0, ones_t3} + {4'd0, ones_t6};
  wire word_is_whole = group_done;
  assign word_write = word_is_whole;
  assign word_index = 1'b0;
  assign word = group_bits;

  always @(posedge clk)
    if (rst) begin
      row_number <= 6'd0;
    end else begin
      if (group_done) begin
        row_number <= row_number + 6'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      element <= 3'd0;
    end else begin
      if (takes) begin
        if (group_done_t0) begin
          element <= 3'd0;
        end else begin
          element <= element + 3'd1;
        end
      end
    end

  always @(posedge clk)
    if (rst) begin
      bits_before <= 8'd0;
    end else begin
      if (takes) begin
        if (group_done_t0) begin
          bits_before <= 8'h00;
        end else begin
          bits_before <= group_bits;
        end
      end
    end
endmodule

`line 1 "zero_skip_loader_rows_in_word_4_word_bits_32.v" 0
// zero_skip_loader_rows_in_word_4_word_bits_32: Takes bitmaps and values from a stream apart, or makes the bitmap of a dense one.
// parameters: format=coarse channels=8 rows=9 outers=8 group=8 valueBits=8 rowsInWord=4 wordsOfRow=1 wordBits=32
// writesZeros=false
module zero_skip_loader_rows_in_word_4_word_bits_32 (
  input  wire        clk,            // clock, rising edge
  input  wire        rst,            // reset, synchronous, active high
  input  wire        enable,         // there is room for a load
  input  wire        data_valid,     // a word is offered
  output wire        data_ready,     // a word is accepted
  input  wire [7:0]  data,           // a word; bits(8)
  output wire [3:0]  row,            // row of what is written; u4[0..15]
  output wire [2:0]  outer,          // outer of what is written; u3[0..7]
  output wire        value_write,    // a value is written
  output wire [2:0]  value_channel,  // its channel; u3[0..7]
  output wire [7:0]  value,          // it; bits(8)
  output wire        word_write,     // a word of the bitmap is whole
  output wire        word_index,     // its number in the row; u1[0..1]
  output wire [31:0] word,           // it; bits(32)
  output wire [6:0]  ones,           // ones of the group whose bits are known in this clock; u7[0..127]
  output wire        outer_done,     // the outer is whole after this clock
  output wire        done            // the load is whole after this clock
);
  reg [3:0] row_number;
  reg [2:0] outer_number;
  reg coarse_is_next;
  reg [7:0] coarse;
  reg [2:0] coarse_bit;
  reg at_values;
  reg [7:0] walk;
  reg [1:0] row_in_word;
  reg [7:0] part_0;
  reg [7:0] part_1;
  reg [7:0] part_2;
  reg [7:0] part_3;

  wire group_is_there = coarse[0];
  wire [7:0] group_bits = group_is_there ? data : 8'h00;
  wire takes_value = 1'b1;
  wire at_group = !(at_values || coarse_is_next);
  wire bits_known = (at_group && enable) && (!group_is_there || data_valid);
  wire writes = at_values && data_valid;
  wire [7:0] group_walk_t0 = walk + 8'd255;
  wire [7:0] group_walk_t1 = walk & group_walk_t0;
  wire [7:0] group_walk = bits_known ? group_bits : group_walk_t1;
  wire moves = bits_known || writes;
  wire group_done = moves && !(|group_walk);
  assign data_ready = enable && (at_values ? takes_value : (!at_group || group_is_there));
  assign value_write = writes;
  wire [7:0] value_channel_t0 = walk ^ group_walk_t1;
  wire [3:0] value_channel_t1 = {value_channel_t0[4], value_channel_t0[5], value_channel_t0[6], value_channel_t0[7]};
  wire [3:0] value_channel_t2 = {value_channel_t0[2], value_channel_t0[3], value_channel_t0[6], value_channel_t0[7]};
  wire [3:0] value_channel_t3 = {value_channel_t0[1], value_channel_t0[3], value_channel_t0[5], value_channel_t0[7]};
  assign value_channel = {|value_channel_t1, |value_channel_t2, |value_channel_t3};
  assign value = data;
  wire outer_end_t0 = row_number == 4'd8;
  wire outer_end = group_done && outer_end_t0;
  assign row = row_number;
  assign outer = outer_number;
  assign outer_done = outer_end;
  assign done = outer_end && (outer_number == 3'd7);
  wire [7:0] ones_t0 = bits_known ? group_bits : 8'h00;
  wire [1:0] ones_t1 = ones_t0[0] + ones_t0[1];
  wire [1:0] ones_t2 = ones_t0[2] + ones_t0[3];
  wire [2:0] ones_t3 = ones_t1 + ones_t2;
  wire [1:0] ones_t4 = ones_t0[4] + ones_t0[5];
  wire [1:0] ones_t5 = ones_t0[6] + ones_t0[7];
  wire [2:0] ones_t6 = ones_t4 + ones_t5;
  assign ones = {4'd0, ones_t3} + {4'd0, ones_t6};
  wire word_is_whole = bits_known && ((row_in_word == 2'd3) || outer_end_t0);
  wire is_part_0 = row_in_word == 2'd0;
  wire is_part_1 = row_in_word == 2'd1;
  wire is_part_2 = row_in_word == 2'd2;
  wire is_part_3 = row_in_word == 2'd3;
  assign word_write = word_is_whole;
  assign word_index = 1'b0;
  assign word = {
      is_part_3 ? group_bits : part_3, is_part_2 ? group_bits : part_2,
      is_part_1 ? group_bits : part_1, is_part_0 ? group_bits : part_0
    };
  wire [3:0] row_number_t0 = row_number + 4'd1;

  always @(posedge clk)
    if (rst) begin
      row_number <= 4'd0;
    end else begin
      if (group_done) begin
        row_number <= outer_end_t0 ? 4'd0 : row_number_t0;
      end
    end

  always @(posedge clk)
    if (rst) begin
      outer_number <= 3'd0;
    end else begin
      if (group_done) begin
        if (outer_end_t0) begin
          outer_number <= outer_number + 3'd1;
        end
      end
    end
  wire coarse_is_next_t0 = (coarse_is_next && enable) && data_valid;

  always @(posedge clk)
    if (rst) begin
      coarse_is_next <= 1'b1;
    end else begin
      if (coarse_is_next_t0) begin
        coarse_is_next <= 1'b0;
      end else if (group_done) begin
        coarse_is_next <= (coarse_bit == 3'd7) || outer_end_t0;
      end
    end

  always @(posedge clk) begin
    if (coarse_is_next_t0) begin
      coarse <= data;
    end else if (group_done) begin
      coarse <= {1'b0, coarse[7:1]};
    end
  end

  always @(posedge clk)
    if (rst) begin
      coarse_bit <= 3'd0;
    end else begin
      if (coarse_is_next_t0) begin
        coarse_bit <= 3'd0;
      end else if (group_done) begin
        coarse_bit <= coarse_bit + 3'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      at_values <= 1'b0;
    end else begin
      if (moves) begin
        at_values <= |group_walk;
      end
    end

  always @(posedge clk) begin
    if (moves) begin
      walk <= group_walk;
    end
  end

  always @(posedge clk)
    if (rst) begin
      row_in_word <= 2'd0;
    end else begin
      if (bits_known) begin
        if (outer_end_t0) begin
          row_in_word <= 2'd0;
        end else begin
          row_in_word <= row_in_word + 2'd1;
        end
      end
    end

  always @(posedge clk)
    if (rst) begin
      part_0 <= 8'd0;
    end else begin
      if (word_is_whole) begin
        part_0 <= 8'h00;
      end else if (bits_known && is_part_0) begin
        part_0 <= group_bits;
      end
    end

  always @(posedge clk)
    if (rst) begin
      part_1 <= 8'd0;
    end else begin
      if (word_is_whole) begin
        part_1 <= 8'h00;
      end else if (bits_known && is_part_1) begin
        part_1 <= group_bits;
      end
    end

  always @(posedge clk)
    if (rst) begin
      part_2 <= 8'd0;
    end else begin
      if (word_is_whole) begin
        part_2 <= 8'h00;
      end else if (bits_known && is_part_2) begin
        part_2 <= group_bits;
      end
    end

  always @(posedge clk)
    if (rst) begin
      part_3 <= 8'd0;
    end else begin
      if (word_is_whole) begin
        part_3 <= 8'h00;
      end else if (bits_known && is_part_3) begin
        part_3 <= group_bits;
      end
    end

  wire unused = &{1'b0, value_channel_t0[0]};
endmodule

`default_nettype wire
