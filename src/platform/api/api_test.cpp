#include "platform/api/api.h"

#include <gtest/gtest.h>

#include "platform/http/message.h"

enum class Mood { calm, wild };
template <>
struct braid::sql::EnumNames<Mood> {
    static constexpr std::array<std::string_view, 2> names{"calm", "wild"};
};

namespace braid::api {
namespace {

using BoatId = Id<struct BoatTag>;

struct Sail {
    std::string colour;
    std::int64_t area = 0;
};
BOOST_DESCRIBE_STRUCT(Sail, (), (colour, area))

struct BoatIn {
    std::string name;
    std::optional<std::string> says;
    std::vector<Sail> sails;
    Mood mood = Mood::calm;
    bool public_ = false;
};
BOOST_DESCRIBE_STRUCT(BoatIn, (), (name, says, sails, mood, public_))
constexpr auto api_fields(const BoatIn*) {
    return std::to_array<Field>({
        {.name = "name", .says = "As painted on the hull.", .min = 1, .max = 10},
        {.name = "sails", .says = "From bow to stern.", .max = 3},
        {.name = "public", .says = "Whether others see it."},
    });
}

struct BoatOut {
    BoatId id;
    std::string name;
    std::optional<std::string> says;
    Mood mood = Mood::calm;
    Timestamp built;
};
BOOST_DESCRIBE_STRUCT(BoatOut, (), (id, name, says, mood, built))

struct Misnamed {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Misnamed, (), (name))
constexpr auto api_fields(const Misnamed*) {
    return std::to_array<Field>({{.name = "nmae", .says = "?"}});
}

constexpr http::ActionRef kSail("boats.sail");
constexpr http::ActionRef kLook("boats.look");

class ApiTest : public ::testing::Test {
  protected:
    ApiTest() {
        api.post("/api/v1/boats", kSail, "createBoat", "Build a boat")
            .body<BoatIn>()
            .returns<BoatOut>(201, "The new boat")
            .errors({409})
            .handle([this](const http::Request&, const BoatIn& in) -> Result<Reply<BoatOut>> {
                seen = in;
                if (in.name == "taken") return conflict("boats.taken");
                return Reply<BoatOut>{.value = {BoatId{33}, in.name, in.says, in.mood, {1'500'000}},
                                      .headers = {{"Location", "/api/v1/boats/11"}}};
            });
        api.get("/api/v1/boats", kLook, "listBoats", "All boats")
            .query({.name = "mood", .says = "Only these.", .one_of = {"calm", "wild"}})
            .returns_page<BoatOut>("By name", 50)
            .handle([](const http::Request& request) -> Result<Page<BoatOut>> {
                const auto [after, limit] = page_of(request);
                Page<BoatOut> page;
                page.items.push_back({BoatId{1}, after + "/" + std::to_string(limit), {}, Mood::wild, {}});
                page.next = limit == 2 ? "c&d" : "";
                return page;
            });
        api.del("/api/v1/boats/{boat:id}", kSail, "sinkBoat", "Sink a boat")
            .path("boat", "Which.")
            .returns<void>(204, "It is gone")
            .handle([](const http::Request& request) -> Result<void> {
                if (request.path_id<BoatId>("boat") != BoatId{1}) return not_found();
                return success();
            });
        api.serve_document("/api/v1/openapi.json", kLook);
    }

    Result<http::Response> send(http::Method method, std::string path, std::string body = {},
                                std::string type = "application/json") {
        http::Request request;
        request.method = method;
        request.path = path.substr(0, path.find('?'));
        for (std::size_t at = path.find('?'); at != std::string::npos;) {
            const auto end = path.find('&', at + 1);
            const auto pair = path.substr(at + 1, end == std::string::npos ? end : end - at - 1);
            request.query.add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
            at = end;
        }
        if (!type.empty()) request.headers.emplace_back("content-type", type);
        request.body = std::move(body);
        const auto match = router.find(method, request.path);
        if (match.route == nullptr) return not_found("no route");
        request.path_parameters = match.parameters;
        return match.route->handler(request);
    }
    Error error(std::string body) {
        auto result = send(http::Method::post, "/api/v1/boats", std::move(body));
        EXPECT_FALSE(result.ok());
        return result.ok() ? Error{} : result.error();
    }
    // "pointer key" of each thing wrong.
    std::vector<std::string> wrong(std::string body) {
        std::vector<std::string> all;
        const Error e = error(std::move(body));
        EXPECT_EQ(e.code, ErrorCode::invalid);
        for (const auto& field : e.fields)
            all.push_back(field.field + " " + field.message_key);
        return all;
    }
    static std::string text(const http::Response& response) { return std::get<std::string>(response.body); }

