#include "identity/guardians/module.h"

#include <boost/json.hpp>

#include "identity/guardians/api_v1.h"
#include "identity/guardians/pages.h"

namespace braid::guardians {

namespace {

using access::OnErasure;
using access::Personal;
using access::Table;

std::vector<Table> tables() {
    constexpr auto no = Personal::no, data = Personal::data;
    return {
        Table{
            "consent_requests",
            "of a child who has asked a guardian: the handle she chose, a hash of her password, her age band "
            "and the guardian's address; deleted when nobody answers",
            OnErasure::keep,
            {{"id", no},
             {"handle", data},
             {"password_hash", Personal::secret},
             {"band", data},
             {"language", data},
             {"guardian_email", data},
             {"created_at", data},
             {"expires_at", no},
             {"mails", no},
             {"mailed_at", no},
             {"reminders", no},
             {"said_at", data},
             {"confirm_at", no},
             {"birth_year", data},
             {"birth_month", data},
             {"choices", data}}}
            .because("nobody has an account yet whom it would name; it goes when it is answered or withdrawn")
            .lasts(std::chrono::hours(24 * 14)),
        Table{
            "consents",
            "who consented for you or whom you accepted as your guardian, how and when, and what they allow",
            OnErasure::erase_row,
            {{"id", no},
             {"child", Personal::subject},
             {"guardian", Personal::other},
             {"guardian_email", data},
             {"method", data},
             {"purpose", data},
             {"on_behalf", data},
             {"recorded_by", Personal::other, "NULL"},
             {"form", data},
             {"choices", data},
             {"given_at", data},
             {"withdrawn_at", data},
             {"ended_at", data},
             {"ended_why", data},
             {"next_stage_at", no}}},
        Table{"guardian_invitations",
              "addresses that were invited to be your guardian, for two weeks",
              OnErasure::erase_row,
              {{"id", no},
               {"child", Personal::subject},
               {"email", data},
               {"invited_by", Personal::other, "0"},
               {"created_at", data},
               {"expires_at", no}}}
            .lasts(std::chrono::hours(24 * 14)),
        Table{"guardian_log",
              "what your guardians decided, and when",
              OnErasure::erase_row,
              {{"id", no},
               {"child", Personal::subject},
               {"actor", Personal::other, "NULL"},
               {"what", data},
               {"choices", data},
               {"at", data}}},
    };
}

// The payload of a job made by consent: {"request": "…"}.
Result<void> send_confirmation(Service& service, const jobs::Job& job) {
    boost::system::error_code failed;
    const boost::json::value payload = boost::json::parse(job.payload, failed);
    const boost::json::object* object = failed ? nullptr : payload.if_object();
    const boost::json::value* request = object != nullptr ? object->if_contains("request") : nullptr;
    const auto id = request != nullptr && request->is_string()
                        ? ConsentId::parse(std::string_view(request->as_string()))
                        : std::nullopt;
    if (!id) {
        Error error;
        error.detail = "malformed job " + job.kind;
        return error;
    }
    return service.send_confirmation(*id);
}

}  // namespace

GuardiansModule::GuardiansModule(sql::Database& database, const Clock& clock, IdMaker& ids,
                                 events::Outbox& outbox, jobs::Queue& jobs, blobs::Store& blobs,
                                 accounts::Accounts& accounts, Settings settings)
    : blobs_(blobs),
      accounts_(accounts),
      service_(database, clock, ids, outbox, jobs, blobs, accounts, std::move(settings)) {}

access::Module GuardiansModule::describe() {
    access::Module module;
    module.name = "guardians";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, accounts_, blobs_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers&, jobs::Runner& runner) {
        runner.handle("guardians.send_confirmation",
                      [this](const jobs::Job& job) { return send_confirmation(service_, job); });
        runner.every("guardians.tend", std::chrono::hours(1), [this]() -> Result<void> {
            service_.expire();
            service_.remind();
            for (int round = 0; round < 50 && service_.foretell() > 0; ++round) {
            }
            for (int round = 0; round < 50 && service_.grow() > 0; ++round) {
            }
            return {};
        });
    };
    return module;
}

}  // namespace braid::guardians
