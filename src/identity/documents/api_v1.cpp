#include "identity/documents/api_v1.h"

#include "base/text.h"

namespace braid::documents {

struct DocumentOut {
    Kind kind = Kind::privacy;
    int version = 1;
    bool important = false;
    std::optional<Timestamp> published_at;
    std::string text_en, text_es, short_en, short_es, changed_en, changed_es;
};
BOOST_DESCRIBE_STRUCT(DocumentOut, (),
                      (kind, version, important, published_at, text_en, text_es, short_en, short_es,
                       changed_en, changed_es))
constexpr auto api_fields(const DocumentOut*) {
    return std::to_array<api::Field>({
        {.name = "important", .says = "Whether everybody is asked to agree to it."},
        {.name = "published_at", .says = "null: it came with the program."},
        {.name = "text_en", .says = "Markdown, as are the others."},
        {.name = "changed_en", .says = "What is new in this version."},
    });
}

struct DocumentVersionOut {
    int version = 1;
    bool important = false;
    std::optional<Timestamp> published_at;
    std::string changed_en, changed_es;
};
BOOST_DESCRIBE_STRUCT(DocumentVersionOut, (), (version, important, published_at, changed_en, changed_es))

struct DocumentIn {
    std::string text_en, text_es, short_en, short_es;
    std::optional<std::string> changed_en, changed_es;
    std::optional<bool> important;
    int based_on = 0;
};
BOOST_DESCRIBE_STRUCT(DocumentIn, (),
                      (text_en, text_es, short_en, short_es, changed_en, changed_es, important, based_on))
constexpr auto api_fields(const DocumentIn*) {
    return std::to_array<api::Field>({
        {.name = "text_en", .says = "Markdown, as are the others.", .min = 1, .max = kTextMax},
        {.name = "text_es", .min = 1, .max = kTextMax},
        {.name = "short_en", .says = "The same in a few sentences.", .min = 1, .max = kShortMax},
        {.name = "short_es", .min = 1, .max = kShortMax},
        {.name = "changed_en", .says = "What is new; needed of an important change.", .max = kShortMax},
        {.name = "changed_es", .max = kShortMax},
        {.name = "important", .says = "Whether everybody is asked to agree when she next comes in."},
        {.name = "based_on",
         .says = "The version that was read and changed; 409 when it is not the newest.",
         .min = 1,
         .max = 1'000'000},
    });
}

struct PublishedOut {
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(PublishedOut, (), (version))

struct AgreementOut {
    std::vector<Kind> pending;
};
BOOST_DESCRIBE_STRUCT(AgreementOut, (), (pending))
constexpr auto api_fields(const AgreementOut*) {
    return std::to_array<api::Field>({
        {.name = "pending",
         .says = "What has changed in an important way since I agreed to it; empty: nothing."},
    });
}

namespace {

std::optional<Timestamp> moment(Timestamp at) {
    return at.micros == 0 ? std::nullopt : std::optional(at);
}

Result<Kind> kind_of(const http::Request& request) {
    const auto kind = parse_kind(request.path_text("kind"));
    if (!kind) return not_found("no such document");
    return *kind;
}

Result<DocumentOut> read(Service& service, const http::Request& request) {
    const Kind kind = TRY(kind_of(request));
    std::optional<int> number;
    if (const auto asked = request.query.find("version"))
        number = static_cast<int>(parse_integer(*asked).value_or(0));
    Version version = TRY(service.read(kind, number));
    return DocumentOut{kind,
                       version.number,
                       version.important,
                       moment(version.published_at),
                       std::move(version.en.text),
                       std::move(version.es.text),
                       std::move(version.en.brief),
                       std::move(version.es.brief),
                       std::move(version.en.changed),
                       std::move(version.es.changed)};
}

Result<PublishedOut> publish(Service& service, const http::Request& request, const DocumentIn& in) {
    // Whether there is such a document is nothing to learn for who may publish none.
    const access::Actor& actor = access::actor_of(request);
    TRY(access::permit<PublishDocument>(actor, {}));
    const Kind kind = TRY(kind_of(request));
    const auto text = [](const std::optional<std::string>& typed) {
        return std::string(trim(typed.value_or("")));
    };
    Version next;
    next.en = {text(in.text_en), text(in.short_en), text(in.changed_en)};
    next.es = {text(in.text_es), text(in.short_es), text(in.changed_es)};
    next.important = in.important.value_or(false);
    auto published = service.publish(actor, kind, next, in.based_on);
    if (published.ok()) return PublishedOut{*published};
    for (FieldError& field : published.error().fields)
        field.field.insert(0, "/");
    return std::move(published).error();
}

}  // namespace

void declare_api(api::Api& api, Service& service) {
    api.get("/api/v1/documents/{kind:text}", access::action<SeeDocument>(), "getSiteDocument",
            "The privacy page, the guidelines or the terms")
        .path("kind", "privacy, guidelines or terms.")
        .query({.name = "version",
                .says = "An older one.",
                .type = api::Parameter::Type::integer,
                .min = 1,
                .max = 1'000'000})
        .returns<DocumentOut>(200, "The newest version, or the one asked for")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) { return read(service, request); });

    api.get("/api/v1/documents/{kind:text}/versions", access::action<SeeDocument>(),
            "listSiteDocumentVersions", "Versions of a document")
        .path("kind", "privacy, guidelines or terms.")
        .returns<api::Page<DocumentVersionOut>>(200, "The newest first; at most 100")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<api::Page<DocumentVersionOut>> {
            api::Page<DocumentVersionOut> page;
            for (VersionLine& line : service.history(TRY(kind_of(request)))) {
                page.items.push_back({line.number, line.important, moment(line.published_at),
                                      std::move(line.changed_en), std::move(line.changed_es)});
            }
            return page;
        });

    api.post("/api/v1/documents/{kind:text}/versions", access::action<PublishDocument>(),
             "publishSiteDocument", "Publish a new version")
        .path("kind", "privacy, guidelines or terms.")
        .says("Administrators. The audit log says who.")
        .body<DocumentIn>()
        .returns<PublishedOut>(201, "Its number")
        .errors({409})
        .per_minute(30)
        .handle([&](const http::Request& request, const DocumentIn& in) -> Result<api::Reply<PublishedOut>> {
            return api::Reply<PublishedOut>{.value = TRY(publish(service, request, in))};
        });

    api.get("/api/v1/agreement", access::action<AcceptDocument>(), "getAgreement",
            "What I have yet to agree to")
        .returns<AgreementOut>(200, "Documents that changed")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<AgreementOut> {
            const access::Actor& actor = access::actor_of(request);
            TRY(access::permit<AcceptDocument>(actor, {}));
            return AgreementOut{service.pending(*actor.person)};
        });

    api.put("/api/v1/agreement", access::action<AcceptDocument>(), "agree", "Agree to all that is current")
        .returns<void>(204, "Agreed")
        .handle([&](const http::Request& request) { return service.accept(access::actor_of(request)); });
}

}  // namespace braid::documents
