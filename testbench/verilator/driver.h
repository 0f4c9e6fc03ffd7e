// The parts of the simulation driver that do not depend on the design. Precompiled together with Verilator's headers.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

namespace narrowgate {

using Word = uint32_t;

// How a run ends: one line with the kind (`ok`, `usage`, `tool`, `design`), then text.
struct Ending {
    std::string path;
    void (*beforeExit)() = nullptr;

    void write(const char* kind, const std::string& text) const {
        FILE* file = std::fopen(path.c_str(), "w");
        if (!file) std::_Exit(4);
        std::fprintf(file, "%s\n%s\n", kind, text.c_str());
        if (std::fclose(file) != 0) std::_Exit(4);
    }
};

inline Ending& ending() {
    static Ending instance;
    return instance;
}

[[noreturn]] inline void fail(const char* kind, const std::string& text) {
    if (ending().beforeExit) ending().beforeExit();
    ending().write(kind, text);
    std::fflush(stdout);
    std::_Exit(1);
}

[[noreturn]] inline void failSystem(const std::string& what) {
    fail(errno == ENOSPC ? "full" : "tool", what + ": " + std::strerror(errno));
}

// Arguments are key=value.
class Arguments {
    std::unordered_map<std::string, std::string> m_values;

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
    std::vector<uint64_t> numbers(const std::string& key) const {
        std::vector<uint64_t> result;
        const std::string list = text(key);
        for (const char* at = list.c_str(); *at;) {
            char* end = nullptr;
            result.push_back(std::strtoull(at, &end, 10));
            at = *end == ',' ? end + 1 : end;
            if (end == at && *at) fail("usage", "The argument " + key + " is not a list of numbers.");
        }
        return result;
    }
};

// xoshiro128** 1.1 (Blackman and Vigna 2021), the same sequence as testbench/random.ts.
class Random {
    Word m_a, m_b, m_c, m_d;
    static Word rotate(Word word, int by) { return (word << by) | (word >> (32 - by)); }

public:
    Random(Word a, Word b, Word c, Word d)
        : m_a{a}
        , m_b{b}
        , m_c{c}
        , m_d{d} {}
    Word next() {
        const Word result = rotate(m_b * 5, 7) * 9;
        const Word shifted = m_b << 9;
        m_c ^= m_a;
        m_d ^= m_b;
        m_b ^= m_c;
        m_a ^= m_d;
        m_c ^= shifted;
        m_d = rotate(m_d, 11);
        return result;
    }
    // One of 2^32 chances each: 0 is never, 2^32 always.
    bool chance(uint64_t threshold) { return next() < threshold; }
};

// Words of a beat to a port of the model, and back. Verilator holds a port in the smallest of 8, 16, 32, 64 bits or in an array of words.
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

// Bits `width` wide out of a running count, low bits first.
inline void takeCount(uint64_t& count, int width, Word* words) {
    for (int done = 0; done < width; done += 32) {
        const int part = width - done < 32 ? width - done : 32;
        *words++ = static_cast<Word>(count) & VL_MASK_I(part);
        count >>= part;
    }
}

inline void writeAll(int descriptor, const void* data, size_t bytes) {
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
inline bool readAll(int descriptor, void* data, size_t bytes) {
    char* at = static_cast<char*>(data);
    size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::read(descriptor, at + done, bytes - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failSystem("The stimulus cannot be read");
        if (got == 0) {
            if (done == 0) return false;
            fail("tool", "The stimulus ended in the middle of a block, after " + std::to_string(done) + " of " + std::to_string(bytes) + " bytes.");
        }
        done += static_cast<size_t>(got);
    }
    return true;
}

// A pipe holds 64 KiB by default; where the system lets us, it holds a megabyte, so that neither side waits for the other.
inline void widenPipe(int descriptor) {
#ifdef F_SETPIPE_SZ
    (void)::fcntl(descriptor, F_SETPIPE_SZ, 1 << 20);
#else
    (void)descriptor;
#endif
}

}  // namespace narrowgate
