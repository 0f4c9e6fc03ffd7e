// The simulation driver: one source for every unit. What it needs to know of a design is in the generated table `design.h`
// (testbench/verilator/port-table.ts), which is included before this file, as is the Verilated model.
//
// A clock cycle c, with its rising edge at time 10 c + 5:
//   10 c - 4   inputs are driven, right after the edge before
//   10 c       the clock falls; inputs settle
//   10 c + 5   what stands on the wires just before is sampled; then the clock rises
// A design without a clock is evaluated once a beat, at time 10 c.

namespace narrowgate {

constexpr Word stimulusMagic = 0x5453474e;  // "NGST"
constexpr Word responseMagic = 0x5253474e;  // "NGSR"

// ---- where operands come from: next(stream) is the next beat's words, or nullptr after the last ----

// The whole stimulus from a file: magic, number of streams, a 64-bit count for each, then the words of each stream.
class FileSource {
    std::vector<Word> m_data;
    const Word* m_next[design::inputCount];
    uint64_t m_left[design::inputCount];

public:
    explicit FileSource(const std::string& path) {
        FILE* file = std::fopen(path.c_str(), "rb");
        if (!file) failSystem("The stimulus file " + path + " cannot be opened");
        std::fseek(file, 0, SEEK_END);
        const size_t size = static_cast<size_t>(std::ftell(file));
        std::rewind(file);
        m_data.resize((size + sizeof(Word) - 1) / sizeof(Word));
        if (std::fread(m_data.data(), 1, size, file) != size) failSystem("The stimulus file " + path + " cannot be read");
        std::fclose(file);
        size_t expected = 2 + 2 * design::inputCount;
        if (m_data.size() >= expected && (m_data[0] != stimulusMagic || m_data[1] != design::inputCount)) {
            fail("tool", "The stimulus file " + path + " does not belong to this design.");
        }
        if (m_data.size() >= expected) {
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                m_left[stream] = m_data[2 + 2 * stream] | (static_cast<uint64_t>(m_data[3 + 2 * stream]) << 32);
                m_next[stream] = m_data.data() + expected;
                expected += m_left[stream] * design::inputWords[stream];
            }
        }
        if (size != expected * sizeof(Word)) {
            fail("tool", "The stimulus file " + path + " is cut short: it has " + std::to_string(size) + " bytes where "
                             + std::to_string(expected * sizeof(Word)) + " are needed.");
        }
    }
    const Word* next(unsigned stream) {
        if (m_left[stream] == 0) return nullptr;
        --m_left[stream];
        const Word* const words = m_next[stream];
        m_next[stream] += design::inputWords[stream];
        return words;
    }
};

// Blocks through a pipe: stream, number of beats, their words.
class PipeSource {
    struct Block {
        std::vector<Word> words;
        size_t at = 0;
    };
    int m_descriptor;
    bool m_ended = false;
    std::deque<Block> m_blocks[design::inputCount];

    bool readBlock() {
        Word header[2];
        if (!readAll(m_descriptor, header, sizeof header)) return false;
        if (header[0] >= design::inputCount) fail("tool", "The stimulus names a stream that the design does not have.");
        Block block;
        block.words.resize(static_cast<size_t>(header[1]) * design::inputWords[header[0]]);
        if (!block.words.empty() && !readAll(m_descriptor, block.words.data(), block.words.size() * sizeof(Word))) {
            fail("tool", "The stimulus ended before a block that was announced.");
        }
        m_blocks[header[0]].push_back(std::move(block));
        return true;
    }

public:
    explicit PipeSource(int descriptor)
        : m_descriptor{descriptor} {
        widenPipe(descriptor);
    }
    const Word* next(unsigned stream) {
        auto& blocks = m_blocks[stream];
        while (!blocks.empty() && blocks.front().at == blocks.front().words.size()) blocks.pop_front();
        while (blocks.empty()) {
            if (m_ended || !readBlock()) {
                m_ended = true;
                return nullptr;
            }
            while (!blocks.empty() && blocks.front().words.empty()) blocks.pop_front();
        }
        Block& block = blocks.front();
        const Word* const words = block.words.data() + block.at;
        block.at += design::inputWords[stream];
        return words;
    }
};

