// The tables of documents. What is published takes a permit; an acceptance is one's own, or follows from
// joining.
#pragma once

#include "identity/documents/service.h"

namespace braid::documents::store {

std::optional<Version> newest(sql::Session& session, Kind kind);
std::optional<Version> version(sql::Session& session, Kind kind, int number);
std::vector<VersionLine> history(sql::Session& session, Kind kind, int limit);
// False when there is a version of that number.
bool insert(sql::Tx& tx, const access::Permit<PublishDocument>& permit, Kind kind, int number,
            const Version& one, Timestamp at, PersonId by);
void accept(sql::Tx& tx, PersonId person, Kind kind, int number, Timestamp at);
std::vector<Kind> pending(sql::Session& session, PersonId person);
bool anything_important(sql::Session& session);

}  // namespace braid::documents::store
