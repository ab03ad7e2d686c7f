#include "identity/sessions/module.h"

#include "identity/accounts/events.h"

#include "identity/sessions/api_v1.h"
#include "identity/sessions/model.h"
#include "identity/sessions/pages.h"
#include "identity/sessions/store.h"

namespace braid::sessions {

namespace {

using access::Column;
using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    return {
        Table{"sessions",
              "which browsers you are signed in with and when you were last here",
              OnErasure::erase_row,
              {{"token_hash", Personal::secret},
               {"id", Personal::no},
               {"person", Personal::subject},
               {"agent", Personal::data},
               {"created_at", Personal::data},
               {"last_seen_at", Personal::data},
               {"expires_at", Personal::no},
               {"assurance", Personal::data},
               {"proved_at", Personal::data}}}
            .lasts(kAbsoluteLife),
        Table{"sign_in_steps",
              "that you gave your password and have yet to take the second step, for ten minutes",
              OnErasure::erase_row,
              {{"token_hash", Personal::secret},
               {"person", Personal::subject},
               {"next_path", Personal::data},
               {"remember", Personal::no},
               {"expires_at", Personal::no}}}
            .lasts(kStepLife),
        Table{"api_tokens",
              "the tokens you made for programs, and when each was last used",
              OnErasure::erase_row,
              {{"token_hash", Personal::secret},
               {"id", Personal::no},
               {"person", Personal::subject},
               {"name", Personal::data},
               {"scopes", Personal::data},
               {"created_at", Personal::data},
               {"expires_at", Personal::data},
               {"last_used_at", Personal::data},
               {"assurance", Personal::no}}},
    };
}

}  // namespace

SessionsModule::SessionsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                               events::Outbox& outbox, accounts::Accounts& accounts,
                               const SecondStep& second_step, guardians::Waiting& waiting, Settings settings)
    : database_(database),
      accounts_(accounts),
      service_(database, clock, ids, random, outbox, accounts, second_step, waiting, std::move(settings)) {}

SessionsModule::~SessionsModule() {
    try {
        service_.flush_seen();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): a database that is gone; the times are
                                       // a hint
    }
}

http::Middleware SessionsModule::attach_actor(
    std::function<http::Response(const http::Request&, const Error&)> error_page) {
    return sessions::attach_actor(service_, std::move(error_page));
}

access::Module SessionsModule::describe() {
    access::Module module;
    module.name = "sessions";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, database_, service_, accounts_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers& subscribers, jobs::Runner& runner) {
        // The next request of a suspended person is refused anyway; this leaves nothing to come back to.
        subscribers.on<accounts::StandingChanged>(
            "sessions.end_suspended",
            [](sql::Tx& tx, const accounts::StandingChanged& event, const events::Envelope&) -> Result<void> {
                const auto person = PersonId::parse(event.person_id);
                if (!person || !event.suspended) return {};
                store::delete_all_sessions(tx, *person);
                store::delete_all_tokens(tx, *person);
                return {};
            });
        runner.every_here("sessions.note_seen", std::chrono::minutes(1), [this]() -> Result<void> {
            service_.flush_seen();
            return {};
        });
        runner.every("sessions.sweep", std::chrono::hours(1), [this]() -> Result<void> {
            service_.sweep();
            return {};
        });
    };
    return module;
}

}  // namespace braid::sessions
