import {
  bits, bool, cat, clock, generator, input, int, literalBits, literalBool, output, s, u, vec, type Bits, type Bool, type Domain, type Int, type ModuleBuilder,
} from '../../hdl/index.js';
import { banks, course, keptOf } from './control.js';
import { coreParameters } from './core-parameters.js';
import { counter } from '../arithmetic/counter.js';
import { dealing } from './dealing.js';
import { outputWalk, outputsNeeded, roundTable, sumsInOrder } from './drain.js';
import { bitsFor, indexType, joined, patternTable, resized } from '../arithmetic/fields.js';
import { lane } from './lane.js';
import { operandLoader } from './operand-loader.js';
import { coreContradictions, hasList, ordersMask, shapeOf, tasksType, wordBits, type Shape } from './shape.js';

/**
 * Exact integer convolution of a tile that does the products of non-zeros only. Streams, schedule and counters: docs/zero-skip-conv.md. Arithmetic:
 * US 12217184 B2.
 *
 * `weight_data`: coarse bitmaps, fine bitmaps and weights; `input_value` or `input_data`: a tile, dense or compressed; `mask_needed`: a flag for each output
 * channel, position by position; `output_sum`: `lanes` output channels of a position, with the counters of the tile.
 */
export const zeroSkipConv = generator({
  name: 'zero-skip-conv',
  doc: 'Convolution of a tile that skips the zeros of weights, inputs or outputs, or of two of them.',
  params: coreParameters,
  check: P => coreContradictions(P),
  ports: P => {
    const isDense = P.inputFormat === 'dense';
    const hasMask = P.skip.includes('output');
    return {
      clk: clock(),
      rst: input(bool, 'reset, synchronous, active high'),
      weight_valid: input(bool, 'a word of weights is offered'),
      weight_ready: output(bool, 'a word of weights is accepted'),
      weight_data: input(bits(Math.max(P.group, P.weightBits)), 'a coarse bitmap, a fine bitmap or a weight'),
      input_valid: input(bool, isDense ? 'an input is offered' : 'a word of inputs is offered'),
      input_ready: output(bool, isDense ? 'an input is accepted' : 'a word of inputs is accepted'),
      input_value: isDense ? input(P.activationSigned ? s(P.activationBits) : u(P.activationBits), 'an input') : undefined,
      input_data: isDense ? undefined : input(bits(Math.max(P.group, P.activationBits)), 'a bitmap or an input'),
      mask_valid: hasMask ? input(bool, 'a mask is offered') : undefined,
      mask_ready: hasMask ? output(bool, 'a mask is accepted') : undefined,
      mask_needed: hasMask ? input(bits(P.outputChannels), 'a flag for each output channel: it is needed') : undefined,
      output_valid: output(bool, 'sums are offered'),
      output_ready: input(bool, 'sums are accepted'),
      output_sum: output(vec(P.lanes, s(P.accumulatorBits)), 'sums of neighbouring output channels'),
      output_last: output(bool, 'the last beat of a tile'),
      output_cycles: output(u(32), 'clocks of the tile'),
      output_products: output(u(32), 'products that were done'),
      output_skipped: output(u(32), 'products of the dense convolution that were not done'),
      output_stalls: output(u(32), 'clocks of lanes without a product'),
    };
  },
  build(m, io, P) {
    const shape = shapeOf(P);
    const sync = m.domain(io.clk, { reset: io.rst });
    const [tileEnds, setEnds, outputEnds] = [m.wire('tile_is_done', bool), m.wire('set_is_done', bool), m.wire('output_is_done', bool)];
    const [setLoaded, tileLoaded] = [m.wire('set_loaded', bool), m.wire('tile_loaded', bool)];
    const sets = banks(m, sync, 'sets', setLoaded.q, setEnds.q);
    const tiles = banks(m, sync, 'tiles', tileLoaded.q, tileEnds.q);
    const sums = banks(m, sync, 'sums', tileEnds.q, outputEnds.q);

    const weights = m.inst('weight_loader', operandLoader, {
      format: 'coarse', channels: P.inputChannels, rows: shape.taps, outers: P.outputChannels, group: P.group, valueBits: P.weightBits,
      rowsInWord: shape.tapsInChunk, wordsOfRow: shape.chunksOfTap, wordBits: shape.chunkBits, writesZeros: !shape.skipsWeights,
    }, { clk: io.clk, rst: io.rst, enable: sets.isFull.not(), data_valid: io.weight_valid, data: io.weight_data });
    io.weight_ready.drive(weights.data_ready);
    setLoaded.drive(weights.done);
    const inputs = m.inst('input_loader', operandLoader, {
      format: P.inputFormat === 'dense' ? 'dense' : 'fine', channels: P.inputChannels, rows: shape.pixels, outers: 1, group: P.group,
      valueBits: P.activationBits, wordsOfRow: shape.chunksOfTap, wordBits: wordBits(shape), writesZeros: !shape.skipsInputs,
    }, { clk: io.clk, rst: io.rst, enable: tiles.isFull.not(), data_valid: io.input_valid, data: io.input_value?.bits() ?? io.input_data ?? literalBits(0, 1) });
    io.input_ready.drive(inputs.data_ready);
    tileLoaded.drive(inputs.done);
    m.unused(weights.outer, inputs.outer, inputs.ones, inputs.outer_done, inputs.word, inputs.word_index, inputs.word_write, weights.word, weights.word_index, weights.word_write, weights.ones);
    const mask = maskLoader(m, sync, io, P.lanes, shape, tileEnds.q);

    const deal = dealing(m, sync, P, {
      channelDone: weights.outer_done, setDone: weights.done, ones: weights.ones, setLoading: sets.putting, setComputing: sets.taking,
    });
    m.unused(deal.place, deal.roundDone, sets.putting, sets.taking, tiles.putting, tiles.taking, sums.putting, sums.taking);
    const chunkIndex = shape.chunksOfTap > 1
      ? joined({ value: weights.row, count: shape.taps }, { value: weights.word_index, count: shape.chunksOfTap })
      : weights.row.shr(bitsFor(shape.chunks === 1 ? 1 : shape.tapsInChunk));
    const list = chunkList(m, sync, shape, chunkIndex, weights.word_write.and(weights.word.reduceOr()), weights.outer_done);
    // What comes of weights goes to the lanes one clock later, when what ends a list is known.
    const goesTo = deal.goesTo.map((flag, i) => sync.delay(`weight_goes_to_${i}`, flag));
    const loaded = {
      bank: sync.delay('weight_goes_to_bank', sets.putting.bit(0)), slot: sync.delay('weight_slot', deal.slot), tap: sync.delay('weight_tap', weights.row),
      channel: sync.delay('weight_channel', weights.value_channel), write: sync.delay('weight_comes', weights.value_write, { reset: false }), value: sync.delay('weight_value', weights.value),
      chunk: shape.skipsWeights ? {
        write: sync.delay('chunk_comes', weights.word_write, { reset: false }), index: sync.delay('coming_chunk', chunkIndex.wrap(indexType(shape.chunks).width).asU()), bits: sync.delay('coming_chunk_bits', weights.word),
      } : undefined,
      order: ordersMask(shape) ? { write: sync.delay('order_comes', weights.outer_done, { reset: false }), place: sync.delay('order_place', deal.place) } : undefined,
    };

    const lanes = Array.from({ length: P.lanes }, (_, i) => i);
    const start = m.wire('tile_starts', bool);
    const left = shape.steals ? lanes.map(i => m.wire(`left_${i}`, tasksType(shape))) : [];
    const steals = shape.steals ? lanes.map(i => m.wire(`thief_${i}`, bool)) : [];
    const drained = outputWalk(m, sync, shape, io.output_ready, sums);
    outputEnds.drive(drained.ends);
    const slotsOf = (i: number): number => Math.ceil((P.outputChannels - i) / P.lanes);
    const built = lanes.map(i => {
      const next = (i + 1) % P.lanes;
      const hasLast = deal.hasLast[i] ?? literalBool(false);
      const made = m.inst(`lane_${i}`, lane, { ...P, weightTiles: 1, inputFormat: 'dense' }, {
        clk: io.clk, rst: io.rst, start: start.q,
        tasks: m.named(`lane_${i}_tasks`, start.q.mux(hasLast.mux(shape.slots * shape.positions, (shape.slots - 1) * shape.positions), 0)),
        weight_bank: sets.taking.bit(0), tile_bank: tiles.taking.bit(0), sum_bank: sums.putting.bit(0),
        stolen: steals[(i + P.lanes - 1) % P.lanes]?.q,
        next_left: left[next]?.q,
        next_last_slot: shape.steals ? int(Math.max(0, slotsOf(next) - 1)) : undefined,
        load_own: goesTo[i] ?? false, load_next: shape.steals ? goesTo[next] : undefined,
        load_weight_bank: loaded.bank, load_slot: loaded.slot, load_tap: loaded.tap, load_channel: loaded.channel,
        load_weight: loaded.write, load_weight_value: loaded.value,
        load_chunk: loaded.chunk?.write, load_chunk_index: loaded.chunk?.index, load_chunk_bits: loaded.chunk?.bits,
        load_list: list?.write, load_list_place: list?.place, load_list_entry: list?.entry,
        load_order: loaded.order?.write, load_order_place: loaded.order?.place,
        load_tile_bank: tiles.putting.bit(0), load_pixel: inputs.row, load_input_channel: inputs.value_channel,
        load_input: inputs.value_write, load_input_value: inputs.value,
        load_word: shape.skipsInputs ? inputs.word_write : undefined, load_word_index: shape.skipsInputs ? inputs.word_index : undefined,
        load_word_bits: shape.skipsInputs ? inputs.word : undefined,
        load_mask: mask?.write, load_mask_bank: mask?.tile.bit(0), load_mask_position: mask?.position, load_mask_bits: mask === undefined ? undefined : maskOf(mask.word, i, next, P.lanes, shape),
        read: drained.port.read, read_bank: sums.taking.bit(0), read_slot: drained.port.slot, read_position: drained.port.position,
      });
      if (made.own_left !== undefined) left[i]?.drive(made.own_left);
      if (made.steals !== undefined) steals[i]?.drive(made.steals);
      return made;
    });

    const canStart = m.named('can_start', sets.isEmpty.or(tiles.isEmpty).or(sums.isFull).or(mask?.isEmpty ?? false).not());
    const active = m.named('any_lane_active', built.map(each => each.active).reduce((a, b) => a.or(b)));
    const tile = course(m, sync, P, canStart, active, built.map(each => each.multiplies));
    start.drive(tile.start);
    tileEnds.drive(tile.end);
    setEnds.drive(tile.setEnd);

    const keep = (name: string, value: Bits): Bits => {
      const kept = keptOf(m, sync, `kept_${name}`, value, tile.end, sums.putting.bit(0));
      return patternTable(sums.taking.bit(0).asU(), 2, bank => kept[bank === 0 ? 0 : 1]);
    };
    const unstolen = lanes.map(i => {
      const place = built[(i + P.lanes - 1) % P.lanes]?.unstolen;
      return place === undefined || slotsOf(i) * shape.positions < 2 ? undefined : keep(`place_${i}`, place.bits());
    });
    const table = shape.permutes ? roundTable(m, sync, P, shape, deal, sets.putting, drained.port, keep('set', sets.taking)) : undefined;
    const needed = outputsNeeded(m, sync, P, shape, mask, drained.port, mask === undefined ? literalBits(0, 2) : keep('tile', mask.taking));
    const ordered = sumsInOrder(sync, shape, built.map(each => [...each.sums].map((value, area) => each.has_sums.bit(area).mux(value, 0))), table, drained.port, unstolen);
    io.output_sum.drive(ordered.map((value, i) => sync.delay(`out_sum_${i}`, (needed[i] ?? literalBool(true)).mux(value, 0), { enable: drained.port.read })));
    io.output_valid.drive(drained.valid);
    io.output_last.drive(drained.last);
    const products = keep('products', tile.products.bits());
    io.output_cycles.drive(keep('cycles', tile.cycles.bits()).asU());
    io.output_products.drive(products.asU());
    io.output_skipped.drive(int(shape.dense).sub(products.asU()).wrap(32).asU());
    io.output_stalls.drive(keep('stalls', tile.stalls.bits()).asU());
    m.promise({
      flow: 'stream', interval: 1,
      streams: [
        { name: 'weight', direction: 'input', valid: 'weight_valid', ready: 'weight_ready', payload: ['weight_data'] },
        { name: 'input', direction: 'input', valid: 'input_valid', ready: 'input_ready', payload: [P.inputFormat === 'dense' ? 'input_value' : 'input_data'] },
        ...(mask === undefined ? [] : [{ name: 'mask', direction: 'input' as const, valid: 'mask_valid', ready: 'mask_ready', payload: ['mask_needed'] }]),
        {
          name: 'output', direction: 'output', valid: 'output_valid', ready: 'output_ready', last: 'output_last',
          payload: ['output_sum', 'output_last', 'output_cycles', 'output_products', 'output_skipped', 'output_stalls'],
        },
      ],
    });
  },
});

