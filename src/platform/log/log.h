// Structured log: an event name and fields. On a terminal readable lines with colour, otherwise one JSON
// object per line (RFC 8259, UTF-8). The library that writes is behind this header.
//
//   log::info("http.request", {{"route", route}, {"status", 200}, {"ms", 1.5}});
//
// Never a secret: fields whose name holds password, passphrase, token, secret, cookie, authorization or
// api_key print as •••, so does a log::Secret whatever it is called, and so does the password inside a URL
// (scheme://user:password@host). Control characters are escaped, so that a value cannot forge a line.
//
// Thread-safe. A call formats its line and hands it to a bounded queue that one thread writes out; when the
// queue is full the oldest lines give way (counted, see dropped()), because a slow disk must not stop the
// site. Warnings and errors are flushed at once. Not for signal handlers.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace braid::log {

enum class Level { debug, info, warning, error };

// Text that must not be shown: it prints as ••• wherever the program prints it. Comparing and reading it is
// explicit.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

  private:
    std::string text_;
};
inline constexpr std::string_view kHidden = "•••";

// A field's value; holds text by reference, so it lives no longer than the call.
class Value {
  public:
    Value(std::string_view text) : value_(text) {}                      // NOLINT(google-explicit-constructor)
    Value(const std::string& text) : value_(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
    Value(const char* text) : value_(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
    Value(const Secret&) : value_(std::monostate{}) {}                  // NOLINT(google-explicit-constructor)
    template <std::same_as<bool> Flag>
    Value(Flag flag) : value_(flag) {}  // NOLINT(google-explicit-constructor)
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) Value(Number number)
        : value_(static_cast<std::int64_t>(number)) {}  // NOLINT(google-explicit-constructor)
    template <std::floating_point Number>
    Value(Number number) : value_(static_cast<double>(number)) {}  // NOLINT(google-explicit-constructor)

    using Variant = std::variant<std::monostate, std::string_view, bool, std::int64_t, double>;
    [[nodiscard]] const Variant& get() const { return value_; }

  private:
    Variant value_;  // monostate: hidden
};

struct Field {
    std::string_view name;
    Value value;
};
using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view event, Fields fields);
[[nodiscard]] bool enabled(Level level);

inline void debug(std::string_view event, Fields fields = {}) {
    write(Level::debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
    write(Level::info, event, fields);
}
inline void warning(std::string_view event, Fields fields = {}) {
    write(Level::warning, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
    write(Level::error, event, fields);
}

enum class Format { automatic, text, json };  // automatic: text when standard error is a terminal

struct Options {
    Level level = Level::info;
    Format format = Format::automatic;
    std::filesystem::path file;  // empty: standard error
};

// Replaces how and where lines are written. Until it is called: warnings and errors, to standard error. With
// a file that cannot be opened it throws std::runtime_error and changes nothing.
void configure(const Options& options);
// Opens the file again (after it was rotated) and keeps everything else.
void reopen();
void set_level(Level level);
// Writes out what is queued.
void flush();
// Lines given up because the queue was full.
[[nodiscard]] std::size_t dropped();

// One line as `format` writes it, without the end of line. What write() uses; for tests.
std::string line(Format format, bool colour, std::chrono::system_clock::time_point at, Level level,
                 std::string_view event, Fields fields);
// `text` with the password of every URL in it hidden.
std::string hide_url_passwords(std::string_view text);

// While it lives, lines go here (as JSON) instead. For tests; one at a time.
class Capture {
  public:
    Capture();
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    [[nodiscard]] std::vector<std::string> lines() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

std::optional<Level> parse_level(std::string_view name);  // debug, info, warning, error
std::string_view name(Level level);

}  // namespace braid::log
