// The clock by clock part of the driver, compiled together with each Verilated model and its generated table `design.h`
// (testbench/verilator/port-table.ts), which stand before it in the same translation unit.
//
// A clock cycle c, with its rising edge at time 10 c + 5:
//   10 c - 4   inputs are driven, right after the edge before
//   10 c       the clock falls; inputs settle
//   10 c + 5   what stands on the wires just before is sampled; then the clock rises
// A design without a clock is evaluated once a beat, at time 10 c.

namespace narrowgate {

class Engine {
    VerilatedContext& m_context;
    Model& m_model;
    Session& m_session;
    const Settings& m_settings;
    Random* const m_random;
    uint64_t m_cycle = 0;
    uint64_t m_taken = 0;
    uint64_t m_accepted = 0;
    bool m_dumped = false;
    const Word* m_inputAt[design::inputCount] = {};
    const Word* m_inputEnd[design::inputCount] = {};
    Word* m_outputAt[design::outputCount] = {};
    Word* m_outputEnd[design::outputCount] = {};

    // The words of the next beat of a stream, or nullptr after the last.
    const Word* next(unsigned stream) {
        if (m_inputAt[stream] == m_inputEnd[stream] && !m_session.source->refill(stream, m_inputAt[stream], m_inputEnd[stream])) return nullptr;
        const Word* const words = m_inputAt[stream];
        m_inputAt[stream] += design::inputWords[stream];
        return words;
    }

    void accepted(unsigned stream) {
        ++m_accepted;
        if (m_settings.recordCycles) m_session.sink->accepted(stream, m_cycle);
    }

    void take(unsigned stream) {
        design::sample(m_model, stream, m_outputAt[stream]);
        m_outputAt[stream] += design::outputWords[stream];
        ++m_taken;
        if (m_settings.recordCycles) m_session.sink->given(stream, m_cycle);
        if (m_outputAt[stream] == m_outputEnd[stream]) m_session.sink->room(stream, m_outputAt[stream], m_outputEnd[stream]);
    }

    void settle() {
        if (VM_TRACE && m_session.waves.wanted(m_cycle)) {
            if (m_dumped) {
                m_model.eval();
                m_session.waves.dump(10 * m_cycle - 4);
            }
            design::clock(m_model, false);
            m_model.eval();
            m_session.waves.dump(10 * m_cycle);
            m_dumped = true;
        } else {
            design::clock(m_model, false);
            m_model.eval();
        }
    }

    void rise() {
        m_context.time(10 * m_cycle + 5);
        design::clock(m_model, true);
        m_model.eval();
        if (VM_TRACE && m_session.waves.wanted(m_cycle)) m_session.waves.dump(10 * m_cycle + 5);
        ++m_cycle;
    }

    // What a stream's payload holds while its valid is low is nobody's business.
    void garble(unsigned stream) {
        Word words[design::inputWordsMax];
        for (Word& word : words) word = m_random[stream].next();
        design::drive(m_model, stream, words);
    }

    void reset() {
        const Word zeros[design::inputWordsMax] = {};
        for (unsigned stream = 0; stream < design::inputCount; ++stream) {
            design::drive(m_model, stream, zeros);
            design::offer(m_model, stream, false);
        }
        for (unsigned stream = 0; stream < design::outputCount; ++stream) design::allow(m_model, stream, false);
        design::reset(m_model, true);
        for (uint64_t clock = 0; clock < m_settings.resetClocks; ++clock) {
            settle();
            rise();
        }
        design::reset(m_model, false);
    }

    Progress progress() const { return {m_cycle, m_accepted, m_taken}; }

    void limit() const {
        if (VL_UNLIKELY(m_cycle > m_settings.maxCycles)) failLimit(progress());
    }

