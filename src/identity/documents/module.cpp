#include "identity/documents/module.h"

#include "identity/accounts/events.h"
#include "identity/documents/api_v1.h"
#include "identity/documents/pages.h"

namespace braid::documents {

using access::OnErasure;
using access::Personal;

access::Module DocumentsModule::describe() {
    constexpr auto no = Personal::no, data = Personal::data;
    access::Module module;
    module.name = "documents";
    module.migrations = migrations();
    module.tables = {
        {"site_documents",
         "the site's privacy page, guidelines and terms, in every version",
         OnErasure::keep,
         {{"kind", no},
          {"version", no},
          {"text_en", no},
          {"text_es", no},
          {"short_en", no},
          {"short_es", no},
          {"changed_en", no},
          {"changed_es", no},
          {"important", no},
          {"published_at", no},
          {"published_by", Personal::other, "0"}}},
        {"document_acceptances",
         "which version of the privacy page, guidelines and terms you agreed to, and when",
         OnErasure::erase_row,
         {{"person", Personal::subject}, {"kind", data}, {"version", data}, {"at", data}}},
    };
    module.policies = add_policies;
    module.routes = [this](http::Router& router) { add_pages(router, service_, database_, people_); };
    module.api = [this](api::Api& api) { declare_api(api, service_); };
    module.background = [this](events::Subscribers& subscribers, jobs::Runner&) {
        // The sign-up page names what she agrees to. Who is made an account by others has agreed to nothing.
        subscribers.on<accounts::PersonJoined>("documents.accept_by_joining",
                                               [this](sql::Tx& tx, const accounts::PersonJoined& event,
                                                      const events::Envelope&) -> Result<void> {
                                                   const auto person = PersonId::parse(event.person_id);
                                                   if (person && event.by_herself)
                                                       service_.accepted_by_joining(tx, *person);
                                                   return {};
                                               });
    };
    return module;
}

}  // namespace braid::documents
