#include "interests/search/module.h"

#include "identity/accounts/events.h"
#include "interests/search/api_v1.h"
#include "interests/search/policy.h"
#include "interests/works/events.h"

namespace braid::search {

std::span<const sql::Migration> migrations();

namespace {

constexpr int kWorksAtOnce = 500, kNamesAtOnce = 500, kMostRounds = 1000;

constexpr std::string_view kJob = "search.index";

template <class Event>
void follow(events::Subscribers& subscribers, std::string_view name, jobs::Queue& queue) {
    subscribers.on<Event>(name,
                          [&queue](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
                              queue.enqueue(tx, kJob, event.work);
                              return success();
                          });
}

template <class Event>
void follow_name(events::Subscribers& subscribers, std::string_view name) {
    subscribers.on<Event>(name, [](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
        if (const auto person = access::PersonId::parse(event.person_id)) index_name(tx, *person);
        return success();
    });
}

std::vector<access::Table> tables() {
    using access::OnErasure;
    using access::Personal;
    return {
        {"search_documents",
         "What published works and chapters are found by and ranked; made anew from the works and gone with "
         "them",
         OnErasure::keep,
         {{"id", Personal::no},
          {"kind", Personal::no},
          {"work", Personal::no},
          {"revision", Personal::no},
          {"language", Personal::no},
          {"length", Personal::no},
          {"weights", Personal::no},
          {"title", Personal::no},
          {"tags", Personal::no},
          {"summary", Personal::no},
          {"facets", Personal::no}}},
        {"search_texts",
         "The words of published works and chapters, for finding them; made anew from the works and gone "
         "with them",
         OnErasure::keep,
         {{"id", Personal::no},
          {"sketch", Personal::no},
          {"title_terms", Personal::no},
          {"marks", Personal::no},
          {"body_terms", Personal::no}}},
        {"search_pieces",
         "The texts of published chapters, in pieces, for the words around what was found; made anew from "
         "the works and gone with them",
         OnErasure::keep,
         {{"document", Personal::no}, {"piece", Personal::no}, {"body", Personal::no}}},
        {"search_names",
         "The words of the names of people who may be found",
         OnErasure::erase_row,
         {{"head", Personal::data},
          {"term", Personal::data},
          {"person", Personal::subject},
          {"name", Personal::data}}},
        {"search_words",
         "Words that stand in published texts, for misspelt questions; without whose they are",
         OnErasure::keep,
         {{"initial", Personal::no}, {"size", Personal::no}, {"word", Personal::no}}},
    };
}

}  // namespace

void follow_people(events::Subscribers& subscribers) {
    follow_name<accounts::PersonJoined>(subscribers, "search.person_joined");
    follow_name<accounts::ProfileChanged>(subscribers, "search.profile_changed");
    follow_name<accounts::StandingChanged>(subscribers, "search.standing_changed");
}

void follow_works(events::Subscribers& subscribers, jobs::Runner& runner, jobs::Queue& queue,
                  Indexer& indexer) {
    follow<works::WorkPublished>(subscribers, "search.work_published", queue);
    follow<works::WorkChanged>(subscribers, "search.work_changed", queue);
    follow<works::WorkDeleted>(subscribers, "search.work_deleted", queue);
    follow<works::ChapterPublished>(subscribers, "search.chapter_published", queue);
    follow<works::ChapterRevised>(subscribers, "search.chapter_revised", queue);
    follow<works::ChapterUnpublished>(subscribers, "search.chapter_unpublished", queue);
    follow<works::ChapterDeleted>(subscribers, "search.chapter_deleted", queue);
    runner.handle(kJob, [&indexer](const jobs::Job& job) -> Result<void> {
        const auto work = works::WorkId::parse(job.payload);
        return work ? indexer.index(*work) : success();
    });
}

access::Module SearchModule::describe() {
    return {
        .name = "search",
        .migrations = migrations(),
        .tables = tables(),
        .policies = [](access::PolicyBook& book) { add_policies(book); },
        .routes = [this](http::Router& router) { pages_.add_routes(router); },
        .background =
            [this](events::Subscribers& subscribers, jobs::Runner& runner) {
                follow_works(subscribers, runner, queue_, indexer_);
                follow_people(subscribers);
                runner.every("search.catch_up_names", std::chrono::minutes(10), [this]() -> Result<void> {
                    int rounds = kMostRounds;
                    while (catch_up_names(database_, kNamesAtOnce) == kNamesAtOnce && --rounds > 0) {
                    }
                    return success();
                });
                // What a misspelt word may have meant is held by every node.
                runner.every_here("search.spelling", std::chrono::seconds(1), [this]() -> Result<void> {
                    spelling_.refresh_when_due();
                    return success();
                });
                // What was published before there was an index, and what an event did not tell.
                runner.every("search.catch_up", std::chrono::minutes(1), [this]() -> Result<void> {
                    for (int rounds = 0; rounds < kMostRounds; ++rounds)
                        if (indexer_.catch_up(kWorksAtOnce) < kWorksAtOnce) break;
                    indexer_.join_parts(sql::FulltextParts::alike);
                    return success();
                });
            },
        .api = [this](api::Api& api) { declare_api(api, database_, finder_); },
    };
}

}  // namespace braid::search
