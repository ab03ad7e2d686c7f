#include "platform/jobs/store.h"

#include <algorithm>

namespace braid::jobs::store {

namespace {

using sql::Query;

const Query kAnyEvent{"jobs.any_event_waits",
                      "SELECT EXISTS (SELECT 1 FROM event_outbox WHERE dispatched_at IS NULL)"};
const Query kTakeEvents{"jobs.take_events",
                        "SELECT id, type FROM event_outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT $1",
                        "SELECT id, type FROM event_outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT $1"
                        " FOR UPDATE SKIP LOCKED"};
const Query kMarkDispatched{"jobs.mark_dispatched",
                            "UPDATE event_outbox SET dispatched_at = $2 WHERE id = $1"};
const Query kFindEvent{"jobs.find_event", "SELECT id, type, body, at FROM event_outbox WHERE id = $1"};
const Query kPurgeEvents{
    "jobs.purge_events",
    "DELETE FROM event_outbox WHERE id IN (SELECT id FROM event_outbox o WHERE o.dispatched_at < $1"
    " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.event_id = o.id)"
    " ORDER BY o.dispatched_at, o.id LIMIT $2)"};

const Query kInsert{
    "jobs.insert",
    "INSERT INTO jobs (id, kind, payload, event_id, due_at, attempts) VALUES ($1, $2, $3, $4, $5, 0)"
    // Of this rule alone: a clash of ids must be heard.
    " ON CONFLICT (event_id, kind) WHERE event_id IS NOT NULL DO NOTHING"};
const Query kAnyDue{"jobs.any_job_due",
                    "SELECT EXISTS (SELECT 1 FROM jobs WHERE parked_at IS NULL AND due_at <= $1)"};
const Query kLease{
    "jobs.lease",
    "UPDATE jobs SET due_at = $2, lease = $3, attempts = attempts + 1 WHERE id IN"
    " (SELECT id FROM jobs WHERE parked_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $4)"
    " RETURNING id, kind, payload, event_id, attempts",
    "UPDATE jobs SET due_at = $2, lease = $3, attempts = attempts + 1 WHERE id IN"
    " (SELECT id FROM jobs WHERE parked_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $4"
    " FOR UPDATE SKIP LOCKED)"
    " RETURNING id, kind, payload, event_id, attempts"};
const Query kExtend{"jobs.extend", "UPDATE jobs SET due_at = $3 WHERE id = $1 AND lease = $2"};
const Query kFinish{"jobs.finish", "DELETE FROM jobs WHERE id = $1 AND lease = $2"};
const Query kGiveBack{
    "jobs.give_back",
    "UPDATE jobs SET due_at = $3, lease = NULL, attempts = attempts - 1 WHERE id = $1 AND lease = $2"};
const Query kRetryLater{
    "jobs.retry_later",
    "UPDATE jobs SET due_at = $3, lease = NULL, last_error = $4 WHERE id = $1 AND lease = $2"};
const Query kPark{
    "jobs.park",
    "UPDATE jobs SET parked_at = $3, lease = NULL, last_error = $4 WHERE id = $1 AND lease = $2"};

const Query kTimerDueAt{"jobs.timer_due_at", "SELECT due_at FROM timers WHERE name = $1"};
const Query kAddTimer{"jobs.add_timer",
                      "INSERT INTO timers (name, due_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"};
const Query kLeaseTimer{"jobs.lease_timer",
                        "UPDATE timers SET due_at = $3, lease = $4 WHERE name = $1 AND due_at <= $2"};
const Query kExtendTimer{"jobs.extend_timer", "UPDATE timers SET due_at = $3 WHERE name = $1 AND lease = $2"};
const Query kFinishTimer{
    "jobs.finish_timer",
    "UPDATE timers SET due_at = $3, lease = NULL, last_error = $4 WHERE name = $1 AND lease = $2"};

const Query kParked{"jobs.list_parked",
                    "SELECT id, kind, payload, COALESCE(last_error, ''), attempts, parked_at FROM jobs"
                    " WHERE parked_at IS NOT NULL ORDER BY parked_at, id LIMIT $1"};
const Query kUnpark{
    "jobs.unpark",
    "UPDATE jobs SET parked_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND parked_at IS NOT NULL"};
const Query kDrop{"jobs.drop", "DELETE FROM jobs WHERE id = $1 AND parked_at IS NOT NULL"};
// Events not yet dispatched are jobs to come.
const Query kLag{"jobs.lag",
                 "SELECT (SELECT COUNT(*) FROM jobs WHERE parked_at IS NULL AND due_at <= $1)"
                 " + (SELECT COUNT(*) FROM event_outbox WHERE dispatched_at IS NULL),"
                 " (SELECT COUNT(*) FROM jobs WHERE parked_at IS NOT NULL),"
                 " (SELECT MIN(due_at) FROM jobs WHERE parked_at IS NULL AND due_at <= $1),"
                 " (SELECT MIN(at) FROM event_outbox WHERE dispatched_at IS NULL)"};

struct LagRow {
    std::int64_t waiting, parked;
    std::optional<Timestamp> oldest_job, oldest_event;
};

struct EnvelopeRow {
    events::EventId id;
    std::string type, body;
    Timestamp at;
};

}  // namespace

bool any_event_waits(sql::Session& session) {
    return session.one<bool>(kAnyEvent);
}
std::vector<Waiting> take_events(sql::Tx& tx, int limit) {
    return tx.all<Waiting>(kTakeEvents, limit);
}
void mark_dispatched(sql::Tx& tx, events::EventId event, Timestamp now) {
    tx.run(kMarkDispatched, event, now);
}
std::optional<events::Envelope> find_event(sql::Session& session, events::EventId event) {
    auto row = session.maybe<EnvelopeRow>(kFindEvent, event);
    if (!row) return std::nullopt;
    return events::Envelope{row->id, std::move(row->type), std::move(row->body), row->at};
}
std::int64_t purge_events(sql::Tx& tx, Timestamp dispatched_before, int limit) {
    return tx.run(kPurgeEvents, dispatched_before, limit);
}

void insert(sql::Tx& tx, JobId id, std::string_view kind, std::string_view payload,
            std::optional<events::EventId> event, Timestamp due) {
    tx.run(kInsert, id, kind, payload, event, due);
}
bool any_job_due(sql::Session& session, Timestamp now) {
    return session.one<bool>(kAnyDue, now);
}
std::vector<Leased> lease(sql::Tx& tx, Timestamp now, Timestamp until, std::int64_t lease, int limit) {
    auto jobs = tx.all<Leased>(kLease, now, until, lease, limit);
    std::sort(jobs.begin(), jobs.end(), [](const Leased& a, const Leased& b) { return a.id < b.id; });
    return jobs;
}
bool extend(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp until) {
    return tx.run(kExtend, id, lease, until) == 1;
}
bool finish(sql::Tx& tx, JobId id, std::int64_t lease) {
    return tx.run(kFinish, id, lease) == 1;
}
bool give_back(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp now) {
    return tx.run(kGiveBack, id, lease, now) == 1;
}
bool retry_later(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp due, std::string_view error) {
    return tx.run(kRetryLater, id, lease, due, error) == 1;
}
bool park(sql::Tx& tx, JobId id, std::int64_t lease, Timestamp now, std::string_view error) {
    return tx.run(kPark, id, lease, now, error) == 1;
}

bool timer_due(sql::Session& session, std::string_view name, Timestamp now) {
    const auto due = session.maybe<Timestamp>(kTimerDueAt, name);
    return !due || *due <= now;
}
bool lease_timer(sql::Tx& tx, std::string_view name, Timestamp now, Timestamp until, std::int64_t lease) {
    tx.run(kAddTimer, name, now);
    return tx.run(kLeaseTimer, name, now, until, lease) == 1;
}
bool extend_timer(sql::Tx& tx, std::string_view name, std::int64_t lease, Timestamp until) {
    return tx.run(kExtendTimer, name, lease, until) == 1;
}
void finish_timer(sql::Tx& tx, std::string_view name, std::int64_t lease, Timestamp due,
                  std::optional<std::string_view> error) {
    tx.run(kFinishTimer, name, lease, due, error);
}

std::vector<ParkedJob> parked(sql::Session& session, int limit) {
    return session.all<ParkedJob>(kParked, limit);
}
bool unpark(sql::Tx& tx, JobId id, Timestamp now) {
    return tx.run(kUnpark, id, now) == 1;
}
bool drop(sql::Tx& tx, JobId id) {
    return tx.run(kDrop, id) == 1;
}
Runner::Lag lag(sql::Session& session, Timestamp now) {
    const auto row = session.one<LagRow>(kLag, now);
    const Timestamp oldest = std::min(row.oldest_job.value_or(now), row.oldest_event.value_or(now));
    return {row.waiting, row.parked, std::max(now - oldest, Duration{0})};
}

}  // namespace braid::jobs::store
