// Arguments, stimulus, responses, waveforms and reports of a simulation: all of the driver that does not depend on the design.

#include "driver.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <vector>

namespace narrowgate {

namespace {

constexpr Word stimulusMagic = 0x5453474e;  // "NGST"
constexpr Word responseMagic = 0x5253474e;  // "NGSR"

std::string endingPath;
Session session;
DesignShape shape;
std::vector<Random> generators;

// One line with the kind of the end, then text.
void writeEnding(const char* kind, const std::string& text) {
    FILE* const file = std::fopen(endingPath.c_str(), "w");
    if (!file) std::_Exit(4);
    std::fprintf(file, "%s\n%s\n", kind, text.c_str());
    if (std::fclose(file) != 0) std::_Exit(4);
}

[[noreturn]] void failSystem(const std::string& what) { fail(errno == ENOSPC ? "full" : "tool", what + ": " + std::strerror(errno)); }

// Arguments are key=value.
class Arguments {
    std::map<std::string, std::string> m_values;

public:
    Arguments(int count, char** values) {
        for (int index = 1; index < count; ++index) {
            const std::string text = values[index];
            const size_t at = text.find('=');
            if (at != std::string::npos) m_values[text.substr(0, at)] = text.substr(at + 1);
        }
    }
    bool has(const std::string& key) const { return m_values.count(key) != 0; }
    std::string text(const std::string& key) const {
        const auto found = m_values.find(key);
        if (found == m_values.end()) fail("usage", "The driver needs the argument " + key + ".");
        return found->second;
    }
    uint64_t number(const std::string& key) const { return std::strtoull(text(key).c_str(), nullptr, 10); }
    std::vector<Random> generators(const std::string& key, size_t count) const {
        std::vector<Word> words;
        const std::string list = text(key);
        for (const char* at = list.c_str(); *at;) {
            char* end = nullptr;
            words.push_back(static_cast<Word>(std::strtoull(at, &end, 10)));
            if (end == at) break;
            at = *end == ',' ? end + 1 : end;
        }
        if (words.size() != 4 * count) fail("usage", "The argument " + key + " needs " + std::to_string(4 * count) + " numbers.");
        std::vector<Random> result;
        for (size_t at = 0; at < words.size(); at += 4) result.emplace_back(words[at], words[at + 1], words[at + 2], words[at + 3]);
        return result;
    }
};

// A pipe holds 64 KiB by default; where the system lets us, it holds a megabyte, so that neither side waits for the other.
void widenPipe(int descriptor) {
#ifdef F_SETPIPE_SZ
    (void)::fcntl(descriptor, F_SETPIPE_SZ, 1 << 20);
#else
    (void)descriptor;
#endif
}

void writeAll(int descriptor, const void* data, size_t bytes) {
    const char* at = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t written = ::write(descriptor, at, bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) failSystem("The responses cannot be written");
        at += written;
        bytes -= static_cast<size_t>(written);
    }
}

// Reads exactly `bytes`, or nothing at a clean end of the input.
bool readAll(int descriptor, void* data, size_t bytes) {
    char* const at = static_cast<char*>(data);
    size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::read(descriptor, at + done, bytes - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failSystem("The stimulus cannot be read");
        if (got == 0) {
            if (done == 0) return false;
            fail("tool", "The stimulus ended in the middle of a block, after " + std::to_string(done) + " of " + std::to_string(bytes) + " bytes");
        }
        done += static_cast<size_t>(got);
    }
    return true;
}

// The whole stimulus from a file: magic, number of streams, a 64-bit count for each, then the words of each stream.
class FileSource final : public Source {
    std::vector<Word> m_data;
    std::vector<std::pair<const Word*, const Word*>> m_streams;

public:
    explicit FileSource(const std::string& path) {
        FILE* const file = std::fopen(path.c_str(), "rb");
        if (!file) failSystem("The stimulus file " + path + " cannot be opened");
        std::fseek(file, 0, SEEK_END);
        const size_t size = static_cast<size_t>(std::ftell(file));
        std::rewind(file);
        m_data.resize((size + sizeof(Word) - 1) / sizeof(Word));
        if (std::fread(m_data.data(), 1, size, file) != size) failSystem("The stimulus file " + path + " cannot be read");
        std::fclose(file);
        size_t expected = 2 + 2 * shape.inputCount;
        if (m_data.size() >= expected) {
            if (m_data[0] != stimulusMagic || m_data[1] != shape.inputCount) fail("tool", "The stimulus file " + path + " does not belong to this design");
            for (size_t stream = 0; stream < shape.inputCount; ++stream) {
                const size_t words = (m_data[2 + 2 * stream] | (static_cast<size_t>(m_data[3 + 2 * stream]) << 32)) * shape.inputs[stream].words;
                m_streams.emplace_back(m_data.data() + expected, m_data.data() + expected + words);
                expected += words;
            }
        }
        if (size != expected * sizeof(Word)) {
            fail("tool", "The stimulus file " + path + " is cut short: it has " + std::to_string(size) + " bytes where " + std::to_string(expected * sizeof(Word)) + " are needed");
        }
    }
    bool refill(unsigned stream, const Word*& at, const Word*& end) override {
        at = m_streams[stream].first;
        end = m_streams[stream].second;
        m_streams[stream].first = end;
        return at != end;
    }
};

// Blocks through a pipe: stream, number of beats, their words.
class PipeSource final : public Source {
    int m_descriptor;
    bool m_ended = false;
    std::vector<std::deque<std::vector<Word>>> m_waiting;
    std::vector<std::vector<Word>> m_current;

