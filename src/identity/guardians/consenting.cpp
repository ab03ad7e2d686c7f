// The guardian's side by the link of a mail, and consents that staff record.
#include "base/text.h"
#include "identity/guardians/events.h"
#include "identity/guardians/service.h"

#include <boost/json.hpp>

namespace braid::guardians {

namespace {

Error ended() {
    Error error = not_found("answered, withdrawn or expired");
    error.code = ErrorCode::gone;
    error.message_key = _msg("guardians.link_ended");
    return error;
}

}  // namespace

Result<PersonId> Service::establish(sql::Tx& tx, const store::Tying& permit, const store::Request& request,
                                    accounts::BirthMonth birth, store::Tie tie, What what) {
    const Timestamp now = clock_.now();
    const Stage stage = stage_at(birth, settings_.consent_age, now);
    tie.id = request.id;
    tie.choices = (tidy(Choices{static_cast<std::uint32_t>(tie.choices)}) & rules_of(tie.method).widest).bits;
    tie.purpose = rules_of(tie.method).purpose;
    tie.given_at = now;
    tie.next_stage_at = next_stage_at(birth, settings_.consent_age, now);
    const Say say{tie.allowed()};
    const Verdict verdict = verdict_of(stage, std::span(&say, 1));
    const auto admission = TRY(access::permit<accounts::AdmitPerson>(Actor{}, {.consented = true}));
    auto language = i18n::Language::en;
    i18n::parse_language(request.language, language);
    store::delete_request(tx, request.id);
    tie.child = TRY(accounts_.admit(tx, admission,
                                    {request.handle,
                                     request.password_hash,
                                     birth,
                                     language,
                                     {verdict.allowed.others(), verdict.paused}}));
    store::insert_tie(tx, permit, tie);
    note(tx, tie.child, tie.guardian ? tie.guardian : tie.recorded_by, what);
    outbox_.append(tx, ConsentGiven{tie.child.text(), tie.guardian ? tie.guardian->text() : std::string(),
                                    tie.recorded_by ? tie.recorded_by->text() : std::string(),
                                    std::string(sql::detail::enum_name(tie.method))});
    return tie.child;
}

Result<LinkView> Service::open_link(const Actor& actor, std::string_view token) const {
    const auto id = unseal<ConsentId>("guardian", token);
    TRY(access::permit<AnswerByLink>(actor, {.holds = id.has_value()}));
    return database_.read([&](sql::Reader& reader) -> Result<LinkView> {
        LinkView view;
        view.id = *id;
        if ((view.request = store::request(reader, *id))) {
            view.handle = view.request->handle;
            return view;
        }
        view.tie = store::tie(reader, *id);
        if (!view.tie || !view.tie->holds()) return ended();
        const auto contact = accounts_.contact(reader, view.tie->child);
        if (!contact) return ended();
        view.handle = contact->handle;
        view.stage = stage_of(reader, view.tie->child);
        view.verdict = verdict(reader, view.tie->child, view.stage);
        return view;
    });
}

Result<Given> Service::consent(const Actor& actor, std::string_view token, const ConsentForm& form) {
    const auto id = unseal<ConsentId>("guardian", token);
    const auto permit = TRY(access::permit<AnswerByLink>(actor, {.holds = id.has_value()}));
    const auto born = birth(form.birth_year, form.birth_month);
    const Timestamp now = clock_.now();
    return database_.write([&](sql::Tx& tx) -> Result<Given> {
        auto request = store::request(tx, *id);
        if (!request) return ended();
        if (!born.ok()) return born.error();
        if (actor.signed_in()) {
            store::Tie tie;
            tie.guardian = actor.person;
            tie.method = Method::account;
            tie.choices = form.choices.bits;
            const PersonId child = TRY(establish(tx, permit, *request, *born, tie, What::consented));
            mail_guardians(tx, child, _msg("guardians.mail_agreed_subject"),
                           _msg("guardians.mail_agreed_text"));
            return Given::now;
        }
        request->said_at = now;
        request->confirm_at = now + settings_.confirm_after;
        request->birth_year = born->year;
        request->birth_month = born->month;
        request->choices = tidy(form.choices).bits;
        // Time enough for the second mail and its answer.
        request->expires_at = std::max(request->expires_at, request->confirm_at + settings_.request_life / 2);
        store::note_said(tx, permit, *request);
        jobs_.enqueue(tx, "guardians.send_confirmation",
                      boost::json::serialize(boost::json::object{{"request", request->id.text()}}),
                      request->confirm_at);
        return Given::confirm_by_mail;
    });
}

Result<void> Service::refuse(const Actor& actor, std::string_view token) {
    const auto id = unseal<ConsentId>("guardian", token);
    TRY(access::permit<AnswerByLink>(actor, {.holds = id.has_value()}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto request = store::request(tx, *id);
        if (!request) return ended();
        accounts_.release_handle(tx, request->handle);
        store::delete_request(tx, *id);
        return {};
    });
}

// --- the second step

// Bound to the yes it confirms: a yes said anew ends the link of the one before.
std::string Service::confirmation_text(const store::Request& request) const {
    return request.id.text() + "-" + id_to_text(request.said_at.micros);
}

Result<void> Service::send_confirmation(ConsentId id) {
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto request = store::request(tx, id);
        if (!request || !request->said() || clock_.now() < request->confirm_at) return {};
        auto language = i18n::Language::en;
        i18n::parse_language(request->language, language);
        mail(tx, request->guardian_email, language, _msg("guardians.mail_confirm_subject"),
             _msg("guardians.mail_confirm_text"),
             {{"handle", request->handle},
              {"site", settings_.site_name},
              {"link",
               settings_.public_url + "/consent/confirm/" + sealed("confirm", confirmation_text(*request))}});
        return {};
    });
}