    http::Router router;
    Api api{router,
            {.server_url = "https://braid.example", .requirement = [](std::string_view action) {
                 return action == "boats.sail" ? Requirement{true, "write"} : Requirement{false, "read"};
             }}};
    BoatIn seen;
};

TEST_F(ApiTest, ReadsABodyAndAnswersTheDeclaredStatus) {
    const auto result =
        send(http::Method::post, "/api/v1/boats",
             R"({"name":"Ñandú","sails":[{"colour":"red","area":12}],"mood":"wild","public":true})",
             "application/json; charset=utf-8");
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 201);
    EXPECT_EQ(text(*result),
              R"({"id":"11","name":"Ñandú","says":null,"mood":"wild","built":"1970-01-01T00:00:01.500Z"})");
    EXPECT_EQ(result->header("location"), "/api/v1/boats/11");
    EXPECT_EQ(seen.sails.at(0).area, 12);
    EXPECT_TRUE(seen.public_);
}

TEST_F(ApiTest, NamesEverythingThatIsWrongByItsPointer) {
    EXPECT_EQ(
        wrong(
            R"({"name":"","says":7,"sails":[{"colour":"red","area":"big"},{"colour":1,"area":2,"x/y":0}],"mood":"sad","public":1,"extra":null})"),
        (std::vector<std::string>{"/name api.too_short", "/says api.must_be_text",
                                  "/sails/0/area api.must_be_integer", "/sails/1/colour api.must_be_text",
                                  "/sails/1/x~1y api.unknown_member", "/mood api.must_be_one_of",
                                  "/public api.must_be_boolean", "/extra api.unknown_member"}));
    EXPECT_EQ(wrong("{}"), (std::vector<std::string>{"/name api.missing", "/sails api.missing",
                                                     "/mood api.missing", "/public api.missing"}));
    EXPECT_EQ(wrong("[]"), (std::vector<std::string>{" api.must_be_object"}));
    EXPECT_EQ(wrong(R"({"name":"12345678901","sails":[{},{},{},{}],"mood":"calm","public":false})"),
              (std::vector<std::string>{"/name api.too_long", "/sails api.too_many"}));
    EXPECT_EQ(
        wrong(
            R"({"name":"a","sails":[{"colour":"a","area":1.5},{"colour":"a","area":99999999999999999999}],"mood":"calm","public":false})"),
        (std::vector<std::string>{"/sails/0/area api.must_be_integer", "/sails/1/area api.must_be_integer"}));
    EXPECT_EQ(wrong("{\"name\":\"a\\u0000b\",\"sails\":[],\"mood\":\"calm\",\"public\":false}"),
              (std::vector<std::string>{"/name api.nul"}));
}

TEST_F(ApiTest, RefusesWhatIsNotJson) {
    for (const std::string body :
         {"", "{", "{\"name\":}", "{} {}", "{'a':1}", "nul", "{\"a\":1,}", "\"\xFF\"", "[1 2]", "// x\n{}"}) {
        EXPECT_EQ(error(body).code, ErrorCode::malformed) << body;
    }
    const Error twice = error(R"({"name":"a","name":"b"})");
    EXPECT_EQ(twice.code, ErrorCode::malformed);
    EXPECT_NE(twice.detail.find("\"name\" twice"), std::string::npos) << twice.detail;
    EXPECT_EQ(error(std::string(100, '[') + std::string(100, ']')).code, ErrorCode::malformed);
    EXPECT_EQ(error(std::string(1'000'000, '[')).code, ErrorCode::malformed);
}

TEST_F(ApiTest, RefusesABodyOfAnotherType) {
    for (const std::string type :
         {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
        const auto result = send(http::Method::post, "/api/v1/boats", "{}", type);
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, ErrorCode::unsupported) << type;
    }
}

TEST_F(ApiTest, PassesOnTheErrorsOfTheHandler) {
    EXPECT_EQ(error(R"({"name":"taken","sails":[],"mood":"calm","public":false})").code, ErrorCode::conflict);
}

TEST_F(ApiTest, PagesAndLinksToTheNext) {
    const auto first = send(http::Method::get, "/api/v1/boats?limit=2&mood=wild&after=a%2Fb");
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->status, 200);
    EXPECT_NE(text(*first).find(R"("next":"c&d")"), std::string::npos);
    EXPECT_EQ(first->header("link"), R"(</api/v1/boats?after=c%26d&limit=2&mood=wild>; rel="next")");
    const auto last = send(http::Method::get, "/api/v1/boats");
    ASSERT_TRUE(last.ok());
    EXPECT_NE(text(*last).find(R"("next":null)"), std::string::npos);
    EXPECT_NE(text(*last).find("/20"), std::string::npos);
    EXPECT_FALSE(last->header("link"));
}

