#include "platform/config/config.h"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "base/text.h"

namespace braid::config {

namespace {

using std::chrono::milliseconds;

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
constexpr std::array<Unit, 5> kDurations{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 5> kSizes{
    {{"B", 1}, {"KB", 1LL << 10}, {"MB", 1LL << 20}, {"GB", 1LL << 30}, {"TB", 1LL << 40}}};

template <std::size_t N>
std::optional<std::int64_t> parse_with_unit(std::string_view text, const std::array<Unit, N>& units) {
    const auto end = text.find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    const auto number = parse_integer(text.substr(0, end));
    const std::string_view name = trim(text.substr(end));
    for (const Unit& unit : units) {
        if (unit.name != name) continue;
        if (!number || *number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
        return *number * unit.factor;
    }
    return std::nullopt;
}

template <std::size_t N>
std::string write_with_unit(std::int64_t value, const std::array<Unit, N>& units) {
    const Unit* best = &units[0];
    for (const Unit& unit : units) {
        if (value != 0 && value % unit.factor == 0) best = &unit;
    }
    return std::to_string(value / best->factor) + std::string(best->name);
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const std::string& word : words) {
        if (!out.empty()) out += between;
        out += word;
    }
    return out;
}

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + '"';
}

std::string bounded(std::string_view what, const std::string& least, const std::string& most, bool open_below,
                    bool open_above) {
    std::string out(what);
    if (!open_below && !open_above) return out + " from " + least + " to " + most;
    if (!open_below) return out + " of at least " + least;
    if (!open_above) return out + " of at most " + most;
    return out;
}

std::string integer_type(Range range) {
    return bounded("a whole number", std::to_string(range.least), std::to_string(range.most),
                   range.least == std::numeric_limits<std::int64_t>::min(),
                   range.most == std::numeric_limits<std::int64_t>::max());
}

// A TOML value as environment and flags write it, or nothing when its type is none of ours.
std::optional<std::string> written(const toml::node& node, std::string& type) {
    switch (node.type()) {
        case toml::node_type::string:
            type = "text";
            return std::string(**node.as_string());
        case toml::node_type::integer:
            type = "integer";
            return std::to_string(**node.as_integer());
        case toml::node_type::boolean:
            type = "boolean";
            return std::string(**node.as_boolean() ? "true" : "false");
        case toml::node_type::array: {
            type = "list";
            std::vector<std::string> words;
            for (const auto& element : *node.as_array()) {
                if (!element.is_string() || element.as_string()->get().find(',') != std::string::npos)
                    return std::nullopt;
                words.push_back(element.as_string()->get());
            }
            return joined(words, ",");
        }
        default:
            return std::nullopt;
    }
}

// Which TOML type writes an option of this type.
std::string_view toml_type(std::string_view type) {
    return type == "integer" || type == "boolean" || type == "list" ? type : "text";
}
std::string_view toml_words(std::string_view toml_type) {
    return toml_type == "integer"   ? "a number without quotes"
           : toml_type == "boolean" ? "true or false without quotes"
           : toml_type == "list"    ? "an array of texts: [\"one\", \"two\"]"
                                    : "text in quotes";
}

std::string position(std::string_view file, const toml::source_position& at) {
    return std::string(file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

struct Leaf {
    std::string key, place;
    const toml::node* node;
};

void leaves_of(const toml::table& table, const std::string& prefix, std::string_view file,
               std::vector<Leaf>& out) {
    for (const auto& [key, node] : table) {
        const std::string name =
            prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            // An empty table still has a name that may be wrong.
            if (inner->empty()) out.push_back({name, position(file, key.source().begin), nullptr});
            leaves_of(*inner, name, file, out);
        } else {
            out.push_back({name, position(file, key.source().begin), &node});
        }
    }
}

}  // namespace

std::string Problem::text() const {
    return place + ": " + (key.empty() ? "" : key + ": ") + complaint;
}

std::string environment_name(std::string_view option) {
    std::string name = "BRAID_";
    for (const char c : option)
        name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return name;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    const auto value = parse_with_unit(text, kDurations);
    return value ? std::optional(milliseconds(*value)) : std::nullopt;
}
std::string write_duration(milliseconds duration) {
    return duration.count() == 0 ? "0s" : write_with_unit(duration.count(), kDurations);
}
std::optional<std::int64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, kSizes);
}
std::string write_size(std::int64_t bytes) {
    return write_with_unit(bytes, kSizes);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

std::string_view name(Origin origin) {
    static constexpr std::array<std::string_view, 4> kNames{"default", "file", "environment", "flag"};
    return kNames[static_cast<std::size_t>(origin)];
}

void Schema::group(std::string name, std::string meaning) {
    groups_.emplace_back(std::move(name), std::move(meaning));
}

void Schema::add(Option option) {
    if (find(option.name) != nullptr) throw std::logic_error("option declared twice: " + option.name);
    option.default_value = option.write();
    if (!option.toml) option.toml = [](const std::string& value) { return toml_text(value); };
    options_.push_back(std::move(option));
}

void Schema::text(std::string name, std::string& target, std::string meaning, Secrecy secrecy) {
    Option option;
    option.name = std::move(name);
    option.type = "text";
    option.meaning = std::move(meaning);
    option.secret = secrecy == Secrecy::secret;
    option.parse = [&target](std::string_view value) -> std::optional<std::string> {
        if (!is_valid_utf8(value) || value.find('\n') != std::string_view::npos) return "one line of text";
        target = std::string(value);
        return std::nullopt;
    };
    option.write = [&target] { return target; };
    add(std::move(option));
}

void Schema::integer(std::string name, std::int64_t& target, Range range, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "integer";
    option.meaning = std::move(meaning);
    option.parse = [&target, range](std::string_view value) -> std::optional<std::string> {
        const auto number = parse_integer(value);
        if (!number || *number < range.least || *number > range.most) return integer_type(range);
        target = *number;
        return std::nullopt;
    };
    option.write = [&target] { return std::to_string(target); };
    option.toml = [](const std::string& value) { return value; };
    add(std::move(option));
}

void Schema::boolean(std::string name, bool& target, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "boolean";
    option.meaning = std::move(meaning);
    option.parse = [&target](std::string_view value) -> std::optional<std::string> {
        if (value != "true" && value != "false") return "true or false";
        target = value == "true";
        return std::nullopt;
    };
    option.write = [&target] { return std::string(target ? "true" : "false"); };
    option.toml = [](const std::string& value) { return value; };
    add(std::move(option));
}

void Schema::duration(std::string name, milliseconds& target, DurationRange range, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "duration";
    option.meaning = std::move(meaning);
    option.parse = [&target, range](std::string_view value) -> std::optional<std::string> {
        const auto duration = parse_duration(value);
        if (!duration || *duration < range.least || *duration > range.most) {
            return bounded("a duration such as \"30s\", \"5m\" or \"12h\",", write_duration(range.least),
                           write_duration(range.most), false, range.most == DurationRange{}.most);
        }
        target = *duration;
        return std::nullopt;
    };
    option.write = [&target] { return write_duration(target); };
    add(std::move(option));
}

void Schema::size(std::string name, std::int64_t& bytes, Range range, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "size";
    option.meaning = std::move(meaning);
    range.least = std::max<std::int64_t>(range.least, 0);
    option.parse = [&bytes, range](std::string_view value) -> std::optional<std::string> {
        const auto size = parse_size(value);
        if (!size || *size < range.least || *size > range.most) {
            return bounded("a size such as \"64KB\", \"10MB\" or \"2GB\",", write_size(range.least),
                           write_size(range.most), false,
                           range.most == std::numeric_limits<std::int64_t>::max());
        }
        bytes = *size;
        return std::nullopt;
    };
    option.write = [&bytes] { return write_size(bytes); };
    add(std::move(option));
}

void Schema::choice(std::string name, std::string& target, std::vector<std::string> words,
                    std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = joined(words, " | ");
    option.meaning = std::move(meaning);
    option.parse = [&target, words = std::move(words)](std::string_view value) -> std::optional<std::string> {
        if (std::find(words.begin(), words.end(), value) == words.end())
            return "one of: " + joined(words, ", ");
        target = std::string(value);
        return std::nullopt;
    };
    option.write = [&target] { return target; };
    add(std::move(option));
}

void Schema::list(std::string name, std::vector<std::string>& target, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "list";
    option.meaning = std::move(meaning);
    option.parse = [&target](std::string_view value) -> std::optional<std::string> {
        if (!is_valid_utf8(value)) return "a list of texts";
        std::vector<std::string> words;
        for (const std::string_view word : split(value, ',')) {
            if (!trim(word).empty()) words.emplace_back(trim(word));
        }
        target = std::move(words);
        return std::nullopt;
    };
    option.write = [&target] { return joined(target, ","); };
    option.toml = [](const std::string& value) {
        std::vector<std::string> words;
        for (const std::string_view word : split(value, ',')) {
            if (!word.empty()) words.push_back(toml_text(word));
        }
        return "[" + joined(words, ", ") + "]";
    };
    add(std::move(option));
}

void Schema::path(std::string name, std::filesystem::path& target, std::string meaning) {
    Option option;
    option.name = std::move(name);
    option.type = "path";
    option.meaning = std::move(meaning);
    option.parse = [&target](std::string_view value) -> std::optional<std::string> {
        if (!is_valid_utf8(value)) return "a path";
        target = std::filesystem::path(value);
        return std::nullopt;
    };
    option.write = [&target] { return target.string(); };
    add(std::move(option));
}

void Schema::check(std::string_view name,
                   std::function<std::optional<std::string>(const std::string&)> rule) {
    Option* option = find(name);
    if (option == nullptr)
        throw std::logic_error("check of an option that is not declared: " + std::string(name));
    option->rule = std::move(rule);
}

Schema::Option* Schema::find(std::string_view name) {
    const auto found = std::find_if(options_.begin(), options_.end(),
                                    [&](const Option& option) { return option.name == name; });
    return found == options_.end() ? nullptr : &*found;
}

std::string Schema::did_you_mean(std::string_view name) const {
    const Option* best = nullptr;
    std::size_t distance = std::max<std::size_t>(3, name.size() / 3) + 1;
    const auto last = [](std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); };
    for (const Option& option : options_) {
        std::size_t d = edit_distance(name, option.name);
        if (last(name) == last(option.name))
            d = std::min<std::size_t>(d, 2);  // the right word in the wrong table
        if (d < distance) {
            distance = d;
            best = &option;
        }
    }
    return best == nullptr ? "; `braid config` lists what there is" : "; did you mean " + best->name + "?";
}

