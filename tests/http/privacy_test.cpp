// What is held of a person leaves with her and is gone when she is: asked as people ask, and looked for
// everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <set>
#include <thread>

#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/guardians/service.h"
#include "interests/feedback/service.h"
#include "interests/works/module.h"
#include "platform/log/log.h"
#include "stewardship/moderation/service.h"
#include "stewardship/privacy/service.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

namespace fs = std::filesystem;
using access::Actor;
using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const sql::Query kColumns{
    "test.list_all_columns",
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
    "m.name NOT "
    "LIKE 'sqlite_%' ORDER BY m.name, c.cid LIMIT 10000",
    "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT) FROM information_schema.columns c JOIN "
    "information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE "
    "c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, "
    "c.ordinal_position LIMIT "
    "10000"};

// A query for one test. Queries are listed for as long as the program runs, so they are never freed.
const sql::Query& query(std::string text) {
    struct Made {
        std::string name, text;
        sql::Query query;
        explicit Made(std::string sql, std::size_t n)
            : name("test.made_" + std::to_string(n)), text(std::move(sql)), query(name, text) {}
    };
    static auto* all = new std::list<Made>;
    for (const Made& made : *all) {
        if (made.text == text) return made.query;
    }
    return all->emplace_back(std::move(text), all->size()).query;
}

constexpr std::string_view kPassword = TestSite::kPassword;
constexpr auto kDay = std::chrono::hours(24);

