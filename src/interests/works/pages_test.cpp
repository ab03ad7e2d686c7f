// The pages and the rows for programs, asked as a server would ask them: through the router, without a
// network.
#include <gmock/gmock.h>

#include "base/text.h"
#include "interests/works/api_v1.h"
#include "interests/works/module.h"
#include "interests/works/policy.h"
#include "interests/works/site_for_tests.h"
#include "shell/shell.h"

namespace braid::works {
namespace {

using namespace works::testing;
using ::testing::HasSubstr;
using ::testing::Not;

class PagesTest : public Site {
  protected:
    PagesTest() {
        auto described = module_.describe();
        described.policies(book_);
        described.routes(router_);
        described.api(api_);
    }

    struct Answer {
        int status = 0;
        std::string body, location, type;
    };
    Answer ask(const Actor& actor, http::Method method, std::string path,
               std::vector<std::pair<std::string, std::string>> form = {}, bool script = false) {
        http::Request request;
        request.method = method;
        request.received = clock_.now();
        const std::size_t question = path.find('?');
        request.target = path;
        if (question != std::string::npos) {
            const std::string query = path.substr(question + 1);
            const std::size_t equals = query.find('=');
            request.query.add(query.substr(0, equals), query.substr(equals + 1));
            path.resize(question);
        }
        request.path = path;
        for (auto& [name, value] : form)
            request.form.fields.add(std::move(name), std::move(value));
        if (script) request.headers.emplace_back("hx-request", "true");
        request.attach(actor);
        const auto match = router_.find(method, path);
        if (match.route == nullptr || match.wrong_method) return {404, "no route", "", ""};
        request.path_parameters = match.parameters;
        auto response = match.route->handler(request);
        if (!response.ok()) {
            switch (response.error().code) {
                case ErrorCode::not_found:
                    return {404, "", "", ""};
                case ErrorCode::forbidden:
                    return {403, "", "", ""};
                case ErrorCode::unauthenticated:
                    return {401, "", "", ""};
                case ErrorCode::conflict:
                    return {409, "", "", ""};
                default:
                    return {422, response.error().message_key, "", ""};
            }
        }
        Answer answer{response->status, "", "", ""};
        if (const auto* text = std::get_if<std::string>(&response->body)) answer.body = *text;
        for (const auto& [name, value] : response->headers) {
            if (braid::ascii_iequals(name, "location")) answer.location = value;
            if (braid::ascii_iequals(name, "content-type")) answer.type = value;
        }
        return answer;
    }
    Answer get(const Actor& actor, std::string path) {
        return ask(actor, http::Method::get, std::move(path));
    }
    Answer post(const Actor& actor, std::string path,
                std::vector<std::pair<std::string, std::string>> form = {}, bool script = false) {
        return ask(actor, http::Method::post, std::move(path), std::move(form), script);
    }
    static std::vector<std::pair<std::string, std::string>> work_fields(std::string title) {
        return {{"title", std::move(title)}, {"summary", "S"},       {"language", "en"},
                {"tags", "moths"},           {"rating", "everyone"}, {"licence", "cc_by"},
                {"visibility", "everyone"},  {"status", "ongoing"},  {"comments", "open"},
                {"warnings_said", "none"}};
    }
    static std::string hidden(const std::string& page, const std::string& name) {
        const std::string sign = "name=\"" + name + "\" value=\"";
        const std::size_t at = page.find(sign);
        if (at == std::string::npos) return {};
        return page.substr(at + sign.size(), page.find('"', at + sign.size()) - at - sign.size());
    }

    SeededRandom random_{7};
    braid::testing::NobodyGuards guard_;
    WorksModule module_{*database_, clock_, ids_, random_, outbox_, blobs_, guard_};
    access::PolicyBook book_;
    http::Router router_;
    api::Api api_{router_, {.requirement = [](std::string_view) { return api::Requirement{true, "read"}; }}};
};
BRAID_ON_BOTH_ENGINES(PagesTest);

TEST_P(PagesTest, EveryRowHasAPolicyAndADocument) {
    EXPECT_NO_THROW(book_.require_all(router_));
    EXPECT_THAT(api_.document(), HasSubstr("\"publishChapter\""));
    EXPECT_FALSE(book_.table().empty());
}

TEST_P(PagesTest, GoesFromAnEmptyShelfToAPublishedChapter) {
    EXPECT_THAT(get(kAbi, "/write").body, HasSubstr("Nothing written yet"));
    EXPECT_THAT(get(kAbi, "/works/new").body, HasSubstr("value=\"me\" checked"));
    EXPECT_THAT(get(kAbi, "/works/new").body, Not(HasSubstr("value=\"mature\"")));
    EXPECT_THAT(get(kOkafor, "/works/new").body, HasSubstr("value=\"mature\""));

    const auto wrong = post(kAbi, "/works/new", work_fields(" "));
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.body, HasSubstr("id=\"e-title\""));
    const auto created = post(kAbi, "/works/new", work_fields("The <Lamp> Room"));
    ASSERT_EQ(created.status, 303);
    const std::string editor = created.location, chapter = editor.substr(0, editor.rfind('/'));

    const auto page = get(kAbi, editor);
    ASSERT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("The &lt;Lamp&gt; Room"));
    EXPECT_THAT(page.body, HasSubstr("everyone</b>"));
    const std::string base = hidden(page.body, "base"), window = hidden(page.body, "editor");

