#include "identity/sessions/api_v1.h"

#include "base/text.h"
#include "identity/sessions/middleware.h"
#include "identity/sessions/model.h"

namespace braid::sessions {

struct SessionItem {
    SessionId id;
    std::string browser, system;
    Timestamp created_at, last_seen_at, expires_at;
    bool current = false;
};
BOOST_DESCRIBE_STRUCT(SessionItem, (), (id, browser, system, created_at, last_seen_at, expires_at, current))
constexpr auto api_fields(const SessionItem*) {
    return std::to_array<api::Field>({
        {.name = "browser", .says = "Empty where it cannot be told."},
        {.name = "system", .says = "Empty where it cannot be told."},
        {.name = "last_seen_at", .says = "To about ten minutes."},
        {.name = "current", .says = "Whether this request was made with it."},
    });
}

struct TokenItem {
    TokenId id;
    std::string name;
    std::vector<std::string> scopes;
    Timestamp created_at, expires_at;
    std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(TokenItem, (), (id, name, scopes, created_at, expires_at, last_used_at))
constexpr auto api_fields(const TokenItem*) {
    return std::to_array<api::Field>({{.name = "scopes", .says = "Of read, write, account."}});
}

struct TokenRequest {
    std::string name;
    std::vector<std::string> scopes;
    std::int64_t days = 30;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (), (name, scopes, days))
constexpr auto api_fields(const TokenRequest*) {
    return std::to_array<api::Field>({
        {.name = "name", .says = "What will use it.", .min = 1, .max = 60},
        {.name = "scopes",
         .says = "Of read, write, account; none that the token asking for it lacks.",
         .min = 1,
         .max = 3},
        {.name = "days", .says = "7, 30, 90 or 365.", .min = 7, .max = 365},
    });
}

struct TokenSecret {
    TokenId id;
    std::string token;
    Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(TokenSecret, (), (id, token, expires_at))
constexpr auto api_fields(const TokenSecret*) {
    return std::to_array<api::Field>({{.name = "token", .says = "Shown this once."}});
}

namespace {

std::vector<std::string> words_of(int scopes) {
    std::vector<std::string> words;
    const std::string text = scope_words(static_cast<std::uint8_t>(scopes));
    for (const std::string_view word : split(text, ' '))
        words.emplace_back(word);
    return words;
}

Result<api::Page<SessionItem>> list_sessions(Service& service, const http::Request& request) {
    const Current* current = request.attached<Current>();
    api::Page<SessionItem> page;
    for (SessionLine& line : TRY(service.sessions(access::actor_of(request),
                                                  current != nullptr ? current->session : std::nullopt))) {
        page.items.push_back({line.id, std::move(line.browser), std::move(line.system), line.created_at,
                              line.last_seen_at, line.expires_at, line.current});
    }
    return page;
}

Result<api::Page<TokenItem>> list_tokens(Service& service, const http::Request& request) {
    api::Page<TokenItem> page;
    for (TokenLine& line : TRY(service.tokens(access::actor_of(request)))) {
        page.items.push_back({line.id, std::move(line.name), words_of(line.scopes), line.created_at,
                              line.expires_at, line.last_used_at});
    }
    return page;
}

Result<TokenSecret> create_token(Service& service, const http::Request& request, const TokenRequest& in) {
    std::string words;
    for (const std::string& word : in.scopes)
        words.append(word).append(" ");
    const auto scopes = parse_scopes(words);
    if (!scopes) return invalid("/scopes", _msg("sessions.token_scopes_unknown"));
    auto made = service.create_token(access::actor_of(request), in.name, *scopes, static_cast<int>(in.days),
                                     assurance_of(request));
    if (!made.ok()) {
        Error error = made.error();
        for (FieldError& field : error.fields)
            field.field.insert(0, "/");
        return error;
    }
    return TokenSecret{made->id, std::move(made->token), made->expires_at};
}

}  // namespace

void declare_api(api::Api& api, Service& service) {
    api.get("/api/v1/sessions", access::action<ManageSessions>(), "listSessions", "Where I am signed in")
        .returns<api::Page<SessionItem>>(200, "The one last used first; at most 100")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) { return list_sessions(service, request); });
    api.del("/api/v1/sessions/{session:id}", access::action<ManageSessions>(), "endSession", "End a session")
        .returns<void>(204, "It has ended")
        .handle([&](const http::Request& request) -> Result<void> {
            return service.end_session(access::actor_of(request), request.path_id<SessionId>("session"));
        });

    api.get("/api/v1/tokens", access::action<ManageTokens>(), "listTokens", "My tokens")
        .returns<api::Page<TokenItem>>(
            200, "Newest first; at most 20. The tokens themselves are never shown again")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) { return list_tokens(service, request); });
    api.post("/api/v1/tokens", access::action<CreateToken>(), "createToken", "Make a token")
        .body<TokenRequest>()
        .returns<TokenSecret>(201, "The token, this once")
        .per_minute(20)
        .handle([&](const http::Request& request, const TokenRequest& in) {
            return create_token(service, request, in);
        });
    api.del("/api/v1/tokens/{token:id}", access::action<ManageTokens>(), "revokeToken", "Revoke a token")
        .returns<void>(204, "It works no more")
        .handle([&](const http::Request& request) -> Result<void> {
            return service.revoke_token(access::actor_of(request), request.path_id<TokenId>("token"));
        });
}

}  // namespace braid::sessions
