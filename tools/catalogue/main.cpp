// catalogue --out OUT.cpp FILE.po …
//
// Compiles the message catalogues of all modules into one table sorted by key. The language of a file is its
// name: en.po, es.po. Refused, as file:line: error: …, are a key that two files of a language define, a fuzzy
// or empty message, a plural message without all its forms, and a key that is plural in one language and not
// in another. That every language has every message is a test of platform/i18n, so that a build is possible
// while a translation is being written.

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>

#include "po.h"

namespace {

constexpr std::array<std::string_view, 2> kLanguages{"en", "es"};  // the order of i18n::Language
constexpr std::size_t kForms = 2;                                  // of both languages: one and other

struct Found {
    std::string file;
    po::Entry entry;
};
using Row = std::array<std::optional<Found>, kLanguages.size()>;

struct Failure {
    std::string file;
    int line;
    std::string message;
};

std::size_t language_of(const std::string& file) {
    const auto stem = std::filesystem::path(file).stem().string();
    for (std::size_t i = 0; i < kLanguages.size(); ++i) {
        if (stem == kLanguages[i]) return i;
    }
    throw Failure{file, 1, "no language of the program has this name"};
}

void read(const std::string& file, std::map<std::string, Row>& rows) {
    const std::size_t language = language_of(file);
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Failure{file, 1, "cannot be read"};
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<po::Entry> entries;
    try {
        entries = po::parse(text);
    } catch (const po::Refusal& refusal) {
        throw Failure{file, refusal.line, refusal.what()};
    }
    for (auto& entry : entries) {
        const std::string name = "\"" + entry.id + "\"";
        if (entry.fuzzy)
            throw Failure{file, entry.line, name + " is marked fuzzy: look at it again and remove the mark"};
        if (entry.plural && entry.texts.size() != kForms) {
            throw Failure{file, entry.line, name + " needs msgstr[0] (one) and msgstr[1] (other)"};
        }
        for (const auto& each : entry.texts) {
            if (each.empty()) throw Failure{file, entry.line, name + " is empty"};
        }
        Row& row = rows[entry.id];
        if (const auto& other = row[language]) {
            throw Failure{
                file, entry.line,
                name + " is defined here and at " + other->file + ":" + std::to_string(other->entry.line)};
        }
        for (const auto& other : row) {
            if (other && other->entry.plural != entry.plural) {
                throw Failure{file, entry.line,
                              name + " is plural here or at " + other->file + ":" +
                                  std::to_string(other->entry.line) + ", not in both"};
            }
        }
        row[language] = Found{file, std::move(entry)};
    }
}

std::string literal(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else if (c == '"' || c == '\\')
            out += std::string("\\") + c;
        else
            out += c;
    }
    return out + "\"";
}

std::string emit(const std::map<std::string, Row>& rows) {
    std::string out =
        "// Made by catalogue from the .po files of all modules.\n\n#include "
        "\"platform/i18n/catalogue.h\"\n\n"
        "namespace braid::i18n {\n\nnamespace {\n\nconstexpr Row kRows[] = {\n";
    for (const auto& [key, row] : rows) {
        out += "    {" + literal(key) + ", {";
        for (const auto& found : row) {
            out += "{";
            if (found) {
                for (std::size_t form = 0; form < found->entry.texts.size(); ++form) {
                    out += (form == 0 ? "" : ", ") + literal(found->entry.texts[form]);
                }
            }
            out += "}, ";
        }
        out.resize(out.size() - 2);
        out += "}},\n";
    }
    if (rows.empty()) out += "    {\"\", {}},\n";
    out +=
        "};\n\n}  // namespace\n\nstd::span<const Row> catalogue() { return kRows; }\n\n}  // namespace "
        "braid::i18n\n";
    return out;
}

}  // namespace

int main(int count, char** values) {
    if (count < 3 || std::string_view(values[1]) != "--out") {
        std::cerr << "usage: catalogue --out OUT.cpp FILE.po …\n";
        return 2;
    }
    try {
        std::map<std::string, Row> rows;
        for (int i = 3; i < count; ++i)
            read(values[i], rows);
        std::ofstream out(values[2], std::ios::binary | std::ios::trunc);
        out << emit(rows);
        out.close();
        if (!out) throw Failure{values[2], 1, "cannot be written"};
    } catch (const Failure& failure) {
        std::cerr << failure.file << ":" << failure.line << ": error: " << failure.message << "\n";
        return 1;
    }
}