    const auto saved =
        post(kAbi, chapter + "/draft",
             {{"title", "One"}, {"text", "It *began*."}, {"base", base}, {"editor", window}}, true);
    EXPECT_EQ(saved.status, 200);
    EXPECT_THAT(saved.body, HasSubstr("\"base\":\"2\""));
    EXPECT_EQ(post(kAbi, chapter + "/draft",
                   {{"title", "One"}, {"text", "Else."}, {"base", base}, {"editor", "bus"}}, true)
                  .status,
              409);
    EXPECT_THAT(get(kAbi, editor).body, HasSubstr("Else."));
    const auto conflict =
        post(kAbi, editor, {{"title", "One"}, {"text", "Else still."}, {"base", base}, {"editor", "bus"}});
    EXPECT_EQ(conflict.status, 409);
    EXPECT_THAT(conflict.body, HasSubstr("another window"));

    const auto preview = post(kAbi, chapter + "/preview", {{"title", "One"}, {"text", "It *ends*."}}, true);
    EXPECT_THAT(preview.body, HasSubstr("<em>ends</em>"));
    EXPECT_THAT(preview.body, Not(HasSubstr("<html")));
    EXPECT_THAT(get(kAbi, "/write").body, HasSubstr("is waiting for its ending"));

    EXPECT_EQ(post(kAbi, chapter + "/publish",
                   {{"title", ""}, {"text", "It *began*."}, {"base", "2"}, {"editor", window}})
                  .status,
              422);
    const auto published =
        post(kAbi, chapter + "/publish",
             {{"title", "One"}, {"text", "It *began*."}, {"base", "3"}, {"editor", window}});
    EXPECT_EQ(published.status, 303);
    EXPECT_EQ(published.location.substr(0, chapter.size()), chapter);
    EXPECT_THAT(get(kAbi, chapter + "/revisions").body, HasSubstr("Version 1"));
    EXPECT_THAT(get(kAbi, chapter + "/revisions/1").body, HasSubstr("<em>began</em>"));
    EXPECT_EQ(get(kAbi, chapter + "/revisions/2").status, 404);

    for (const std::string& url :
         {editor, chapter + "/revisions", chapter + "/delete", chapter.substr(0, chapter.rfind('/'))}) {
        EXPECT_EQ(get(kAbi, url).status, 200) << url;
        EXPECT_NE(get(kTeen, url).status, 200) << url;
        EXPECT_NE(get(kVisitor, url).status, 200) << url;
    }
    EXPECT_EQ(post(kTeen, chapter + "/unpublish").status, 403);
    EXPECT_EQ(post(kAbi, chapter + "/move", {{"direction", "sideways"}}).status, 422);
    EXPECT_EQ(post(kAbi, chapter + "/unpublish").status, 303);
    EXPECT_EQ(post(kAbi, chapter + "/delete").status, 303);
}

TEST_P(PagesTest, ShowsACoverToWhoMaySeeTheWork) {
    const auto [open, first] = published_work(kAbi);
    const auto [secret, second] = published_work(kAbi, form("Secret", Visibility::me));
    const auto svg = get(kVisitor, "/covers/" + open.text() + ".svg?v=1");
    EXPECT_EQ(svg.status, 200);
    EXPECT_EQ(svg.type, "image/svg+xml");
    EXPECT_EQ(get(kVisitor, "/covers/" + secret.text() + ".svg").status, 404);
    EXPECT_EQ(get(kAbi, "/covers/" + secret.text() + ".svg").status, 200);
    EXPECT_EQ(get(kVisitor, "/covers/" + open.text() + ".webp").status, 404);
    for (const char* file : {"x.svg", ".svg", "..", "1.png", "zzzzzzzzzzzzzzzz.svg"}) {
        EXPECT_EQ(get(kVisitor, std::string("/covers/") + file).status, 404) << file;
    }
    ASSERT_TRUE(
        writing_
            .set_cover(kAbi, open,
                       CoverFiles{*blobs_.put("large", "image/webp"), *blobs_.put("small", "image/webp")})
            .ok());
    EXPECT_EQ(get(kVisitor, "/covers/" + open.text() + ".webp").status, 200);
    EXPECT_EQ(get(kVisitor, "/covers/" + open.text() + "-small.webp").type, "image/webp");
}

TEST_P(PagesTest, AnswersPrograms) {
    const auto [work, chapter] = published_work(kAbi);
    const std::string base = "/api/v1/works/" + work.text();
    EXPECT_THAT(get(kVisitor, "/api/v1/works?tag=Ghost Stories").body, HasSubstr(work.text()));
    EXPECT_THAT(get(kVisitor, "/api/v1/works?tag=none").body, Not(HasSubstr(work.text())));
    EXPECT_THAT(get(kVisitor, base).body, HasSubstr("\"licence\":\"cc_by_nc\""));
    EXPECT_THAT(get(kVisitor, base + "/chapters").body, HasSubstr(chapter.text()));
    EXPECT_THAT(get(kVisitor, base + "/chapters/" + chapter.text()).body, HasSubstr("\"key\":\"1\""));
    EXPECT_THAT(get(kAbi, base + "/chapters/" + chapter.text() + "/draft").body, HasSubstr("It began."));
    EXPECT_EQ(get(kTeen, base + "/chapters/" + chapter.text() + "/revisions").status, 404);
    EXPECT_THAT(get(kAbi, "/api/v1/me/works").body, HasSubstr(work.text()));
    EXPECT_THAT(get(kVisitor, "/api/v1/tags").body, HasSubstr("lighthouses"));
    EXPECT_EQ(post(kAbi, base + "/chapters").status, 201);
    EXPECT_EQ(post(kTeen, base + "/chapters").status, 403);
}

}  // namespace
}  // namespace braid::works