namespace {

// The request a confirmation is about, when it is about the yes that stands.
std::optional<ConsentId> id_in(const std::optional<std::string>& text) {
    return text ? ConsentId::parse(text->substr(0, text->find('-'))) : std::nullopt;
}

}  // namespace

Result<LinkView> Service::open_confirmation(const Actor& actor, std::string_view token) const {
    const auto text = guardians::open_link(settings_.secret, "confirm", token);
    const auto id = id_in(text);
    TRY(access::permit<AnswerByLink>(actor, {.holds = id.has_value()}));
    return database_.read([&](sql::Reader& reader) -> Result<LinkView> {
        auto request = store::request(reader, *id);
        if (!request || !request->said() || confirmation_text(*request) != *text) return ended();
        LinkView view;
        view.id = *id;
        view.handle = request->handle;
        view.request = std::move(request);
        return view;
    });
}

Result<void> Service::confirm(const Actor& actor, std::string_view token) {
    const auto text = guardians::open_link(settings_.secret, "confirm", token);
    const auto id = id_in(text);
    const auto permit = TRY(access::permit<AnswerByLink>(actor, {.holds = id.has_value()}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto request = store::request(tx, *id);
        if (!request || !request->said() || confirmation_text(*request) != *text) return ended();
        store::Tie tie;
        tie.guardian_email = request->guardian_email;
        tie.method = Method::email_plus;
        tie.choices = request->choices;
        const PersonId child = TRY(establish(
            tx, permit, *request, {request->birth_year, request->birth_month}, tie, What::confirmed));
        mail_guardians(tx, child, _msg("guardians.mail_agreed_subject"), _msg("guardians.mail_agreed_text"));
        return {};
    });
}

// --- afterwards

Result<void> Service::take_back(sql::Tx& tx, const store::Deciding& permit, const store::Tie& tie,
                                bool back) {
    if (tie.withdrawn() == back) return {};
    store::set_withdrawn(tx, permit, tie.id, back ? clock_.now() : Timestamp{});
    apply(tx, tie.child);
    note(tx, tie.child, tie.guardian, back ? What::withdrew : What::returned);
    mail_guardians(tx, tie.child,
                   back ? _msg("guardians.mail_withdrawn_subject") : _msg("guardians.mail_returned_subject"),
                   back ? _msg("guardians.mail_withdrawn_text") : _msg("guardians.mail_returned_text"));
    return {};
}

