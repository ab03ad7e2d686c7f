#include "identity/accounts/api_v1.h"

namespace braid::accounts {

struct Me {
    PersonId id;
    std::string handle, display_name, bio;
    AgeBand age_band = AgeBand::child;
    std::string language;
    bool listed = false;
    std::optional<std::string> email, pending_email;
};
BOOST_DESCRIBE_STRUCT(Me, (),
                      (id, handle, display_name, bio, age_band, language, listed, email, pending_email))
constexpr auto api_fields(const Me*) {
    return std::to_array<api::Field>({
        {.name = "bio", .says = "Markdown, as written."},
        {.name = "listed", .says = "Whether visitors without an account may see the profile."},
        {.name = "email", .says = "Confirmed. Only for a token with the scope `account`; null otherwise."},
        {.name = "pending_email", .says = "Waits for its link to be followed. Only for the scope `account`."},
    });
}

struct MeEdit {
    std::optional<std::string> display_name, bio, language;
    std::optional<bool> listed;
};
BOOST_DESCRIBE_STRUCT(MeEdit, (), (display_name, bio, language, listed))
constexpr auto api_fields(const MeEdit*) {
    return std::to_array<api::Field>({
        {.name = "display_name", .says = "Shown beside what one writes.", .min = 1, .max = 40},
        {.name = "bio", .says = "Markdown.", .max = 1000},
        {.name = "language", .says = "Of mails and of pages.", .one_of = "en es"},
    });
}

// Another person's public face: no age, no address.
struct Profile {
    PersonId id;
    std::string handle, display_name, bio_html;
};
BOOST_DESCRIBE_STRUCT(Profile, (), (id, handle, display_name, bio_html))
constexpr auto api_fields(const Profile*) {
    return std::to_array<api::Field>({{.name = "bio_html", .says = "Sanitised HTML."}});
}

namespace {

// The rules name fields of forms; programs are told the place in their body.
Error with_pointers(Error error) {
    for (FieldError& field : error.fields)
        field.field.insert(0, "/");
    return error;
}

Result<Me> me(sql::Database& database, const Service& service, const Actor& actor) {
    OwnAccount own = TRY(database.read([&](sql::Reader& reader) { return service.own(reader, actor); }));
    Me me{own.id,
          std::move(own.handle),
          std::move(own.display_name),
          std::move(own.bio),
          own.band,
          std::move(own.language),
          own.listed,
          {},
          {}};
    if (actor.allows(access::Scope::account)) {
        me.email = std::move(own.email);
        me.pending_email = std::move(own.pending_email);
    }
    return me;
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, Service& service) {
    api.get("/api/v1/me", access::action<SeeSettings>(), "getMe", "Who I am")
        .returns<Me>(200, "One's own account")
        .cost(http::Cost::reads)
        .handle(
            [&](const http::Request& request) { return me(database, service, access::actor_of(request)); });

    api.patch("/api/v1/me", access::action<EditProfile>(), "updateMe", "Change my profile")
        .says("Members that are left out stay as they are.")
        .body<MeEdit>()
        .returns<Me>(200, "As it is now")
        .handle([&](const http::Request& request, const MeEdit& in) -> Result<Me> {
            ProfileEdit edit{in.display_name, in.bio, in.listed, {}};
            auto language = i18n::Language::en;
            if (in.language && i18n::parse_language(*in.language, language)) edit.language = language;
            if (auto saved = service.edit_profile(access::actor_of(request), edit); !saved.ok())
                return with_pointers(saved.error());
            return me(database, service, access::actor_of(request));
        });

    api.get("/api/v1/people/{handle:text}", access::action<SeeProfile>(), "getPerson", "A person's profile")
        .path("handle", "Without the @.")
        .says("Somebody who is not listed is found by signed-in people only.")
        .returns<Profile>(200, "The profile")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<Profile> {
            auto card = database.read([&](sql::Reader& reader) {
                return service.found_by(reader, access::actor_of(request), request.path_text("handle"));
            });
            if (!card) return not_found("no such handle");
            TRY(access::permit<SeeProfile>(access::actor_of(request),
                                           {card->id, card->listed, card->paused}));
            return Profile{card->id, std::move(card->handle), std::move(card->display_name),
                           std::move(card->bio_html)};
        });
}

}  // namespace braid::accounts
