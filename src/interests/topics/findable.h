// Topics as a kind of things that search finds. The vocabulary is for everybody, so nothing is filtered.
#pragma once

#include "interests/search/api.h"
#include "interests/topics/vocabularies.h"

namespace braid::topics {

class Findable : public search::Source {
  public:
    // `vocabularies` must outlive it.
    explicit Findable(Vocabularies& vocabularies) : vocabularies_(vocabularies) {}

    [[nodiscard]] std::string_view kind() const override { return "topic"; }
    [[nodiscard]] std::string_view label() const override;
    // Topics whose names begin so, then what resolve() takes the words for.
    search::Matches find(sql::Session& session, const access::Actor& actor, Timestamp now,
                         std::string_view words, std::string_view language, std::size_t limit) const override;
    std::vector<search::Match> suggest(sql::Session& session, const access::Actor& actor,
                                       std::string_view words, std::string_view language,
                                       std::size_t limit) const override;

  private:
    Vocabularies& vocabularies_;
};

}  // namespace braid::topics