class Privacy : public OnBothEngines {
  protected:
    Privacy() {
        site.add_person("zanzibar", 20);
        site.add_person("reader", 20);
        site.add_person("sam", 40, {access::Role::moderator});
        other = site.add_story("reader", "The Salt Road");
    }
    app::Modules& modules() { return site.program().modules(); }
    privacy::Service& privacy() { return modules().privacy(); }
    sql::Database& database() { return site.program().database(); }
    // Events become jobs and jobs are done, whoever does them first.
    void settle() {
        for (int round = 0; round < 400; ++round) {
            site.program().jobs().run_pending();
            const auto waiting = database().read([&](sql::Reader& reader) {
                return reader.one<std::int64_t>(
                    query("SELECT (SELECT COUNT(*) FROM event_outbox WHERE dispatched_at IS "
                          "NULL) + (SELECT COUNT(*) FROM jobs WHERE parked_at IS NULL)"));
            });
            if (waiting == 0) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        const auto left = database().read([&](sql::Reader& reader) {
            return reader.all<std::string>(
                query("SELECT kind || ' (' || attempts || '): ' || COALESCE(last_error, '') FROM jobs ORDER "
                      "BY kind LIMIT 20"));
        });
        FAIL() << "jobs without end:" << ::testing::PrintToString(left);
    }
    Result<feedback::Answered> comment(const Actor& actor, const TestSite::Story& story, std::string text) {
        feedback::NewCommentForm form;
        form.work = *works::WorkId::parse(story.work);
        form.chapter = *works::ChapterId::parse(story.chapter);
        form.text = std::move(text);
        return modules().feedback().post_comment(actor, form);
    }
    // She has done a bit of everything; every text of hers holds one of kTraces.
    void live(bool reports = false);
    // Every place where one of these words stands: table.column, the name of a file, "log".
    std::vector<std::string> traces(const std::vector<std::string>& words);
    void report(const std::string& handle, const TestSite::Story& story);
    moderation::CaseId case_of(const TestSite::Story& story);
    void dismiss(moderation::CaseId id);

    TestSite site{GetParam(), {.fake_clock = true}};
    TestSite::Story other, hers;
};
BRAID_ON_BOTH_ENGINES(Privacy);

const std::vector<std::string> kTraces{"zanzibar", "Zanzibar", "xylophone", "Xyzzy",
                                       "plugh",    "frobnitz", "quuxfile"};

void Privacy::live(bool reports) {
    const Actor zan = site.actor("zanzibar");
    accounts::ProfileEdit edit;
    edit.display_name = "Zanzibar Quill";
    edit.bio = "I play the xylophone.";
    ASSERT_TRUE(modules().accounts().edit_profile(zan, edit).ok());
    hers = site.add_story("zanzibar", "Xyzzy Lantern");
    works::Writing& writing = modules().works().writing();
    const auto work = *works::WorkId::parse(hers.work);
    const auto chapter = *works::ChapterId::parse(hers.chapter);
    const auto editing = writing.editing(zan, work, chapter);
    ASSERT_TRUE(editing.ok());
    ASSERT_TRUE(writing
                    .save_draft(zan, work, chapter,
                                works::ChapterDraft{"Xyzzy again", "A second plugh.\n", {}, {}},
                                editing->chapter.version, "window")
                    .ok());
    EXPECT_EQ(writing
                  .save_draft(zan, work, chapter,
                              works::ChapterDraft{"Xyzzy once more", "A third plugh.\n", {}, {}},
                              editing->chapter.version, "another")
                  .error()
                  .code,
              ErrorCode::conflict)
        << "kept as a copy";
    blobs::Store blobs(database(), site.clock(), {.folder = site.program().data().blobs()});
    const auto large = blobs.put("quuxfile large", "image/webp"),
               small = blobs.put("quuxfile small", "image/webp");
    ASSERT_TRUE(writing.set_cover(zan, work, works::CoverFiles{*large, *small}).ok());

    const auto said = comment(zan, other, "A plugh comment.");
    ASSERT_TRUE(said.ok());
    ASSERT_TRUE(modules().feedback().edit_comment(zan, said->comment.id, "A plugh comment, changed.").ok());
    ASSERT_TRUE(comment(site.actor("reader"), hers, "I read it twice.").ok());

    HttpClient at = site.signed_in("zanzibar");
    at.always("user-agent", "frobnitz browser");
    at.get(other.work_path());
    EXPECT_LT(at.post(other.work_path() + "/kudos").status, 400);
    EXPECT_LT(at.post(other.work_path() + "/bookmark").status, 400);
    EXPECT_LT(at.post(other.chapter_path() + "/progress", {{"percent", "40"}, {"paragraph", ""}}).status,
              400);
    at.get("/settings/tokens");
    EXPECT_LT(
        at.post("/settings/tokens",
                {{"name", "frobnitz"}, {"read", "1"}, {"days", "30"}, {"password", std::string(kPassword)}})
            .status,
        400);
    moderation::ReportForm report;
    report.kind = "work";
    report.object = works::WorkId::parse(other.work)->value;
    report.category = "violence";
    report.words = "It says frobnitz.";
    ASSERT_TRUE(modules().moderation().report(zan, report).ok());
    if (!reports) dismiss(case_of(other));
    settle();
}

std::vector<std::string> Privacy::traces(const std::vector<std::string>& words) {
    std::set<std::string> found;
    const auto look = [&](const std::string& where, std::string_view text) {
        for (const std::string& word : words) {
            if (text.find(word) != std::string_view::npos) found.insert(where + ": " + word);
        }
    };
    database().read([&](sql::Reader& reader) {
        for (const auto& [table, column] : reader.all<std::tuple<std::string, std::string>>(kColumns)) {
            const std::string where = table + "." + column;
            reader.each(query("SELECT CAST(" + column + " AS TEXT) FROM " + table + " WHERE " + column +
                              " IS NOT NULL"),
                        [&](const sql::Row& row) { look(where, row.text(0)); });
        }
    });
    for (const auto& entry : fs::recursive_directory_iterator(site.program().settings().data / "blobs")) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        look("blob", std::string(std::istreambuf_iterator<char>(in), {}));
    }
    return {found.begin(), found.end()};
}

void Privacy::report(const std::string& handle, const TestSite::Story& story) {
    moderation::ReportForm report;
    report.kind = "work";
    report.object = works::WorkId::parse(story.work)->value;
    report.category = "violence";
    report.words = "I am afraid of @" + handle + ".";
    EXPECT_TRUE(modules().moderation().report(site.actor("reader"), report).ok());
}

moderation::CaseId Privacy::case_of(const TestSite::Story& story) {
    return database().read([&](sql::Reader& reader) {
        return reader.one<moderation::CaseId>(query("SELECT id FROM moderation_cases WHERE object = $1"),
                                              works::WorkId::parse(story.work)->value);
    });
}

void Privacy::dismiss(moderation::CaseId id) {
    ASSERT_TRUE(modules().moderation().open_case(site.actor("sam"), id).ok());
    moderation::DecisionForm form;
    form.measure = "dismiss";
    form.reason = "Nothing to do here.";
    const auto decided = modules().moderation().decide_case(site.actor("sam"), id, form);
    ASSERT_TRUE(decided.ok()) << decided.error().message_key << " " << decided.error().detail;
}

