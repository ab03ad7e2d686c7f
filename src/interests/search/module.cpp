#include "interests/search/module.h"

#include "interests/search/api_v1.h"
#include "interests/search/policy.h"
#include "interests/works/events.h"

namespace braid::search {

std::span<const sql::Migration> migrations();

namespace {

constexpr int kWorksAtOnce = 50;

template <class Event>
void follow(events::Subscribers& subscribers, std::string_view name, const Service& service) {
    subscribers.on<Event>(
        name, [&service](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
            if (const auto work = works::WorkId::parse(event.work)) service.index(tx, *work);
            return success();
        });
}

}  // namespace

void add_subscribers(events::Subscribers& subscribers, const Service& service) {
    follow<works::WorkPublished>(subscribers, "search.work_published", service);
    follow<works::WorkChanged>(subscribers, "search.work_changed", service);
    follow<works::WorkDeleted>(subscribers, "search.work_deleted", service);
    follow<works::ChapterPublished>(subscribers, "search.chapter_published", service);
    follow<works::ChapterRevised>(subscribers, "search.chapter_revised", service);
    follow<works::ChapterUnpublished>(subscribers, "search.chapter_unpublished", service);
    follow<works::ChapterDeleted>(subscribers, "search.chapter_deleted", service);
}

access::Module SearchModule::describe() {
    using access::OnErasure;
    using access::Personal;
    return {
        .name = "search",
        .migrations = migrations(),
        .tables =
            {
                {"search_documents",
                 "The words of published works and chapters, for finding them; made anew from the works and "
                 "gone with them",
                 OnErasure::keep,
                 {{"id", Personal::no},
                  {"kind", Personal::no},
                  {"work", Personal::no},
                  {"revision", Personal::no},
                  {"length", Personal::no},
                  {"title", Personal::no},
                  {"tags", Personal::no},
                  {"title_terms", Personal::no},
                  {"body_terms", Personal::no},
                  {"body", Personal::no}}},
                {"search_words",
                 "Words that stand in published texts, for misspelt questions; without whose they are",
                 OnErasure::keep,
                 {{"initial", Personal::no}, {"size", Personal::no}, {"word", Personal::no}}},
            },
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers& subscribers, jobs::Runner& runner) {
                add_subscribers(subscribers, service_);
                // What was published before there was an index, and what an event did not tell.
                runner.every("search.catch_up", std::chrono::minutes(1), [this]() -> Result<void> {
                    service_.catch_up(kWorksAtOnce);
                    return success();
                });
            },
        .api = [this](api::Api& api) { declare_api(api, database_, service_); },
    };
}

}  // namespace braid::search
