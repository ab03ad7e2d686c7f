#include "interests/reading/module.h"

#include "interests/reading/api_v1.h"
#include "interests/reading/policy.h"
#include "interests/reading/subscribers.h"

namespace braid::reading {

std::span<const sql::Migration> migrations();

access::Module ReadingModule::describe() {
    using access::OnErasure;
    using access::Personal;
    return {
        .name = "reading",
        .migrations = migrations(),
        .tables =
            {
                {"reading_chapters",
                 "How far a person has read in a chapter",
                 OnErasure::erase_row,
                 {{"person", Personal::subject},
                  {"work", Personal::data},
                  {"chapter", Personal::data},
                  {"percent", Personal::data},
                  {"paragraph", Personal::data},
                  {"read_at", Personal::data}}},
                {"reading_places",
                 "Where a person is in a work",
                 OnErasure::erase_row,
                 {{"person", Personal::subject},
                  {"work", Personal::data},
                  {"chapter", Personal::data},
                  {"number", Personal::data},
                  {"percent", Personal::data},
                  {"finished", Personal::data},
                  {"finished_at", Personal::data},
                  {"read_at", Personal::data}}},
            },
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background = [](events::Subscribers& subscribers, jobs::Runner&) { add_subscribers(subscribers); },
        .api = [this](api::Api& api) { declare_api(api, database_, service_); },
    };
}

}  // namespace braid::reading