type CoreIo = Parameters<typeof zeroSkipConv.spec.build>[1];

/** Takes the mask of a tile, a position in each beat. */
function maskLoader(m: ModuleBuilder, sync: Domain, io: CoreIo, lanes: number, shape: Shape, tileEnds: Bool) {
  if (io.mask_valid === undefined || io.mask_ready === undefined || io.mask_needed === undefined) return undefined;
  const position = counter(sync, 'mask_position', shape.positions, 'up', { reset: 0 });
  const whole = m.wire('mask_is_whole', bool);
  const { isFull, isEmpty, putting, taking } = banks(m, sync, 'masks', whole.q, tileEnds);
  const write = m.named('mask_comes', io.mask_valid.and(isFull.not()));
  io.mask_ready.drive(isFull.not());
  whole.drive(write.and(position.last));
  m.when(write, () => position.step());
  return { write, position: position.q, word: resized(io.mask_needed, shape.slots * lanes), tile: putting, taking, isEmpty };
}

/** Of the mask of a position what a lane needs. */
function maskOf(word: Bits, own: number, next: number, lanes: number, { slots, permutes, steals }: Shape): Bits {
  if (permutes) return word;
  const of = (lane: number): readonly Bool[] => Array.from({ length: slots }, (_, slot) => word.bit(slot * lanes + lane));
  return cat(...[...of(own), ...(steals ? of(next) : [])].toReversed());
}

