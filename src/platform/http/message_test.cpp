#include "platform/http/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "platform/http/problem.h"

namespace braid::http {
namespace {

using testing::ElementsAre;

TEST(Fields, KeepOrderAndRepeats) {
    Fields fields;
    fields.add("tag", "a");
    fields.add("title", "");
    fields.add("tag", "b");
    EXPECT_EQ(fields.get("tag"), "a");
    EXPECT_THAT(fields.all("tag"), ElementsAre("a", "b"));
    EXPECT_TRUE(fields.has("title"));
    EXPECT_FALSE(fields.has("Tag"));
    EXPECT_EQ(fields.get("none"), "");
    EXPECT_EQ(fields.find("none"), std::nullopt);
}

TEST(RequestCookies, AreFoundByTheirWholeName) {
    Request request;
    request.headers = {{"cookie", "a=1; ab=\"2\";c = 3; d; e=x=y "}, {"cookie", "f=7"}};
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("ab"), "2");
    EXPECT_EQ(request.cookie("b"), std::nullopt);
    EXPECT_EQ(request.cookie("d"), std::nullopt);
    EXPECT_EQ(request.cookie("e"), "x=y");
    EXPECT_EQ(request.cookie("f"), "7");
}

TEST(RequestWants, JsonWhenAskedForRatherThanAPage) {
    const auto wants = [](std::string path, std::string accept) {
        Request request;
        request.path = std::move(path);
        if (!accept.empty()) request.headers.emplace_back("accept", accept);
        return request.wants_json();
    };
    EXPECT_TRUE(wants("/api/v1/works", ""));
    EXPECT_TRUE(wants("/works", "application/json"));
    EXPECT_TRUE(wants("/works", "application/json, text/html;q=0.5"));
    EXPECT_TRUE(wants("/works", "application/problem+json"));
    EXPECT_FALSE(wants("/works", ""));
    EXPECT_FALSE(wants("/works", "*/*"));
    EXPECT_FALSE(wants("/works", "text/html, application/json;q=0.9, */*;q=0.8"));
    EXPECT_FALSE(wants("/works", "application/json;q=0"));
    EXPECT_FALSE(wants("/apinot", "text/html"));
}

TEST(SetCookie, SaysWhatItIs) {
    EXPECT_EQ(set_cookie_text({.name = "a", .value = "b"}, false), "a=b; Path=/; SameSite=Lax; HttpOnly");
    EXPECT_EQ(set_cookie_text(
                  {.name = "a", .value = "b", .max_age = std::chrono::hours(1), .http_only = false}, true),
              "a=b; Path=/; Max-Age=3600; SameSite=Lax; Secure");
    EXPECT_EQ(set_cookie_text({.name = "a", .value = "", .max_age = Duration(-1)}, false),
              "a=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
}

TEST(SetCookie, CannotBeBrokenOutOf) {
    for (const Cookie& cookie :
         {Cookie{.name = "a;b", .value = ""}, Cookie{.name = "", .value = "x"},
          Cookie{.name = "a", .value = "x; Domain=y"}, Cookie{.name = "a", .value = "x\r\ny"},
          Cookie{.name = "a", .value = "x", .path = "/;x"}, Cookie{.name = "a", .value = "x", .path = "x"},
          Cookie{.name = "a b", .value = "x"}}) {
        EXPECT_THROW((void)set_cookie_text(cookie, false), std::logic_error)
            << cookie.name << "=" << cookie.value;
    }
}

TEST(LocalPath, StaysOnThisSite) {
    for (const auto* path : {"/", "/works/7?page=2#p3", "/a//b", "/~x", "/%2F%2Fevil.example",
                             "/search?next=//evil.example", "/a/../b"}) {
        EXPECT_EQ(local_path(path, "/home"), path);
    }
    for (const auto* path : {"",
                             "//evil.example",
                             "///evil.example",
                             "/\\evil.example",
                             "\\\\evil.example",
                             "/\t/evil.example",
                             "/\n/evil.example",
                             " //evil.example",
                             "https://evil.example",
                             "javascript:alert(1)",
                             "evil.example",
                             "?x",
                             "/.//evil.example",
                             "/x/..//evil.example",
                             "/%2e%2e//evil.example",
                             "/%2E//evil.example",
                             "/a b",
                             "/\x7f",
                             "/\xff",
                             "/x\r\nSet-Cookie: a=b",
                             "@evil.example",
                             "/x\\y"}) {
        EXPECT_EQ(local_path(path, "/home"), "/home") << path;
    }
    EXPECT_EQ(local_path("/" + std::string(3000, 'x'), "/home"), "/home");
}

TEST(Response, RedirectsStayOnThisSite) {
    EXPECT_EQ(Response::see_other("/works/7").header("location"), "/works/7");
    EXPECT_EQ(Response::see_other("//evil.example").header("location"), "/");
    EXPECT_EQ(Response::see_other("/works/7").status, 303);
}

TEST(Response, SetsAHeaderOnce) {
    Response response = Response::html(200, "");
    response.set("content-type", "text/plain").set("X", "1").set("x", "2");
    EXPECT_EQ(response.headers.size(), 2U);
    EXPECT_EQ(response.header("Content-Type"), "text/plain");
    EXPECT_EQ(response.header("X"), "2");
    EXPECT_EQ(response.etag("a\"b c\r\n").header("etag"), "\"abc\"");
}

TEST(Request, RemovesItsFilesUnlessTheyWereMovedAway) {
    const auto folder = std::filesystem::temp_directory_path();
    const auto kept = folder / "braid-message-kept", left = folder / "braid-message-left",
               moved = folder / "braid-message-moved";
    for (const auto& path : {kept, left})
        std::ofstream(path) << "x";
    {
        Request request;
        request.form.uploads.push_back({"a", "a", "", kept, 1});
        request.form.uploads.push_back({"b", "b", "", left, 1});
        std::filesystem::rename(kept, moved);
        const Request taken = std::move(request);  // what was moved from owns nothing
        EXPECT_TRUE(std::filesystem::exists(left));
    }
    EXPECT_FALSE(std::filesystem::exists(left));
    EXPECT_TRUE(std::filesystem::exists(moved));
    std::filesystem::remove(moved);
}

TEST(Problem, SaysWhatIsWrongWithoutTheDetail) {
    Request request;
    request.path = "/works/\"7\"";
    request.id = "abc";
    Error error = invalid("title", "works.title_empty");
    error.detail = "private";
    const Response response = problem(
        request, error, [](std::string_view key, const auto&) { return "text of " + std::string(key); });
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.header("content-type"), "application/problem+json");
    EXPECT_EQ(
        std::get<std::string>(response.body),
        R"({"type":"about:blank","title":"Unprocessable Content","status":422,"code":"invalid","detail":"text of error.invalid",)"
        R"("instance":"/works/\"7\"","request_id":"abc",)"
        R"("errors":[{"field":"title","code":"works.title_empty","detail":"text of works.title_empty"}]})");
}

TEST(Problem, SaysWhenToTryAgain) {
    const Response response = problem(Request(), unavailable("x", 7),
                                      [](std::string_view key, const auto&) { return std::string(key); });
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.header("retry-after"), "7");
}

}  // namespace
}  // namespace braid::http
