#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "identity/sessions/site_test.h"
#include "platform/api/api.h"

namespace braid::sessions {
namespace {

namespace json = boost::json;

class ApiTest : public SiteTest {
  protected:
    ApiTest() {
        for (access::Module& module : described_)
            module.api(api_);
        book_.require_all(router_);
        chain_.back() = access::require_needs(book_, router_, shell::error_page);
    }
    // A program of Abigail's with such scopes; "" comes without a token.
    struct Answer {
        int status;
        json::value body;
    };
    Answer ask(http::Method method, std::string_view path, std::string_view scopes,
               std::string_view body_text = {}) {
        http::Request request;
        request.method = method;
        request.target = request.path = path;
        request.remote_address = "192.0.2.7";
        if (!scopes.empty()) {
            std::uint8_t bits = 0;
            for (const std::string_view word : split(scopes, ' '))
                bits |= word == "read" ? 1 : word == "write" ? 2 : 4;
            request.headers.emplace_back(
                "authorization", "Bearer " + service().create_token(actor(abi_), "test", bits, 7)->token);
        }
        if (!body_text.empty()) {
            request.headers.emplace_back("content-type", "application/json");
            request.body = body_text;
        }
        const http::Response response = dispatch(request);
        const std::string text = body(response);
        return {response.status, text.empty() ? json::value() : json::parse(text)};
    }

    api::Api api_{router_, {}};
};
BRAID_ON_BOTH_ENGINES(ApiTest);

TEST_P(ApiTest, MeIsWhoTheTokenSays) {
    const Answer me = ask(http::Method::get, "/api/v1/me", "read");
    ASSERT_EQ(me.status, 200);
    EXPECT_EQ(me.body.at("handle").as_string(), "abigail");
    EXPECT_EQ(me.body.at("age_band").as_string(), "teen");
    EXPECT_TRUE(me.body.at("email").is_null()) << "the address is for the scope account";
    EXPECT_EQ(ask(http::Method::get, "/api/v1/me", "read account").body.at("email").as_string(),
              "abi@example.org");
    EXPECT_EQ(ask(http::Method::get, "/api/v1/me", "").status, 401);
    EXPECT_EQ(ask(http::Method::get, "/api/v1/me", "write").status, 403);
}

TEST_P(ApiTest, TheProfileIsChangedInPart) {
    const Answer saved =
        ask(http::Method::patch, "/api/v1/me", "read write", R"({"bio":"I write","language":"es"})");
    ASSERT_EQ(saved.status, 200);
    EXPECT_EQ(saved.body.at("bio").as_string(), "I write");
    EXPECT_EQ(saved.body.at("display_name").as_string(), "Abi");
    EXPECT_EQ(saved.body.at("language").as_string(), "es");
    EXPECT_EQ(ask(http::Method::patch, "/api/v1/me", "read", R"({"bio":"x"})").status, 403);
    EXPECT_EQ(ask(http::Method::patch, "/api/v1/me", "read write", R"({"display_name":"\u202eAbi"})").status,
              422);
    EXPECT_EQ(ask(http::Method::patch, "/api/v1/me", "read write", R"({"handle":"x"})").status, 422);
}

TEST_P(ApiTest, APersonWhoIsNotListedIsFoundBySignedInPeopleOnly) {
    EXPECT_EQ(ask(http::Method::get, "/api/v1/people/deniz", "").status, 200);
    EXPECT_EQ(ask(http::Method::get, "/api/v1/people/abigail", "").status, 404);
    const Answer seen = ask(http::Method::get, "/api/v1/people/abigail", "read");
    ASSERT_EQ(seen.status, 200);
    EXPECT_FALSE(seen.body.as_object().contains("age_band"));
    EXPECT_EQ(ask(http::Method::get, "/api/v1/people/nobody-here", "read").status, 404);
}

TEST_P(ApiTest, SessionsAreListedAndEnded) {
    const Entry entry = enter();
    const Answer list = ask(http::Method::get, "/api/v1/sessions", "account");
    ASSERT_EQ(list.status, 200);
    EXPECT_EQ(list.body.at("items").at(0).at("id").as_string(), entry.session.text());
    const std::string path = "/api/v1/sessions/" + entry.session.text();
    EXPECT_EQ(ask(http::Method::del, path, "read write").status, 403);
    EXPECT_EQ(ask(http::Method::del, path, "account").status, 204);
    EXPECT_EQ(ask(http::Method::del, path, "account").status, 404);
    EXPECT_FALSE(service().by_cookie(entry.token));
}

TEST_P(ApiTest, TokensAreMadeListedAndRevoked) {
    const Answer made = ask(http::Method::post, "/api/v1/tokens", "read account",
                            R"({"name":"mine","scopes":["read"],"days":7})");
    ASSERT_EQ(made.status, 201);
    EXPECT_TRUE(made.body.at("token").as_string().starts_with("braid_"));
    EXPECT_EQ(ask(http::Method::post, "/api/v1/tokens", "read account",
                  R"({"name":"wider","scopes":["write"],"days":7})")
                  .status,
              403);
    EXPECT_EQ(
        ask(http::Method::post, "/api/v1/tokens", "account", R"({"name":"x","scopes":["all"],"days":7})")
            .status,
        422);
    EXPECT_EQ(
        ask(http::Method::post, "/api/v1/tokens", "account", R"({"name":"x","scopes":["account"],"days":8})")
            .status,
        422);
    const Answer list = ask(http::Method::get, "/api/v1/tokens", "account");
    EXPECT_EQ(json::serialize(list.body).find("braid_"), std::string::npos);
    const std::string path = "/api/v1/tokens/" + std::string(made.body.at("id").as_string());
    EXPECT_EQ(ask(http::Method::del, path, "account").status, 204);
    EXPECT_FALSE(service().by_bearer(made.body.at("token").as_string()));
}

}  // namespace
}  // namespace braid::sessions