TEST_P(Privacy, what_is_held_leaves_with_her_whole) {
    live();
    HttpClient zan = site.signed_in("zanzibar");
    const Reply page = zan.get("/settings/data");
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(zan.post("/settings/data/export").status, 303);
    settle();
    const Reply ready = zan.get("/settings/data");
    const auto at = ready.body.find("/settings/data/exports/");
    ASSERT_NE(at, std::string::npos) << "not ready";
    const std::string path = ready.body.substr(at, ready.body.find('"', at) - at);
    const Reply file = zan.get(path);
    ASSERT_EQ(file.status, 200);
    EXPECT_EQ(file.header("content-type"), "application/zip");
    EXPECT_THAT(file.header("cache-control"), HasSubstr("no-store"));
    for (const std::string& trace : kTraces)
        EXPECT_THAT(file.body, HasSubstr(trace));
    EXPECT_THAT(file.body, HasSubstr("files/works.cover-"));
    EXPECT_EQ(site.signed_in("reader").get(path).status, 404);
    EXPECT_EQ(site.visitor().get(path).status, 303);
    // Every column that is declared to be handed out, of every table she has rows in.
    const auto held = database().read([&](sql::Reader& reader) {
        return privacy().engine().everything(reader, *site.actor("zanzibar").person);
    });
    // What the page counts is what the file holds.
    const auto counts = database().read([&](sql::Reader& reader) {
        return privacy().engine().counts(reader, *site.actor("zanzibar").person);
    });
    ASSERT_EQ(counts.size(), held.size());
    std::set<std::string_view> tables;
    for (const privacy::Held& one : held) {
        const privacy::Count& count = counts[tables.size()];
        EXPECT_EQ(count.table, one.table);
        EXPECT_EQ(count.rows, static_cast<std::int64_t>(one.rows.size())) << one.table;
        tables.insert(one.table);
        EXPECT_THAT(file.body, HasSubstr("\"table\":\"" + std::string(one.table) + "\""));
        for (const access::Table& table : privacy().engine().tables()) {
            if (table.name != one.table) continue;
            for (const access::Column& column : table.columns) {
                if (column.personal == access::Personal::data) {
                    EXPECT_THAT(file.body, HasSubstr("\"" + std::string(column.name) + "\":")) << table.name;
                }
            }
        }
    }
    for (const char* table :
         {"persons", "person_credentials", "sessions", "api_tokens", "works", "work_tags", "chapters",
          "revisions", "drafts", "draft_copies", "comments", "comment_versions", "kudos", "bookmarks",
          "reading_places", "moderation_reports", "blob_holds"}) {
        EXPECT_TRUE(tables.contains(table)) << table;
    }
    EXPECT_THAT(file.body, Not(HasSubstr("argon2id"))) << "no hash";
    // A job that is run again, because its node died after the commit, changes nothing.
    const auto export_id = *privacy::ExportId::parse(path.substr(path.rfind('/') + 1));
    EXPECT_TRUE(privacy().make_export(export_id).ok());
    EXPECT_EQ(zan.get(path).body, file.body);
    // A week later nobody fetches it.
    site.clock().advance(8 * kDay);
    privacy().tend();
    EXPECT_EQ(site.signed_in("zanzibar").get(path).status, 404);
}

