// Two people who want nothing of each other, and a third who is friends with both: every page and endpoint is
// asked for as each of them, and must say nothing of whom she does not see, nor count her.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "addresses.h"
#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/blocks/service.h"
#include "identity/guardians/service.h"
#include "interests/feedback/service.h"
#include "interests/reading/service.h"
#include "interests/search/indexer.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"
#include "interests/works/module.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using access::Actor;
using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::Not;

// The three. Each has words that nobody else uses: whoever must not see her must never be sent them.
const std::vector<std::string> kEverybody{"abizq", "noorzq", "cleozq"};
std::string title_of(const std::string& handle) {
    return "Qtitle" + handle;
}
std::vector<std::string> marks_of(const std::string& handle) {
    return {handle, "qtitle" + handle, "qtag" + handle, "qsaid" + handle, "qbio" + handle};
}

const sql::Query kRows{"blocks_scenario.rows",
                       "SELECT (SELECT COUNT(*) FROM blocks) * 100 + (SELECT COUNT(*) FROM apart)"};

// Where a mark was found: "GET /read".
using Sightings = std::map<std::string, std::set<std::string>>;  // by mark

class Blocks : public OnBothEngines {
  protected:
    Blocks() {
        for (const std::string& handle : kEverybody) {
            site.add_person(handle, 15);
            const Actor actor = site.actor(handle);
            EXPECT_TRUE(site.program()
                            .modules()
                            .accounts()
                            .edit_profile(actor, {.bio = "Qbio" + handle + ".", .listed = true})
                            .ok());
            works[handle] = story_of(handle);
        }
        for (const std::string& writer : kEverybody) {
            for (const std::string& author : kEverybody)
                answer(writer, author);
        }
        // Conversations: noor answers abi in cleo's house, and abi answers noor.
        said["noorzq to abizq"] = say("noorzq", "cleozq", said["abizq on cleozq"]);
        said["abizq to noorzq"] = say("abizq", "cleozq", said["noorzq on cleozq"]);
        said["cleozq to noorzq"] = say("cleozq", "cleozq", said["noorzq on cleozq"]);
        app::Modules& modules = site.program().modules();
        modules.search_index().rebuild([](std::int64_t, std::int64_t) {});
        auto file = topics::read_turtle(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<urn:t:ghosts> a skos:Concept ; "
            "skos:prefLabel \"Ghost stories\"@en .\n");
        topics::import_vocabulary(site.program().database(), site.program().ids(), site.program().clock(),
                                  std::move(*file), {});
        modules.topics().vocabularies().refresh();
        topic_ = modules.topics().vocabularies().current()->by_uri("urn:t:ghosts")->text();
        modules.topics().service().catch_up(100);
        for (const std::string& handle : kEverybody)
            people.emplace(handle, site.signed_in(handle));
        people.emplace("visitor", site.visitor());
    }

    TestSite::Story story_of(const std::string& handle) {
        const Actor actor = site.actor(handle);
        works::Writing& writing = site.program().modules().works().writing();
        works::WorkForm form;
        form.title = title_of(handle);
        form.summary = "What " + title_of(handle) + " is about.";
        form.language = "en";
        form.tags = "ghost stories, qtag" + handle;
        form.rating = "everyone";
        form.licence = "cc_by";
        form.visibility = "everyone";
        form.status = "ongoing";
        form.comments = "open";
        form.warnings_said = "none";
        const auto work = writing.create_work(actor, form);
        const auto chapter = writing.add_chapter(actor, *work);
        const auto editing = writing.editing(actor, *work, *chapter);
        const works::ChapterDraft draft{"Chapter " + title_of(handle),
                                        "Lantern words of " + title_of(handle) + ".\n\nAnd more.\n",
                                        {},
                                        {}};
        EXPECT_TRUE(
            writing.publish_chapter(actor, *work, *chapter, draft, editing->chapter.version, "test").ok());
        return {work->text(), chapter->text()};
    }
    std::string say(const std::string& writer, const std::string& author, const std::string& to = {}) {
        feedback::NewCommentForm form;
        form.work = *works::WorkId::parse(works[author].work);
        form.chapter = *works::ChapterId::parse(works[author].chapter);
        form.text = "Qsaid" + writer + " here.";
        if (!to.empty()) form.reply_to = feedback::CommentId::parse(to);
        const auto made = feedback().post_comment(site.actor(writer), form);
        EXPECT_TRUE(made.ok());
        return made.ok() ? made->comment.id.text() : std::string();
    }
    // Comment, kudos, bookmark, place.
    void answer(const std::string& writer, const std::string& author) {
        said[writer + " on " + author] = say(writer, author);
        if (writer == author) return;
        const auto work = *works::WorkId::parse(works[author].work);
        const auto chapter = *works::ChapterId::parse(works[author].chapter);
        const Actor actor = site.actor(writer);
        EXPECT_TRUE(feedback().give_kudos(actor, work).ok());
        EXPECT_TRUE(feedback().add_bookmark(actor, work).ok());
        // The third has finished what she reads.
        const int percent = writer == "cleozq" ? 100 : 40;
        EXPECT_TRUE(
            site.program().modules().reading().record_progress(actor, work, chapter, "", percent).ok());
    }
    feedback::Service& feedback() { return site.program().modules().feedback(); }
    HttpClient& as(const std::string& who) { return people.at(who); }

