import type { Module } from '../../hdl/index.js';

/** The outputs of a vendor's primitive from its inputs, as the vendor documents it: written here a second time, apart from its model. */
export function tableOfPrimitive({ verilogName, parameters }: Module, inputs: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> {
  const at = (port: string): bigint => inputs.get(port) ?? 0n;
  const index = (...ports: readonly string[]): bigint => ports.reduceRight((high, port) => 2n * high + at(port), 0n);
  const number = (name: string): bigint => BigInt(Number(parameters[name]));
  const entry = (table: bigint, place: bigint): bigint => (table >> place) & 1n;
  switch (verilogName) {
    case 'SB_LUT4': return new Map([['O', entry(number('table'), index('I0', 'I1', 'I2', 'I3'))]]);
    case 'SB_CARRY': return new Map([['CO', at('I0') + at('I1') + at('CI') >= 2n ? 1n : 0n]]);
    case 'LUT4': return new Map([['Z', entry(number('table'), index('A', 'B', 'C', 'D'))]]);
    case 'LUT6':
    case 'LUT6_2': {
      const table = (number('high') << 32n) + number('low');
      const whole = entry(table, index('I0', 'I1', 'I2', 'I3', 'I4', 'I5'));
      return new Map([['O', whole], ['O6', whole], ['O5', entry(table, index('I0', 'I1', 'I2', 'I3', 'I4'))]]);
    }
    case 'CCU2C': {
      let carry = at('CIN');
      const results = new Map<string, bigint>();
      for (const half of ['0', '1']) {
        const propagates = entry(number(`table${half}`), index(`A${half}`, `B${half}`, `C${half}`, `D${half}`));
        const cuts = parameters[`cuts${half}`] === true;
        results.set(`S${half}`, cuts ? propagates : propagates ^ carry);
        if (propagates === 0n) carry = cuts ? 0n : entry(number(`table${half}`), index(`A${half}`, `B${half}`));
      }
      return results.set('COUT', carry);
    }
    case 'CARRY4': {
      let carry = at('CI') | at('CYINIT');
      let [sums, carries] = [0n, 0n];
      for (let i = 0n; i < 4n; i++) {
        const propagates = entry(at('S'), i);
        sums |= (propagates ^ carry) << i;
        if (propagates === 0n) carry = entry(at('DI'), i);
        carries |= carry << i;
      }
      return new Map([['O', sums], ['CO', carries]]);
    }
    default: throw new TypeError(`no function is known of ${verilogName}`);
  }
}