    void handshake() {
        const Word* pending[design::inputCount] = {};
        bool offered[design::inputCount] = {};
        bool ended[design::inputCount] = {};
        bool allowed[design::outputCount] = {};
        uint64_t lastMove = m_cycle, lastInput = m_cycle, idle = 0;
        unsigned open = design::inputCount;
        for (;;) {
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                if (offered[stream] || ended[stream]) continue;
                if (!pending[stream]) pending[stream] = next(stream);
                if (!pending[stream]) {
                    ended[stream] = true;
                    --open;
                    design::offer(m_model, stream, false);
                } else if (m_settings.bubbles && m_random[stream].chance(m_settings.bubbles)) {
                    design::offer(m_model, stream, false);
                    garble(stream);
                } else {
                    design::drive(m_model, stream, pending[stream]);
                    design::offer(m_model, stream, true);
                    offered[stream] = true;
                }
            }
            bool allAllowed = true;
            for (unsigned stream = 0; stream < design::outputCount; ++stream) {
                allowed[stream] = !design::hasReady(stream) || !m_settings.backpressure || !m_random[design::inputCount + stream].chance(m_settings.backpressure);
                design::allow(m_model, stream, allowed[stream]);
                allAllowed = allAllowed && allowed[stream];
            }
            settle();
            bool quiet = true;
            for (unsigned stream = 0; stream < design::outputCount; ++stream) {
                if (!design::offers(m_model, stream)) continue;
                quiet = false;
                if (!allowed[stream]) continue;
                take(stream);
                lastMove = m_cycle;
            }
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                if (!offered[stream] || !design::allows(m_model, stream)) continue;
                accepted(stream);
                offered[stream] = false;
                pending[stream] = nullptr;
                lastMove = lastInput = m_cycle;
            }
            rise();
            if (open == 0) {
                // A pipeline moves on for certain only in clocks in which nobody stalls it.
                if (!quiet) idle = 0;
                if (quiet && allAllowed && ++idle >= (m_taken >= m_settings.expected ? m_settings.soon : m_settings.drain)) return;
                if (VL_UNLIKELY(m_cycle - lastInput > m_settings.tail)) failEndless(progress());
            } else if (VL_UNLIKELY(m_cycle - lastMove > m_settings.watchdog)) {
                uint64_t waiting = 0;
                for (unsigned stream = 0; stream < design::inputCount; ++stream) waiting |= uint64_t{offered[stream]} << stream;
                failDeadlock(progress(), waiting);
            }
            limit();
        }
    }

    // Every clock is a beat; its result is on the outputs `latency` clocks later. Where a port ends a group of beats, only the beats that end one have a result.
    void everyClock() {
        constexpr uint64_t ring = design::latency + 1;
        bool due[ring] = {};
        const Word zeros[design::inputWordsMax] = {};
        for (uint64_t after = 0; after <= design::latency;) {
            bool given = false, ends = false;
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                const Word* const words = next(stream);
                design::drive(m_model, stream, words ? words : zeros);
                if (!words) continue;
                given = true;
                ends = ends || design::ends(stream, words);
                accepted(stream);
            }
            if (!given) ++after;
            due[m_cycle % ring] = ends;
            if (design::hasClock) {
                settle();
            } else {
                m_model.eval();
                if (VM_TRACE && m_session.waves.wanted(m_cycle)) m_session.waves.dump(10 * m_cycle);
            }
            if (due[(m_cycle + 1) % ring]) {
                for (unsigned stream = 0; stream < design::outputCount; ++stream) take(stream);
            }
            if (design::hasClock) {
                rise();
            } else {
                ++m_cycle;
            }
            limit();
        }
    }

public:
    Engine(VerilatedContext& context, Model& model, Session& session)
        : m_context{context}
        , m_model{model}
        , m_session{session}
        , m_settings{session.settings}
        , m_random{session.settings.random} {}

    void run() {
        for (unsigned stream = 0; stream < design::outputCount; ++stream) m_session.sink->room(stream, m_outputAt[stream], m_outputEnd[stream]);
        design::clock(m_model, false);
        if (design::hasClock) reset();
        if (design::everyClock) {
            everyClock();
        } else {
            handshake();
        }
        m_model.final();
        for (unsigned stream = 0; stream < design::outputCount; ++stream) m_session.sink->close(stream, m_outputAt[stream]);
        succeed(progress());
    }
};

}  // namespace narrowgate

int main(int count, char** values) {
    VerilatedContext context;
    narrowgate::Session& session = narrowgate::openSession(count, values, design::shape, context);
    context.traceEverOn(VM_TRACE);
    Model model{&context, "TOP"};
#if VM_TRACE
    if (session.waves.file()) model.trace(session.waves.file(), 99);
#endif
    narrowgate::Engine{context, model, session}.run();
    return 0;
}
