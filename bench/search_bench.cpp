// search_bench --file DATA [--questions N] [--url DATABASE]
//
// Asks the search of a site, in this process, as an adult, beside a plain FTS5 query: the default tokenizer
// over titles and texts, ordered by rank, twenty row ids, no filter and no passage, in a file beside DATA.
// `--url`: ask this database, with the same site in it, and not DATA itself. Questions are made by rule from
// the texts in the index, with the same numbers in every run: two words of a random chapter, each of five
// letters or more and in at most so many documents as a tenth of the chapters are. `exact`: as they stand;
// `misspelt`: one of them with a letter swapped, dropped, doubled or replaced; `inflected`: one of them with
// another ending (-s, -ed, -ing); `filtered`: with a rating and a language; `beginning`: four letters of the
// second; `phrase`: a word and the one that follows it, in quotes; `common`: one word that is in more. A
// question is answered when a passage of its document is on the first page. One line of JSON:
// {"kinds": {"exact": {"ours": {"p50", "p99", "found"}, "plain": …}, …}}, milliseconds of processor time of
// the thread (of a server of databases the time is not counted: then of the clock), and shares.
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "interests/search/service.h"
#include "interests/search/terms.h"

namespace {

using namespace braid;

class NobodyKnown : public accounts::People {
  public:
    std::vector<accounts::PersonCard> cards(sql::Session&, std::span<const access::PersonId>) const override {
        return {};
    }
    std::optional<accounts::PersonCard> card(sql::Session&, access::PersonId) const override { return {}; }
    std::optional<accounts::PersonCard> found_by(sql::Session&, const access::Actor&,
                                                 std::string_view) const override {
        return {};
    }
    std::optional<accounts::PersonCard> by_handle(sql::Session&, std::string_view) const override {
        return {};
    }
};

struct Text {
    std::int64_t id = 0;
    std::string title, body;
};
const sql::Query kTexts{"bench.list_texts",
                        "SELECT id, title, summary FROM search_documents ORDER BY id LIMIT 1000000"};
const sql::Query kPieces{"bench.list_pieces",
                         "SELECT document, body FROM search_pieces ORDER BY document, piece LIMIT 100000000"};

std::vector<Text> texts_of(sql::Session& session) {
    auto texts = session.all<Text>(kTexts);
    auto at = texts.begin();
    session.each(kPieces, [&](const sql::Row& row) {
        at = std::ranges::lower_bound(at, texts.end(), row.integer(0), {}, &Text::id);
        if (at != texts.end() && at->id == row.integer(0)) at->body += row.text(1);
    });
    return texts;
}

struct Question {
    std::string words;
    std::int64_t document = 0;
};

void must(int code, sqlite3* connection) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(connection));
        std::exit(1);
    }
}

// The texts in a plain index of their own.
class Plain {
  public:
    Plain(const std::string& file, const std::vector<Text>& texts) {
        must(sqlite3_open(file.c_str(), &connection_), connection_);
        must(sqlite3_exec(connection_,
                          "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE VIRTUAL TABLE plain "
                          "USING fts5(title, body); BEGIN",
                          nullptr, nullptr, nullptr),
             connection_);
        sqlite3_stmt* put = nullptr;
        must(sqlite3_prepare_v2(connection_, "INSERT INTO plain (rowid, title, body) VALUES (?, ?, ?)", -1,
                                &put, nullptr),
             connection_);
        for (const Text& text : texts) {
            sqlite3_bind_int64(put, 1, text.id);
            sqlite3_bind_text(put, 2, text.title.data(), static_cast<int>(text.title.size()), SQLITE_STATIC);
            sqlite3_bind_text(put, 3, text.body.data(), static_cast<int>(text.body.size()), SQLITE_STATIC);
            must(sqlite3_step(put), connection_);
            sqlite3_reset(put);
        }
        sqlite3_finalize(put);
        must(sqlite3_exec(connection_, "COMMIT", nullptr, nullptr, nullptr), connection_);
        must(sqlite3_prepare_v2(connection_,
                                "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 20", -1,
                                &ask_, nullptr),
             connection_);
    }
    ~Plain() {
        sqlite3_finalize(ask_);
        sqlite3_close(connection_);
    }
    Plain(const Plain&) = delete;
    Plain& operator=(const Plain&) = delete;

