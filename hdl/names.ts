import { fail } from './error.js';
import type { Site } from './site.js';

/** Keywords of Verilog-2005 and SystemVerilog-2017, which no tool lets a user name anything. */
const reserved = new Set(`accept_on alias always always_comb always_ff always_latch and assert assign assume automatic
before begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos
config const constraint context continue cover covergroup coverpoint cross deassign default defparam design disable dist do
edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup endinterface endmodule
endpackage endprimitive endprogram endproperty endsequence endspecify endtable endtask enum event eventually expect export
extends extern final first_match for force foreach forever fork forkjoin function generate genvar global highz0 highz1 if
iff ifnone ignore_bins illegal_bins implements implies import incdir include initial inout input inside instance int
integer interconnect interface intersect join join_any join_none large let liblist library local localparam logic longint
macromodule matches medium modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null
or output package packed parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup
pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg reject_on release
repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared
sequence shortint shortreal showcancelled signed small soft solve specify specparam static string strong strong0 strong1
struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this throughout time timeprecision timeunit
tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union unique unique0 unsigned until until_with untyped
use uwire var vectored virtual void wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor
xor`.split(/\s+/));

/** Words of C++ that Verilator warns of where a port is called so. */
const reservedForPorts = new Set(`abort alignas alignof and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand
bitor bool catch char char16_t char32_t compl concept const_cast constexpr decltype delete deque double dynamic_cast explicit
false float friend goto inline iterator list long map mutable namespace noexcept not_eq nullptr operator or_eq override
private public queue register requires sc_in sc_out set short sizeof stack static_assert static_cast synchronized template
thread_local throw transaction_safe transaction_safe_dynamic true try typeid typename uint16_t uint32_t uint8_t using vector
volatile wchar_t xor_eq`.split(/\s+/));

/** HDL201 for what is not a Verilog identifier. */
export function checkIdentifier(name: string, site: Site): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  fail('HDL201', `'${name}' is not a Verilog identifier`, 'use letters, digits and _, beginning with no digit', site);
}

/** The names of one module. */
export class Names {
  private readonly taken = new Map<string, Site | undefined>();
  private readonly module: string;

  constructor(module: string) {
    this.module = module;
  }

  /** Takes the name of a port. */
  takePort(name: string, site: Site): void {
    if (reservedForPorts.has(name)) {
      fail('HDL202', `'${name}' is a word of C++, and Verilator takes no port of that name`, `call it '${name}_value', for instance`, site);
    }
    this.take(name, site);
  }

  /** Takes a user's name exactly as it is, or says why not. */
  take(name: string, site: Site): void {
    checkIdentifier(name, site);
    if (reserved.has(name)) fail('HDL202', `'${name}' is a word of Verilog or SystemVerilog`, `call it '${name}_value', for instance`, site);
    if (name === this.module) {
      fail('HDL203', `'${name}' is the name of the module itself`, 'Verilator takes nothing inside a module that is called like the module', site);
    }
    if (this.taken.has(name)) {
      const first = this.taken.get(name)?.place();
      fail('HDL203', `'${name}' is declared twice${first === undefined ? '' : ` (first at ${first})`}`, 'every name in a module is declared once', site);
    }
    this.taken.set(name, site);
  }

  has(name: string): boolean {
    return this.taken.has(name) || name === this.module;
  }
}