// Beat number i is the binary number i over the joined payload ports of the one input stream.
class CounterSource {
    uint64_t m_next, m_left;
    Word m_words[design::inputWords[0]];

public:
    CounterSource(uint64_t first, uint64_t count)
        : m_next{first}
        , m_left{count} {}
    const Word* next(unsigned) {
        if (m_left == 0) return nullptr;
        --m_left;
        design::count(m_next++, m_words);
        return m_words;
    }
};

// One step of the generator for each word of each beat; bits beyond a port's width are dropped.
class RandomSource {
    Random m_random;
    uint64_t m_left;
    Word m_words[design::inputWords[0]];

public:
    RandomSource(const Random& random, uint64_t count)
        : m_random{random}
        , m_left{count} {}
    const Word* next(unsigned) {
        if (m_left == 0) return nullptr;
        --m_left;
        for (Word& word : m_words) word = m_random.next();
        design::clip(0, m_words);
        return m_words;
    }
};

// ---- where results go: slot(stream) is room for one beat, take(stream, cycle) keeps it ----

// Everything is kept, with the cycles, and written at the end.
class FileSink {
    std::string m_path;
    std::vector<Word> m_inputCycles[design::inputCount];
    std::vector<Word> m_outputCycles[design::outputCount];
    std::vector<Word> m_words[design::outputCount];
    Word m_slot[design::outputWordsMax];

public:
    explicit FileSink(const std::string& path)
        : m_path{path} {}
    Word* slot(unsigned) { return m_slot; }
    void take(unsigned stream, uint64_t cycle) {
        m_outputCycles[stream].push_back(static_cast<Word>(cycle));
        m_words[stream].insert(m_words[stream].end(), m_slot, m_slot + design::outputWords[stream]);
    }
    void accepted(unsigned stream, uint64_t cycle) { m_inputCycles[stream].push_back(static_cast<Word>(cycle)); }
    void finish() {
        FILE* file = std::fopen(m_path.c_str(), "wb");
        if (!file) failSystem("The responses cannot be written");
        bool good = true;
        const auto put = [&](const Word* words, size_t count) { good = good && std::fwrite(words, sizeof(Word), count, file) == count; };
        const Word magic = responseMagic;
        put(&magic, 1);
        for (const auto& cycles : m_inputCycles) {
            const Word count = static_cast<Word>(cycles.size());
            put(&count, 1);
        }
        for (const auto& cycles : m_outputCycles) {
            const Word count = static_cast<Word>(cycles.size());
            put(&count, 1);
        }
        for (const auto& cycles : m_inputCycles) put(cycles.data(), cycles.size());
        for (const auto& cycles : m_outputCycles) put(cycles.data(), cycles.size());
        for (const auto& words : m_words) put(words.data(), words.size());
        if (std::fclose(file) != 0 || !good) failSystem("The responses cannot be written");
    }
};

// Blocks through a pipe: stream, number of beats, their words.
class PipeSink {
    static constexpr size_t blockWords = (256 * 1024) / sizeof(Word);
    struct Block {
        std::vector<Word> words;
        size_t at = 2;
    };
    int m_descriptor;
    Block m_blocks[design::outputCount];

    void flush(unsigned stream) {
        Block& block = m_blocks[stream];
        if (block.at == 2) return;
        block.words[0] = stream;
        block.words[1] = static_cast<Word>((block.at - 2) / design::outputWords[stream]);
        writeAll(m_descriptor, block.words.data(), block.at * sizeof(Word));
        block.at = 2;
    }

public:
    explicit PipeSink(int descriptor)
        : m_descriptor{descriptor} {
        widenPipe(descriptor);
        for (unsigned stream = 0; stream < design::outputCount; ++stream) m_blocks[stream].words.resize(2 + blockWords + design::outputWords[stream]);
    }
    Word* slot(unsigned stream) { return m_blocks[stream].words.data() + m_blocks[stream].at; }
    void take(unsigned stream, uint64_t) {
        Block& block = m_blocks[stream];
        block.at += design::outputWords[stream];
        if (block.at >= blockWords) flush(stream);
    }
    void accepted(unsigned, uint64_t) {}
    void finish() {
        for (unsigned stream = 0; stream < design::outputCount; ++stream) flush(stream);
    }
};

