// safety scan, words.
#include <boost/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "safety/contact/api.h"
#include "safety/words/api.h"

namespace braid::app::commands {

namespace {

// What is wrong with the line, or nothing; its spans go to standard output.
std::string scan_line(const std::string& line) {
    boost::system::error_code failure;
    const boost::json::value value = boost::json::parse(line, failure);
    if (failure) return "this is not JSON: " + failure.message();
    const auto* object = value.if_object();
    if (object == nullptr) return "expected an object with id and text";
    const auto* id = object->if_contains("id");
    if (id == nullptr || id->is_structured()) return "expected a member \"id\": a number or a text";
    const auto* member = object->if_contains("text");
    if (member == nullptr || !member->is_string()) return "expected a member \"text\": a text";
    const boost::json::string& text = member->get_string();
    const std::string_view whole(text.data(), text.size());
    for (const contact::Span& span : contact::find_contact(whole)) {
        const std::string_view kind = contact::kind_name(span.kind);
        const std::string_view part = whole.substr(span.begin_byte, span.end_byte - span.begin_byte);
        const boost::json::object out{{"id", *id},
                                      {"kind", boost::json::string_view(kind.data(), kind.size())},
                                      {"begin", span.begin},
                                      {"end", span.end},
                                      {"text", boost::json::string_view(part.data(), part.size())}};
        std::cout << boost::json::serialize(out) << '\n';
    }
    return {};
}

std::optional<std::string> read_whole(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file)) {
        std::fprintf(stderr, "braid: %s cannot be read\n", file.c_str());
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(in), {});
}

struct Piece {
    std::string id, text;
};

std::string text_of(const boost::json::object& object, const char* member) {
    const auto* value = object.if_contains(member);
    if (value == nullptr) return {};
    if (const auto* text = value->if_string()) return {text->data(), text->size()};
    return boost::json::serialize(*value);
}

// The chapters of a work, or the lines of a file of texts.
std::optional<std::vector<Piece>> pieces_of(const std::filesystem::path& file) {
    const auto whole = read_whole(file);
    if (!whole) return std::nullopt;
    std::vector<Piece> pieces;
    boost::system::error_code failure;
    const boost::json::value work = boost::json::parse(*whole, failure);
    const auto* object = failure ? nullptr : work.if_object();
    const auto* chapters = object == nullptr ? nullptr : object->if_contains("chapters");
    if (chapters != nullptr && chapters->is_array()) {
        for (const boost::json::value& chapter : chapters->get_array()) {
            if (const auto* one = chapter.if_object())
                pieces.push_back({text_of(*one, "n"), text_of(*one, "text")});
        }
        return pieces;
    }
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < whole->size();) {
        const std::size_t end = std::min(whole->find('\n', begin), whole->size());
        const std::string_view line(whole->data() + begin, end - begin);
        begin = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        const boost::json::value value = boost::json::parse({line.data(), line.size()}, failure);
        if (failure || !value.is_object()) {
            std::fprintf(stderr, "braid: %s:%zu: this is neither a work nor a line with id and text\n",
                         file.c_str(), number);
            return std::nullopt;
        }
        pieces.push_back({text_of(value.get_object(), "id"), text_of(value.get_object(), "text")});
    }
    return pieces;
}

struct Rate {
    std::size_t texts = 0, flagged = 0, words = 0, hits = 0;
    void print(const std::string& name) const {
        std::printf("%-32s %6zu %8zu %7.1f %% %9zu %6zu %10.1f\n", name.c_str(), texts, flagged,
                    texts == 0 ? 0 : 100.0 * static_cast<double>(flagged) / static_cast<double>(texts), words,
                    hits, words == 0 ? 0 : 10'000.0 * static_cast<double>(hits) / static_cast<double>(words));
    }
};

void print_hits(const std::filesystem::path& file, const Piece& piece, const std::vector<words::Hit>& hits) {
    for (const words::Hit& hit : hits) {
        const boost::json::object out{
            {"file", file.filename().string()},
            {"id", piece.id},
            {"begin", hit.begin},
            {"end", hit.end},
            {"text", piece.text.substr(hit.begin_byte, hit.end_byte - hit.begin_byte)}};
        std::printf("%s\n", boost::json::serialize(out).c_str());
    }
}

}  // namespace

int flag_words(const FlagWords& options) {
    words::WordList list;
    for (const std::filesystem::path& file : options.lists) {
        const auto whole = read_whole(file);
        if (!whole) return kFailed;
        list.add(*whole);
    }
    int code = kOk;
    Rate all;
    if (!options.hits)
        std::printf("%-32s %6s %8s %9s %9s %6s %10s\n", "file", "texts", "flagged", "share", "words", "hits",
                    "per 10,000");
    for (const std::filesystem::path& file : options.texts) {
        const auto pieces = pieces_of(file);
        if (!pieces) {
            code = kFailed;
            continue;
        }
        Rate rate;
        for (const Piece& piece : *pieces) {
            const std::vector<words::Hit> hits = list.find(piece.text);
            if (options.hits) print_hits(file, piece, hits);
            ++rate.texts;
            rate.flagged += hits.empty() ? 0 : 1;
            rate.words += words::count_words(piece.text);
            rate.hits += hits.size();
        }
        if (!options.hits) rate.print(file.filename().string());
        all.texts += rate.texts;
        all.flagged += rate.flagged;
        all.words += rate.words;
        all.hits += rate.hits;
    }
    if (!options.hits) all.print("all");
    return code;
}

int scan_contact(const std::filesystem::path& file) {
    const bool standard = file == "-";
    std::ifstream opened;
    if (!standard) {
        opened.open(file);
        if (!opened || std::filesystem::is_directory(file)) {
            std::fprintf(stderr, "braid: %s cannot be read\n", file.c_str());
            return kFailed;
        }
    }
    std::istream& in = standard ? std::cin : opened;
    int code = kOk;
    std::string line;
    for (long number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const std::string wrong = scan_line(line);
        if (wrong.empty()) continue;
        std::fprintf(stderr, "braid: %s:%ld: %s\n", standard ? "standard input" : file.c_str(), number,
                     wrong.c_str());
        code = kFailed;
    }
    std::cout.flush();
    if (in.bad() || !std::cout) {
        std::fprintf(stderr, "braid: reading or writing failed\n");
        return kFailed;
    }
    return code;
}

}  // namespace braid::app::commands