// What was expected when `value` is refused, else nothing and the field is set.
std::optional<std::string> Schema::assign(Option& option, std::string_view value, Origin origin,
                                          std::string place) {
    const std::string before = option.write();
    auto refused = option.parse(value);
    if (refused) {
        // A secret that was mistyped stays out of logs and terminals.
        const std::string shown = option.secret ? std::string("this value") : toml_text(value);
        return "expected " + *refused + ", not " + shown;
    }
    if (option.rule) {
        if (auto complaint = option.rule(option.write())) {
            option.parse(before);
            return *complaint;
        }
    }
    option.origin = origin;
    option.place = std::move(place);
    return std::nullopt;
}

std::vector<Problem> Schema::read_file(const std::filesystem::path& file) {
    std::error_code failure;
    if (std::filesystem::is_directory(file, failure))
        return {{file.string(), {}, "this is a folder, expected a TOML file"}};
    std::ifstream in(file, std::ios::binary);
    if (!in) return {{file.string(), {}, "this file cannot be read"}};
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    return read_toml(content, file.string());
}

std::vector<Problem> Schema::read_toml(std::string_view text, std::string_view file_name) {
    std::vector<Problem> problems;
    toml::table table;
    try {
        table = toml::parse(text, file_name);
    } catch (const toml::parse_error& failure) {
        problems.push_back(
            {position(file_name, failure.source().begin), {}, std::string(failure.description())});
        return problems;
    }
    std::vector<Leaf> leaves;
    leaves_of(table, {}, file_name, leaves);
    for (const Leaf& leaf : leaves) {
        if (leaf.node == nullptr) {
            const bool known = std::any_of(options_.begin(), options_.end(), [&](const Option& option) {
                return option.name.starts_with(leaf.key + ".");
            });
            if (!known)
                problems.push_back({leaf.place, leaf.key, "there is no such table" + did_you_mean(leaf.key)});
            continue;
        }
        Option* option = find(leaf.key);
        if (option == nullptr) {
            problems.push_back({leaf.place, leaf.key, "there is no such option" + did_you_mean(leaf.key)});
            continue;
        }
        std::string type;
        const auto value = written(*leaf.node, type);
        if (!value || type != toml_type(option->type)) {
            problems.push_back(
                {leaf.place, leaf.key, "expected " + std::string(toml_words(toml_type(option->type)))});
            continue;
        }
        if (auto complaint = assign(*option, *value, Origin::file, leaf.place)) {
            problems.push_back({leaf.place, leaf.key, *complaint});
        }
    }
    const auto line = [](const Problem& problem) {
        const auto parts = split(problem.place, ':');
        return parts.size() < 2 ? 0 : parse_integer(parts[parts.size() - 2]).value_or(0);
    };
    std::stable_sort(problems.begin(), problems.end(),
                     [&](const Problem& a, const Problem& b) { return line(a) < line(b); });
    return problems;
}