    bool finds(const Question& question) {
        const std::string words = search::understand(question.words).words;  // it knows no filters
        sqlite3_bind_text(ask_, 1, words.data(), static_cast<int>(words.size()), SQLITE_STATIC);
        bool found = false;
        while (sqlite3_step(ask_) == SQLITE_ROW)
            found = found || sqlite3_column_int64(ask_, 0) == question.document;
        sqlite3_reset(ask_);
        return found;
    }

  private:
    sqlite3* connection_ = nullptr;
    sqlite3_stmt* ask_ = nullptr;
};

std::vector<std::string> words_of(const std::string& text) {
    std::set<std::string> words;
    for (const search::Token& token : search::tokens_of(text)) {
        const bool plain = std::ranges::all_of(token.word, [](char c) { return c >= 'a' && c <= 'z'; });
        if (plain && token.word.size() >= 5) words.insert(token.word);
    }
    return {words.begin(), words.end()};
}

using Chance = std::mt19937;

std::string misspelt(std::string word, Chance& chance) {
    const std::size_t at = 1 + chance() % (word.size() - 2);
    switch (chance() % 4) {
        case 0:
            std::swap(word[at], word[at + 1]);
            break;
        case 1:
            word.erase(at, 1);
            break;
        case 2:
            word.insert(at, 1, word[at]);
            break;
        default:
            word[at] = word[at] == 'e' ? 'o' : 'e';
    }
    return word;
}

std::string inflected(const std::string& word) {
    const auto without = [&](std::size_t letters) { return word.substr(0, word.size() - letters); };
    if (word.ends_with("ing")) return without(3) + "ed";
    if (word.ends_with("ed")) return without(2) + "ing";
    if (word.ends_with("s")) return without(1);
    return word + "s";
}

// What questions are made of.
struct Library {
    std::vector<Text> texts;  // of chapters
    std::size_t chapters = 0;
    std::unordered_map<std::string, int> in;  // documents, for each word
    [[nodiscard]] bool common(const std::string& word) const {
        return in.at(word) * 10 > static_cast<int>(chapters) + 10;
    }
};

using Maker = std::function<std::string(const Library&, const Text&, Chance&)>;

// Two words of the text; `change` makes one of them another.
Maker two_words(const std::function<std::string(const std::string&, Chance&)>& change) {
    return [change](const Library& library, const Text& text, Chance& chance) -> std::string {
        auto words = words_of(text.body);
        std::erase_if(words, [&](const std::string& word) { return library.common(word); });
        if (words.size() < 2) return {};
        const std::size_t first = chance() % words.size();
        const std::size_t second = (first + 1 + chance() % (words.size() - 1)) % words.size();
        return words[first] + " " + change(words[second], chance);
    };
}

std::string common_word(const Library& library, const Text& text, Chance& chance) {
    auto words = words_of(text.body);
    std::erase_if(words, [&](const std::string& word) { return !library.common(word); });
    return words.empty() ? std::string() : words[chance() % words.size()];
}

std::string phrase(const Library&, const Text& text, Chance& chance) {
    const auto tokens = search::tokens_of(text.body);
    const std::size_t at = chance() % (tokens.size() - 1);
    return '"' + tokens[at].word + ' ' + tokens[at + 1].word + '"';
}

std::vector<Question> questions(const Library& library, std::size_t count, const Maker& make) {
    Chance chance(11);
    std::vector<Question> made;
    for (std::size_t tries = 0; made.size() < count && tries < count * 50; ++tries) {
        const Text& text = library.texts[chance() % library.texts.size()];
        if (auto words = make(library, text, chance); !words.empty())
            made.push_back({std::move(words), text.id});
    }
    return made;
}

