// The tables of rosters. Writes take a permit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/guardians/api.h"
#include "identity/roster/model.h"

namespace braid::roster::store {

using Right = access::Permit<accounts::CreatePerson>;

struct Person {
    std::string sourced_id;
    std::optional<PersonId> person;  // 0: erased
    std::optional<guardians::ConsentId> request;
    std::string given_name;
    std::int64_t line = 0;
    Timestamp left_at;
};
std::optional<Person> person(sql::Session& session, std::string_view source, std::string_view sourced_id);
// By sourced id, those above `after` that have not left.
std::vector<Person> people(sql::Session& session, std::string_view source, std::string_view after, int limit);
void put_person(sql::Tx& tx, const Right& right, std::string_view source, const Person& person);

struct Organisation {
    std::string sourced_id;
    std::int64_t id = 0;
    std::string name, kind, parent;
    Timestamp left_at;
    friend bool operator==(const Organisation&, const Organisation&) = default;
};
std::optional<Organisation> organisation(sql::Session& session, std::string_view source,
                                         std::string_view sourced_id);
std::vector<Organisation> organisations(sql::Session& session, std::string_view source,
                                        std::string_view after, int limit);
void put_organisation(sql::Tx& tx, const Right& right, std::string_view source, const Organisation& one);

struct Class {
    std::string sourced_id;
    std::int64_t id = 0, organisation = 0;
    std::string title, code, kind;
    Timestamp left_at;
    friend bool operator==(const Class&, const Class&) = default;
};
std::optional<Class> class_of(sql::Session& session, std::string_view source, std::string_view sourced_id);
std::vector<Class> classes(sql::Session& session, std::string_view source, std::string_view after, int limit);
void put_class(sql::Tx& tx, const Right& right, std::string_view source, const Class& one);

struct Given {
    std::string file, sourced_id;
    PersonId person;
    Role role = Role::learner;
    std::string scope;
    Timestamp ends_at;  // 0: no end is known
};
// Of one row of a file.
std::vector<Given> given(sql::Session& session, std::string_view source, std::string_view file,
                         std::string_view sourced_id);
// Of one person, whichever rows they come from.
std::vector<Given> given_to(sql::Session& session, std::string_view source, PersonId person);
// Of one file, by sourced id, those above `after`.
std::vector<std::string> rows_of(sql::Session& session, std::string_view source, std::string_view file,
                                 std::string_view after, int limit);
// How many rows of any roster give it.
int givers(sql::Session& session, PersonId person, Role role, std::string_view scope);
void put_given(sql::Tx& tx, const Right& right, std::string_view source, const Given& given);
void delete_given(sql::Tx& tx, const Right& right, std::string_view source, const Given& given);

}  // namespace braid::roster::store
