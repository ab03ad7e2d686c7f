#include "identity/circles/module.h"

#include "identity/accounts/events.h"
#include "identity/guardians/events.h"

namespace braid::circles {

namespace {

using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    return {
        Table{"circles",
              "where people talk out of others' sight: about what, since when, until when",
              OnErasure::keep,
              {{"id", Personal::no},
               {"kind", Personal::no},
               {"subject", Personal::no},
               {"scope_kind", Personal::no},
               {"scope", Personal::no},
               {"began_at", Personal::no},
               {"closed_at", Personal::no}}},
        Table{"circle_members",
              "in which conversations and other circles you are, were, or are asked to be",
              OnErasure::erase_row,
              {{"circle", Personal::data},
               {"person", Personal::subject},
               {"place", Personal::data},
               {"invited_by", Personal::other, "0"},
               {"since", Personal::data}}}
            .talk_of("circle"),
    };
}

// Whoever is meant by an event: her circles are looked after at once. Speaking asks anyway.
Result<void> settle_with(Service& service, sql::Tx& tx, std::string_view person) {
    if (const auto id = access::PersonId::parse(person)) service.settle_with(tx, *id);
    return {};
}

}  // namespace

access::Module CirclesModule::describe() {
    access::Module module;
    module.name = "circles";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.background = [this](events::Subscribers& subscribers, jobs::Runner& runner) {
        subscribers.on<accounts::ScopedRoleChanged>(
            "circles.follow_roles",
            [this](sql::Tx& tx, const accounts::ScopedRoleChanged& event, const events::Envelope&) {
                return settle_with(service_, tx, event.person_id);
            });
        subscribers.on<guardians::GuardianDecided>(
            "circles.follow_guardians",
            [this](sql::Tx& tx, const guardians::GuardianDecided& event, const events::Envelope&) {
                return settle_with(service_, tx, event.child_id);
            });
        subscribers.on<guardians::CameOfAge>(
            "circles.follow_age",
            [this](sql::Tx& tx, const guardians::CameOfAge& event, const events::Envelope&) {
                return settle_with(service_, tx, event.child_id);
            });
        runner.every("circles.tend", std::chrono::hours(1), [this]() -> Result<void> {
            service_.sweep();
            return {};
        });
    };
    module.forget = [this](sql::Tx& tx, access::PersonId person) -> Result<void> {
        service_.forget(tx, person);
        return {};
    };
    return module;
}

std::vector<guardians::Contact> contacts_of(sql::Session& session, access::PersonId person) {
    std::vector<guardians::Contact> contacts;
    for (const store::Met& met : store::met(session, person))
        contacts.push_back({met.person, met.times});
    return contacts;
}

}  // namespace braid::circles
