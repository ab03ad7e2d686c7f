// Facts that outlive the request: the outbox, and who listens.
//
// A use case appends an event inside its transaction; after the commit the dispatcher makes one job per
// subscriber (platform/jobs). A subscriber runs in its own transaction, at least once, so it is idempotent; a
// crash at any moment loses nothing.
//
// An event type is a plain struct in a module's events.h:
//
//   struct ChapterPublished {                       // includes only base/
//       static constexpr std::string_view kType = "works.chapter_published.v1";
//       std::string chapter_id;
//       std::vector<std::string> tags;
//       template <class F> void fields(F& f) { f("chapter_id", chapter_id); f("tags", tags); }
//   };
//
// and travels as JSON by `template <> struct events::Codec<ChapterPublished> :
// events::JsonCodec<ChapterPublished> {};` (platform/events/json.h), or by a Codec of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "platform/sql/sql.h"

namespace braid::events {

using EventId = Id<struct EventTag>;

// How an event travels: specialise next to the type. `type` ends in a version; a changed shape is a new
// version.
template <class Event>
struct Codec;  // static std::string to_json(const Event&); static Result<Event> from_json(std::string_view);

struct Envelope {
    EventId id;
    std::string type;
    std::string json;
    Timestamp at;
};

// Appends to the outbox inside `tx`.
class Outbox {
  public:
    Outbox(IdMaker& ids, const Clock& clock) : ids_(ids), clock_(clock) {}

    template <class Event>
    EventId append(sql::Tx& tx, const Event& event) {
        return append(tx, Event::kType, Codec<Event>::to_json(event));
    }
    EventId append(sql::Tx& tx, std::string_view type, std::string_view json);

  private:
    IdMaker& ids_;
    const Clock& clock_;
};

// The list of who listens to what, filled at start by the modules and then constant.
class Subscribers {
  public:
    // Runs inside `tx`, which also marks the job done: both or neither. An Error or exception is retried with
    // back-off and then parked where an operator sees it.
    using Handler = std::function<Result<void>(sql::Tx& tx, const Envelope& event)>;

    // `name`: module.verb_noun, unique for ever: jobs in the database carry it.
    template <class Event>
    void on(std::string_view name,
            std::function<Result<void>(sql::Tx&, const Event&, const Envelope&)> handler) {
        add(name, Event::kType,
            [handler = std::move(handler)](sql::Tx& tx, const Envelope& envelope) -> Result<void> {
                const Event event = TRY(Codec<Event>::from_json(envelope.json));
                return handler(tx, event, envelope);
            });
    }
    // Throws std::logic_error when the name is taken.
    void add(std::string_view name, std::string_view type, Handler handler);

    struct Entry {
        std::string name, type;
        Handler handler;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    std::vector<Entry> entries_;
};

}  // namespace braid::events