    bool readBlock() {
        Word header[2];
        if (!readAll(m_descriptor, header, sizeof header)) return false;
        if (header[0] >= shape.inputCount) fail("tool", "The stimulus names a stream that the design does not have");
        std::vector<Word> words(static_cast<size_t>(header[1]) * shape.inputs[header[0]].words);
        if (words.empty()) return true;
        if (!readAll(m_descriptor, words.data(), words.size() * sizeof(Word))) fail("tool", "The stimulus ended before a block that it had announced");
        m_waiting[header[0]].push_back(std::move(words));
        return true;
    }

public:
    explicit PipeSource(int descriptor)
        : m_descriptor{descriptor}
        , m_waiting(shape.inputCount)
        , m_current(shape.inputCount) {
        widenPipe(descriptor);
    }
    bool refill(unsigned stream, const Word*& at, const Word*& end) override {
        while (m_waiting[stream].empty() && !m_ended) m_ended = !readBlock();
        if (m_waiting[stream].empty()) return false;
        m_current[stream] = std::move(m_waiting[stream].front());
        m_waiting[stream].pop_front();
        at = m_current[stream].data();
        end = at + m_current[stream].size();
        return true;
    }
};

// Operands made here, for a design with one input stream.
class MadeSource : public Source {
    static constexpr uint64_t beatsAtOnce = 256;
    uint64_t m_left;
    std::vector<Word> m_words;

protected:
    const StreamShape& m_input;
    // The words of the next beats.
    virtual void make(Word* words, uint64_t count) = 0;

public:
    MadeSource(const StreamShape& input, uint64_t count)
        : m_left{count}
        , m_words(beatsAtOnce * input.words)
        , m_input{input} {}
    bool refill(unsigned, const Word*& at, const Word*& end) override {
        const uint64_t count = m_left < beatsAtOnce ? m_left : beatsAtOnce;
        m_left -= count;
        make(m_words.data(), count);
        at = m_words.data();
        end = at + count * m_input.words;
        return count > 0;
    }
};

// Beat number i is the binary number i over the joined payload ports, the first port lowest.
class CounterSource final : public MadeSource {
    uint64_t m_next;

protected:
    void make(Word* words, uint64_t count) override {
        unsigned shift = 0;
        Word* column = words;
        for (unsigned port = 0; port < m_input.ports; ++port) {
            const unsigned width = m_input.portWidths[port];
            for (unsigned done = 0; done < width; done += 32, ++column) {
                const unsigned part = width - done < 32 ? width - done : 32;
                const Word mask = static_cast<Word>((uint64_t{1} << part) - 1);
                for (uint64_t beat = 0; beat < count; ++beat) column[beat * m_input.words] = shift < 64 ? static_cast<Word>((m_next + beat) >> shift) & mask : 0;
                shift += part;
            }
        }
        m_next += count;
    }

public:
    CounterSource(const StreamShape& input, uint64_t first, uint64_t count)
        : MadeSource{input, count}
        , m_next{first} {}
};

// One step of the generator for each word of each beat; bits beyond a port's width are dropped where the words are put to the ports.
class RandomSource final : public MadeSource {
    Random m_random;

protected:
    void make(Word* words, uint64_t count) override {
        Random random = m_random;
        for (uint64_t index = 0; index < count * m_input.words; ++index) words[index] = random.next();
        m_random = random;
    }

public:
    RandomSource(const StreamShape& input, const Random& random, uint64_t count)
        : MadeSource{input, count}
        , m_random{random} {}
};

// Everything is kept, with the cycles, and written at the end.
class FileSink final : public Sink {
    struct Output {
        std::vector<Word> words, buffer;
        std::vector<Word> cycles;
    };
    std::string m_path;
    std::vector<std::vector<Word>> m_inputCycles;
    std::vector<Output> m_outputs;

public:
    explicit FileSink(const std::string& path)
        : m_path{path}
        , m_inputCycles(shape.inputCount)
        , m_outputs(shape.outputCount) {
        for (size_t stream = 0; stream < shape.outputCount; ++stream) m_outputs[stream].buffer.resize(256 * shape.outputs[stream].words);
    }
    void room(unsigned stream, Word*& at, Word*& end) override {
        if (at) close(stream, at);
        at = m_outputs[stream].buffer.data();
        end = at + m_outputs[stream].buffer.size();
    }
    void accepted(unsigned stream, uint64_t cycle) override { m_inputCycles[stream].push_back(static_cast<Word>(cycle)); }
    void given(unsigned stream, uint64_t cycle) override { m_outputs[stream].cycles.push_back(static_cast<Word>(cycle)); }
    void close(unsigned stream, const Word* at) override {
        Output& output = m_outputs[stream];
        output.words.insert(output.words.end(), static_cast<const Word*>(output.buffer.data()), at);
    }
    void finish() override {
        FILE* const file = std::fopen(m_path.c_str(), "wb");
        if (!file) failSystem("The responses cannot be written");
        bool good = true;
        const auto put = [&](const std::vector<Word>& words) { good = good && std::fwrite(words.data(), sizeof(Word), words.size(), file) == words.size(); };
        std::vector<Word> header{responseMagic};
        for (const auto& cycles : m_inputCycles) header.push_back(static_cast<Word>(cycles.size()));
        for (const auto& output : m_outputs) header.push_back(static_cast<Word>(output.cycles.size()));
        put(header);
        for (const auto& cycles : m_inputCycles) put(cycles);
        for (const auto& output : m_outputs) put(output.cycles);
        for (const auto& output : m_outputs) put(output.words);
        if (std::fclose(file) != 0 || !good) failSystem("The responses cannot be written");
    }
};

// Blocks through a pipe: stream, number of beats, their words.
class PipeSink final : public Sink {
    static constexpr size_t blockWords = (256 * 1024) / sizeof(Word);
    int m_descriptor;
    std::vector<std::vector<Word>> m_blocks;

public:
    explicit PipeSink(int descriptor)
        : m_descriptor{descriptor} {
        widenPipe(descriptor);
        for (unsigned stream = 0; stream < shape.outputCount; ++stream) {
            const unsigned words = shape.outputs[stream].words;
            m_blocks.emplace_back(2 + (blockWords / words + 1) * words);
        }
    }
    void room(unsigned stream, Word*& at, Word*& end) override {
        if (at) close(stream, at);
        at = m_blocks[stream].data() + 2;
        end = m_blocks[stream].data() + m_blocks[stream].size();
    }
    void close(unsigned stream, const Word* at) override {
        std::vector<Word>& block = m_blocks[stream];
        const size_t words = static_cast<size_t>(at - block.data()) - 2;
        if (words == 0) return;
        block[0] = stream;
        block[1] = static_cast<Word>(words / shape.outputs[stream].words);
        writeAll(m_descriptor, block.data(), (2 + words) * sizeof(Word));
    }
    void finish() override {}
};

std::unique_ptr<Source> openSource(const Arguments& arguments) {
    const std::string from = arguments.text("source");
    if (from == "file") return std::make_unique<FileSource>(arguments.text("stimulus"));
    if (from == "pipe") return std::make_unique<PipeSource>(static_cast<int>(arguments.number("stimulus")));
    if (shape.inputCount != 1) fail("usage", "Operands made by the driver need a design with one input stream.");
    if (from == "counter") return std::make_unique<CounterSource>(shape.inputs[0], arguments.number("from"), arguments.number("count"));
    if (from == "random") return std::make_unique<RandomSource>(shape.inputs[0], arguments.generators("state", 1)[0], arguments.number("count"));
    fail("usage", "There is no source named " + from + ".");
}

}  // namespace