    // Set and taken back as a program would, so that it holds from the answer on.
    void set(const std::string& who, const std::string& other, const std::string& kind) {
        as(who).get("/");
        const Reply reply =
            as(who).send_json("PUT", "/api/v1/me/blocks/" + other, R"({"kind":")" + kind + R"("})",
                              {{"x-csrf-token", as(who).csrf()}});
        ASSERT_EQ(reply.status, 204) << reply.body;
    }
    void take_back(const std::string& who, const std::string& other) {
        as(who).get("/");
        const Reply reply = as(who).del("/api/v1/me/blocks/" + other, {{"x-csrf-token", as(who).csrf()}});
        ASSERT_EQ(reply.status, 204) << reply.body;
    }

    // Every address there is to ask for, with everybody's things in it.
    std::set<std::string> addresses() {
        std::set<std::string> all;
        for (const http::Route& route : site.program().router().routes()) {
            if (route.method != http::Method::get || route.pattern.ends_with("/live")) continue;
            for (const std::string& handle : kEverybody) {
                for (const auto& [whose, comment] : said) {
                    std::map<std::string, std::string> values{{"work", works[handle].work},
                                                              {"chapter", works[handle].chapter},
                                                              {"handle", handle},
                                                              {"person", handle},
                                                              {"tag", "qtag" + handle},
                                                              {"file", works[handle].work + ".svg"},
                                                              {"comment", comment},
                                                              {"topic", topic_},
                                                              {"revision", "1"}};
                    all.insert(filled(route.pattern, values));
                }
            }
        }
        for (const std::string& handle : kEverybody) {
            const std::string comments = works[handle].chapter_path() + "/comments";
            all.insert(comments + "?on=chapter");
            for (const auto& [whose, comment] : said)
                all.insert(comments + "?thread=" + comment);
            all.insert("/api/v1" + comments + "?on=chapter");
            for (const char* search : {"/search?q=", "/api/v1/search?q="}) {
                all.insert(search + ("qtitle" + handle));
                all.insert(search + ("qtitel" + handle));  // a slip of the pen
                all.insert(search + ("qtag" + handle));
                all.insert(search + handle);
            }
            all.insert("/api/v1/works?author=" + site.actor(handle).person->text());
            all.insert("/api/v1/works?tag=qtag" + handle);
        }
        for (const char* more : {"/search?q=lantern", "/api/v1/search?q=lantern", "/tags/ghost%20stories",
                                 "/library?show=saved", "/library?show=finished", "/read?language=en",
                                 "/api/v1/works?tag=ghost%20stories", "/api/v1/works?language=en"})
            all.insert(more);
        return all;
    }
    // A page may say the address back, whatever is there.
    static std::string without_echo(std::string body, const std::string& path) {
        std::set<std::string> words{path, percent_encode(path)};
        const auto query = path.find("?q=");
        if (query != std::string::npos) words.insert(path.substr(query + 3));
        for (const std::string& word : words) {
            for (auto at = body.find(word); at != std::string::npos; at = body.find(word, at))
                body.erase(at, word.size());
        }
        return body;
    }
    // What `who` is shown of `whom`, where. Her own list of blocks names people and is left out.
    Sightings crawl(const std::string& who, const std::string& whom) {
        Sightings seen;
        for (const std::string& path : addresses()) {
            if (path.find("/blocks") != std::string::npos) continue;
            const Reply reply =
                as(who).get(path, {{"accept", path.starts_with("/api/") ? "application/json" : "text/html"}});
            EXPECT_LT(reply.status, 500) << who << " " << path;
            std::string body = ascii_lower(without_echo(reply.body, path));
            for (const auto& [name, value] : reply.headers) {
                if (name != "set-cookie" && name != "link") body += "\n" + ascii_lower(value);
            }
            for (const std::string& mark : marks_of(whom)) {
                if (body.find(mark) != std::string::npos) seen[mark].insert(path);
            }
        }
        return seen;
    }
    // Whether each mark of `whom` is shown to `who` somewhere, so that a crawl that finds nothing says
    // something.
    void expect_all(const std::string& who, const std::string& whom) {
        const Sightings seen = crawl(who, whom);
        for (const std::string& mark : marks_of(whom))
            EXPECT_TRUE(seen.contains(mark)) << who << " is shown nothing of " << mark;
        // In each of the places that this test is about.
        const auto at = [&](const std::string& mark, const std::string& path) {
            const auto found = seen.find(mark);
            EXPECT_TRUE(found != seen.end() && found->second.contains(path))
                << who << " does not find " << mark << " at " << path;
        };
        const std::string title = "qtitle" + whom, spoken = "qsaid" + whom;
        for (const char* path :
             {"/", "/read", "/library?show=saved", "/search?q=lantern", "/api/v1/search?q=lantern",
              "/api/v1/works", "/tags/ghost%20stories", "/api/v1/me/bookmarks"})
            at(title, path);
        // The third has read to the end; the others are in the middle.
        const bool finished = who == "cleozq";
        at(title, finished ? "/library?show=finished" : "/library");
        at(title, finished ? "/api/v1/me/finished" : "/api/v1/me/reading");
        at(title, "/people/" + whom);
        at(title, "/topics/" + topic_);
        at(title, "/api/v1/topics/" + topic_ + "/works");
        at(title, "/works/" + works[whom].work);
        at(title, works[whom].chapter_path());
        at(title, "/api/v1" + works[whom].work_path());
        at("qbio" + whom, "/people/" + whom);
        at("qbio" + whom, "/api/v1/people/" + whom);
        at("qtag" + whom, "/api/v1/tags");
        at(spoken, works["cleozq"].chapter_path() + "/comments");
        at(spoken, "/api/v1" + works["cleozq"].chapter_path() + "/comments");
        at(spoken, works[who].chapter_path() + "/comments");
        at(spoken, "/api/v1/comments/" + said[whom + " on cleozq"]);
        at(spoken, "/");  // "for your works"
    }
    void expect_nothing(const std::string& who, const std::string& whom) {
        for (const auto& [mark, paths] : crawl(who, whom)) {
            for (const std::string& path : paths)
                ADD_FAILURE() << who << " is shown " << mark << " at " << path;
        }
    }

