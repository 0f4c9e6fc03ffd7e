// What the simulation of any design needs and no design changes. Precompiled as a header; `driver.cpp` is compiled once for a toolchain, `engine.cpp` with each model.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "verilated.h"
#include "verilated_vcd_c.h"

namespace narrowgate {

using Word = uint32_t;

// ---- how a run ends ----

// Ends the process with a report: `usage`, `tool`, `full` (no space on the disk) or `design`, and one sentence.
[[noreturn]] void fail(const char* kind, const std::string& text);
// The same for what the engine finds. `waiting` has a bit for each input stream that offers a beat.
struct Progress {
    uint64_t cycle, accepted, taken;
};
[[noreturn]] void failDeadlock(const Progress& progress, uint64_t waiting);
[[noreturn]] void failEndless(const Progress& progress);
[[noreturn]] void failLimit(const Progress& progress);
// Ends the process with the report of a good end.
[[noreturn]] void succeed(const Progress& progress);

// ---- randomness ----

// xoshiro128** 1.1 (Blackman and Vigna 2021), the same sequence as testbench/random.ts.
class Random {
    Word m_state[4];
    static Word rotate(Word word, int by) { return (word << by) | (word >> (32 - by)); }

public:
    Random(Word a, Word b, Word c, Word d)
        : m_state{a, b, c, d} {}
    Word next() {
        const Word result = rotate(m_state[1] * 5, 7) * 9;
        const Word shifted = m_state[1] << 9;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = rotate(m_state[3], 11);
        return result;
    }
    // True in `threshold` of 2^32 cases: 0 is never.
    bool chance(uint64_t threshold) { return next() < threshold; }
};

// ---- words of a beat to a port of the model, and back ----

// Verilator holds a port in the smallest of 8, 16, 32, 64 bits or in an array of words, and wants the bits beyond its width to be zero.
template <int Width> inline void put(CData& port, const Word* words) { port = static_cast<CData>(words[0] & VL_MASK_I(Width)); }
template <int Width> inline void put(SData& port, const Word* words) { port = static_cast<SData>(words[0] & VL_MASK_I(Width)); }
template <int Width> inline void put(IData& port, const Word* words) { port = words[0] & VL_MASK_I(Width); }
template <int Width> inline void put(QData& port, const Word* words) {
    port = (static_cast<QData>(words[0]) | (static_cast<QData>(words[1]) << 32)) & VL_MASK_Q(Width);
}
template <int Width, std::size_t Count> inline void put(VlWide<Count>& port, const Word* words) {
    for (std::size_t index = 0; index < Count; ++index) port[index] = words[index];
    port[Count - 1] &= VL_MASK_I(Width - 32 * static_cast<int>(Count - 1));
}
inline void get(const CData& port, Word* words) { words[0] = port; }
inline void get(const SData& port, Word* words) { words[0] = port; }
inline void get(const IData& port, Word* words) { words[0] = port; }
inline void get(const QData& port, Word* words) {
    words[0] = static_cast<Word>(port);
    words[1] = static_cast<Word>(port >> 32);
}
template <std::size_t Count> inline void get(const VlWide<Count>& port, Word* words) {
    for (std::size_t index = 0; index < Count; ++index) words[index] = port[index];
}

// ---- streams ----

// One stream as the generated table describes it. Plain data: every template less here is time saved in each build.
struct StreamShape {
    const char* name;
    unsigned words;              // of a beat
    unsigned ports;              // of the payload; each begins a new word
    const unsigned* portWidths;  // bits of each
};

struct DesignShape {
    unsigned inputCount, outputCount;
    const StreamShape* inputs;
    const StreamShape* outputs;
};

// Where operands come from: beats in runs of any length.
class Source {
public:
    virtual ~Source() = default;
    // The next beats of a stream, at least one, or false after the last. They stay until the next call for the same stream.
    virtual bool refill(unsigned stream, const Word*& at, const Word*& end) = 0;
};

// Where results go.
class Sink {
public:
    virtual ~Sink() = default;
    // Room for at least one beat; what lay between `begin` of the call before and `end` is full now.
    virtual void room(unsigned stream, Word*& at, Word*& end) = 0;
    // With cycles recorded: a beat was taken or given at this cycle.
    virtual void accepted(unsigned, uint64_t) {}
    virtual void given(unsigned, uint64_t) {}
    // The last buffer of a stream is filled up to `at`.
    virtual void close(unsigned stream, const Word* at) = 0;
    virtual void finish() = 0;
};

// The waveforms of a window of cycles.
class Waves {
    std::unique_ptr<VerilatedVcdC> m_vcd;
    std::string m_path;
    uint64_t m_first = 1, m_last = 0;

public:
    void configure(const std::string& path, uint64_t first, uint64_t last);
    VerilatedVcdC* file() { return m_vcd.get(); }
    bool wanted(uint64_t cycle) const { return cycle >= m_first && cycle <= m_last; }
    void dump(uint64_t time);
    void close();
};

struct Settings {
    uint64_t resetClocks, maxCycles, watchdog, drain, tail;
    uint64_t expected, soon;         // once so many beats came out, the drain is only so long
    uint64_t bubbles, backpressure;  // thresholds of 2^32
    Random* random;                  // one for each stream, inputs first
    bool recordCycles;
};

// A driver that has read its arguments.
struct Session {
    std::unique_ptr<Source> source;
    std::unique_ptr<Sink> sink;
    Settings settings;
    Waves waves;
};

Session& openSession(int count, char** values, const DesignShape& shape, VerilatedContext& context);

}  // namespace narrowgate