void fail(const char* kind, const std::string& text) {
    session.waves.close();
    std::fflush(stdout);
    writeEnding(kind, text);
    std::_Exit(1);
}

static std::string counts(const Progress& progress) {
    return std::to_string(progress.accepted) + " beats in and " + std::to_string(progress.taken) + " beats out";
}

void failDeadlock(const Progress& progress, uint64_t waiting) {
    std::string names;
    for (unsigned stream = 0; stream < shape.inputCount; ++stream) {
        if (waiting >> stream & 1) names += std::string{names.empty() ? "" : ", "} + shape.inputs[stream].name;
    }
    fail("design", "Deadlock: no beat has moved for " + std::to_string(session.settings.watchdog) + " clocks at cycle " + std::to_string(progress.cycle) + "; stream " + names
                       + " offers a beat and is not ready, after " + counts(progress) + ".");
}

void failEndless(const Progress& progress) {
    fail("design", "Output still comes " + std::to_string(session.settings.tail) + " clocks after the last input, with " + counts(progress) + ".");
}

void failLimit(const Progress& progress) {
    fail("design", "The run was stopped after " + std::to_string(session.settings.maxCycles) + " clocks, with " + counts(progress) + ".");
}

void succeed(const Progress& progress) {
    session.sink->finish();
    session.waves.close();
    std::fflush(stdout);
    writeEnding("ok", std::to_string(progress.cycle) + " " + std::to_string(progress.accepted) + " " + std::to_string(progress.taken));
    // Without destructors: they would take apart a large model piece by piece, in whatever order the linker chose.
    std::_Exit(0);
}