    struct Numbers {
        int on_chapter = 0, listed = 0, kudos = 0, ghosts = 0, hub = 0, found = 0;
        friend bool operator==(const Numbers&, const Numbers&) = default;
        friend std::ostream& operator<<(std::ostream& out, const Numbers& n) {
            return out << "{comments " << n.on_chapter << ", listed " << n.listed << ", kudos " << n.kudos
                       << ", tag " << n.ghosts << ", hub " << n.hub << ", found " << n.found << "}";
        }
    };
    static int number(const std::string& body, const std::string& pattern) {
        std::smatch match;
        return std::regex_search(body, match, std::regex(pattern)) ? std::stoi(match[1]) : -1;
    }
    static int times(const std::string& body, const std::string& word) {
        int count = 0;
        for (auto at = body.find(word); at != std::string::npos; at = body.find(word, at + 1))
            ++count;
        return count;
    }
    // Of cleo's chapter, of the tag all three use, and of a word all three wrote.
    Numbers numbers(const std::string& who) {
        const TestSite::Story& story = works["cleozq"];
        Numbers n;
        const Reply thread =
            as(who).get(story.chapter_path() + "/comments?on=chapter", {{"HX-Request", "true"}});
        n.on_chapter = number(thread.body, "data-count=\"(\\d+)\"");
        n.listed = times(thread.body, "here.</p>");
        n.kudos = number(as(who).get(story.work_path()).body, "class=\"numbers\">(\\d+)<");
        n.ghosts = number(as(who).get("/api/v1/tags").body, R"("label":"ghost stories","works":(\d+))");
        n.hub = times(as(who).get("/api/v1/topics/" + topic_ + "/works").body, R"("title":)");
        n.found = number(as(who).get("/api/v1/search?q=lantern").body, R"("chapters":(\d+))");
        return n;
    }

    TestSite site{GetParam()};
    std::map<std::string, TestSite::Story> works;
    std::map<std::string, std::string> said;
    std::map<std::string, HttpClient> people;
    std::string topic_;
};
BRAID_ON_BOTH_ENGINES(Blocks);

