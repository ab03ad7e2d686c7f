#include "stewardship/privacy/store.h"

namespace braid::privacy::store {

namespace {

const sql::Query kInsert{
    "privacy.insert_export",
    "INSERT INTO privacy_exports (id, person, asked_by, asked_at, ready_at, expires_at, file, "
    "size) VALUES ($1, $2, $3, $4, 0, $5, '', 0)"};
const sql::Query kFind{"privacy.find_export",
                       "SELECT id, person, asked_by, asked_at, ready_at, expires_at, file, size FROM "
                       "privacy_exports WHERE id = $1"};
const sql::Query kList{
    "privacy.list_exports",
    "SELECT id, person, asked_by, asked_at, ready_at, expires_at, file, size FROM "
    "privacy_exports WHERE person = $1 AND asked_by = $2 AND expires_at > $3 ORDER BY id DESC "
    "LIMIT 20"};
const sql::Query kWaits{
    "privacy.export_waits",
    "SELECT COUNT(*) FROM privacy_exports WHERE person = $1 AND asked_by = $2 AND ready_at = 0"};
const sql::Query kReady{
    "privacy.export_ready",
    "UPDATE privacy_exports SET ready_at = $2, expires_at = $3, file = $4, size = $5 WHERE id = "
    "$1 AND ready_at = 0"};
const sql::Query kExpired{"privacy.expired_exports",
                          "SELECT id, person, asked_by, asked_at, ready_at, expires_at, file, size FROM "
                          "privacy_exports WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2"};
const sql::Query kAbout{"privacy.exports_about",
                        "SELECT id, person, asked_by, asked_at, ready_at, expires_at, file, size FROM "
                        "privacy_exports WHERE person = $1 OR asked_by = $1 ORDER BY id LIMIT 1000"};
const sql::Query kRemove{"privacy.remove_export", "DELETE FROM privacy_exports WHERE id = $1"};

const sql::Query kPut{"privacy.put_erasure",
                      "INSERT INTO privacy_erasures (person, asked_by, asked_at, due_at, erased_at, "
                      "finished_at) VALUES ($1, $2, $3, $4, "
                      "0, 0) ON CONFLICT (person) DO UPDATE SET asked_by = excluded.asked_by, asked_at = "
                      "excluded.asked_at, due_at = "
                      "excluded.due_at WHERE privacy_erasures.erased_at = 0"};
const sql::Query kErasure{
    "privacy.find_erasure",
    "SELECT person, asked_by, asked_at, due_at, erased_at, finished_at FROM privacy_erasures "
    "WHERE person = $1"};
const sql::Query kTakeBack{"privacy.take_back_erasure",
                           "DELETE FROM privacy_erasures WHERE person = $1 AND erased_at = 0"};
const sql::Query kComeBack{
    "privacy.come_back",
    "DELETE FROM privacy_erasures WHERE person = $1 AND asked_by = $1 AND erased_at = 0 AND "
    "asked_at < $2"};
const sql::Query kDue{
    "privacy.due_erasures",
    "SELECT person, asked_by, asked_at, due_at, erased_at, finished_at FROM privacy_erasures WHERE "
    "erased_at = 0 AND due_at <= $1 ORDER BY due_at, person LIMIT $2"};
const sql::Query kUnfinished{
    "privacy.unfinished_erasures",
    "SELECT person, asked_by, asked_at, due_at, erased_at, finished_at FROM "
    "privacy_erasures WHERE erased_at > 0 AND finished_at = 0 AND person > $1 ORDER BY person "
    "LIMIT $2"};
const sql::Query kErased{"privacy.set_erased",
                         "UPDATE privacy_erasures SET erased_at = $2 WHERE person = $1 AND erased_at = 0"};
const sql::Query kFinished{"privacy.set_finished",
                           "UPDATE privacy_erasures SET finished_at = $2 WHERE person = $1"};

const sql::Query kFiles{
    "privacy.files_of",
    "SELECT h.holder, h.digest, b.media_type FROM blob_holds h JOIN blobs b ON b.digest = h.digest "
    "WHERE h.owner = $1 AND h.holder NOT LIKE 'privacy.export:%' ORDER BY h.holder LIMIT 10000"};

const sql::Query kDropMails{"privacy.drop_mails", "DELETE FROM jobs WHERE payload LIKE $1 ESCAPE '!'"};
const sql::Query kForgetEvents{"privacy.forget_events",
                               "DELETE FROM event_outbox WHERE dispatched_at IS NOT NULL AND body LIKE $1 "
                               "AND NOT EXISTS (SELECT 1 FROM jobs "
                               "WHERE jobs.event_id = event_outbox.id)"};
const sql::Query kEventsLeft{"privacy.events_left", "SELECT COUNT(*) FROM event_outbox WHERE body LIKE $1"};

std::string literal(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '!' || c == '%' || c == '_') escaped.push_back('!');
        escaped.push_back(c);
    }
    return escaped;
}