std::vector<Problem> Schema::read_environment(const std::vector<std::string>& variables,
                                              const std::vector<std::string>& others) {
    std::vector<Problem> problems;
    for (const std::string& variable : variables) {
        if (!variable.starts_with("BRAID_")) continue;
        const auto equals = variable.find('=');
        const std::string name = variable.substr(0, equals);
        if (equals == std::string::npos || std::find(others.begin(), others.end(), name) != others.end())
            continue;
        const auto option = std::find_if(options_.begin(), options_.end(), [&](const Option& candidate) {
            return environment_name(candidate.name) == name;
        });
        if (option == options_.end()) {
            std::string guess = ascii_lower(name.substr(6));
            if (const auto underscore = guess.find('_'); underscore != std::string::npos)
                guess[underscore] = '.';
            problems.push_back({name, {}, "there is no option of this name" + did_you_mean(guess)});
        } else if (auto complaint = assign(*option, std::string_view(variable).substr(equals + 1),
                                           Origin::environment, name)) {
            problems.push_back({name, option->name, *complaint});
        }
    }
    return problems;
}

std::vector<Problem> Schema::set(std::string_view name, std::string_view value, std::string_view flag) {
    Option* option = find(name);
    if (option == nullptr)
        return {{std::string(flag), std::string(name), "there is no such option" + did_you_mean(name)}};
    if (auto complaint = assign(*option, value, Origin::flag, std::string(flag)))
        return {{std::string(flag), option->name, *complaint}};
    return {};
}

