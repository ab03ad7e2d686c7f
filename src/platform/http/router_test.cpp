#include "platform/http/router.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace braid::http {
namespace {

constexpr ActionRef kAny{"test.any"};
using WorkId = Id<struct WorkTag>;

Result<Response> nothing(const Request&) {
    return Response::no_content();
}

class RouterTest : public testing::Test {
  protected:
    void add(std::string pattern, Method method = Method::get) {
        router.add({method, std::move(pattern), kAny, nothing, {}});
    }
    // "pattern name=value …" of what a path finds, "-" for nothing, "405 ALLOWED" for another method.
    std::string find(std::string_view path, Method method = Method::get) {
        const Router::Match match = router.find(method, path);
        if (match.wrong_method) return "405 " + match.allowed;
        if (match.route == nullptr) return "-";
        std::string text = match.route->pattern;
        for (const auto& [name, value] : match.parameters.items())
            text.append(" ").append(name).append("=").append(value);
        return text;
    }
    Router router;
};

TEST_F(RouterTest, FindsTypedParameters) {
    add("/");
    add("/works/{work:id}");
    add("/works/{work:id}/chapters/{n:int}/{slug:text}");
    add("/assets/{rest:path}");
    const std::string id = id_to_text(123'456'789);
    EXPECT_EQ(find("/"), "/");
    EXPECT_EQ(find("/works/" + id), "/works/{work:id} work=" + id);
    EXPECT_EQ(find("/works/" + id + "/chapters/7/the-start"),
              "/works/{work:id}/chapters/{n:int}/{slug:text} work=" + id + " n=7 slug=the-start");
    EXPECT_EQ(find("/assets/css/site.css"), "/assets/{rest:path} rest=css/site.css");
    EXPECT_EQ(find("/assets/"), "/assets/{rest:path} rest=");
    for (const auto* path :
         {"/works/UPPER", "/works/0", "/works/", "/works", "/works/zzzzzzzzzzzzzzzzz", "//", "", "works"}) {
        EXPECT_EQ(find(path), "-") << path;
    }
    for (const auto* n : {"-1", "07", "+7", "7x", "", "99999999999999999999"}) {
        EXPECT_EQ(find("/works/" + id + "/chapters/" + n + "/x"), "-") << n;
    }
    EXPECT_EQ(find("/works/" + id + "/chapters/7/"), "-");  // text is never empty
}

TEST_F(RouterTest, LiteralsWinAndStricterTypesComeFirst) {
    add("/works/{slug:text}");
    add("/works/{work:id}");
    add("/works/new");
    add("/{rest:path}");
    EXPECT_EQ(find("/works/new"), "/works/new");
    EXPECT_EQ(find("/works/7"), "/works/{work:id} work=7");
    EXPECT_EQ(find("/works/Some-Thing"), "/works/{slug:text} slug=Some-Thing");
    EXPECT_EQ(find("/works/new/more"), "/{rest:path} rest=works/new/more");
}

TEST_F(RouterTest, ALiteralThatLeadsNowhereGivesWay) {
    add("/works/new/cover");
    add("/works/{slug:text}/edit");
    EXPECT_EQ(find("/works/new/edit"), "/works/{slug:text}/edit slug=new");
}

TEST_F(RouterTest, AnotherMethodIs405WithAllow) {
    add("/works");
    add("/works", Method::post);
    add("/works/{work:id}", Method::del);
    add("/works/new");
    EXPECT_EQ(find("/works", Method::put), "405 GET, HEAD, POST");
    EXPECT_EQ(find("/works", Method::head), "/works");
    EXPECT_EQ(find("/works/7"), "405 DELETE");
    EXPECT_EQ(find("/nothing", Method::post), "-");
}

TEST_F(RouterTest, AMethodMayBeFoundBehindALiteralOfAnother) {
    add("/works/new");
    add("/works/{slug:text}", Method::post);
    EXPECT_EQ(find("/works/new", Method::post), "/works/{slug:text} slug=new");
}

TEST_F(RouterTest, MalformedAndDoubledPatternsStopTheStart) {
    add("/works/{work:id}");
    for (const auto* pattern :
         {"", "works", "/a//b", "/a/", "/{x}", "/{x:word}", "/{:id}", "/{X:id}", "/a{x:id}", "/{x:id}b",
          "/{r:path}/x", "/{a:id}/{a:id}", "/works/{work:id}", "/works/{other:id}", "/{a:id", "/a:id}"}) {
        EXPECT_THROW(add(pattern), std::logic_error) << pattern;
    }
}

TEST_F(RouterTest, RowsKeepTheirPlaceWhenTheRouterMoves) {
    add("/a");
    Router moved = std::move(router);
    EXPECT_EQ(moved.find(Method::get, "/a").route, &moved.routes().front());
}

}  // namespace
}  // namespace braid::http
