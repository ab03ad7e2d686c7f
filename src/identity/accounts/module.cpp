#include "identity/accounts/module.h"

#include <boost/json.hpp>

#include "identity/accounts/api_v1.h"
#include "identity/accounts/pages.h"

namespace braid::accounts {

namespace {

using access::Column;
using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    return {
        Table{"persons",
              "your handle, the name you show, the month you were born in, what you wrote about yourself, "
              "your language, what moderators decided about your account, what your guardians keep from you",
              OnErasure::erase_row,
              {{"id", Personal::subject},
               {"handle", Personal::data},
               {"display_name", Personal::data},
               {"birth_year", Personal::data},
               {"birth_month", Personal::data},
               {"bio", Personal::data},
               {"bio_html", Personal::secret},
               {"bio_sanitiser", Personal::no},
               {"language", Personal::data},
               {"listed", Personal::data},
               {"role_bits", Personal::data},
               {"roles_until", Personal::data},
               {"created_at", Personal::data},
               {"suspended_until", Personal::data},
               {"suspension_path", Personal::no},
               {"quiet_until", Personal::data},
               {"face", Personal::data},
               {"posts_reviewed", Personal::data},
               {"guarded", Personal::data}}},
        Table{"handle_holds",
              "handles of people who wait for a guardian's consent, until they join or stop waiting",
              OnErasure::keep,
              {{"handle", Personal::data}, {"since", Personal::no}}}
            .because("nobody has an account yet whom it would name")
            .lasts(std::chrono::hours(24 * 14)),
        Table{"person_credentials",
              "a hash of your password and, if you gave one, your e-mail address",
              OnErasure::erase_row,
              {{"person", Personal::subject},
               {"password_hash", Personal::secret},
               {"email", Personal::data},
               {"changed_at", Personal::data}}},
        Table{"person_roles",
              "the roles you were given, where, by whom, when and until when",
              OnErasure::erase_row,
              {{"person", Personal::subject},
               {"role", Personal::data},
               {"scope_kind", Personal::data},
               {"scope", Personal::data},
               {"granted_by", Personal::other, "NULL"},
               {"granted_at", Personal::data},
               {"expires_at", Personal::data}}},
        Table{"email_changes",
              "an address you asked to use and have not confirmed, for two days",
              OnErasure::erase_row,
              {{"token_hash", Personal::no},
               {"person", Personal::subject},
               {"email", Personal::data},
               {"created_at", Personal::data},
               {"expires_at", Personal::no}}}
            .lasts(std::chrono::hours(48)),
        Table{"password_resets",
              "that you asked for a new password, for an hour",
              OnErasure::erase_row,
              {{"token_hash", Personal::no},
               {"person", Personal::subject},
               {"created_at", Personal::data},
               {"expires_at", Personal::no}}}
            .lasts(std::chrono::hours(1)),
    };
}

// The payload of a job made by request_reset: {"email": "…"}.
Result<void> send_reset(Service& service, const jobs::Job& job) {
    boost::system::error_code failed;
    const boost::json::value payload = boost::json::parse(job.payload, failed);
    const boost::json::object* object = failed ? nullptr : payload.if_object();
    const boost::json::value* email = object != nullptr ? object->if_contains("email") : nullptr;
    if (email == nullptr || !email->is_string()) {
        Error error;
        error.detail = "malformed job " + job.kind;
        return error;
    }
    return service.send_reset(std::string_view(email->as_string()));
}

}  // namespace

AccountsModule::AccountsModule(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                               events::Outbox& outbox, jobs::Queue& jobs, Settings settings)
    : database_(database), service_(database, clock, ids, random, outbox, jobs, std::move(settings)) {}

access::Module AccountsModule::describe() {
    access::Module module;
    module.name = "accounts";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, database_, service_); };
    module.api = [this](api::Api& api) { declare_api(api, database_, service_); };
    module.background = [this](events::Subscribers&, jobs::Runner& runner) {
        runner.handle("accounts.send_reset",
                      [this](const jobs::Job& job) { return send_reset(service_, job); });
        runner.every("accounts.end_roles", std::chrono::minutes(1), [this]() -> Result<void> {
            service_.end_roles();
            return {};
        });
        runner.every("accounts.sweep", std::chrono::hours(1), [this]() -> Result<void> {
            service_.sweep();
            return {};
        });
    };
    return module;
}

}  // namespace braid::accounts
