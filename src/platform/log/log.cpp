#include "platform/log/log.h"

#include <unistd.h>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <array>
#include <cmath>
#include <mutex>

#include "base/text.h"
#include "base/time.h"

namespace braid::log {

namespace {

constexpr std::size_t kQueueLines = 16'384;
constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 4> kLevelColours{"\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[1;31m"};
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

bool names_a_secret(std::string_view name) {
    static constexpr std::array<std::string_view, 8> kWords{
        "password", "passphrase", "token", "secret", "authorization", "cookie", "api_key", "apikey"};
    const std::string lower = ascii_lower(name);
    for (const std::string_view word : kWords) {
        if (lower.find(word) != std::string::npos) return true;
    }
    return false;
}

void append_hex(std::string& out, unsigned char byte) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\u00";
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 15U]);
}

// The inside of a JSON string. What is not UTF-8 becomes U+FFFD byte by byte, so that every line parses.
void append_escaped(std::string& out, std::string_view text) {
    const bool valid = is_valid_utf8(text);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (byte < 0x20 || byte == 0x7F) {
                    append_hex(out, byte);
                } else if (byte >= 0x80 && !valid) {
                    out += "\xEF\xBF\xBD";
                } else {
                    out.push_back(c);
                }
        }
    }
}

bool is_bare(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F || c == '"' || c == '=' || c == '\\') return false;
    }
    return is_valid_utf8(text);
}

void append_number(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 32> digits{};
    const int size = std::snprintf(digits.data(), digits.size(), "%.6g", number);
    out.append(digits.data(), static_cast<std::size_t>(size));
}

void append_value(std::string& out, Format format, const Field& field) {
    if (std::holds_alternative<std::monostate>(field.value.get()) || names_a_secret(field.name)) {
        if (format == Format::json) out.push_back('"');
        out += kHidden;
        if (format == Format::json) out.push_back('"');
        return;
    }
    std::visit(
        [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::string_view>) {
                const std::string safe = hide_url_passwords(value);
                if (format == Format::text && is_bare(safe)) {
                    out += safe;
                } else {
                    out.push_back('"');
                    append_escaped(out, safe);
                    out.push_back('"');
                }
            } else if constexpr (std::is_same_v<T, bool>) {
                out += value ? "true" : "false";
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                out += std::to_string(value);
            } else if constexpr (std::is_same_v<T, double>) {
                append_number(out, value);
            }
        },
        field.value.get());
}

void append_name(std::string& out, std::string_view name) {
    if (is_bare(name)) {
        out += name;
    } else {
        append_escaped(out, name);
    }
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

// Where lines go. One for the process: a log is the process's voice, and code deep below cannot be handed
// one.
struct Target {
    Options options;
    Format format = Format::text;
    bool colour = false;
    std::shared_ptr<spdlog::details::thread_pool> pool;  // null: written by the caller, before configure()
    std::shared_ptr<spdlog::logger> logger;              // shared with the pool's queue, as spdlog wants
};

std::shared_ptr<Target> make_target(const Options& options, bool queued) {
    auto target = std::make_shared<Target>();
    target->options = options;
    const bool terminal = options.file.empty() && isatty(STDERR_FILENO) == 1;
    target->format = options.format != Format::automatic ? options.format
                     : terminal                          ? Format::text
                                                         : Format::json;
    target->colour = terminal && getenv("NO_COLOR") == nullptr;  // https://no-color.org
    spdlog::sink_ptr sink;
    if (options.file.empty()) {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file.string());
    }
    if (queued) {
        target->pool = std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1);
        target->logger = std::make_shared<spdlog::async_logger>(
            "braid", std::move(sink), target->pool, spdlog::async_overflow_policy::overrun_oldest);
    } else {
        target->logger = std::make_shared<spdlog::logger>("braid", std::move(sink));
    }
    target->logger->set_pattern("%v");
    target->logger->set_level(to_spdlog(options.level));
    target->logger->flush_on(spdlog::level::warn);
    return target;
}

struct State {
    std::mutex mutex;
    std::shared_ptr<Target> target =
        make_target({.level = Level::warning, .format = Format::automatic, .file = {}}, false);
    std::vector<std::string>* captured = nullptr;
    std::size_t dropped = 0;  // by targets replaced since
};

State& state() {
    static State instance;
    return instance;
}

std::shared_ptr<Target> current() {
    const std::scoped_lock lock(state().mutex);
    return state().target;
}

