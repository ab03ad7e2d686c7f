// The tables of privacy, and what an erasure cleans in the machinery. The only place with this module's SQL,
// but for what engine.cpp makes from declarations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "platform/sql/sql.h"
#include "stewardship/privacy/policy.h"

namespace braid::privacy {

using ExportId = Id<struct PrivacyExportTag>;

namespace store {

struct Export {
    ExportId id;
    PersonId person, asked_by;
    Timestamp asked_at, ready_at, expires_at;
    std::string file;
    std::int64_t size = 0;
    [[nodiscard]] bool ready() const { return ready_at.micros != 0; }
};
void insert(sql::Tx& tx, const access::Permit<TakeData>& permit, const Export& file);
std::optional<Export> find(sql::Session& session, ExportId id);
// Newest first, at most 20.
std::vector<Export> list(sql::Session& session, PersonId person, PersonId asked_by, Timestamp now);
// Whether one is being made.
bool one_waits(sql::Session& session, PersonId person, PersonId asked_by);
// False when somebody was quicker.
bool set_ready(sql::Tx& tx, ExportId id, Timestamp ready, Timestamp expires, std::string_view file,
               std::int64_t size);
std::vector<Export> expired(sql::Session& session, Timestamp now, int limit);
std::vector<Export> all_about(sql::Session& session, PersonId person);  // asked by whomever
void remove(sql::Tx& tx, ExportId id);

struct Erasure {
    PersonId person, asked_by;
    Timestamp asked_at, due_at, erased_at, finished_at;
};
// In place of what was asked before; what has been carried out stays.
void put(sql::Tx& tx, const access::Permit<EndAccount>& permit, const Erasure& erasure);
void put_by_operator(sql::Tx& tx, const Erasure& erasure);
std::optional<Erasure> erasure(sql::Session& session, PersonId person);
// False when there was none, or it has been carried out.
bool take_back(sql::Tx& tx, PersonId person);
// She came in after she had asked: only what she asked for herself.
void come_back(sql::Tx& tx, PersonId person, Timestamp at);
std::vector<Erasure> due(sql::Session& session, Timestamp now, int limit);
std::vector<Erasure> unfinished(sql::Session& session, PersonId after, int limit);
void set_erased(sql::Tx& tx, PersonId person, Timestamp at);
void set_finished(sql::Tx& tx, PersonId person, Timestamp at);

// Files kept at her cost: what they are kept for and where they lie.
struct File {
    std::string holder, digest, media_type;
};
std::vector<File> files_of(sql::Session& session, PersonId person);

// Mails that wait for this address, and whatever else waits with it.
void drop_mails(sql::Tx& tx, std::string_view address);
// Events and jobs of theirs that name her and that everybody has been told; whether none of them is left.
bool forget_events(sql::Tx& tx, PersonId person);

}  // namespace store
}  // namespace braid::privacy
