// Declared options. A program declares each option once, bound to the field that holds it; the field's value
// at that moment is the default. Values come from a TOML file, are overridden by environment variables, and
// those by flags. What is not declared or not valid is a Problem that names the place and what was expected:
// the program prints all of them and does not start.
//
//   struct Settings { std::string listen = "127.0.0.1:8080"; std::int64_t workers = 64; };
//   schema.text("http.listen", settings.listen, "Address and port that pages are served on.");
//   schema.integer("http.workers", settings.workers, {1, 1024}, "Threads for requests that wait.");
//
// "http.workers" is `workers` of the table [http] in TOML, BRAID_HTTP_WORKERS in the environment, and
// http.workers=8 as a flag (--set).
//
// Written values: text; integer 64; boolean true or false; duration "250ms", "30s", "5m", "12h", "7d"; size
// "512B", "64KB", "10MB", "2GB" (powers of 1024); choice, one of its words; list, an array of strings in TOML
// and comma-separated elsewhere; path.
//
// Not thread-safe; used at start. The fields must outlive the schema.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::config {

enum class Origin { built_in, file, environment, flag };
enum class Secrecy { open, secret };

struct Range {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};
struct DurationRange {
    std::chrono::milliseconds least{0};
    std::chrono::milliseconds most{std::chrono::hours(24 * 3650)};
};

// Something wrong with what was configured.
struct Problem {
    std::string place;                       // "braid.toml:12:3", "BRAID_HTTP_WORKERS", "--set http.workers"
    std::string key;                         // "http.workers"; empty when the file is no TOML
    std::string complaint;                   // what is wrong and what was expected, one sentence
    [[nodiscard]] std::string text() const;  // "braid.toml:12:3: http.workers: …"
};

// An option as `braid config` shows it.
struct Shown {
    std::string name, type, meaning, environment;
    std::string value, default_value;  // "•••" for a secret that is set
    Origin origin = Origin::built_in;
    std::string place;  // of its value: file and line, variable or flag; empty for the default
};

class Schema {
  public:
    // Starts a group: options whose name begins with "name." follow. `meaning` heads it in the example.
    void group(std::string name, std::string meaning);

    void text(std::string name, std::string& target, std::string meaning, Secrecy secrecy = Secrecy::open);
    void integer(std::string name, std::int64_t& target, Range range, std::string meaning);
    void boolean(std::string name, bool& target, std::string meaning);
    void duration(std::string name, std::chrono::milliseconds& target, DurationRange range,
                  std::string meaning);
    void size(std::string name, std::int64_t& bytes, Range range, std::string meaning);
    void choice(std::string name, std::string& target, std::vector<std::string> words, std::string meaning);
    void list(std::string name, std::vector<std::string>& target, std::string meaning);
    void path(std::string name, std::filesystem::path& target, std::string meaning);

    // A further check of an option that is already declared, of its text value: what is wrong, or nothing.
    void check(std::string_view name, std::function<std::optional<std::string>(const std::string&)> rule);

    // Each source in turn; a later one wins. Fields get what is valid, problems say the rest.
    std::vector<Problem> read_file(const std::filesystem::path& file);
    std::vector<Problem> read_toml(std::string_view text, std::string_view file_name);
    // `variables`: NAME=value as in environ; those that begin with BRAID_ must be options, or be among
    // `others`.
    std::vector<Problem> read_environment(const std::vector<std::string>& variables,
                                          const std::vector<std::string>& others = {});
    // `flag` is how the person wrote it ("--listen"), for the message.
    std::vector<Problem> set(std::string_view name, std::string_view value, std::string_view flag);

    [[nodiscard]] std::vector<Shown> show() const;
    // A TOML file with every option commented out at its default. Reading it changes nothing.
    [[nodiscard]] std::string example() const;

  private:
    struct Option {
        std::string name, type, meaning;
        std::string default_value;  // as shown
        bool secret = false;
        Origin origin = Origin::built_in;
        std::string place;
        std::function<std::optional<std::string>(std::string_view)>
            parse;                                            // stores it, or says what was expected
        std::function<std::string()> write;                   // the current value, as `parse` reads it
        std::function<std::string(const std::string&)> toml;  // a written value as TOML
        std::function<std::optional<std::string>(const std::string&)> rule;
    };
    void add(Option option);
    Option* find(std::string_view name);
    std::optional<std::string> assign(Option& option, std::string_view value, Origin origin,
                                      std::string place);
    [[nodiscard]] std::string did_you_mean(std::string_view name) const;

    std::vector<Option> options_;
    std::vector<std::pair<std::string, std::string>> groups_;
};

// "http.workers" → "BRAID_HTTP_WORKERS".
std::string environment_name(std::string_view option);

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string write_duration(std::chrono::milliseconds duration);  // with the largest unit that is exact
std::optional<std::int64_t> parse_size(std::string_view text);
std::string write_size(std::int64_t bytes);
// Restricted Damerau–Levenshtein distance (optimal string alignment), in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);
std::string_view name(Origin origin);  // "default", "file", "environment", "flag"

}  // namespace braid::config