// How JSON names her.
std::string naming(PersonId person) {
    return "%\"" + person.text() + "\"%";
}

}  // namespace

void insert(sql::Tx& tx, const access::Permit<TakeData>&, const Export& file) {
    tx.run(kInsert, file.id, file.person, file.asked_by, file.asked_at, file.expires_at);
}
std::optional<Export> find(sql::Session& session, ExportId id) {
    return session.maybe<Export>(kFind, id);
}
std::vector<Export> list(sql::Session& session, PersonId person, PersonId asked_by, Timestamp now) {
    return session.all<Export>(kList, person, asked_by, now);
}
bool one_waits(sql::Session& session, PersonId person, PersonId asked_by) {
    return session.one<std::int64_t>(kWaits, person, asked_by) > 0;
}
bool set_ready(sql::Tx& tx, ExportId id, Timestamp ready, Timestamp expires, std::string_view file,
               std::int64_t size) {
    return tx.run(kReady, id, ready, expires, file, size) == 1;
}
std::vector<Export> expired(sql::Session& session, Timestamp now, int limit) {
    return session.all<Export>(kExpired, now, limit);
}
std::vector<Export> all_about(sql::Session& session, PersonId person) {
    return session.all<Export>(kAbout, person);
}
void remove(sql::Tx& tx, ExportId id) {
    tx.run(kRemove, id);
}

void put(sql::Tx& tx, const access::Permit<EndAccount>&, const Erasure& erasure) {
    put_by_operator(tx, erasure);
}
void put_by_operator(sql::Tx& tx, const Erasure& erasure) {
    tx.run(kPut, erasure.person, erasure.asked_by, erasure.asked_at, erasure.due_at);
}
std::optional<Erasure> erasure(sql::Session& session, PersonId person) {
    return session.maybe<Erasure>(kErasure, person);
}
bool take_back(sql::Tx& tx, PersonId person) {
    return tx.run(kTakeBack, person) == 1;
}
void come_back(sql::Tx& tx, PersonId person, Timestamp at) {
    tx.run(kComeBack, person, at);
}
std::vector<Erasure> due(sql::Session& session, Timestamp now, int limit) {
    return session.all<Erasure>(kDue, now, limit);
}
std::vector<Erasure> unfinished(sql::Session& session, PersonId after, int limit) {
    return session.all<Erasure>(kUnfinished, after, limit);
}
void set_erased(sql::Tx& tx, PersonId person, Timestamp at) {
    tx.run(kErased, person, at);
}
void set_finished(sql::Tx& tx, PersonId person, Timestamp at) {
    tx.run(kFinished, person, at);
}

std::vector<File> files_of(sql::Session& session, PersonId person) {
    return session.all<File>(kFiles, person);
}

void drop_mails(sql::Tx& tx, std::string_view address) {
    tx.run(kDropMails, "%\"" + literal(address) + "\"%");
}
bool forget_events(sql::Tx& tx, PersonId person) {
    tx.run(kForgetEvents, naming(person));
    return tx.one<std::int64_t>(kEventsLeft, naming(person)) == 0;
}

}  // namespace braid::privacy::store
