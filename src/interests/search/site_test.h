// A place to search in, for the tests of this module: both engines, works written as authors write them,
// people with accounts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "identity/accounts/module.h"
#include "identity/blocks/api.h"
#include "interests/search/module.h"
#include "interests/works/events.h"
#include "interests/works/site_for_tests.h"

namespace braid::search {

std::span<const sql::Migration> migrations();

namespace testing {

using access::Rating;
using works::Visibility;
using works::testing::form;
using works::testing::kAbi;
using works::testing::kAdult;
using works::testing::kChild;
using works::testing::kOkafor;
using works::testing::kTeen;
using works::testing::kVisitor;

class SearchSite : public braid::testing::OnBothEngines {
  protected:
    SearchSite() {
        follow_works(subscribers_, runner_, queue_, indexer_);
        follow_people(subscribers_);
    }

    works::WorkForm titled(std::string title, Visibility visibility = Visibility::everyone,
                           Rating rating = Rating::everyone) {
        auto typed = form(std::move(title), visibility, rating);
        typed.summary = "Nothing more.";
        return typed;
    }
    std::pair<works::WorkId, works::ChapterId> write(works::WorkForm typed, std::string text,
                                                     const access::Actor& author = kOkafor) {
        const auto work = writing_.create_work(author, typed);
        EXPECT_TRUE(work.ok());
        const auto chapter = writing_.add_chapter(author, *work);
        EXPECT_TRUE(chapter.ok());
        publish(*work, *chapter, std::move(text), author);
        return {*work, *chapter};
    }
    void publish(works::WorkId work, works::ChapterId chapter, std::string text,
                 const access::Actor& author = kOkafor) {
        const auto version = database_->read(
            [&](sql::Reader& reader) { return works::store::chapter(reader, work, chapter)->version; });
        const auto done = writing_.publish_chapter(author, work, chapter,
                                                   works::ChapterDraft{"Opening", std::move(text), {}, {}},
                                                   version, "window");
        ASSERT_TRUE(done.ok()) << (done.ok() ? "" : done.error().detail);
    }
    void told() {
        while (runner_.run_pending() > 0) {
        }
        spelling_.refresh();
    }
    Results search(const access::Actor& actor, std::string text, Query more = {}) {
        more.text = std::move(text);
        return database_->read([&](sql::Reader& reader) { return finder_.search(reader, actor, more); });
    }
    std::vector<std::string> titles(const access::Actor& actor, std::string text, Query more = {}) {
        std::vector<std::string> titles;
        for (const auto& one : search(actor, std::move(text), std::move(more)).found)
            titles.push_back(one.work_title);
        return titles;
    }

    // How many of a kind.
    static int count(const Results& results, std::string_view kind) {
        for (const KindCount& one : results.of_kind)
            if (one.kind == kind) return one.count;
        return -1;
    }
    // Somebody with an account, born in June of that year.
    access::PersonId join(std::string handle, std::string name, int born, std::optional<bool> listed = {}) {
        const auto id = accounts().create_person(accounts::operator_actor(), {.handle = std::move(handle),
                                                                              .display_name = std::move(name),
                                                                              .birth_year = born,
                                                                              .birth_month = 6,
                                                                              .listed = listed});
        EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().detail);
        return id.ok() ? *id : access::PersonId{};
    }
    std::vector<std::string> people(const access::Actor& actor, std::string text) {
        std::vector<std::string> names;
        for (const Aside& aside : search(actor, std::move(text), {.kind = "person"}).aside)
            for (const Match& match : aside.found)
                if (aside.kind == "person") names.push_back(match.title);
        return names;
    }
    accounts::Accounts& accounts() { return accounts_.accounts(); }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), accounts::migrations(), blocks::migrations(),
                                            blobs::migrations(), works::migrations(), migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    braid::testing::NobodyGuards guard_;
    works::Writing writing_{*database_, clock_, ids_, outbox_, blobs_, guard_};
    works::StoredLibrary library_;
    SystemRandom random_;
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    Indexer indexer_{*database_, library_};
    PeopleSource people_source_;
    Spelling spelling_{*database_};
    Finder finder_{clock_, accounts_.people(), spelling_, {&people_source_}};
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
};

}  // namespace testing
}  // namespace braid::search
