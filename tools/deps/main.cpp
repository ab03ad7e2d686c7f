// deps ROOT: checks tools/deps.toml against the includes of ROOT/src and ROOT/app. Prints "file:line: what"
// for every breach; exit status 1 when there is one. Standard library only; reads the small part of TOML that
// deps.toml uses (strings, arrays of strings on one line, tables).
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr int kLongFile = 800;

using Lists = std::map<std::string, std::vector<std::string>>;

struct Rules {
    std::vector<std::string> layers;
    Lists hidden, api, platform;
};

struct Breach {
    std::string where, what;
    bool warning = false;
};

std::vector<std::string> strings_of(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string_view::npos;) {
        const auto end = text.find('"', at + 1);
        if (end == std::string_view::npos) break;
        found.emplace_back(text.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return found;
}

Rules read_rules(const fs::path& file) {
    Rules rules;
    std::ifstream in(file);
    if (!in) {
        std::fprintf(stderr, "%s cannot be read\n", file.c_str());
        std::exit(2);
    }
    std::string table;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        if (line[0] == '[') {
            table = line.substr(1, line.find(']') - 1);
            continue;
        }
        const auto equals = line.find(" = ");
        if (equals == std::string::npos) continue;
        const auto values = strings_of(std::string_view(line).substr(equals));
        const auto names = strings_of(std::string_view(line).substr(0, equals));
        if (table.empty() && line.starts_with("layers")) rules.layers = values;
        if (names.empty()) continue;
        (table == "hidden" ? rules.hidden
         : table == "api"  ? rules.api
                           : rules.platform)[names.front()] = values;
    }
    return rules;
}

// "identity/accounts/store.h" → layer "identity", room "identity/accounts"; "base/id.h" → room "base".
struct Place {
    std::string layer, room, file;
};
Place place_of(const std::string& path) {
    const auto slash = path.find('/');
    if (slash == std::string::npos) return {"", "", path};
    Place place{path.substr(0, slash), path.substr(0, slash), path.substr(path.rfind('/') + 1)};
    const auto second = path.find('/', slash + 1);
    if (second != std::string::npos) place.room = path.substr(0, second);
    return place;
}

bool is_test(const std::string& file) {
    return file.ends_with("_test.cpp") || file.ends_with("_test.h") || file.ends_with("_fuzz.cpp");
}

class Checker {
  public:
    Checker(fs::path root, Rules rules) : root_(std::move(root)), rules_(std::move(rules)) {}

    std::vector<Breach> run() {
        circles(rules_.api, "[api]");
        circles(rules_.platform, "[platform]");
        for (const char* top : {"src", "app"}) {
            if (!fs::exists(root_ / top)) continue;
            for (const auto& entry : fs::recursive_directory_iterator(root_ / top)) {
                const auto extension = entry.path().extension();
                if (extension == ".h" || extension == ".cpp" || extension == ".html") file(entry.path());
            }
        }
        std::sort(breaches_.begin(), breaches_.end(),
                  [](const Breach& a, const Breach& b) { return a.where < b.where; });
        return breaches_;
    }

  private:
    void breach(std::string where, std::string what) {
        breaches_.push_back({std::move(where), std::move(what), false});
    }

    void circles(const Lists& lists, const std::string& name) {
        std::set<std::string> done;
        for (const auto& [from, to] : lists) {
            std::vector<std::string> path;
            visit(lists, name, from, path, done);
        }
    }
    void visit(const Lists& lists, const std::string& name, const std::string& at,
               std::vector<std::string>& path, std::set<std::string>& done) {
        if (std::find(path.begin(), path.end(), at) != path.end()) {
            breach("tools/deps.toml", name + " goes in a circle through " + at);
            return;
        }
        if (!done.insert(at).second && path.empty()) return;
        const auto found = lists.find(at);
        if (found == lists.end()) return;
        path.push_back(at);
        for (const std::string& next : found->second)
            visit(lists, name, next, path, done);
        path.pop_back();
    }

    void file(const fs::path& path) {
        const std::string shown = fs::relative(path, root_).string();
        const std::string inside = shown.starts_with("src/") ? shown.substr(4) : shown;
        const bool header = path.extension() == ".h";
        std::ifstream in(path);
        int number = 0;
        for (std::string line; std::getline(in, line);) {
            ++number;
            const std::string where = shown + ":" + std::to_string(number);
            const auto start = line.find_first_not_of(' ');
            if (start == std::string::npos) continue;
            if (header && line.compare(start, 16, "using namespace ") == 0)
                breach(where, "`using namespace` in a header is everybody's");
            const auto include = line.find("include ");
            if (include == std::string::npos || (line[start] != '#' && line.compare(start, 2, "{%") != 0))
                continue;
            const auto open = line.find_first_of("<\"", include);
            if (open == std::string::npos) continue;
            const auto close = line.find_first_of(">\"", open + 1);
            if (close != std::string::npos)
                check(where, shown, inside, header, line.substr(open + 1, close - open - 1));
        }
        if (number > kLongFile && path.extension() != ".html") {
            breaches_.push_back({shown, std::to_string(number) + " lines: more than one subject?", true});
        }
    }