/**
 * Lists the chunks of an output channel that have weights as they come, for the lanes: an entry goes out when the next one comes, which it leads to, and the last one in the clock
 * after the channel. A channel without weights has its first chunk in the list.
 */
function chunkList(m: ModuleBuilder, sync: Domain, shape: Shape, index: Int, comes: Bool, channelDone: Bool) {
  if (!hasList(shape)) return undefined;
  const type = indexType(shape.chunks);
  const listed = sync.reg('chunk_is_listed', bool, { reset: false });
  const [chunk, place] = [sync.reg('listed_chunk', type, { reset: 0 }), sync.reg('listed_place', type, { reset: 0 })];
  const ends = sync.delay('list_ends', channelDone, { reset: false });
  const following = m.named('place_behind', ends.or(listed.q.not()).mux(0, place.q.add(1).wrap(type.width).asU()));
  m.when(comes, () => {
    listed.set(true);
    chunk.set(index.wrap(type.width).asU());
    place.set(following);
  }).elseWhen(ends, () => {
    listed.set(false);
    chunk.set(0);
    place.set(0);
  });
  const { chunks } = shape;
  return {
    write: m.named('list_grows', ends.or(comes.and(listed.q))), place: place.q,
    entry: joined({ value: ends.asU(), count: 2 }, { value: following, count: chunks }, { value: chunk.q, count: chunks }).bits(),
  };
}