TEST_P(Blocks, each_sees_the_other_until_one_wants_nothing_more) {
    const Numbers before = numbers("abizq"), third = numbers("visitor");
    std::cout << before << "\n";
    expect_all("abizq", "noorzq");
    expect_all("noorzq", "abizq");

    set("abizq", "noorzq", "block");
    expect_nothing("abizq", "noorzq");
    expect_nothing("noorzq", "abizq");
    const Numbers after = numbers("abizq");
    std::cout << after << "\n";
    // Her own and the third's are left: one on the chapter of each, and what noor began and answered is gone
    // but for others' words under it.
    EXPECT_LT(after.on_chapter, before.on_chapter);
    EXPECT_LT(after.listed, before.listed);
    EXPECT_EQ(after.kudos, before.kudos - 1);
    EXPECT_EQ(after.ghosts, before.ghosts - 1);
    EXPECT_EQ(after.hub, before.hub - 1);
    EXPECT_EQ(after.found, before.found - 1);
    EXPECT_EQ(numbers("noorzq").ghosts, before.ghosts - 1);
    // Nobody else notices.
    EXPECT_EQ(numbers("visitor"), third);
    expect_all("cleozq", "noorzq");
    expect_all("cleozq", "abizq");

    take_back("abizq", "noorzq");
    expect_all("abizq", "noorzq");
    expect_all("noorzq", "abizq");
    EXPECT_EQ(numbers("abizq"), before);
}

TEST_P(Blocks, a_mute_is_seen_by_who_muted_alone) {
    const Numbers before = numbers("noorzq");
    set("abizq", "noorzq", "mute");
    expect_nothing("abizq", "noorzq");
    expect_all("noorzq", "abizq");
    EXPECT_EQ(numbers("noorzq"), before);
    take_back("abizq", "noorzq");
    expect_all("abizq", "noorzq");
}

// What noor may no longer do with what is abi's: refused as if it were not there, in the same words.
TEST_P(Blocks, who_is_blocked_can_answer_nothing_of_hers) {
    set("abizq", "noorzq", "block");
    HttpClient& noor = as("noorzq");
    noor.get("/");
    const TestSite::Story& story = works["abizq"];
    EXPECT_EQ(noor.post(story.chapter_path() + "/comments", {{"text", "Hello."}}).status, 404);
    EXPECT_EQ(noor.post(story.work_path() + "/kudos").status, 404);
    EXPECT_EQ(noor.post(story.work_path() + "/bookmark").status, 404);
    EXPECT_EQ(noor.post(works["cleozq"].chapter_path() + "/comments",
                        {{"text", "Hello."}, {"reply_to", said["abizq on cleozq"]}})
                  .status,
              404);
    // Nor may she keep away from whom she cannot find, nor report her; abi may do both.
    EXPECT_EQ(noor.get("/settings/blocks/abizq").status, 404);
    EXPECT_EQ(noor.post("/settings/blocks/abizq", {{"kind", "block"}}).status, 404);
    const std::string abi_id = site.actor("abizq").person->text(),
                      noor_id = site.actor("noorzq").person->text();
    EXPECT_EQ(noor.get("/report?kind=profile&id=" + abi_id).status, 404);
    EXPECT_EQ(as("abizq").get("/report?kind=profile&id=" + noor_id).status, 200);
    EXPECT_EQ(as("abizq").get("/settings/blocks/noorzq").status, 200);
    // A page of hers and one of nobody's cannot be told apart.
    const auto settled = [](std::string body, const std::string& handle) {
        body = std::regex_replace(body, std::regex("nonce=\"[^\"]*\"|(value|content)=\"[A-Za-z0-9_-]{43}\""),
                                  "");
        return std::regex_replace(body, std::regex(handle), "HANDLE");
    };
    EXPECT_EQ(settled(noor.get("/people/abizq").body, "abizq"),
              settled(noor.get("/people/nobodyzq").body, "nobodyzq"));
}

TEST_P(Blocks, open_pages_are_told_nothing_of_whom_she_does_not_see) {
    const TestSite::Story& story = works["cleozq"];
    const std::string live = story.chapter_path() + "/live";
    test::EventStream abi(as("abizq"), site.port(), live), visitor(as("visitor"), site.port(), live);
    test::EventStream noor_at_abi(as("noorzq"), site.port(), works["abizq"].chapter_path() + "/live");
    ASSERT_EQ(abi.status(), 200);
    ASSERT_EQ(noor_at_abi.status(), 200);
    say("cleozq", "cleozq");
    EXPECT_THAT(abi.next()->data, HasSubstr("\"count\":"));
    set("abizq", "noorzq", "block");
    say("noorzq", "cleozq");
    say("noorzq", "cleozq");
    EXPECT_FALSE(abi.next()) << "the stream is ended, and nothing came after the block";
    EXPECT_FALSE(noor_at_abi.next());
    EXPECT_THAT(visitor.next()->data, HasSubstr("\"count\":"));
    EXPECT_EQ(test::EventStream(as("noorzq"), site.port(), works["abizq"].chapter_path() + "/live").status(),
              404);
    test::EventStream again(as("abizq"), site.port(), live);
    ASSERT_EQ(again.status(), 200);
    say("noorzq", "cleozq");
    EXPECT_EQ(again.next()->data, R"({"paragraph":""})") << "that something moved, and no number";
}

