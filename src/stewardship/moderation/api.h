// What can be reported. A feature whose things can be reported gives the program a Kind; everything else
// about reports, cases, decisions and appeals is the same for all of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "interests/works/api.h"
#include "platform/sql/sql.h"
#include "stewardship/moderation/model.h"

namespace braid::moderation {

using access::Actor;
using works::Hold;

// One thing, as it is told to whoever reports or judges it.
struct Object {
    std::int64_t id = 0;
    PersonId owner;     // nobody's: {}
    std::string title;  // "The Lamp Room, chapter 2"
    std::string words;  // plain, as they are now; at most 4,000 code points
    std::string href;   // where it stands
    Hold hold = Hold::none;
    std::optional<Rating> rating = {};  // of what has one
    // What a decision about it falls on, when that is something larger: the work of a chapter. "" for itself.
    std::string judged_kind = {};
    std::int64_t judged_id = 0;
};

// What others may read of a thing.
struct Passage {
    std::string where;  // the chapter's title; "" for the thing's own words
    std::string text;   // plain
};
struct Passages {
    std::string language;  // "en"
    std::vector<Passage> texts;
};

class Kind {
  public:
    virtual ~Kind() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;   // "work": in addresses and tables, for ever
    [[nodiscard]] virtual std::string_view label() const = 0;  // message key: "a work"
    // As the actor sees it: not_found for what she may not see.
    virtual Result<Object> seen(sql::Session& session, const Actor& actor, std::int64_t id) const = 0;
    // As moderators do, whatever its visibility.
    virtual Result<Object> look(sql::Session& session, const Actor& by, std::int64_t id) const = 0;
    // The contact details in it, for who judges whether they may stay.
    [[nodiscard]] virtual std::vector<works::ContactDetail> contact(sql::Session&, const Actor&,
                                                                    std::int64_t) const {
        return {};
    }
    // All of it that others may read now, plain; nothing of what is its author's alone, or held.
    [[nodiscard]] virtual Passages passages(sql::Session&, const Actor&, std::int64_t) const { return {}; }
    // Whether a measure about the thing makes sense for it: hide, rerate, remove.
    [[nodiscard]] virtual bool takes(Measure measure) const = 0;
    // Makes the thing what the decisions in force say of it. `rating`: nothing gives the author's back.
    virtual Result<void> settle(sql::Tx& tx, const Actor& by, std::int64_t id, Hold hold,
                                std::optional<Rating> rating) const = 0;
    // A person's things after `after`, in order, at most `limit`: for an account that is removed or comes
    // back.
    virtual std::vector<std::int64_t> all_of(sql::Session& session, const Actor& by, PersonId owner,
                                             std::int64_t after, int limit) const = 0;
};

// The kinds of the program, by name. Filled before it starts.
class Kinds {
  public:
    void add(std::unique_ptr<Kind> kind);
    [[nodiscard]] const Kind* find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::unique_ptr<Kind>>& all() const { return kinds_; }

  private:
    std::vector<std::unique_ptr<Kind>> kinds_;
};

}  // namespace braid::moderation
