import { bits, bool, clock, generator, input, output, p } from '../../hdl/index.js';

/**
 * A buffer of two beats between a producer and a consumer. `in_ready` is a register, so that no path goes from `out_ready` to `in_ready`: it cuts
 * the chain of ready signals as a pipeline register cuts the chain of data. One beat a clock, one clock of latency.
 */
export const skidBuffer = generator({
  name: 'skid-buffer',
  doc: 'Registers in both directions of a stream: valid and data forward, ready backward.',
  params: { width: p.int({ default: 8, min: 1, max: 1 << 16, doc: 'bits of a beat' }) },
  ports: P => ({
    clk: clock(),
    rst: input(bool, 'reset, synchronous, active high'),
    in_valid: input(bool, 'a beat is offered'),
    in_ready: output(bool, 'a beat is accepted'),
    in_data: input(bits(P.width), 'payload'),
    out_valid: output(bool, 'a beat is offered'),
    out_ready: input(bool, 'a beat is accepted'),
    out_data: output(bits(P.width), 'payload'),
  }),
  build(m, io, P) {
    const sync = m.domain(io.clk, { reset: io.rst });
    const valid = sync.reg('valid', bool, { reset: false });
    const data = sync.reg('data', bits(P.width));
    // A beat that came in the clock in which the consumer began to wait.
    const waiting = sync.reg('waiting', bool, { reset: false });
    const spare = sync.reg('spare', bits(P.width));
    const moves = m.named('moves', valid.q.not().or(io.out_ready));
    m.when(waiting.q.not(), () => spare.set(io.in_data));
    m.when(moves, () => {
      valid.set(waiting.q.or(io.in_valid));
      data.set(waiting.q.mux(spare.q, io.in_data));
      waiting.set(false);
    }).elseWhen(waiting.q.not(), () => waiting.set(io.in_valid));
    io.in_ready.drive(waiting.q.not());
    io.out_valid.drive(valid.q);
    io.out_data.drive(data.q);
    m.promise({
      flow: 'stream', latency: 1, interval: 1,
      streams: [
        { name: 'in', direction: 'input', valid: 'in_valid', ready: 'in_ready', payload: ['in_data'] },
        { name: 'out', direction: 'output', valid: 'out_valid', ready: 'out_ready', payload: ['out_data'] },
      ],
    });
  },
});