TEST_P(Privacy, nothing_of_her_is_left_when_her_account_is_erased) {
    const log::Capture capture;
    log::set_level(log::Level::debug);
    live();
    ASSERT_THAT(traces(kTraces), Not(IsEmpty()));
    const access::PersonId id = *site.actor("zanzibar").person;
    HttpClient zan = site.signed_in("zanzibar");
    zan.get("/settings/data");
    EXPECT_EQ(zan.post("/settings/data/end", {{"password", "not hers at all"}}).status, 422);
    EXPECT_EQ(zan.post("/settings/data/end", {{"password", std::string(kPassword)}}).status, 303);
    EXPECT_EQ(zan.get("/settings/data").status, 303) << "signed out";
    // Coming in again takes it back.
    site.clock().advance(kDay);
    zan = site.signed_in("zanzibar");
    settle();
    EXPECT_THAT(zan.get("/settings/data").body, HasSubstr("name=\"password\""));
    site.clock().advance(8 * kDay);
    privacy().tend();
    EXPECT_EQ(site.visitor().get(hers.work_path()).status, 200);

    zan = site.signed_in("zanzibar");
    zan.get("/settings/data");
    zan.post("/settings/data/export");
    settle();
    EXPECT_EQ(zan.post("/settings/data/end", {{"password", std::string(kPassword)}}).status, 303);
    site.clock().advance(6 * kDay);
    privacy().tend();
    EXPECT_EQ(site.visitor().get(hers.work_path()).status, 200) << "not yet";
    site.clock().advance(2 * kDay);
    privacy().tend();
    settle();
    privacy().tend();
    privacy().tend();  // once more than needed
    EXPECT_THAT(traces(kTraces), IsEmpty());
    EXPECT_THAT(traces({id.text()}), IsEmpty()) << "by the text of her id";
    EXPECT_THAT(capture.lines(), Not(IsEmpty()));
    for (const std::string& line : capture.lines()) {
        for (const std::string& trace : kTraces)
            EXPECT_THAT(line, Not(HasSubstr(trace)));
    }
    log::set_level(log::Level::error);
    EXPECT_EQ(site.visitor().get(hers.work_path()).status, 404);
    // Her comment's place stays where others answered; counts follow.
    HttpClient reader = site.signed_in("reader");
    EXPECT_EQ(reader.get(other.chapter_path()).status, 200);
    database().read([&](sql::Reader& rows) {
        EXPECT_EQ(rows.one<std::int64_t>(
                      query("SELECT COUNT(*) FROM comments WHERE author = 0 AND state = 'deleted'")),
                  1);
        EXPECT_EQ(rows.one<std::int64_t>(query("SELECT COALESCE(SUM(kudos), 0) FROM work_kudos")), 0);
        EXPECT_EQ(
            rows.one<std::int64_t>(query("SELECT COALESCE(SUM(shown), 0) FROM chapter_paragraph_counts")), 0);
        const auto erasure = privacy::store::erasure(rows, id);
        ASSERT_TRUE(erasure.has_value());
        EXPECT_NE(erasure->finished_at.micros, 0);
    });
    // The handle leads nowhere, and nobody comes in by it.
    EXPECT_EQ(reader.get("/people/zanzibar").status, 404);
    EXPECT_THROW((void)site.signed_in("zanzibar"), std::runtime_error);
}

TEST_P(Privacy, an_open_case_keeps_what_it_needs_and_says_why) {
    live();
    report("zanzibar", hers);
    HttpClient zan = site.signed_in("zanzibar");
    const Reply page = zan.get("/settings/data");
    EXPECT_THAT(page.body, HasSubstr("Somebody reported it"));
    ASSERT_EQ(zan.post("/settings/data/end", {{"password", std::string(kPassword)}}).status, 303);
    site.clock().advance(8 * kDay);
    privacy().tend();
    settle();
    privacy().tend();
    for (const std::string& where : traces({"zanzibar", "Xyzzy"}))
        EXPECT_THAT(where, HasSubstr("moderation_")) << "only the case";
    EXPECT_THAT(traces({"Xyzzy"}), Not(IsEmpty())) << "what was reported";
    HttpClient sam = site.signed_in("sam");
    EXPECT_EQ(sam.get("/moderation/cases/" + case_of(hers).text()).status, 200);
    dismiss(case_of(hers));
    settle();
    privacy().tend();
    settle();
    privacy().tend();
    EXPECT_THAT(traces(kTraces), IsEmpty());
}

