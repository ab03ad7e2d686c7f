// Finding works, chapters and what else there is by words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "identity/accounts/api.h"
#include "interests/search/api.h"
#include "interests/search/passage.h"
#include "interests/search/query.h"
#include "interests/search/spelling.h"
#include "interests/search/store.h"
#include "platform/sql/sql.h"

namespace braid::search {

// The kinds that are indexed here; sources come after them.
inline constexpr std::string_view kKinds[] = {"work", "chapter"};

struct Query {
    std::string text;              // words, "a phrase", begin*; tag:ghosts and the other filters of query.h
    std::string kind;              // "" for all
    Filters filters;               // from form controls; what is typed goes before
    std::string labels_in = "en";  // language of topics' labels
    std::int64_t after = 0;        // the last one of the page before, 0 for the first page
    bool exact = false;            // do not look for what a word may have meant
};

struct Found {
    std::string kind, url, title, work_title, language;
    int number = 0;              // of a chapter
    std::vector<Piece> passage;  // the words around the best place
};
struct KindCount {
    std::string_view kind, label;  // label: a message key
    int count = 0;
    bool more = false;  // there are more than counted
};
struct Aside {  // a few of a source, beside works and chapters; on its own tab all that were looked at
    std::string_view kind, label;
    std::vector<Match> found;
};
struct Results {
    Understood understood;           // what was asked: filters typed and chosen together
    std::vector<Found> found;        // works and chapters, the best first
    std::vector<Aside> aside;        // those with something in them
    std::vector<KindCount> of_kind;  // works, chapters, then the sources
    std::string shown_for;           // what was looked for instead, "" when it was what was typed
    std::int64_t next = 0;           // for the page after, 0 when there is none
    bool asked = false;              // there was something to look for
};
struct Suggested {
    std::vector<Match> topics;  // of all sources
    std::vector<Match> works;
};

inline constexpr int kPerPage = 20;
inline constexpr std::size_t kMostGroups = 12;  // words and phrases; further ones are not looked at
inline constexpr std::size_t kAside = 4;        // of a source beside works and chapters

// Thread-safe. Only what lists would show the actor, counts and suggestions too. Never fails: text that says
// nothing finds nothing.
//
// Order: score() in weighing.h, then the newest. When at most store::kCandidates match, all are ranked. Of
// more, of each kind these, each of them the newest store::kCandidates: documents that are plainly about
// every word, those in which every word is prominent, those plainly about one of the words, and all others; a
// later class is asked only while the earlier ones gave fewer than that, and with a beginning only the first
// and the last. Without words, filters alone: the newest.
//
// When nothing is found, each word that is not known stands for the words nearest to it (Words::near), and
// the one that most is found for is taken; when that finds nothing either, so does each known word.
class Finder {
  public:
    // All references must outlive it; `sources` in the order of their tabs.
    Finder(const Clock& clock, const accounts::People& people, const Spelling& spelling,
           std::vector<const Source*> sources)
        : clock_(clock), people_(people), spelling_(spelling), sources_(std::move(sources)) {}

    Results search(sql::Session& session, const access::Actor& actor, const Query& query) const;
    // For what is typed so far: topics and works whose title goes on so. Never people.
    Suggested suggest(sql::Session& session, const access::Actor& actor, std::string_view typed,
                      std::string_view language) const;
    // Whether there is such a kind: one of kKinds or of a source.
    [[nodiscard]] bool knows(std::string_view kind) const;

  private:
    struct Ask;
    // A word that is not there and what it may have meant, one or more.
    struct Meanings {
        std::size_t word = 0;
        std::vector<std::string> near;
    };
    // Of more than are ranked, class by class; `any`: the newest of all.
    static std::vector<store::Candidate> by_class(sql::Session& session, const Ask& ask,
                                                  std::vector<store::Candidate> any);
    static std::vector<store::Candidate> documents(sql::Session& session, const Ask& ask, Results& results);
    [[nodiscard]] static std::vector<Meanings> meanings(const Ask& ask, const Words& known, bool of_known);
    // Puts the meaning for which most is found in each one's place; false when nothing can be found.
    static bool choose(sql::Session& session, const std::vector<Meanings>& meanings, Ask& ask);
    // The documents for what the words may have meant, which are then put into `ask`.
    std::vector<store::Candidate> reread(sql::Session& session, Ask& ask, Results& results) const;
    void show(sql::Session& session, const Ask& ask, const Query& query,
              const std::vector<store::Candidate>& rows, Results& results) const;
    void ask_sources(sql::Session& session, const Ask& ask, const Query& query, Results& results) const;
    // Whether there is somebody like that whose works the actor may look for.
    bool find_author(sql::Session& session, const access::Actor& actor, std::string_view handle,
                     std::int64_t& author) const;

    const Clock& clock_;
    const accounts::People& people_;
    const Spelling& spelling_;
    std::vector<const Source*> sources_;
};

}  // namespace braid::search