    void check(const std::string& where, const std::string& shown, const std::string& inside, bool header,
               const std::string& included) {
        for (const auto& [prefix, folders] : rules_.hidden) {
            if (!included.starts_with(prefix)) continue;
            const bool at_home = std::any_of(folders.begin(), folders.end(), [&](const std::string& f) {
                return shown.starts_with(f + "/");
            });
            const bool test = is_test(shown);
            // Inside its own folder a header that only .cpp files there include may show it; nobody else sees
            // that header (api, model …).
            if (!at_home && !test) breach(where, included + " is hidden in " + folders.front());
            if (at_home && header && public_header(shown))
                breach(where, included + " in a header that others include");
        }
        const Place from = place_of(inside);
        const Place to = place_of(included);
        const int from_layer = layer(from.layer);
        const int to_layer = layer(to.layer);
        if (from_layer < 0 || to_layer < 0 || from.room == to.room) return;
        if (from.layer == "app") return;  // sees all
        if (to_layer > from_layer) {
            breach(where, from.layer + " is below " + to.layer + " and must not include " + included);
        } else if (from.layer == "platform" && to.layer == "platform") {
            if (!is_test(shown))
                allowed(where, rules_.platform, from.room.substr(9), to.room.substr(9), included);
        } else if (feature(to.layer) && (feature(from.layer) || from_layer > to_layer)) {
            if (to.file == "events.h" || is_test(shown)) return;
            allowed(where, rules_.api, from.room, to.room, included);
            if (to.file != "api.h" && rules_allow(rules_.api, from.room, to.room) &&
                !declared_by_api(to, included)) {
                breach(where, included + " is inside " + to.room + "; others include its api.h or events.h");
            }
        }
    }

    // A header its folder's api.h itself includes is part of what it declares (policy.h of accounts, say).
    bool declared_by_api(const Place& to, const std::string& included) {
        std::ifstream in(root_ / "src" / to.room / "api.h");
        for (std::string line; std::getline(in, line);) {
            if (line.find("\"" + included + "\"") != std::string::npos) return true;
        }
        // Pieces of pages that a folder offers to others' templates.
        return included.ends_with(".html.h") || included.ends_with("/parts.h");
    }

    // Headers of platform that other folders include: all that are not named in a comment as being for the
    // folder alone.
    bool public_header(const std::string& shown) {
        std::ifstream in(root_ / shown);
        std::string line;
        std::getline(in, line);
        std::string second;
        std::getline(in, second);
        const std::string head = line + second;
        return head.find("For this folder alone") == std::string::npos &&
               head.find("Inside this folder only") == std::string::npos && !internal_.contains(shown) &&
               included_elsewhere(shown);
    }
    bool included_elsewhere(const std::string& shown) {
        const std::string name = shown.substr(4);
        const std::string home = shown.substr(0, shown.rfind('/'));
        for (const auto& entry : fs::recursive_directory_iterator(root_ / "src")) {
            const std::string other = fs::relative(entry.path(), root_).string();
            if (!entry.is_regular_file() || other.starts_with(home + "/")) continue;
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                if (line.find("\"" + name + "\"") != std::string::npos) return true;
            }
        }
        internal_.insert(shown);
        return false;
    }

    static bool rules_allow(const Lists& lists, const std::string& from, const std::string& to) {
        const auto found = lists.find(from);
        return found != lists.end() &&
               std::find(found->second.begin(), found->second.end(), to) != found->second.end();
    }
    void allowed(const std::string& where, const Lists& lists, const std::string& from, const std::string& to,
                 const std::string& included) {
        if (!rules_allow(lists, from, to))
            breach(where, from + " may not use " + to + " (" + included + "); tools/deps.toml says who may");
    }

    [[nodiscard]] int layer(const std::string& name) const {
        const auto found = std::find(rules_.layers.begin(), rules_.layers.end(), name);
        return found == rules_.layers.end() ? -1 : static_cast<int>(found - rules_.layers.begin());
    }
    // Above the shell a folder is a room with a door of its own.
    [[nodiscard]] bool feature(const std::string& name) const {
        return layer(name) > layer("shell") && name != "app";
    }

    fs::path root_;
    Rules rules_;
    std::vector<Breach> breaches_;
    std::set<std::string> internal_;
};

}  // namespace

int main(int argc, char** argv) {
    const fs::path root = argc > 1 ? argv[1] : ".";
    int errors = 0;
    for (const Breach& breach : Checker(root, read_rules(root / "tools/deps.toml")).run()) {
        std::printf("%s: %s%s\n", breach.where.c_str(), breach.warning ? "warning: " : "",
                    breach.what.c_str());
        errors += breach.warning ? 0 : 1;
    }
    return errors == 0 ? 0 : 1;
}