TEST_P(Blocks, staff_on_duty_see_and_reach_who_blocked_them) {
    site.add_person("samzq", 40, {access::Role::moderator});
    people.emplace("samzq", site.signed_in("samzq"));
    HttpClient& sam = as("samzq");
    EXPECT_EQ(sam.get(works["abizq"].work_path()).status, 200);
    as("cleozq").get("/");
    as("cleozq").post("/report", {{"kind", "work"}, {"id", works["abizq"].work}, {"category", "bullying"}});
    set("abizq", "samzq", "block");
    EXPECT_EQ(sam.get(works["abizq"].work_path()).status, 404);
    EXPECT_EQ(sam.get("/people/abizq").status, 404);
    std::smatch at;
    const std::string queue = sam.get("/moderation").body;
    ASSERT_TRUE(std::regex_search(queue, at, std::regex("href=\"(/moderation/cases/[0-9a-z]+)\"")));
    const std::string path = at[1];
    const Reply opened = sam.get(path);
    EXPECT_EQ(opened.status, 200);
    EXPECT_THAT(opened.body, HasSubstr("Qtitleabizq"));
    sam.post(path + "/claim");
    EXPECT_EQ(sam.post(path + "/decide", {{"measure", "warn"}, {"reason", "Mind your readers."}}).status,
              303);
    EXPECT_THAT(as("abizq").get("/notices").body, HasSubstr("Mind your readers."));
}

TEST_P(Blocks, a_guardian_stays_whatever_the_child_blocks) {
    site.add_person("rosazq", 40);
    people.emplace("rosazq", site.signed_in("rosazq"));
    guardians::Service& guardians = site.program().modules().guardians();
    const auto asked = guardians.ask({}, access::AgeBand::child,
                                     {"pipzq", std::string(TestSite::kPassword), "rosazq@example.org"});
    ASSERT_TRUE(asked.ok());
    ASSERT_TRUE(guardians
                    .consent(site.actor("rosazq"), guardians.link_token(asked->id),
                             {"2016", "3", access::Choices::all()})
                    .ok());
    people.emplace("pipzq", site.signed_in("pipzq"));
    const std::string child = "/guardian/children/" + site.actor("pipzq").person->text();
    HttpClient& rosa = as("rosazq");
    // Others want nothing of the child: that is nobody's to count.
    set("noorzq", "pipzq", "block");
    const std::string before = rosa.get(child).body;
    EXPECT_THAT(before, Not(HasSubstr("blocked or muted")));
    EXPECT_THAT(before, Not(HasSubstr("see nothing")));
    set("pipzq", "rosazq", "block");
    set("pipzq", "abizq", "mute");
    EXPECT_EQ(rosa.get("/people/pipzq").status, 404);
    const Reply page = rosa.get(child);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("pipzq"));
    EXPECT_THAT(page.body, Not(HasSubstr("blocked or muted"))) << "not that there are some";
    EXPECT_THAT(page.body, Not(HasSubstr("abizq"))) << "nor whom";
    EXPECT_THAT(rosa.get("/guardian").body, HasSubstr("pipzq"));
    EXPECT_EQ(rosa.get("/api/v1" + child).status, 200);
    EXPECT_EQ(rosa.post(child + "/choices", {{"publish", "1"}}).status, 303);
}

// She who is erased is on nobody's list, and nobody stays apart from nobody.
TEST_P(Blocks, rows_go_with_either_account) {
    set("abizq", "noorzq", "block");
    set("cleozq", "abizq", "mute");
    const auto rows = [&] {
        return site.program().database().read(
            [&](sql::Reader& reader) { return reader.one<std::int64_t>(kRows); });
    };
    EXPECT_EQ(rows(), 203);
    const auto abi = *site.actor("abizq").person;
    for (const access::Module& module : site.program().modules().all()) {
        if (!module.forget) continue;
        ASSERT_TRUE(site.program()
                        .database()
                        .write([&](sql::Tx& tx) -> Result<void> { return module.forget(tx, abi); })
                        .ok());
    }
    EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace braid::testing