// Milliseconds of processor time this thread has had: other work on the machine is not the question's.
double spent(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Measured {
    clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
    std::vector<double> times;
    int found = 0;
    template <class Ask>
    void time(const Ask& ask) {
        const double start = spent(clock);
        const bool found_it = ask();
        times.push_back(spent(clock) - start);
        found += found_it ? 1 : 0;
    }
    void print() {
        if (times.empty()) times.push_back(0);
        std::ranges::sort(times);
        std::printf("{\"p50\":%.4f,\"p99\":%.4f,\"found\":%.4f}", times[times.size() / 2],
                    times[times.size() * 99 / 100],
                    static_cast<double>(found) / static_cast<double>(times.size()));
    }
};

}  // namespace

int main(int argc, char** argv) {
    std::string file, url;
    std::size_t count = 400;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::string_view(argv[i]) == "--file") file = argv[i + 1];
        if (std::string_view(argv[i]) == "--url") url = argv[i + 1];
        if (std::string_view(argv[i]) == "--questions") count = std::stoul(argv[i + 1]);
    }
    if (file.empty()) {
        std::fprintf(stderr, "search_bench --file DATA [--questions N] [--url DATABASE]\n");
        return 2;
    }
    const auto database = sql::Database::open({.url = url.empty() ? "sqlite:" + file : url});
    const SystemClock clock;
    const NobodyKnown people;
    search::Spelling spelling(*database);
    spelling.refresh();
    const search::Finder finder(clock, people, spelling, {});
    access::Actor actor;
    actor.person = access::PersonId{1};
    actor.band = access::AgeBand::adult;

    std::vector<Text> texts = database->read([](sql::Reader& reader) { return texts_of(reader); });
    Library library{.texts = texts, .chapters = 0, .in = {}};
    for (const Text& text : texts)
        for (const std::string& word : words_of(text.body))
            ++library.in[word];
    std::erase_if(library.texts, [](const Text& text) { return text.body.size() < 400; });
    library.chapters = library.texts.size();
    const auto as_it_is = [](const std::string& word, Chance&) { return word; };
    const std::pair<const char*, Maker> kinds[] = {
        {"exact", two_words(as_it_is)},
        {"misspelt", two_words(misspelt)},
        {"inflected", two_words([](const std::string& word, Chance&) { return inflected(word); })},
        {"filtered",
         two_words([](const std::string& word, Chance&) { return word + " rating:everyone language:en"; })},
        {"beginning", two_words([](const std::string& word, Chance&) { return word.substr(0, 4) + "*"; })},
        {"phrase", phrase},
        {"common", common_word}};

    const auto beside = std::filesystem::path(file + ".plain");
    std::filesystem::remove(beside);
    {
        Plain plain(beside.string(), texts);
        std::printf("{\"texts\":%zu,\"kinds\":{", texts.size());
        for (const auto& [name, make] : kinds) {
            Measured ours{.clock = url.empty() ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC}, theirs;
            for (const Question& question : questions(library, count, make)) {
                ours.time([&] {
                    const auto results = database->read([&](sql::Reader& reader) {
                        return finder.search(reader, actor, {.text = question.words});
                    });
                    const std::string chapter = works::ChapterId{question.document}.text();
                    return std::ranges::any_of(results.found, [&](const search::Found& one) {
                        return one.url.ends_with("/" + chapter);
                    });
                });
                theirs.time([&] { return plain.finds(question); });
            }
            std::printf("%s\"%s\":{\"ours\":", std::string_view(name) == "exact" ? "" : ",", name);
            ours.print();
            std::printf(",\"plain\":");
            theirs.print();
            std::printf("}");
        }
        std::printf("}}\n");
    }
    std::filesystem::remove(beside);
    return 0;
}
