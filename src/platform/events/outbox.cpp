#include <stdexcept>

#include "platform/events/events.h"

namespace braid::events {

namespace {

const sql::Query kAppend{"events.append",
                         "INSERT INTO event_outbox (id, type, body, at) VALUES ($1, $2, $3, $4)"};

}  // namespace

EventId Outbox::append(sql::Tx& tx, std::string_view type, std::string_view json) {
    const auto id = ids_.make<EventId>();
    tx.run(kAppend, id, type, json, clock_.now());
    tx.notify("jobs", {}, sql::Reach::node);
    return id;
}

void Subscribers::add(std::string_view name, std::string_view type, Handler handler) {
    for (const Entry& entry : entries_) {
        if (entry.name == name) throw std::logic_error("two subscribers are named " + entry.name);
    }
    entries_.push_back({std::string(name), std::string(type), std::move(handler)});
}

}  // namespace braid::events
