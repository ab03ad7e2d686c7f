#include "identity/guardians/api_v1.h"

#include "identity/guardians/words.h"

namespace braid::guardians {

struct ChoicesBody {
    bool publish = false, publish_openly = false, comment = false, be_listed = false, mentors = false;
};
BOOST_DESCRIBE_STRUCT(ChoicesBody, (), (publish, publish_openly, comment, be_listed, mentors))
constexpr auto api_fields(const ChoicesBody*) {
    return std::to_array<api::Field>({
        {.name = "publish", .says = "Show works to people who are signed in."},
        {.name = "publish_openly", .says = "Show works to everyone; only with `publish`."},
        {.name = "comment", .says = "Write comments."},
        {.name = "be_listed", .says = "Be found by visitors."},
        {.name = "mentors", .says = "Be written to by mentors."},
    });
}

struct WardItem {
    PersonId id;
    std::string handle, display_name, stage;
    bool paused = false;
    ChoicesBody in_force;
};
BOOST_DESCRIBE_STRUCT(WardItem, (), (id, handle, display_name, stage, paused, in_force))
constexpr auto api_fields(const WardItem*) {
    return std::to_array<api::Field>({
        {.name = "stage",
         .says = "consent: guardians decide. company: she decides, they are asked about mentors."},
        {.name = "paused", .says = "A guardian took consent back: nobody comes in as her."},
        {.name = "in_force", .says = "What all her guardians together allow."},
    });
}

struct WardHolding {
    std::string kind, holds;
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(WardHolding, (), (kind, holds, count))
constexpr auto api_fields(const WardHolding*) {
    return std::to_array<api::Field>({{.name = "holds", .says = "What is in rows of this kind, in words."}});
}
struct WardContact {
    std::string handle, display_name;
    bool adult = false;
    std::int64_t times = 0;
};
BOOST_DESCRIBE_STRUCT(WardContact, (), (handle, display_name, adult, times))
constexpr auto api_fields(const WardContact*) {
    return std::to_array<api::Field>({{.name = "times", .says = "How often; what was said is theirs."}});
}
struct Ward {
    PersonId id;
    std::string handle, display_name, stage;
    std::int64_t birth_year = 0, birth_month = 0;
    bool paused = false, withdrawn = false;
    ChoicesBody mine, in_force;
    std::vector<WardHolding> held;
    std::vector<WardContact> contacts;
    ConsentId tie;
};
BOOST_DESCRIBE_STRUCT(Ward, (),
                      (id, handle, display_name, stage, birth_year, birth_month, paused, withdrawn, mine,
                       in_force, held, contacts, tie))
constexpr auto api_fields(const Ward*) {
    return std::to_array<api::Field>({
        {.name = "withdrawn", .says = "Whether the guardian who asks took her own consent back."},
        {.name = "mine", .says = "What the guardian who asks allows."},
        {.name = "tie", .says = "Her tie to the child, by which it is ended."},
    });
}

// What a young person sees of who is responsible for her.
struct OwnGuardian {
    ConsentId tie;
    std::string name, method;
    bool account = false, withdrawn = false;
    ChoicesBody allows;
    Timestamp since;
};
BOOST_DESCRIBE_STRUCT(OwnGuardian, (), (tie, name, method, account, withdrawn, allows, since))
constexpr auto api_fields(const OwnGuardian*) {
    return std::to_array<api::Field>({
        {.name = "name",
         .says = "As on the guardian's page; of a school its name; empty without an account."},
        {.name = "method", .says = "How consent was given."},
        {.name = "account", .says = "Whether the guardian has an account here."},
        {.name = "withdrawn", .says = "Whether this guardian took consent back."},
        {.name = "allows", .says = "What this guardian allows; `in_force` is what all of them do."},
    });
}
struct OwnDecision {
    std::string what, by;
    ChoicesBody in_force;
    Timestamp at;
};
BOOST_DESCRIBE_STRUCT(OwnDecision, (), (what, by, in_force, at))
constexpr auto api_fields(const OwnDecision*) {
    return std::to_array<api::Field>({
        {.name = "by", .says = "A name; empty: by time, or by somebody without an account."},
        {.name = "in_force", .says = "What was allowed from then on."},
    });
}
struct OwnInvitation {
    std::string email;
    Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(OwnInvitation, (), (email, expires_at))
struct OwnGuardians {
    std::string stage;
    bool paused = false;
    ChoicesBody in_force;
    std::optional<Timestamp> next_stage_at;
    std::vector<OwnGuardian> guardians;
    std::vector<OwnInvitation> invited;
    std::vector<OwnDecision> decided;
};
BOOST_DESCRIBE_STRUCT(OwnGuardians, (), (stage, paused, in_force, next_stage_at, guardians, invited, decided))
constexpr auto api_fields(const OwnGuardians*) {
    return std::to_array<api::Field>({
        {.name = "stage",
         .says =
             "consent: guardians decide. company: she decides, they are asked about mentors. none: of age."},
        {.name = "in_force", .says = "What all guardians together allow."},
        {.name = "next_stage_at", .says = "When her age changes that; null: never again."},
        {.name = "decided", .says = "The newest first, at most 50."},
    });
}

struct ChildCorrection {
    std::string display_name;
    int birth_year = 0, birth_month = 0;
};
BOOST_DESCRIBE_STRUCT(ChildCorrection, (), (display_name, birth_year, birth_month))
constexpr auto api_fields(const ChildCorrection*) {
    return std::to_array<api::Field>({
        {.name = "display_name", .says = "No real name is needed.", .min = 1, .max = 40},
        {.name = "birth_year", .min = 1900, .max = 2200},
        {.name = "birth_month", .min = 1, .max = 12},
    });
}
struct GuardianInvite {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(GuardianInvite, (), (email))
constexpr auto api_fields(const GuardianInvite*) {
    return std::to_array<api::Field>({{.name = "email", .min = 3, .max = 254}});
}

namespace {

Error with_pointers(Error error) {
    for (FieldError& field : error.fields)
        field.field.insert(0, "/");
    return error;
}

ChoicesBody body_of(Choices choices) {
    return {choices.has(Choice::publish), choices.has(Choice::publish_openly), choices.has(Choice::comment),
            choices.has(Choice::be_listed), choices.has(Choice::mentors)};
}

Choices choices_of(const ChoicesBody& body) {
    Choices choices;
    if (body.publish) choices = choices.with(Choice::publish);
    if (body.publish_openly) choices = choices.with(Choice::publish_openly);
    if (body.comment) choices = choices.with(Choice::comment);
    if (body.be_listed) choices = choices.with(Choice::be_listed);
    if (body.mentors) choices = choices.with(Choice::mentors);
    return choices;
}

std::string stage_name(Stage stage) {
    return stage == Stage::consent ? "consent" : stage == Stage::company ? "company" : "none";
}

Result<Ward> ward(Service& service, const Actor& actor, PersonId child) {
    ChildView view = TRY(service.child(actor, child));
    Ward ward{view.card.id,
              std::move(view.card.handle),
              std::move(view.card.display_name),
              stage_name(view.stage),
              view.birth.year,
              view.birth.month,
              view.verdict.paused,
              view.mine.withdrawn(),
              body_of(view.mine.allowed()),
              body_of(view.verdict.allowed),
              {},
              {},
              view.mine.id};
    for (const Holding& holding : view.holdings)
        ward.held.push_back(
            {std::string(holding.table), i18n::format(i18n::Language::en, holding.holds), holding.count});
    for (ContactLine& contact : view.contacts) {
        ward.contacts.push_back({std::move(contact.handle), std::move(contact.name),
                                 contact.band == access::AgeBand::adult, contact.times});
    }
    return ward;
}

OwnGuardians own_of(ChildView view) {
    OwnGuardians own{
        stage_name(view.stage), view.verdict.paused, body_of(view.verdict.allowed), {}, {}, {}, {}};
    if (view.next_stage_at.micros != 0) own.next_stage_at = view.next_stage_at;
    for (TieLine& line : view.ties) {
        const store::Tie& tie = line.tie;
        own.guardians.push_back({tie.id, line.name.empty() ? tie.on_behalf : std::move(line.name),
                                 std::string(sql::detail::enum_name(tie.method)), tie.guardian.has_value(),
                                 tie.withdrawn(), body_of(tie.allowed()), tie.given_at});
    }
    for (store::Invitation& one : view.invitations)
        own.invited.push_back({std::move(one.email), one.expires_at});
    for (LogEntry& entry : view.log) {
        own.decided.push_back({std::string(sql::detail::enum_name(entry.what)), std::move(entry.by),
                               body_of(entry.choices), entry.at});
    }
    return own;
}

}  // namespace

void declare_own(api::Api& api, Service& service) {
    const std::string mine = "/api/v1/me/guardians";
    api.get(mine, access::action<SeeGuardians>(), "getMyGuardians", "Who is responsible for me")
        .says("And what they decided, and what holds.")
        .returns<OwnGuardians>(200, "Of somebody of age: nobody")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<OwnGuardians> {
            return own_of(TRY(service.own(access::actor_of(request))));
        });
    api.post(mine, access::action<InviteGuardian>(), "inviteMyGuardian", "Invite a guardian")
        .says("Past the age of consent, until of age. By a mail, whose link is good for two weeks.")
        .body<GuardianInvite>()
        .returns<void>(204, "The mail is on its way")
        .errors({404})
        .per_minute(10)
        .handle([&](const http::Request& request, const GuardianInvite& in) -> Result<void> {
            const Actor& actor = access::actor_of(request);
            auto done = service.invite(actor, actor.person.value_or(PersonId{}), in.email);
            if (!done.ok()) return with_pointers(std::move(done).error());
            return {};
        });
    api.del("/api/v1/guardian/ties/{tie:id}", access::action<EndTie>(), "endTie", "End a tie")
        .says(
            "A guardian ends her own; past the age of consent the young person ends any of hers. The others "
            "are "
            "told by mail.")
        .returns<void>(204, "It is ended, and what follows from that holds")
        .handle([&](const http::Request& request) -> Result<void> {
            return service.end_tie(access::actor_of(request), request.path_id<ConsentId>("tie"));
        });
}

void declare_api(api::Api& api, Service& service) {
    declare_own(api, service);
    const std::string child = "/api/v1/guardian/children/{child:id}";
    api.get("/api/v1/guardian/children", access::action<SeeChildren>(), "listChildren",
            "Children I am responsible for")
        .returns<api::Page<WardItem>>(200, "In no order that means anything; at most 100")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) -> Result<api::Page<WardItem>> {
            api::Page<WardItem> page;
            Overview overview = TRY(service.overview(access::actor_of(request)));
            for (ChildLine& line : overview.children) {
                page.items.push_back({line.card.id, std::move(line.card.handle),
                                      std::move(line.card.display_name), stage_name(line.stage),
                                      line.verdict.paused, body_of(line.verdict.allowed)});
            }
            return page;
        });
    api.get(child, access::action<SeeChild>(), "getChild", "One of them")
        .returns<Ward>(200, "What is held of her, whom she meets, and what is decided")
        .cost(http::Cost::reads)
        .handle([&](const http::Request& request) {
            return ward(service, access::actor_of(request), request.path_id<PersonId>("child"));
        });
    api.put(child + "/choices", access::action<DecideMentors>(), "chooseForChild", "Decide what she may do")
        .says("Past the age of consent only `mentors` counts.")
        .body<ChoicesBody>()
        .returns<Ward>(200, "As it is now")
        .handle([&](const http::Request& request, const ChoicesBody& in) -> Result<Ward> {
            const auto id = request.path_id<PersonId>("child");
            TRY(service.choose(access::actor_of(request), id, choices_of(in)));
            return ward(service, access::actor_of(request), id);
        });
    api.put(child + "/profile", access::action<DecideForChild>(), "correctChild",
            "Put name and birth month right")
        .says("While guardians decide. What her age changes, it changes at once.")
        .body<ChildCorrection>()
        .returns<void>(204, "It is put right")
        .handle([&](const http::Request& request, const ChildCorrection& in) -> Result<void> {
            auto done = service.correct(access::actor_of(request), request.path_id<PersonId>("child"),
                                        in.display_name, std::to_string(in.birth_year),
                                        std::to_string(in.birth_month));
            if (!done.ok()) return with_pointers(std::move(done).error());
            return {};
        });
    api.post(child + "/guardians", access::action<InviteGuardian>(), "inviteGuardian",
             "Invite another guardian")
        .says("By a mail, whose link is good for two weeks.")
        .body<GuardianInvite>()
        .returns<void>(204, "The mail is on its way")
        .per_minute(10)
        .handle([&](const http::Request& request, const GuardianInvite& in) -> Result<void> {
            auto done =
                service.invite(access::actor_of(request), request.path_id<PersonId>("child"), in.email);
            if (!done.ok()) return with_pointers(std::move(done).error());
            return {};
        });
    api.put(child + "/withdrawal", access::action<DecideForChild>(), "withdrawConsent", "Take consent back")
        .says(
            "Her account is paused at once and what she made is hidden from others, until it is given again.")
        .returns<void>(204, "It is taken back")
        .handle([&](const http::Request& request) -> Result<void> {
            return service.withdraw(access::actor_of(request), request.path_id<PersonId>("child"));
        });
    api.del(child + "/withdrawal", access::action<DecideForChild>(), "giveConsentAgain", "Give consent again")
        .returns<void>(204, "Everything is as it was")
        .handle([&](const http::Request& request) -> Result<void> {
            return service.give_again(access::actor_of(request), request.path_id<PersonId>("child"));
        });
}

}  // namespace braid::guardians