void Waves::configure(const std::string& path, uint64_t first, uint64_t last) {
    m_vcd = std::make_unique<VerilatedVcdC>();
    m_path = path;
    m_first = first;
    m_last = last;
}

void Waves::dump(uint64_t time) {
    if (!m_vcd->isOpen()) {
        m_vcd->open(m_path.c_str());
        if (!m_vcd->isOpen()) fail("tool", "The waveform file " + m_path + " cannot be written");
    }
    m_vcd->dump(time);
}

void Waves::close() {
    if (m_vcd && m_vcd->isOpen()) m_vcd->close();
}

Session& openSession(int count, char** values, const DesignShape& designShape, VerilatedContext& context) {
    shape = designShape;
    const Arguments arguments{count, values};
    endingPath = arguments.text("ending");
    Settings& settings = session.settings;
    settings.resetClocks = arguments.number("reset");
    settings.maxCycles = arguments.number("cycles");
    settings.watchdog = arguments.number("watchdog");
    settings.drain = arguments.number("drain");
    settings.expected = arguments.number("expected");
    settings.soon = arguments.number("soon");
    settings.tail = arguments.number("tail");
    settings.bubbles = arguments.number("bubbles");
    settings.backpressure = arguments.number("backpressure");
    generators = arguments.generators("seeds", shape.inputCount + shape.outputCount);
    settings.random = generators.data();
    settings.recordCycles = arguments.has("responses");
    // Registers without a reset begin with random bits, so that a design that relies on them is found out, unless a run from zeros is asked for.
    context.randReset(arguments.has("registers") ? 0 : 2);
    context.randSeed(static_cast<int>(Random{generators[0]}.next() & 0x7fffffff) | 1);
    if (arguments.has("vcd")) session.waves.configure(arguments.text("vcd"), arguments.number("first"), arguments.number("last"));
    session.source = openSource(arguments);
    if (settings.recordCycles) {
        session.sink = std::make_unique<FileSink>(arguments.text("responses"));
    } else {
        session.sink = std::make_unique<PipeSink>(static_cast<int>(arguments.number("pipe")));
    }
    return session;
}

}  // namespace narrowgate

// A failed check inside the design, and what Verilator itself reports, end the run; the text that the design printed before is on the standard output.
void vl_stop(const char* file, int line, const char*) VL_MT_UNSAFE { narrowgate::fail("design", std::string{"stop "} + file + ":" + std::to_string(line)); }
void vl_finish(const char* file, int line, const char*) VL_MT_UNSAFE { narrowgate::fail("design", std::string{"finish "} + file + ":" + std::to_string(line)); }
void vl_fatal(const char* file, int line, const char*, const char* message) VL_MT_UNSAFE {
    narrowgate::fail("design", std::string{"fatal "} + file + ":" + std::to_string(line) + ": " + message);
}
