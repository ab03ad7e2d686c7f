#include "stewardship/privacy/module.h"

#include "identity/sessions/events.h"
#include "stewardship/privacy/api_v1.h"
#include "stewardship/privacy/pages.h"

namespace braid::privacy {

std::span<const sql::Migration> migrations();

namespace {

using access::OnErasure;
using access::Personal;
constexpr auto no = Personal::no, data = Personal::data, subject = Personal::subject;

std::vector<access::Table> tables() {
    return {
        access::Table{"privacy_exports",
                      "files with your data that you asked for",
                      OnErasure::erase_row,
                      {{"id", no},
                       {"person", subject},
                       {"asked_by", subject},
                       {"asked_at", data},
                       {"ready_at", data},
                       {"expires_at", data},
                       {"file", Personal::secret},
                       {"size", data}}}
            .lasts(kExportLife),
        access::Table{"privacy_erasures",
                      "that an account is to be erased, or was",
                      OnErasure::keep,
                      {{"person", subject},
                       {"asked_by", Personal::other},
                       {"asked_at", data},
                       {"due_at", data},
                       {"erased_at", data},
                       {"finished_at", no}}}
            .because("it shows that an erasure was carried out; the number leads to nobody"),
    };
}

}  // namespace

access::Module PrivacyModule::describe() {
    access::Module module;
    module.name = "privacy";
    module.migrations = migrations();
    module.tables = tables();
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, doors_); };
    module.api = [this](api::Api& api) { declare_api(api, service_, doors_); };
    module.background = [this](events::Subscribers& subscribers, jobs::Runner& runner) {
        subscribers.on<sessions::SignedIn>("privacy.came_back",
                                           [this](sql::Tx& tx, const sessions::SignedIn& event,
                                                  const events::Envelope& envelope) -> Result<void> {
                                               if (const auto person = PersonId::parse(event.person_id))
                                                   service_.came_back(tx, *person, envelope.at);
                                               return success();
                                           });
        runner.handle("privacy.export", [this](const jobs::Job& job) -> Result<void> {
            const auto id = ExportId::parse(job.payload);
            return id ? service_.make_export(*id) : success();
        });
        runner.every("privacy.tend", std::chrono::minutes(10), [this]() -> Result<void> {
            service_.tend();
            return success();
        });
        runner.every("privacy.retire", std::chrono::hours(24), [this]() -> Result<void> {
            service_.retire();
            return success();
        });
    };
    return module;
}

}  // namespace braid::privacy
