// Every route as every kind of visitor: nothing breaks, every page has a title and the headers that protect
// it, and what must be declared is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "addresses.h"
#include "base/text.h"
#include "interests/feedback/service.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EveryRoute : public OnBothEngines {
  protected:
    EveryRoute() {
        site.add_person("abi", 15);
        site.add_person("reader", 40);
        site.add_person("sam", 40, {access::Role::moderator});
        story = site.add_story("abi", "The Lamp Room");
        feedback::NewCommentForm form;
        form.work = *works::WorkId::parse(story.work);
        form.chapter = *works::ChapterId::parse(story.chapter);
        form.text = "Oh.";
        comment =
            site.program().modules().feedback().post_comment(site.actor("reader"), form)->comment.id.text();
        values = {{"work", story.work}, {"chapter", story.chapter}, {"comment", comment}, {"handle", "abi"},
                  {"person", "abi"},    {"tag", "ghost%20stories"}, {"revision", "1"}};
    }
    TestSite site{GetParam()};
    TestSite::Story story;
    std::string comment;
    std::map<std::string, std::string> values;
};
BRAID_ON_BOTH_ENGINES(EveryRoute);

TEST_P(EveryRoute, answers_every_kind_of_visitor_without_breaking) {
    std::map<std::string, HttpClient> people;
    people.emplace("visitor", site.visitor());
    for (const char* handle : {"abi", "reader", "sam"})
        people.emplace(handle, site.signed_in(handle));
    int pages = 0;
    for (auto& [who, client] : people) {
        client.get("/");
        for (const http::Route& route : site.program().router().routes()) {
            const bool ends_session = route.pattern.find("sign-out") != std::string::npos ||
                                      route.pattern.find("/end") != std::string::npos ||
                                      route.pattern.find("delete") != std::string::npos ||
                                      route.pattern.find("unpublish") != std::string::npos;
            if (route.pattern.ends_with("/live") || route.pattern == "/styleguide/thread" ||
                route.pattern == "/topics/suggest" || route.pattern == "/search/suggest")
                continue;  // a stream, a fragment
            if (route.method != http::Method::get && ends_session) continue;
            const std::string path = filled(route.pattern, values);
            const std::string method(http::method_name(route.method));
            const Reply reply = route.method == http::Method::get
                                    ? client.get(path, {{"accept", "text/html"}})
                                : route.pattern.starts_with("/api/") ? client.send_json(method, path, "{}")
                                                                     : client.post(path);
            EXPECT_LT(reply.status, 500) << who << " " << method << " " << path;
            EXPECT_NE(reply.status, 405) << who << " " << method << " " << path;
            EXPECT_EQ(reply.header("x-content-type-options"), "nosniff") << path;
            EXPECT_TRUE(reply.has("content-security-policy")) << path;
            if (route.method == http::Method::get && reply.header("content-type").starts_with("text/html")) {
                ++pages;
                EXPECT_TRUE(std::regex_search(reply.body, std::regex("<title>[^<]{2,}</title>")))
                    << who << " " << path;
                EXPECT_THAT(reply.body, HasSubstr("<main id=\"main\"")) << who << " " << path;
                EXPECT_THAT(reply.body, HasSubstr("<html lang=\"")) << who << " " << path;
            }
        }
    }
    EXPECT_GT(pages, 60);
}

TEST_P(EveryRoute, of_nonsense_is_refused_calmly) {
    HttpClient visitor = site.visitor();
    for (const char* path :
         {"/works/0", "/works/zzzzzzzzzzzzzz", "/works/-1", "/works/%00", "/people/%ff", "/tags/%2e%2e",
          "/../etc/passwd", "/read?after=%FF", "/read?after=nonsense", "/works/1c4gzk0e5m/chapters/x"}) {
        const int status = visitor.get(path).status;
        EXPECT_TRUE(status >= 200 && status < 500) << path << " " << status;
    }
}

TEST_P(EveryRoute, has_queries_that_both_engines_take) {
    EXPECT_THAT(prepare_all(site.program().database()), IsEmpty());
}

const sql::Query kTables{
    "test.list_columns",
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE "
    "m.type = 'table' AND m.name NOT LIKE "
    "'sqlite_%' ORDER BY m.name, c.cid LIMIT 10000",
    "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT) FROM information_schema.columns c JOIN "
    "information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE "
    "c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, "
    "c.ordinal_position LIMIT 10000"};

TEST_P(EveryRoute, keeps_only_tables_and_columns_that_are_declared) {
    std::map<std::string, std::set<std::string>> declared, real;
    for (const access::Module& module : site.program().modules().all()) {
        for (const access::Table& table : module.tables) {
            EXPECT_FALSE(declared.contains(std::string(table.name))) << table.name << " is declared twice";
            EXPECT_FALSE(table.holds.empty()) << table.name;
            for (const access::Column& column : table.columns) {
                declared[std::string(table.name)].emplace(column.name);
            }
        }
    }
    site.program().database().read([&](sql::Reader& reader) {
        for (const auto& [table, column] : reader.all<std::tuple<std::string, std::string>>(kTables))
            real[table].insert(column);
    });
    real.erase("schema_migrations");
    // What SQLite keeps behind a full-text index.
    std::erase_if(real, [](const auto& entry) {
        return std::regex_search(entry.first, std::regex("_(data|idx|content|docsize|config)$"));
    });
    for (const auto& [table, columns] : real) {
        if (!declared.contains(table)) {
            std::string listed;
            for (const std::string& column : columns)
                listed += (listed.empty() ? "{\"" : ", {\"") + column + "\", Personal::no}";
            ADD_FAILURE()
                << table
                << " is not declared. In its module's tables(), with what each column really is (see "
                << "access/module.h):\n  access::Table{\"" << table
                << "\", \"what it holds, in plain words\", OnErasure::erase_row, {" << listed << "}}";
            continue;
        }
        EXPECT_EQ(columns, declared[table])
            << table << ": declare {\"column\", Personal::no, subject, data, secret or other}";
    }
    for (const auto& [table, columns] : declared)
        EXPECT_TRUE(real.contains(table)) << table << " is declared but not there";
}

TEST(Policies, are_as_docs_policies_md_says) {
    TestSite site;
    std::ifstream in(BRAID_SOURCE_DIR "/docs/policies.md");
    const std::string reviewed{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(site.program().policies().table(), reviewed)
        << "if this change is meant: build/release/braid routes --policies > docs/policies.md";
}

TEST(Admin, tells_how_it_is) {
    TestSite site;
    HttpClient admin(site.admin_port());
    EXPECT_EQ(admin.get("/healthz").body, "ok\n");
    EXPECT_EQ(admin.get("/readyz").status, 200);
    const Reply metrics = admin.get("/metrics");
    EXPECT_EQ(metrics.status, 200);
    for (const char* name :
         {"braid_uptime_seconds", "braid_jobs_parked", "braid_sql_commits", "braid_log_dropped_lines"}) {
        EXPECT_THAT(metrics.body, HasSubstr(name));
    }
    EXPECT_EQ(admin.get("/").status, 404);
    // And not on the public port.
    HttpClient visitor = site.visitor();
    for (const char* path : {"/metrics", "/healthz", "/readyz"})
        EXPECT_EQ(visitor.get(path).status, 404) << path;
}

}  // namespace
}  // namespace braid::testing