std::vector<Shown> Schema::show() const {
    std::vector<Shown> all;
    for (const Option& option : options_) {
        const auto hidden = [&](const std::string& value) {
            return option.secret && !value.empty() ? std::string("•••") : value;
        };
        all.push_back({option.name, option.type, option.meaning, environment_name(option.name),
                       hidden(option.write()), hidden(option.default_value), option.origin, option.place});
    }
    return all;
}

std::string Schema::example() const {
    std::string out =
        "# Braid's options. Each is shown at its default; take the '#' away before a name to set it.\n"
        "# The environment overrides this file (http.listen is BRAID_HTTP_LISTEN), flags override both.\n";
    const auto table_of = [](const Option& option) {
        const auto dot = option.name.rfind('.');
        return dot == std::string::npos ? std::string() : option.name.substr(0, dot);
    };
    std::vector<std::string> tables{""};  // what stands outside of tables must come first in TOML
    for (const Option& option : options_) {
        if (std::find(tables.begin(), tables.end(), table_of(option)) == tables.end())
            tables.push_back(table_of(option));
    }
    for (const std::string& table : tables) {
        if (!table.empty()) {
            out += '\n';
            for (const auto& [name, meaning] : groups_) {
                if (name == table) out += "# " + meaning + "\n";
            }
            out += "[" + table + "]\n";
        }
        for (const Option& option : options_) {
            if (table_of(option) != table) continue;
            out += "\n# " + option.meaning + "\n";
            if (option.type.find('|') != std::string::npos) out += "# One of: " + option.type + "\n";
            out += "#" + option.name.substr(table.empty() ? 0 : table.size() + 1) + " = ";
            out += (option.secret ? std::string("\"\"") : option.toml(option.default_value)) + "\n";
        }
    }
    return out;
}

}  // namespace braid::config
