// The use cases of guidance.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "access/guard.h"
#include "base/time.h"
#include "identity/accounts/api.h"
#include "interests/guidance/answer.h"
#include "interests/guidance/api.h"
#include "interests/guidance/site_model.h"

namespace braid::guidance {

// What to read after a chapter.
struct Next {
    works::WorkCard work;                     // the chapter's
    std::optional<works::ChapterId> chapter;  // that comes first of all
    int number = 0;
    std::vector<Suggestion> suggestions;
};

// All that is known about one work for one person.
struct Explanation {
    Looked looked;
    double score = 0;
    std::optional<std::size_t> place;  // in her list now, from 0
    bool kept_place = false;
    bool asked_model = false;
    store::ModelRow model;  // that was asked
    int few = 0;
};

class Service final : public Guide {
  public:
    // All references must outlive the service. Thread-safe.
    Service(sql::Database& database, const Clock& clock, const works::Library& library,
            const accounts::People& people, const topics::Interests& interests, const access::Guard& guard,
            Models& models)
        : database_(database),
          clock_(clock),
          library_(library),
          people_(people),
          interests_(interests),
          guard_(guard),
          models_(models) {}

    std::vector<Suggestion> for_you(sql::Session& session, const Actor& actor,
                                    i18n::Language language) const override;
    // Whether nothing can be said of her yet: she has done nothing and follows nothing.
    bool knows_nothing(sql::Session& session, const Actor& actor) const;
    // Of a chapter the actor may see; at most kMostNext suggestions, made from that work alone.
    Result<Next> next_after(sql::Session& session, const Actor& actor, works::WorkId work,
                            works::ChapterId chapter, i18n::Language language) const;

    // "Not for me": it is in none of her lists from then on. not_found for what she may not see.
    Result<void> decline(const Actor& actor, works::WorkId work);
    // Of what was not declined: done.
    Result<void> take_back(const Actor& actor, works::WorkId work);
    // What is not for her, newest first; what she may not see now is left out.
    std::vector<reading::WorkLine> declined(sql::Session& session, const Actor& actor) const;
    // "" when she may not see it.
    std::string title(sql::Session& session, const Actor& actor, works::WorkId work) const;

    // For an operator.
    Explanation explain(sql::Session& session, const Actor& actor, works::WorkId work,
                        i18n::Language language) const;

    // Makes every person's acts anew from what their owners' tables say, in small transactions.
    void rebuild(const std::function<void(std::int64_t done, std::int64_t total)>& told);
    // Once: what people did before there was this table.
    void fill();

  private:
    std::vector<Suggestion> suggestions(sql::Session& session, const Question& question,
                                        std::size_t most) const;

    sql::Database& database_;
    const Clock& clock_;
    const works::Library& library_;
    const accounts::People& people_;
    const topics::Interests& interests_;
    const access::Guard& guard_;
    Models& models_;
};

}  // namespace braid::guidance