void replace(std::shared_ptr<Target> target) {
    std::shared_ptr<Target> old;
    {
        const std::scoped_lock lock(state().mutex);
        old = std::exchange(state().target, std::move(target));
        if (old->pool) state().dropped += old->pool->overrun_counter();
    }
    old->logger->flush();
}

}  // namespace

std::string hide_url_passwords(std::string_view text) {
    std::string out;
    while (true) {
        const auto scheme = text.find("://");
        if (scheme == std::string_view::npos) break;
        const auto start = scheme + 3;
        const auto end = text.find_first_of("/?# \"'", start);
        const std::string_view authority =
            text.substr(start, end == std::string_view::npos ? end : end - start);
        const auto at = authority.rfind('@');
        const auto colon = authority.find(':');
        out += text.substr(0, start);
        if (at != std::string_view::npos && colon < at) {
            out += authority.substr(0, colon + 1);
            out += kHidden;
            out += authority.substr(at);
        } else {
            out += authority;
        }
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end);
    }
    out += text;
    return out;
}

std::string line(Format format, bool colour, std::chrono::system_clock::time_point at, Level level,
                 std::string_view event, Fields fields) {
    const Timestamp stamp{
        std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count()};
    const std::string time = to_rfc3339(stamp);
    const auto index = static_cast<std::size_t>(level);
    std::string out;
    out.reserve(160);
    if (format == Format::json) {
        out += R"({"at":")" + time + R"(","level":")";
        out += kLevelNames[index];
        out += R"(","event":")";
        append_escaped(out, event);
        out.push_back('"');
        for (const Field& field : fields) {
            out += ",\"";
            append_escaped(out, field.name);
            out += "\":";
            append_value(out, format, field);
        }
        out.push_back('}');
        return out;
    }
    const auto paint = [&](std::string_view code) {
        if (colour) out += code;
    };
    paint(kDim);
    out += std::string_view(time).substr(11, 12);
    paint(kPlain);
    out.push_back(' ');
    paint(kLevelColours[index]);
    out += kLevelNames[index];
    paint(kPlain);
    out.append(8 - kLevelNames[index].size(), ' ');
    paint(kBold);
    append_name(out, event);
    paint(kPlain);
    for (const Field& field : fields) {
        out.push_back(' ');
        paint(kDim);
        append_name(out, field.name);
        out.push_back('=');
        paint(kPlain);
        append_value(out, format, field);
    }
    return out;
}

bool enabled(Level level) {
    const std::scoped_lock lock(state().mutex);
    return state().captured != nullptr || state().target->logger->should_log(to_spdlog(level));
}

void write(Level level, std::string_view event, Fields fields) {
    const auto now = std::chrono::system_clock::now();
    std::shared_ptr<Target> target;
    {
        const std::scoped_lock lock(state().mutex);
        if (state().captured != nullptr) {
            state().captured->push_back(line(Format::json, false, now, level, event, fields));
            return;
        }
        target = state().target;
    }
    if (!target->logger->should_log(to_spdlog(level))) return;
    const std::string text = line(target->format, target->colour, now, level, event, fields);
    target->logger->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

void configure(const Options& options) {
    try {
        replace(make_target(options, true));
    } catch (const spdlog::spdlog_ex& failure) {
        throw std::runtime_error(failure.what());
    }
}

void reopen() {
    Options options;
    {
        const std::scoped_lock lock(state().mutex);
        options = state().target->options;
    }
    configure(options);
}

void set_level(Level level) {
    const std::scoped_lock lock(state().mutex);
    state().target->options.level = level;
    state().target->logger->set_level(to_spdlog(level));
}

void flush() {
    current()->logger->flush();
}

std::size_t dropped() {
    const std::scoped_lock lock(state().mutex);
    return state().dropped + (state().target->pool ? state().target->pool->overrun_counter() : 0);
}

struct Capture::Impl {
    std::vector<std::string> lines;
};

Capture::Capture() : impl_(std::make_shared<Impl>()) {
    const std::scoped_lock lock(state().mutex);
    state().captured = &impl_->lines;
}

Capture::~Capture() {
    const std::scoped_lock lock(state().mutex);
    state().captured = nullptr;
}

std::vector<std::string> Capture::lines() const {
    const std::scoped_lock lock(state().mutex);
    return impl_->lines;
}

std::optional<Level> parse_level(std::string_view name) {
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
        if (kLevelNames[i] == name) return static_cast<Level>(i);
    }
    return std::nullopt;
}

std::string_view name(Level level) {
    return kLevelNames[static_cast<std::size_t>(level)];
}

}  // namespace braid::log
