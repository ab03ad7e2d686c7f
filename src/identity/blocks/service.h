// Blocking and muting: one function each.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/blocks/api.h"

namespace braid::blocks {

enum class Kind { mute, block };

struct Tie {
    PersonId other;
    Kind kind = Kind::mute;
    Timestamp since;
};

// One person's list is at most this long; it is shown whole.
inline constexpr int kMostTies = 1'000;

// Ends the live updates of a person's open pages, so that they ask anew what they may hear of. Called after
// the commit for both sides; never blocks.
using EndStreams = std::function<void(PersonId)>;

// Thread-safe.
class Service {
  public:
    // All must outlive the service.
    Service(sql::Database& database, const Clock& clock, EndStreams end_streams = {})
        : database_(database), clock_(clock), end_streams_(std::move(end_streams)) {}

    // In place of what she had set for the other. Takes effect with the commit, for everybody. `forbidden`
    // for herself, `conflict` when the list is full. That there is such a person is the caller's to know.
    Result<void> keep_apart(const Actor& actor, PersonId other, Kind kind);
    // `not_found` when she had set nothing. What the other may have set stays.
    Result<void> take_back(const Actor& actor, PersonId other);

    // Her own, the newest first.
    Result<std::vector<Tie>> own(const Actor& actor) const;
    [[nodiscard]] std::optional<Tie> own(const Actor& actor, PersonId other) const;

    // With either side's account the rows go.
    static void forget(sql::Tx& tx, PersonId person);

  private:
    void tell(const Actor& actor, PersonId other) const;

    sql::Database& database_;
    const Clock& clock_;
    EndStreams end_streams_;
};

}  // namespace braid::blocks

template <>
struct braid::sql::EnumNames<braid::blocks::Kind> {
    static constexpr std::array<std::string_view, 2> names{"mute", "block"};
};
