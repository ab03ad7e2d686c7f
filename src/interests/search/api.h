// Search: kinds of things that others keep, found from the same box as works and chapters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::search {

// One thing of another kind.
struct Match {
    std::string url;  // a path of this site
    std::string title, language;
    std::string note;  // a line below the title, may be empty
    std::string seed;  // of the avatar, for kinds that are people
};
struct Matches {
    std::vector<Match> found;  // the best first, at most as many as asked for
    int count = 0;             // how many there are, or were looked at
    bool more = false;         // there are more than counted
};

// A kind of things. Found, counted and suggested is only what the actor may see at that moment, and what fits
// her age. Thread-safe.
class Source {
  public:
    virtual ~Source() = default;
    [[nodiscard]] virtual std::string_view kind() const = 0;   // in addresses: "topic"
    [[nodiscard]] virtual std::string_view label() const = 0;  // of its tab, a message key
    // `words`: as typed, without filters, not empty; misspelt ones are understood when nothing else is there.
    // `language`: of labels.
    virtual Matches find(sql::Session& session, const access::Actor& actor, Timestamp now,
                         std::string_view words, std::string_view language, std::size_t limit) const = 0;
    // The few that are offered while she types. Kinds that nobody is to be pointed to offer none.
    virtual std::vector<Match> suggest(sql::Session& session, const access::Actor& actor,
                                       std::string_view words, std::string_view language,
                                       std::size_t limit) const {
        (void)session, (void)actor, (void)words, (void)language, (void)limit;
        return {};
    }
};

}  // namespace braid::search