TEST_P(Privacy, a_guardian_takes_and_erases_what_is_held_of_a_child) {
    site.add_person("rosa", 40);
    site.add_person("stranger", 40);
    auto& guardians = modules().guardians();
    const auto asked =
        guardians.ask({}, access::AgeBand::child, {"pipperidge", std::string(kPassword), "rosa@example.org"});
    ASSERT_TRUE(asked.ok());
    ASSERT_TRUE(guardians
                    .consent(site.actor("rosa"), guardians.link_token(asked->id),
                             {"2016", "3", access::Choices::all()})
                    .ok());
    site.add_story("pipperidge", "Plover Egg");
    // She asks for help, perhaps because of that guardian: hers to tell, and not in what he takes.
    ASSERT_TRUE(modules()
                    .moderation()
                    .report(site.actor("pipperidge"),
                            {"elsewhere", 0, "imminent_harm", "Somebody at home frightens me.", ""})
                    .ok());
    const auto pip = *site.actor("pipperidge").person;
    const std::string path = "/guardian/children/" + pip.text();
    HttpClient rosa = site.signed_in("rosa"), stranger = site.signed_in("stranger");
    EXPECT_THAT(rosa.get(path).body, HasSubstr(path + "/data"));
    EXPECT_EQ(stranger.get(path + "/data").status, 404);
    EXPECT_EQ(stranger.post(path + "/data/export").status, 404);
    EXPECT_EQ(stranger.post(path + "/data/end", {{"password", std::string(kPassword)}}).status, 404);
    ASSERT_EQ(rosa.get(path + "/data").status, 200);
    ASSERT_EQ(rosa.post(path + "/data/export").status, 303);
    settle();
    const Reply ready = rosa.get(path + "/data");
    const auto at = ready.body.find("/settings/data/exports/");
    ASSERT_NE(at, std::string::npos);
    const std::string file = ready.body.substr(at, ready.body.find('"', at) - at);
    EXPECT_THAT(rosa.get(file).body, HasSubstr("Plover Egg"));
    EXPECT_THAT(rosa.get(file).body, Not(HasSubstr("frightens")));
    for (const std::string& page : {path, path + "/data"})
        EXPECT_THAT(rosa.get(page).body, Not(HasSubstr("Reports made"))) << page;
    EXPECT_THAT(site.signed_in("pipperidge").get("/settings/data").body, HasSubstr("Reports made"));
    EXPECT_EQ(site.signed_in("pipperidge").get(file).status, 404) << "the guardian asked for it";

    ASSERT_EQ(rosa.post(path + "/data/end", {{"password", std::string(kPassword)}}).status, 303);
    EXPECT_EQ(site.signed_in("pipperidge").post("/settings/data/keep").status, 404)
        << "not the child's to take back";
    settle();
    EXPECT_THAT(rosa.get(path).body, HasSubstr("Asked that the account be erased in a week"));
    ASSERT_EQ(rosa.post(path + "/data/keep").status, 303);
    site.clock().advance(8 * kDay);
    privacy().tend();
    EXPECT_EQ(site.signed_in("pipperidge").get("/settings").status, 200) << "taken back in time";

    rosa = site.signed_in("rosa");
    rosa.get(path + "/data");
    ASSERT_EQ(rosa.post(path + "/data/end", {{"password", std::string(kPassword)}}).status, 303);
    site.clock().advance(8 * kDay);
    privacy().tend();
    settle();
    privacy().tend();
    EXPECT_THAT(traces({"pipperidge", "Plover"}), IsEmpty());
    EXPECT_EQ(site.signed_in("rosa").get("/guardian").status, 200);

    // Past the age of consent the data is hers alone.
    const auto grown =
        guardians.ask({}, access::AgeBand::child, {"marguerite", std::string(kPassword), "rosa@example.org"});
    ASSERT_TRUE(grown.ok());
    ASSERT_TRUE(guardians
                    .consent(site.actor("rosa"), guardians.link_token(grown->id),
                             {"2013", "3", access::Choices::all()})
                    .ok());
    const std::string hers = "/guardian/children/" + site.actor("marguerite").person->text();
    rosa = site.signed_in("rosa");
    EXPECT_THAT(rosa.get(hers).body, HasSubstr("/data\""));
    site.clock().advance(100 * kDay);
    for (int round = 0; round < 3; ++round)
        guardians.grow();
    rosa = site.signed_in("rosa");
    ASSERT_EQ(rosa.get(hers).status, 200);
    EXPECT_THAT(rosa.get(hers).body, Not(HasSubstr("/data\"")));
    EXPECT_EQ(rosa.get(hers + "/data").status, 404);
}

TEST_P(Privacy, what_is_older_than_its_period_goes_and_nothing_else) {
    live();
    const auto count = [&](const char* table) {
        return database().read([&](sql::Reader& reader) {
            return reader.one<std::int64_t>(query("SELECT COUNT(*) FROM " + std::string(table)));
        });
    };
    ASSERT_EQ(count("comment_versions"), 1);
    ASSERT_EQ(count("draft_copies"), 1);
    const auto works = count("works"), comments = count("comments");
    site.clock().advance(89 * kDay);
    privacy().retire();
    EXPECT_EQ(count("draft_copies"), 1);
    site.clock().advance(2 * kDay);
    privacy().retire();
    EXPECT_EQ(count("draft_copies"), 0);
    EXPECT_EQ(count("comment_versions"), 1);
    site.clock().advance(200 * kDay);
    const auto fresh = comment(site.actor("zanzibar"), other, "Newer.");
    ASSERT_TRUE(fresh.ok());
    ASSERT_TRUE(modules().feedback().edit_comment(site.actor("zanzibar"), fresh->comment.id, "Newest.").ok());
    ASSERT_EQ(count("comment_versions"), 2);
    site.clock().advance(100 * kDay);
    privacy().retire();
    EXPECT_EQ(count("comment_versions"), 1) << "the newer one";
    EXPECT_EQ(count("works"), works);
    EXPECT_EQ(count("comments"), comments + 1);
}