// ---- waveforms ----

#if VM_TRACE
class Waves {
    VerilatedVcdC m_vcd;
    std::string m_path;
    uint64_t m_first = 1, m_last = 0;
    bool m_open = false;

public:
    void configure(Model& model, const Arguments& arguments) {
        if (!arguments.has("vcd")) return;
        m_path = arguments.text("vcd");
        m_first = arguments.number("first");
        m_last = arguments.number("last");
        model.trace(&m_vcd, 99);
    }
    bool wanted(uint64_t cycle) const { return cycle >= m_first && cycle <= m_last; }
    void dump(uint64_t time) {
        if (!m_open) {
            m_vcd.open(m_path.c_str());
            if (!m_vcd.isOpen()) failSystem("The waveform file " + m_path + " cannot be written");
            m_open = true;
        }
        m_vcd.dump(time);
    }
    void close() {
        if (m_open) m_vcd.close();
        m_open = false;
    }
};
#else
class Waves {
public:
    void configure(Model&, const Arguments& arguments) {
        if (arguments.has("vcd")) fail("usage", "This simulator was built without waveforms.");
    }
    static constexpr bool wanted(uint64_t) { return false; }
    void dump(uint64_t) {}
    void close() {}
};
#endif

inline Waves& waves() {
    static Waves instance;
    return instance;
}

// ---- the run ----

struct Settings {
    uint64_t resetClocks, maxCycles, watchdog, drain, tail;
    uint64_t bubbles, backpressure;  // thresholds of 2^32
    std::vector<uint64_t> seeds;     // four words for each stream, inputs first
};

