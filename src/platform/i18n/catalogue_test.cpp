// Every message that the program uses is there in every language, every message that is there is used, and
// translations take the same {arguments}. Read from the source tree: templates, and literals of C++.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "platform/i18n/catalogue.h"
#include "platform/i18n/i18n.h"

namespace braid::i18n {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> arguments(std::string_view message) {
    std::set<std::string> names;
    split_message(
        message, [](std::string_view) {},
        [&](std::string_view name) {
            const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
                return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
            });
            if (plain) names.emplace(name);
            return plain;
        });
    return {names.begin(), names.end()};
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> sources() {
    std::vector<fs::path> files;
    for (const auto* folder : {"src", "app"}) {
        const auto root = fs::path(BRAID_SOURCE_DIR) / folder;
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            const auto name = entry.path().filename().string();
            const auto extension = entry.path().extension();
            // Tests make up keys of their own.
            const bool test = name.ends_with("_test.cpp") || name.ends_with("_fuzz.cpp");
            if (!test && (extension == ".cpp" || extension == ".h" || extension == ".html"))
                files.push_back(entry.path());
        }
    }
    return files;
}

struct Used {
    std::string place;
    std::vector<std::string> given;  // names of arguments
    bool template_message = false;
};

std::string without_comments(const std::string& code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '"') {
            const std::size_t begin = i;
            for (++i; i < code.size() && code[i] != '"' && code[i] != '\n'; ++i) {
                if (code[i] == '\\') ++i;
            }
            out.append(code, begin, std::min(i, code.size() - 1) - begin + 1);
        } else if (code.compare(i, 2, "//") == 0) {
            i = std::min(code.find('\n', i), code.size()) - 1;
        } else {
            out += code[i];
        }
    }
    return out;
}

// Keys that must be in the catalogue, with the places that use them.
std::map<std::string, std::vector<Used>> used_keys() {
    static const std::regex kTemplate(R"re(\{\{\s*t\s+"([^"]+)"([^]*?)\}\})re");
    static const std::regex kArgument(R"re(\s([A-Za-z_][A-Za-z0-9_]*)=(?!=))re");
    static const std::regex kLiteral(R"re(_msg\(\s*"([^"]+)"\s*\))re");
    static const std::regex kFailure(
        R"re(\b(?:forbidden|conflict|refuse)\(\s*"([a-z_]+(?:\.[a-z0-9_]+)+)")re");
    static const std::regex kInvalid(R"re(\binvalid\(\s*[^(),]+,\s*"([a-z_]+(?:\.[a-z0-9_]+)+)")re");
    static const std::regex kShared(R"re("(error\.[a-z_]+)")re");
    std::map<std::string, std::vector<Used>> used;
    for (const auto& path : sources()) {
        const bool is_template = path.extension() == ".html";
        const std::string text = is_template ? read(path) : without_comments(read(path));
        const auto place = fs::relative(path, BRAID_SOURCE_DIR).string();
        const auto add_all = [&](const std::regex& pattern) {
            for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
                used[(*at)[1]].push_back({place, {}, false});
        };
        add_all(kLiteral);
        if (is_template) {
            for (std::sregex_iterator at(text.begin(), text.end(), kTemplate), end; at != end; ++at) {
                Used one{place, {}, true};
                const std::string rest = (*at)[2];
                for (std::sregex_iterator each(rest.begin(), rest.end(), kArgument); each != end; ++each)
                    one.given.push_back((*each)[1]);
                used[(*at)[1]].push_back(std::move(one));
            }
        } else {
            add_all(kFailure);
            add_all(kInvalid);
            add_all(kShared);
        }
    }
    return used;
}

// Keys written as any literal: a table of keys may come without _msg, so these count as used but are not
// demanded.
std::set<std::string> mentioned() {
    static const std::regex kAny(R"re("([a-z_]+(?:\.[a-z0-9_-]+)+)")re");
    std::set<std::string> keys;
    for (const auto& path : sources()) {
        const std::string text = path.extension() == ".html" ? read(path) : without_comments(read(path));
        for (std::sregex_iterator at(text.begin(), text.end(), kAny), end; at != end; ++at)
            keys.insert((*at)[1]);
    }
    return keys;
}

const Row* row_of(std::string_view key) {
    for (const auto& row : catalogue()) {
        if (row.key == key) return &row;
    }
    return nullptr;
}

TEST(Catalogue, HasEveryMessageThatIsUsed) {
    for (const auto& [key, places] : used_keys())
        EXPECT_NE(row_of(key), nullptr) << key << " is used in " << places.front().place;
}

TEST(Catalogue, UsesEveryMessageThatItHas) {
    const auto keys = mentioned();
    for (const auto& row : catalogue())
        EXPECT_TRUE(row.key.empty() || keys.contains(std::string(row.key))) << row.key << " is used nowhere";
}

TEST(Catalogue, IsCompleteInEveryLanguageWithTheSameArguments) {
    for (const auto& row : catalogue()) {
        if (row.key.empty()) continue;
        for (const Language language : kLanguages) {
            const auto& texts = row.texts[static_cast<std::size_t>(language)];
            EXPECT_FALSE(texts.one.empty()) << row.key << " is missing in " << own_name(language);
            const auto& english = row.texts[0];
            if (english.other.empty()) {
                EXPECT_EQ(arguments(texts.one), arguments(english.one))
                    << row.key << " in " << own_name(language);
            } else if (!texts.one.empty()) {
                // The form for one may say "one" in words.
                EXPECT_EQ(arguments(texts.other), arguments(english.other))
                    << row.key << " in " << own_name(language);
                const auto other = arguments(english.other);
                for (const auto& name : arguments(texts.one)) {
                    EXPECT_TRUE(std::find(other.begin(), other.end(), name) != other.end())
                        << row.key << ": {" << name << "}";
                }
            }
        }
    }
}

TEST(Catalogue, TemplatesGiveTheArgumentsThatMessagesTake) {
    for (const auto& [key, places] : used_keys()) {
        const Row* row = row_of(key);
        if (row == nullptr) continue;
        const auto& english = row->texts[0];
        const bool plural = !english.other.empty();
        auto taken = arguments(plural ? english.other : english.one);
        for (const auto& place : places) {
            if (!place.template_message) continue;
            auto given = place.given;
            const bool has_n = std::find(given.begin(), given.end(), "n") != given.end();
            if (plural) {
                EXPECT_TRUE(has_n) << key << " is plural; " << place.place << " gives no n=";
                if (std::find(taken.begin(), taken.end(), "n") == taken.end()) std::erase(given, "n");
            }
            std::sort(given.begin(), given.end());
            EXPECT_EQ(given, taken) << key << " in " << place.place;
        }
    }
}

// Ids here are keys, so msgfmt --check, which compares the line breaks of an id and its text, asks too much;
// the syntax is checked by msgcat.
TEST(Catalogue, IsReadByGettext) {
    if (std::system("msgcat --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "gettext is not installed";
    std::size_t files = 0;
    for (const auto* folder : {"src", "app"}) {
        const auto root = fs::path(BRAID_SOURCE_DIR) / folder;
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.path().extension() != ".po") continue;
            ++files;
            EXPECT_EQ(std::system(("msgcat -o /dev/null '" + entry.path().string() + "'").c_str()), 0)
                << entry.path();
        }
    }
    EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace braid::i18n