TEST_F(ApiTest, ChecksTheQuery) {
    const auto fields = [&](std::string path) {
        std::vector<std::string> all;
        const auto result = send(http::Method::get, std::move(path));
        if (!result.ok()) {
            for (const auto& field : result.error().fields)
                all.push_back(field.field + " " + field.message_key);
        }
        return all;
    };
    EXPECT_EQ(fields("/api/v1/boats?limit=0&mood=sad&colour=red"),
              (std::vector<std::string>{"limit api.out_of_range", "mood api.must_be_one_of",
                                        "colour api.unknown_parameter"}));
    EXPECT_EQ(fields("/api/v1/boats?limit=51"), (std::vector<std::string>{"limit api.out_of_range"}));
    EXPECT_EQ(fields("/api/v1/boats?limit=x"), (std::vector<std::string>{"limit api.must_be_integer"}));
    EXPECT_EQ(fields("/api/v1/boats?mood=calm&mood=wild"), (std::vector<std::string>{"mood api.twice"}));
    EXPECT_EQ(fields("/api/v1/boats?mood=calm"), (std::vector<std::string>{}));
}

TEST_F(ApiTest, AnswersWithoutABody) {
    const auto gone = send(http::Method::del, "/api/v1/boats/1");
    ASSERT_TRUE(gone.ok());
    EXPECT_EQ(gone->status, 204);
    EXPECT_EQ(text(*gone), "");
    EXPECT_FALSE(gone->header("content-type"));
    EXPECT_EQ(send(http::Method::del, "/api/v1/boats/2").error().code, ErrorCode::not_found);
}

TEST_F(ApiTest, DocumentsEveryRow) {
    const auto served = send(http::Method::get, "/api/v1/openapi.json");
    ASSERT_TRUE(served.ok());
    std::string problem;
    const auto document = parse_json(text(*served), problem);
    ASSERT_TRUE(document) << problem;
    const auto at = [&](std::initializer_list<std::string_view> path) -> const Json& {
        static const Json nothing;
        const Json* here = &*document;
        for (const auto name : path) {
            here = here->find(name);
            if (here == nullptr) {
                ADD_FAILURE() << "no " << name;
                return nothing;
            }
        }
        return *here;
    };
    EXPECT_EQ(at({"openapi"}).text, "3.1.0");
    EXPECT_EQ(at({"paths"}).members.size(), 3U);
    const Json& post = at({"paths", "/api/v1/boats", "post"});
    EXPECT_EQ(post.find("operationId")->text, "createBoat");
    std::vector<std::string> statuses;
    for (const auto& [status, response] : post.find("responses")->members)
        statuses.push_back(status);
    EXPECT_EQ(statuses, (std::vector<std::string>{"201", "400", "401", "403", "409", "413", "415", "422",
                                                  "429", "503"}));
    EXPECT_EQ(post.find("security")->items.at(0).find("token")->items.at(0).text, "write");
    EXPECT_EQ(at({"paths", "/api/v1/boats/{boat}", "delete", "responses", "404", "$ref"}).text,
              "#/components/responses/Error404");
    EXPECT_EQ(at({"paths", "/api/v1/boats", "get", "security"}).items.size(), 2U);
    // Every reference leads somewhere.
    const std::function<void(const Json&)> follow = [&](const Json& value) {
        for (const auto& [name, member] : value.members) {
            if (name == "$ref") {
                const auto slash = member.text.rfind('/');
                const auto kind = member.text.substr(13, slash - 13);
                EXPECT_NE(at({"components", kind}).find(member.text.substr(slash + 1)), nullptr)
                    << member.text;
            }
            follow(member);
        }
        for (const auto& item : value.items)
            follow(item);
    };
    follow(*document);
    const Json& boat = at({"components", "schemas", "BoatIn"});
    EXPECT_EQ(boat.find("required")->items.size(), 4U);
    EXPECT_EQ(boat.find("properties")->find("name")->find("maxLength")->integer, 10);
    EXPECT_EQ(boat.find("properties")->find("says")->find("type")->items.size(), 2U);
    EXPECT_EQ(boat.find("properties")->find("sails")->find("maxItems")->integer, 3);
    EXPECT_FALSE(boat.find("additionalProperties")->boolean);
}

TEST_F(ApiTest, RefusesDeclarationsThatContradictThemselves) {
    const auto nothing = [](const http::Request&) -> Result<void> { return success(); };
    EXPECT_THROW(api.get("/boats", kLook, "a", "x").returns<void>(204, "x").handle(nothing),
                 std::logic_error);
    EXPECT_THROW(api.get("/api/v1/x", kLook, "listBoats", "x").returns<void>(204, "x").handle(nothing),
                 std::logic_error);
    EXPECT_THROW(api.get("/api/v1/x", kLook, "b", "x").path("y", "?").returns<void>(204, "x").handle(nothing),
                 std::logic_error);
    EXPECT_THROW((void)api.post("/api/v1/x", kLook, "c", "x").body<Misnamed>(), std::logic_error);
    api.require_all();
    router.add({http::Method::get, "/api/v1/loose", kLook,
                [](const http::Request&) -> Result<http::Response> { return not_found(); }});
    EXPECT_THROW(api.require_all(), std::logic_error);
}

}  // namespace
}  // namespace braid::api