template <class Source, class Sink> class Run {
    VerilatedContext& m_context;
    Model& m_model;
    Source& m_source;
    Sink& m_sink;
    const Settings& m_settings;
    std::vector<Random> m_random;
    uint64_t m_cycle = 0;
    uint64_t m_taken = 0;
    uint64_t m_accepted = 0;
    bool m_dumped = false;

    void settle() {
        if (waves().wanted(m_cycle)) {
            if (m_dumped) {
                m_model.eval();
                waves().dump(10 * m_cycle - 4);
            }
            design::clock(m_model, false);
            m_model.eval();
            waves().dump(10 * m_cycle);
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
        if (waves().wanted(m_cycle)) waves().dump(10 * m_cycle + 5);
        ++m_cycle;
    }

    void garble(unsigned stream) {
        Word words[design::inputWordsMax];
        for (Word& word : words) word = m_random[stream].next();
        design::drive(m_model, stream, words);
    }

    void clear() {
        const Word zeros[design::inputWordsMax] = {};
        for (unsigned stream = 0; stream < design::inputCount; ++stream) {
            design::drive(m_model, stream, zeros);
            design::offer(m_model, stream, false);
        }
        for (unsigned stream = 0; stream < design::outputCount; ++stream) design::allow(m_model, stream, false);
    }

    void reset() {
        clear();
        design::reset(m_model, true);
        for (uint64_t clock = 0; clock < m_settings.resetClocks; ++clock) {
            settle();
            rise();
        }
        design::reset(m_model, false);
    }

    void limit() const {
        if (m_cycle > m_settings.maxCycles) {
            fail("design", "The run was stopped after " + std::to_string(m_settings.maxCycles) + " clocks, with " + counts() + ".");
        }
    }

    std::string counts() const { return std::to_string(m_accepted) + " beats in and " + std::to_string(m_taken) + " beats out"; }

    void handshake() {
        const Word* pending[design::inputCount] = {};
        bool offered[design::inputCount] = {};
        bool ended[design::inputCount] = {};
        bool allowed[design::outputCount] = {};
        uint64_t progress = m_cycle, lastInput = m_cycle, idle = 0;
        unsigned open = design::inputCount;
        for (;;) {
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                if (offered[stream]) continue;
                if (!pending[stream] && !ended[stream]) {
                    pending[stream] = m_source.next(stream);
                    if (!pending[stream]) {
                        ended[stream] = true;
                        --open;
                        design::offer(m_model, stream, false);
                    }
                }
                if (ended[stream]) continue;
                if (m_settings.bubbles && m_random[stream].chance(m_settings.bubbles)) {
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
                allowed[stream] = !m_settings.backpressure || !m_random[design::inputCount + stream].chance(m_settings.backpressure);
                design::allow(m_model, stream, allowed[stream]);
                allAllowed = allAllowed && (allowed[stream] || !design::hasReady(stream));
            }
            settle();
            bool quiet = allAllowed;
            for (unsigned stream = 0; stream < design::outputCount; ++stream) {
                if (!design::offers(m_model, stream)) continue;
                quiet = false;
                if (design::hasReady(stream) && !allowed[stream]) continue;
                design::sample(m_model, stream, m_sink.slot(stream));
                m_sink.take(stream, m_cycle);
                ++m_taken;
                progress = m_cycle;
            }
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                if (!offered[stream] || !design::allows(m_model, stream)) continue;
                m_sink.accepted(stream, m_cycle);
                ++m_accepted;
                offered[stream] = false;
                pending[stream] = nullptr;
                progress = lastInput = m_cycle;
            }
            rise();
            if (open == 0) {
                if (quiet && ++idle >= m_settings.drain) return;
                if (!quiet) idle = 0;
                if (m_cycle - lastInput > m_settings.tail) {
                    fail("design", "Output still comes " + std::to_string(m_settings.tail) + " clocks after the last input, with " + counts() + ".");
                }
            } else if (m_cycle - progress > m_settings.watchdog) {
                stuck(offered);
            }
            limit();
        }
    }

    [[noreturn]] void stuck(const bool* offered) const {
        std::string waiting;
        for (unsigned stream = 0; stream < design::inputCount; ++stream) {
            if (offered[stream]) waiting += std::string{waiting.empty() ? "" : ", "} + design::inputNames[stream];
        }
        fail("design", "Deadlock: no beat has moved for " + std::to_string(m_settings.watchdog) + " clocks at cycle " + std::to_string(m_cycle)
                           + "; stream " + waiting + " offers a beat and is not ready, after " + counts() + ".");
    }

    // Every clock is a beat; its result is on the outputs `latency` clocks later. Where a port ends a group of beats, only those that end one have a result.
    void everyClock() {
        bool due[design::latency + 1] = {};
        const Word zeros[design::inputWordsMax] = {};
        uint64_t after = 0;
        while (after <= design::latency) {
            bool given = false, ends = false;
            for (unsigned stream = 0; stream < design::inputCount; ++stream) {
                const Word* const words = m_source.next(stream);
                design::drive(m_model, stream, words ? words : zeros);
                if (!words) continue;
                given = true;
                ends = ends || design::ends(stream, words);
                m_sink.accepted(stream, m_cycle);
                ++m_accepted;
            }
            if (!given) ++after;
            due[m_cycle % (design::latency + 1)] = ends;
            if (design::hasClock) {
                settle();
            } else {
                m_model.eval();
                if (waves().wanted(m_cycle)) waves().dump(10 * m_cycle);
            }
            if (due[(m_cycle + 1) % (design::latency + 1)]) {
                for (unsigned stream = 0; stream < design::outputCount; ++stream) {
                    design::sample(m_model, stream, m_sink.slot(stream));
                    m_sink.take(stream, m_cycle);
                    ++m_taken;
                }
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
    Run(VerilatedContext& context, Model& model, Source& source, Sink& sink, const Settings& settings)
        : m_context{context}
        , m_model{model}
        , m_source{source}
        , m_sink{sink}
        , m_settings{settings} {
        for (size_t at = 0; at + 3 < settings.seeds.size(); at += 4) {
            m_random.emplace_back(settings.seeds[at], settings.seeds[at + 1], settings.seeds[at + 2], settings.seeds[at + 3]);
        }
    }

    void run() {
        const auto begin = std::chrono::steady_clock::now();
        design::clock(m_model, false);
        if (design::hasClock) reset();
        if (design::everyClock) {
            everyClock();
        } else {
            handshake();
        }
        m_model.final();
        m_sink.finish();
        waves().close();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        ending().write("ok", std::to_string(m_cycle) + " " + std::to_string(m_accepted) + " " + std::to_string(m_taken) + " " + std::to_string(seconds));
    }
};

template <class Sink>
void start(VerilatedContext& context, Model& model, Sink& sink, const Settings& settings, const Arguments& arguments) {
    const std::string from = arguments.text("source");
    const auto go = [&](auto& source) { Run<std::decay_t<decltype(source)>, Sink>{context, model, source, sink, settings}.run(); };
    if (from == "file") {
        FileSource source{arguments.text("stimulus")};
        go(source);
    } else if (from == "pipe") {
        PipeSource source{static_cast<int>(arguments.number("stimulus"))};
        go(source);
    } else if (from == "counter") {
        CounterSource source{arguments.number("from"), arguments.number("count")};
        go(source);
    } else if (from == "random") {
        const auto state = arguments.numbers("state");
        if (state.size() != 4) fail("usage", "The state of the generator has four words.");
        RandomSource source{Random(state[0], state[1], state[2], state[3]), arguments.number("count")};
        go(source);
    } else {
        fail("usage", "There is no source named " + from + ".");
    }
}

}  // namespace narrowgate

// A failed check inside the design, and what Verilator itself reports, end the run; the text that the design printed before is on the standard output.
void vl_stop(const char* file, int line, const char*) VL_MT_UNSAFE { narrowgate::fail("design", std::string{"stop "} + file + ":" + std::to_string(line)); }
void vl_finish(const char* file, int line, const char*) VL_MT_UNSAFE { narrowgate::fail("design", std::string{"finish "} + file + ":" + std::to_string(line)); }
void vl_fatal(const char* file, int line, const char*, const char* message) VL_MT_UNSAFE {
    narrowgate::fail("design", std::string{"fatal "} + file + ":" + std::to_string(line) + ": " + message);
}

int main(int count, char** values) {
    using namespace narrowgate;
    const Arguments arguments{count, values};
    ending().path = arguments.text("ending");
    Settings settings{};
    settings.resetClocks = arguments.number("reset");
    settings.maxCycles = arguments.number("cycles");
    settings.watchdog = arguments.number("watchdog");
    settings.drain = arguments.number("drain");
    settings.tail = arguments.number("tail");
    settings.bubbles = arguments.number("bubbles");
    settings.backpressure = arguments.number("backpressure");
    settings.seeds = arguments.numbers("seeds");
    if (settings.seeds.size() != 4 * (design::inputCount + design::outputCount)) fail("usage", "Every stream needs four seed words.");

    // Registers without a reset begin with random bits, so that a design that relies on them is found out.
    VerilatedContext context;
    context.randReset(2);
    context.randSeed(static_cast<int>(settings.seeds[0] & 0x7fffffff) | 1);
    context.traceEverOn(VM_TRACE);
    Model model{&context, "TOP"};
    waves().configure(model, arguments);
    ending().beforeExit = [] { waves().close(); };

    if (arguments.has("responses")) {
        FileSink sink{arguments.text("responses")};
        start(context, model, sink, settings, arguments);
    } else {
        PipeSink sink{static_cast<int>(arguments.number("pipe"))};
        start(context, model, sink, settings, arguments);
    }
    return 0;
}