Result<void> Service::withdraw_by_link(const Actor& actor, std::string_view token) {
    const auto id = unseal<ConsentId>("guardian", token);
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto tie = id ? store::tie(tx, *id) : std::nullopt;
        const auto permit = TRY(access::permit<AnswerByLink>(
            actor, {.holds = id.has_value(), .others = tie && tie->guardian.has_value()}));
        if (!tie || !tie->holds() || stage_of(tx, tie->child) != Stage::consent) return ended();
        return take_back(tx, permit, *tie, true);
    });
}

Result<void> Service::return_by_link(const Actor& actor, std::string_view token) {
    const auto id = unseal<ConsentId>("guardian", token);
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto tie = id ? store::tie(tx, *id) : std::nullopt;
        const auto permit = TRY(access::permit<AnswerByLink>(
            actor, {.holds = id.has_value(), .others = tie && tie->guardian.has_value()}));
        if (!tie || !tie->holds() || stage_of(tx, tie->child) != Stage::consent) return ended();
        return take_back(tx, permit, *tie, false);
    });
}

Result<PersonId> Service::connect(const Actor& actor, std::string_view token) {
    const auto id = unseal<ConsentId>("guardian", token);
    return database_.write([&](sql::Tx& tx) -> Result<PersonId> {
        const auto tie = id ? store::tie(tx, *id) : std::nullopt;
        const auto permit = TRY(access::permit<AnswerByLink>(
            actor, {.holds = id.has_value(), .others = tie && tie->guardian.has_value()}));
        if (!actor.signed_in()) return unauthenticated();
        if (!tie || !tie->holds() || tie->method == Method::school) return ended();
        if (actor.is(tie->child) || store::tie_between(tx, *actor.person, tie->child))
            return conflict(_msg("guardians.tied_already"), "a tie between them holds");
        store::connect(tx, permit, *id, *actor.person);
        note(tx, tie->child, actor.person, What::connected);
        return tie->child;
    });
}

// --- staff

Result<store::Request> Service::find_request(const Actor& actor, std::string_view number,
                                             std::string_view handle) const {
    TRY(access::permit<SeeDesk>(actor, {}));
    const auto id = ConsentId::parse(ascii_lower(trim(number)));
    handle = trim(handle);
    if (handle.starts_with('@')) handle.remove_prefix(1);
    const auto request = database_.read([&](sql::Reader& reader) {
        return id ? store::request(reader, *id) : std::optional<store::Request>{};
    });
    if (!request || request->handle != ascii_lower(handle)) return not_found("no such request");
    return *request;
}

Result<PersonId> Service::record(const Actor& actor, ConsentId id, const RecordForm& form) {
    const auto permit = TRY(access::permit<RecordConsent>(actor, {form.method}));
    const auto born = birth(form.birth_year, form.birth_month);
    const std::string on_behalf(trim(form.on_behalf));
    if (form.method == Method::school) {
        if (on_behalf.empty() || !is_valid_utf8(on_behalf) || count_code_points(on_behalf) > 120)
            return invalid("on_behalf", _msg("guardians.school_missing"));
    } else if (!form.form) {
        return invalid("form", _msg("guardians.form_missing"));
    }
    return database_.write([&](sql::Tx& tx) -> Result<PersonId> {
        const auto request = store::request(tx, id);
        if (!request) return not_found("no such request");
        if (!born.ok()) return born.error();
        store::Tie tie;
        tie.guardian_email = request->guardian_email;
        tie.method = form.method;
        tie.on_behalf = form.method == Method::school ? on_behalf : std::string();
        tie.recorded_by = actor.person;
        tie.choices = form.choices.bits;
        if (form.form) tie.form = form.form->digest;
        const PersonId child = TRY(establish(tx, permit, *request, *born, tie, What::recorded));
        if (form.form) TRY(blobs_.keep(tx, "guardians.form:" + id.text(), child.value, *form.form));
        mail_guardians(tx, child, _msg("guardians.mail_recorded_subject"),
                       _msg("guardians.mail_recorded_text"));
        return child;
    });
}

Result<store::Tie> Service::tie_with_form(const Actor& actor, ConsentId id) const {
    TRY(access::permit<SeeForm>(actor, {}));
    auto tie = database_.read([&](sql::Reader& reader) { return store::tie(reader, id); });
    if (!tie || tie->form.empty()) return not_found("no form");
    return std::move(*tie);
}

}  // namespace braid::guardians