TEST_P(Privacy, an_operator_erases_at_once) {
    live(true);
    site.clock().advance(std::chrono::hours(2));
    EXPECT_EQ(privacy().erase_now("nobody").error().code, ErrorCode::not_found);
    const auto kept = privacy().erase_now("zanzibar");
    ASSERT_TRUE(kept.ok());
    settle();
    privacy().tend();
    // What she reported waits for a moderator, and is kept for that alone.
    for (const std::string& where : traces(kTraces))
        EXPECT_THAT(where, HasSubstr("moderation_reports"));
}

TEST_P(Privacy, who_did_something_to_others_is_nobody_there_afterwards) {
    moderation::ReportForm form;
    form.kind = "work";
    form.object = works::WorkId::parse(other.work)->value;
    form.category = "violence";
    form.words = "Look.";
    ASSERT_TRUE(modules().moderation().report(site.actor("zanzibar"), form).ok());
    dismiss(case_of(other));
    ASSERT_TRUE(privacy().erase_now("sam").ok());
    database().read([&](sql::Reader& reader) {
        EXPECT_GT(reader.one<std::int64_t>(query("SELECT COUNT(*) FROM audit_log WHERE action = "
                                                 "'privacy.end_account' AND actor = 0")),
                  0)
            << "the operator's deed is in the log";
    });
    HttpClient boss = site.signed_in("zanzibar");
    EXPECT_EQ(boss.get("/notices").status, 200) << "what sam decided is still told";
    EXPECT_THAT(traces({"sam@example.org"}), IsEmpty());
}

TEST_P(Privacy, what_is_kept_for_how_long_is_public) {
    const Reply page = site.visitor().get("/privacy/retention");
    EXPECT_EQ(page.status, 200);
    for (const char* words :
         {"Works, drafts included", "90 days", "Nobody may act unseen", "until you delete it"})
        EXPECT_THAT(page.body, HasSubstr(words));
    const Reply api = site.visitor().get("/api/v1/privacy/retention");
    EXPECT_EQ(api.status, 200);
    for (const access::Table& table : privacy().engine().tables())
        EXPECT_THAT(api.body, HasSubstr("\"" + std::string(table.name) + "\""));
}

TEST_P(Privacy, what_is_kept_is_said_in_the_readers_language) {
    const Reply page = site.visitor().get("/privacy/retention", {{"accept-language", "es"}});
    EXPECT_THAT(page.body, HasSubstr("Obras, borradores incluidos"));
    for (const access::Table& table : privacy().engine().tables()) {
        for (const std::string_view declared : {table.holds, table.kept_because, table.hold.because})
            if (!declared.empty())
                EXPECT_THAT(page.body, Not(HasSubstr(html::escape(declared)))) << table.name;
    }
}

TEST_P(Privacy, programs_do_what_pages_do) {
    HttpClient zan = site.signed_in("zanzibar");
    zan.get("/settings");
    const test::Pairs with{{"x-csrf-token", zan.csrf()}};
    EXPECT_EQ(zan.post_json("/api/v1/me/exports", "{}", with).status, 201);
    settle();
    EXPECT_THAT(zan.get("/api/v1/me/exports").body, HasSubstr("\"ready\":true"));
    EXPECT_EQ(zan.post_json("/api/v1/me/erasure", R"({"password":"no"})", with).status, 422);
    EXPECT_EQ(zan.del("/api/v1/me/erasure", with).status, 404) << "nothing to take back";
    EXPECT_EQ(
        zan.post_json("/api/v1/me/erasure", R"({"password":")" + std::string(kPassword) + "\"}", with).status,
        201);
    EXPECT_EQ(zan.get("/api/v1/me/exports").status, 401) << "signed out";
}

}  // namespace
}  // namespace braid::testing
