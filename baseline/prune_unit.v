`default_nettype none

// prune_unit: Prunes weights that go by, one by one and by runs, and compresses them for the zero-skip convolution.
// parameters: inputChannels=8 outputChannels=8 kernelHeight=3 kernelWidth=3 weightBits=8 group=8 fine=true
// magnitude=true similarity=false
module prune_unit (
  input  wire              clk,                  // clock, rising edge
  input  wire              rst,                  // reset, synchronous, active high
  input  wire              threshold_valid,      // thresholds are offered
  output wire              threshold_ready,      // thresholds are accepted
  input  wire [7:0]        threshold_fine,       // magnitudes below it become 0; u8[0..255]
  input  wire [10:0]       threshold_magnitude,  // runs with a smaller sum of magnitudes become 0; u11[0..2047]
  input  wire              in_valid,             // a weight is offered
  output wire              in_ready,             // a weight is accepted
  input  wire signed [7:0] in_weight,            // a weight; s8[-128..127]
  output wire              out_valid,            // a word is offered
  input  wire              out_ready,            // a word is accepted
  output wire [7:0]        out_data,             // a coarse bitmap, a fine bitmap or a weight; bits(8)
  output wire              out_last,             // the last word of a set of weights
  output wire              report_valid,         // a report is offered
  input  wire              report_ready,         // a report is accepted
  output wire [31:0]       report_reads,         // weights that were read; u32[0..4294967295]
  output wire [31:0]       report_fine,          // weights that fine pruning made 0; u32[0..4294967295]
  output wire [31:0]       report_runs,          // runs that coarse pruning made 0; u32[0..4294967295]
  output wire [31:0]       report_kept           // weights that are left; u32[0..4294967295]
);
  localparam [1:0] GIVE_COARSE = 2'd0;
  localparam [1:0] GIVE_GROUP = 2'd1;
  localparam [1:0] GIVE_FINE = 2'd2;
  localparam [1:0] GIVE_VALUES = 2'd3;
  reg [7:0] fine_thresholds [0:7];
  reg [10:0] magnitude_thresholds [0:7];
  reg signed [7:0] span_weights [0:127];
  reg [7:0] span_bits [0:15];
  reg [2:0] element;
  reg [3:0] tap;
  reg [2:0] output_channel;
  reg [2:0] group_in_span;
  reg thresholds_loaded;
  reg [2:0] threshold_channel;
  reg [7:0] fine_threshold;
  reg [10:0] magnitude_threshold;
  reg weight_valid;
  reg signed [7:0] weight;
  reg [2:0] weight_element;
  reg [2:0] weight_in_span;
  reg weight_starts_run;
  reg weight_ends_run;
  reg weight_ends_span;
  reg weight_ends_channel;
  reg weight_ends_set;
  reg [7:0] run_bits_so_far;
  reg [10:0] magnitudes_so_far;
  reg [10:0] magnitude_of_run;
  reg [1:0] spans_accepted;
  reg [1:0] spans_stored;
  reg [1:0] spans_given;
  reg [7:0] coarse_so_far;
  reg [8:0] coarse_0;
  reg [8:0] coarse_1;
  reg out_valid_q;
  reg [7:0] groups_left;
  reg [7:0] bits_left;
  reg [2:0] group_of_bits;
  reg gives_word;
  reg gives_value;
  reg span_is_given;
  reg gives_last;
  reg [7:0] fine_word;
  reg [7:0] word;
  reg [1:0] give;
  reg word_valid;
  reg word_is_weight;
  reg word_last;
  reg out_last_q;
  reg [7:0] word_q;
  reg [7:0] out_data_q;
  reg signed [7:0] out_weight;
  reg report_waits;
  reg [31:0] reads_counted;
  reg [31:0] reads_reported;
  reg [31:0] fine_counted;
  reg [31:0] fine_reported;
  reg [31:0] runs_counted;
  reg [31:0] runs_reported;
  reg [31:0] kept_counted;
  reg [31:0] kept_reported;
  reg channel_drains;

  wire ends_run = element == 3'd7;
  wire ends_channel = ends_run && (tap == 4'd8);
  wire takes_thresholds = threshold_valid && !thresholds_loaded;
  assign threshold_ready = !thresholds_loaded;
  wire signed [8:0] is_small_t0 = -{weight[7], weight};
  wire signed [8:0] is_small_t1 = (weight < 8'sd0) ? is_small_t0 : {weight[7], weight};
  wire is_small = is_small_t1[7:0] < fine_threshold;
  wire signed [7:0] fine_weight = is_small ? 8'd0 : weight;
  wire [7:0] run_bits_t0 = {
      weight_element == 3'd7, weight_element == 3'd6, weight_element == 3'd5, weight_element == 3'd4,
      weight_element == 3'd3, weight_element == 3'd2, weight_element == 3'd1, weight_element == 3'd0
    };
  wire [7:0] run_bits = (weight_starts_run ? 8'h00 : run_bits_so_far) | ((fine_weight != 8'd0) ? run_bits_t0 : 8'h00);
  wire signed [8:0] magnitudes_t0 = -{fine_weight[7], fine_weight};
  wire signed [8:0] magnitudes_t1 = (fine_weight < 8'sd0) ? magnitudes_t0 : {fine_weight[7], fine_weight};
  wire [10:0] magnitudes = (weight_starts_run ? 11'd0 : magnitudes_so_far) + {3'd0, magnitudes_t1[7:0]};
  wire run_is_pruned = magnitudes < (weight_starts_run ? magnitude_threshold : magnitude_of_run);
  wire [7:0] run_bits_left = run_is_pruned ? 8'h00 : run_bits;
  wire stores_run = weight_valid && weight_ends_run;
  wire stores_span = weight_valid && weight_ends_span;
  wire [7:0] coarse_t0 = {
      weight_in_span == 3'd7, weight_in_span == 3'd6, weight_in_span == 3'd5, weight_in_span == 3'd4,
      weight_in_span == 3'd3, weight_in_span == 3'd2, weight_in_span == 3'd1, weight_in_span == 3'd0
    };
  wire [7:0] coarse = coarse_so_far | ((|run_bits_left) ? coarse_t0 : 8'h00);
  reg [8:0] span_t0;
  always @*
    case (spans_given[0])
      1'b0: span_t0 = coarse_0;
      default: span_t0 = coarse_1;
    endcase
  wire [8:0] span = span_t0;
  wire advance = !out_valid_q || out_ready;
  wire gives_word_t0 = advance && (spans_stored != spans_given);
  always @* begin
    gives_word = 1'b0;
    case (give)
      GIVE_COARSE: begin
        if (gives_word_t0) begin
          gives_word = 1'b1;
        end
      end
      GIVE_FINE: begin
        if (advance) begin
          gives_word = 1'b1;
        end
      end
      default: ;
    endcase
  end
  always @* begin
    gives_value = 1'b0;
    case (give)
      GIVE_VALUES: begin
        if (advance) begin
          gives_value = 1'b1;
        end
      end
      default: ;
    endcase
  end
  wire [7:0] span_is_given_t0 = bits_left + 8'd255;
  wire [7:0] span_is_given_t1 = bits_left & span_is_given_t0;
  wire span_is_given_t2 = !(|span_is_given_t1);
  always @* begin
    span_is_given = 1'b0;
    case (give)
      GIVE_COARSE: begin
        if (gives_word_t0) begin
          if (|span[7:0]) begin
          end else begin
            span_is_given = 1'b1;
          end
        end
      end
      GIVE_VALUES: begin
        if (advance) begin
          if (span_is_given_t2) begin
            if (|groups_left) begin
            end else begin
              span_is_given = 1'b1;
            end
          end
        end
      end
      default: ;
    endcase
  end
  always @* begin
    gives_last = 1'b0;
    case (give)
      GIVE_COARSE: begin
        if (gives_word_t0) begin
          if (|span[7:0]) begin
          end else begin
            gives_last = span[8];
          end
        end
      end
      GIVE_VALUES: begin
        if (advance) begin
          if (span_is_given_t2) begin
            if (|groups_left) begin
            end else begin
              gives_last = span[8];
            end
          end
        end
      end
      default: ;
    endcase
  end
  always @* begin
    word = span[7:0];
    case (give)
      GIVE_FINE: word = fine_word;
      default: ;
    endcase
  end
  wire set_ends = weight_valid && weight_ends_set;
  assign report_valid = report_waits;
  wire [31:0] reads_now = reads_counted + {31'd0, weight_valid ? weight_valid : 1'b0};
  assign report_reads = reads_reported;
  wire [31:0] fine_now = fine_counted + {31'd0, weight_valid ? (is_small && (weight != 8'd0)) : 1'b0};
  assign report_fine = fine_reported;
  wire runs_now_t0 = weight_valid ? ((weight_ends_run && run_is_pruned) && (|run_bits)) : 1'b0;
  wire [31:0] runs_now = runs_counted + {31'd0, runs_now_t0};
  assign report_runs = runs_reported;
  wire [1:0] kept_now_t0 = run_bits_left[0] + run_bits_left[1];
  wire [1:0] kept_now_t1 = run_bits_left[2] + run_bits_left[3];
  wire [2:0] kept_now_t2 = kept_now_t0 + kept_now_t1;
  wire [1:0] kept_now_t3 = run_bits_left[4] + run_bits_left[5];
  wire [1:0] kept_now_t4 = run_bits_left[6] + run_bits_left[7];
  wire [2:0] kept_now_t5 = kept_now_t3 + kept_now_t4;
  wire [3:0] kept_now_t6 = kept_now_t2 + kept_now_t5;
  wire [31:0] kept_now = kept_counted + {28'd0, weight_valid ? (weight_ends_run ? kept_now_t6 : 4'd0) : 4'd0};
  assign report_kept = kept_reported;
  wire signed [1:0] can_accept_t0 = spans_accepted - spans_given;
  wire can_accept_t1 = output_channel == 3'd7;
  wire can_accept_t2 = ends_channel && can_accept_t1;
  wire can_accept_t3 = ((channel_drains || (can_accept_t0 == 2'd2)) || !thresholds_loaded) || (report_waits && can_accept_t2);
  wire can_accept = !can_accept_t3;
  assign in_ready = can_accept;
  wire accepts = can_accept && in_valid;
  assign out_valid = out_valid_q;
  assign out_data = out_data_q;
  assign out_last = out_last_q;

  always @(posedge clk)
    if (rst) begin
      weight_valid <= 1'b0;
      reads_counted <= 32'd0;
      fine_counted <= 32'd0;
      runs_counted <= 32'd0;
      kept_counted <= 32'd0;
    end else begin
      weight_valid <= accepts;
      reads_counted <= set_ends ? 32'd0 : reads_now;
      fine_counted <= set_ends ? 32'd0 : fine_now;
      runs_counted <= set_ends ? 32'd0 : runs_now;
      kept_counted <= set_ends ? 32'd0 : kept_now;
    end

  wire weight_ends_span_t0 = group_in_span == 3'd7;

  always @(posedge clk) begin
    weight <= in_weight;
    weight_element <= element;
    weight_in_span <= group_in_span;
    weight_starts_run <= element == 3'd0;
    weight_ends_run <= ends_run;
    weight_ends_span <= (ends_run && weight_ends_span_t0) || ends_channel;
    weight_ends_channel <= ends_channel;
    weight_ends_set <= can_accept_t2;
  end

  always @(posedge clk) if (weight_valid) begin
    run_bits_so_far <= run_bits;
    magnitudes_so_far <= magnitudes;
  end

  always @(posedge clk) if (weight_valid && weight_starts_run) begin
    magnitude_of_run <= magnitude_threshold;
  end
  wire [2:0] element_t0 = element + 3'd1;

  always @(posedge clk)
    if (rst) begin
      element <= 3'd0;
    end else begin
      if (accepts) begin
        if (ends_run) begin
          element <= 3'd0;
        end else begin
          element <= (element == 3'd7) ? 3'd0 : element_t0;
        end
      end
    end
  wire [3:0] tap_t0 = tap + 4'd1;

  always @(posedge clk)
    if (rst) begin
      tap <= 4'd0;
    end else begin
      if (accepts) begin
        if (ends_run) begin
          tap <= (tap == 4'd8) ? 4'd0 : tap_t0;
        end
      end
    end
  wire [2:0] output_channel_t0 = output_channel + 3'd1;

  always @(posedge clk)
    if (rst) begin
      output_channel <= 3'd0;
    end else begin
      if (accepts) begin
        if (ends_run) begin
          if (ends_channel) begin
            output_channel <= can_accept_t1 ? 3'd0 : output_channel_t0;
          end
        end
      end
    end
  wire [2:0] group_in_span_t0 = group_in_span + 3'd1;

  always @(posedge clk)
    if (rst) begin
      group_in_span <= 3'd0;
    end else begin
      if (accepts) begin
        if (ends_run) begin
          if (ends_channel) begin
            group_in_span <= 3'd0;
          end else begin
            group_in_span <= weight_ends_span_t0 ? 3'd0 : group_in_span_t0;
          end
        end
      end
    end
  wire thresholds_loaded_t0 = threshold_channel == 3'd7;
  wire thresholds_loaded_t1 = accepts && can_accept_t2;

  always @(posedge clk)
    if (rst) begin
      thresholds_loaded <= 1'b0;
    end else begin
      if (takes_thresholds) begin
        if (thresholds_loaded_t0) begin
          thresholds_loaded <= 1'b1;
        end
      end else if (thresholds_loaded_t1) begin
        thresholds_loaded <= 1'b0;
      end
    end
  wire [2:0] threshold_channel_t0 = threshold_channel + 3'd1;

  always @(posedge clk)
    if (rst) begin
      threshold_channel <= 3'd0;
    end else begin
      if (takes_thresholds) begin
        threshold_channel <= thresholds_loaded_t0 ? 3'd0 : threshold_channel_t0;
      end
    end

  always @(posedge clk) begin
    fine_threshold <= fine_thresholds[element];
  end

  always @(posedge clk) begin
    magnitude_threshold <= magnitude_thresholds[element];
  end

  always @(posedge clk)
    if (rst) begin
      spans_accepted <= 2'd0;
    end else begin
      if (accepts && ((ends_run && weight_ends_span_t0) || ends_channel)) begin
        spans_accepted <= spans_accepted + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      spans_stored <= 2'd0;
    end else begin
      if (stores_span) begin
        spans_stored <= spans_stored + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      spans_given <= 2'd0;
    end else begin
      if (span_is_given) begin
        spans_given <= spans_given + 2'd1;
      end
    end

  always @(posedge clk)
    if (rst) begin
      coarse_so_far <= 8'd0;
    end else begin
      if (stores_span) begin
        coarse_so_far <= 8'h00;
      end else if (stores_run) begin
        coarse_so_far <= coarse;
      end
    end

  always @(posedge clk) begin
    if (stores_span && (spans_stored[0] == 1'b0)) begin
      coarse_0 <= {weight_ends_set, coarse};
    end
  end

  always @(posedge clk) begin
    if (stores_span && (spans_stored[0] == 1'b1)) begin
      coarse_1 <= {weight_ends_set, coarse};
    end
  end

  always @(posedge clk)
    if (rst) begin
      out_valid_q <= 1'b0;
    end else begin
      if (advance) begin
        out_valid_q <= word_valid;
      end
    end
  wire [7:0] groups_left_t0 = groups_left + 8'd255;

  always @(posedge clk) begin
    case (give)
      GIVE_COARSE: begin
        if (gives_word_t0) begin
          groups_left <= span[7:0];
        end
      end
      GIVE_GROUP: begin
        if (advance) begin
          groups_left <= groups_left & groups_left_t0;
        end
      end
      default: ;
    endcase
  end

  always @(posedge clk) begin
    case (give)
      GIVE_FINE: begin
        if (advance) begin
          bits_left <= fine_word;
        end
      end
      GIVE_VALUES: begin
        if (advance) begin
          bits_left <= span_is_given_t1;
        end
      end
      default: ;
    endcase
  end
  wire [7:0] group_of_bits_t0 = groups_left ^ (groups_left & groups_left_t0);
  wire [3:0] group_of_bits_t1 = {group_of_bits_t0[4], group_of_bits_t0[5], group_of_bits_t0[6], group_of_bits_t0[7]};
  wire group_of_bits_t2 = |group_of_bits_t1;
  wire [3:0] group_of_bits_t3 = {group_of_bits_t0[2], group_of_bits_t0[3], group_of_bits_t0[6], group_of_bits_t0[7]};
  wire group_of_bits_t4 = |group_of_bits_t3;
  wire [3:0] group_of_bits_t5 = {group_of_bits_t0[1], group_of_bits_t0[3], group_of_bits_t0[5], group_of_bits_t0[7]};
  wire group_of_bits_t6 = |group_of_bits_t5;

  always @(posedge clk) begin
    case (give)
      GIVE_GROUP: begin
        if (advance) begin
          group_of_bits <= {group_of_bits_t2, group_of_bits_t4, group_of_bits_t6};
        end
      end
      default: ;
    endcase
  end

  always @(posedge clk) if (advance) begin
    fine_word <= span_bits[{spans_given[0], group_of_bits_t2, group_of_bits_t4, group_of_bits_t6}];
  end

  always @(posedge clk)
    if (rst) begin
      give <= GIVE_COARSE;
    end else begin
      case (give)
        GIVE_COARSE: begin
          if (gives_word_t0) begin
            if (|span[7:0]) begin
              give <= GIVE_GROUP;
            end
          end
        end
        GIVE_GROUP: begin
          if (advance) begin
            give <= GIVE_FINE;
          end
        end
        GIVE_FINE: begin
          if (advance) begin
            give <= GIVE_VALUES;
          end
        end
        GIVE_VALUES: begin
          if (advance) begin
            if (span_is_given_t2) begin
              if (|groups_left) begin
                give <= GIVE_GROUP;
              end else begin
                give <= GIVE_COARSE;
              end
            end
          end
        end
        default: ;
      endcase
    end

  always @(posedge clk)
    if (rst) begin
      word_valid <= 1'b0;
    end else begin
      if (advance) begin
        word_valid <= gives_word || gives_value;
      end
    end

  always @(posedge clk) begin
    if (advance) begin
      word_is_weight <= gives_value;
    end
  end

  always @(posedge clk) begin
    if (advance) begin
      word_last <= gives_last;
    end
  end

  always @(posedge clk) begin
    if (advance) begin
      out_last_q <= word_last;
    end
  end

  always @(posedge clk) begin
    if (advance) begin
      word_q <= word;
    end
  end

  always @(posedge clk) begin
    if (advance) begin
      out_data_q <= word_is_weight ? out_weight : word_q;
    end
  end
  wire [7:0] out_weight_t0 = bits_left ^ span_is_given_t1;
  wire out_weight_t1 = |{out_weight_t0[4], out_weight_t0[5], out_weight_t0[6], out_weight_t0[7]};
  wire out_weight_t2 = |{out_weight_t0[2], out_weight_t0[3], out_weight_t0[6], out_weight_t0[7]};
  wire out_weight_t3 = |{out_weight_t0[1], out_weight_t0[3], out_weight_t0[5], out_weight_t0[7]};
  wire [6:0] out_weight_t4 = {spans_given[0], group_of_bits, out_weight_t1, out_weight_t2, out_weight_t3};

  always @(posedge clk) if (advance) begin
    out_weight <= span_weights[out_weight_t4];
  end

  always @(posedge clk)
    if (rst) begin
      report_waits <= 1'b0;
    end else begin
      if (set_ends) begin
        report_waits <= 1'b1;
      end else if (report_ready) begin
        report_waits <= 1'b0;
      end
    end

  always @(posedge clk) begin
    if (set_ends) begin
      reads_reported <= reads_now;
    end
  end

  always @(posedge clk) begin
    if (set_ends) begin
      fine_reported <= fine_now;
    end
  end

  always @(posedge clk) begin
    if (set_ends) begin
      runs_reported <= runs_now;
    end
  end

  always @(posedge clk) begin
    if (set_ends) begin
      kept_reported <= kept_now;
    end
  end

  always @(posedge clk)
    if (rst) begin
      channel_drains <= 1'b0;
    end else begin
      if (accepts && ends_channel) begin
        channel_drains <= 1'b1;
      end else if (weight_valid && weight_ends_channel) begin
        channel_drains <= 1'b0;
      end
    end

  always @(posedge clk) begin
    if (takes_thresholds) fine_thresholds[threshold_channel] <= threshold_fine;
  end

  always @(posedge clk) begin
    if (takes_thresholds) magnitude_thresholds[threshold_channel] <= threshold_magnitude;
  end

  always @(posedge clk) begin
    if (weight_valid) span_weights[{spans_stored[0], weight_in_span, weight_element}] <= fine_weight;
  end

  always @(posedge clk) begin
    if (stores_run) span_bits[{spans_stored[0], weight_in_span}] <= run_bits_left;
  end

  wire unused = &{1'b0, is_small_t1[8], magnitudes_t1[8], group_of_bits_t0[0], out_weight_t0[0]};
endmodule

`default_nettype wire
