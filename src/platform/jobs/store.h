// The tables of queue, outbox and timers. For this folder alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/jobs/jobs.h"

namespace braid::jobs::store {

// A job taken by this node. The lease is a number that only its holder knows: what another node has taken
// over since cannot be finished by the first.
struct Leased {
    JobId id;
    std::string kind, payload;
    std::optional<events::EventId> event;
    int attempts;
};

struct Waiting {
    events::EventId id;
    std::string type;
};

// Outbox.
bool any_event_waits(sql::Session& session);
std::vector<Waiting> take_events(sql::Tx& tx, int limit);
void mark_dispatched(sql::Tx& tx, events::EventId event, Timestamp now);
std::optional<events::Envelope> find_event(sql::Session& session, events::EventId event);
std::int64_t purge_events(sql::Tx& tx, Timestamp dispatched_before, int limit);

// Queue.
void insert(sql::Tx& tx, JobId id, std::string_view kind, std::string_view payload,
            std::optional<events::EventId> event, Timestamp due);
bool any_job_due(sql::Session& session, Timestamp now);
std::vector<Leased> lease(sql::Tx& tx, Timestamp now, Timestamp until, std::int64_t lease, int limit);
// These say whether the lease still held.
bool extend(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp until);
bool finish(sql::Tx& tx, JobId id, std::int64_t lease);
bool give_back(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp now);
bool retry_later(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp due, std::string_view error);
bool park(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp now, std::string_view error);

// Timers.
bool timer_due(sql::Session& session, std::string_view name, Timestamp now);  // also when it is not there yet
bool lease_timer(sql::Tx& tx, std::string_view name, Timestamp now, Timestamp until, std::int64_t lease);
bool extend_timer(sql::Tx& tx, std::string_view name, std::int64_t lease, Timestamp until);
void finish_timer(sql::Tx& tx, std::string_view name, std::int64_t lease, Timestamp due,
                  std::optional<std::string_view> error);

// An operator's.
std::vector<ParkedJob> parked(sql::Session& session, int limit);
bool unpark(sql::Tx& tx, JobId id, Timestamp now);
bool drop(sql::Tx& tx, JobId id);
Runner::Lag lag(sql::Session& session, Timestamp now);

}  // namespace braid::jobs::store
