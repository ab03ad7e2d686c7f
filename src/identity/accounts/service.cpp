#include "identity/accounts/service.h"

#include <algorithm>

#include <boost/json.hpp>

#include "access/found.h"
#include "base/text.h"
#include "identity/accounts/events.h"
#include "identity/accounts/roles_store.h"
#include "identity/accounts/store.h"
#include "platform/html/plain.h"
#include "platform/html/richtext.h"
#include "platform/mail/mail.h"
#include "safety/contact/api.h"

namespace braid::accounts {

namespace {

PersonCard to_card(store::CardRow row, Timestamp now) {
    return {row.id,
            std::move(row.handle),
            std::move(row.display_name),
            band_at({row.birth_year, row.birth_month}, now),
            std::move(row.bio_html),
            row.listed,
            accounts::Guarded::of(row.guarded).paused};
}

i18n::Language language_of(std::string_view tag) {
    auto language = i18n::Language::en;
    i18n::parse_language(tag, language);
    return language;
}

// Everything wrong with a form at once, so that it comes back once.
class Complaints {
  public:
    template <class T>
    T take(Result<T> result) {
        if (result.ok()) return std::move(result).value();
        add(std::move(result).error());
        return T{};
    }
    void check(Result<void> result) {
        if (!result.ok()) add(std::move(result).error());
    }
    void add(Error error) {
        if (!all_) {
            all_ = std::move(error);
            return;
        }
        if (error.code == ErrorCode::conflict) all_->code = ErrorCode::conflict;
        for (FieldError& field : error.fields)
            all_->fields.push_back(std::move(field));
    }
    [[nodiscard]] Result<void> result() const { return all_ ? Result<void>(*all_) : success(); }

  private:
    std::optional<Error> all_;
};

Error taken(std::string field, std::string message_key) {
    Error error = conflict(_msg("error.invalid"));
    error.fields.push_back({std::move(field), std::move(message_key), {}});
    return error;
}

Error link_ended() {
    Error error = not_found("used, replaced or expired link");
    error.code = ErrorCode::gone;
    error.message_key = _msg("accounts.link_ended");
    return error;
}

std::string_view bare_handle(std::string_view name) {
    name = trim(name);
    if (name.starts_with('@')) name.remove_prefix(1);
    return name;
}

bool looks_like_email(std::string_view name) {
    return bare_handle(name).find('@') != std::string_view::npos;
}

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                 events::Outbox& outbox, jobs::Queue& jobs, Settings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      random_(random),
      outbox_(outbox),
      jobs_(jobs),
      settings_(std::move(settings)),
      hasher_(settings_.password_cost, settings_.parallel_hashes) {
    if (settings_.secret.empty()) settings_.secret = random_.token();
}

// --- people

std::vector<PersonCard> Service::cards(sql::Session& session, std::span<const PersonId> ids) const {
    const Timestamp now = clock_.now();
    std::vector<PersonCard> cards;
    for (store::CardRow& row : store::cards(session, ids))
        cards.push_back(to_card(std::move(row), now));
    return cards;
}

std::vector<PersonCard> Service::everybody(sql::Session& session, PersonId after, int limit) const {
    const Timestamp now = clock_.now();
    std::vector<PersonCard> cards;
    for (store::CardRow& row : store::everybody(session, after, limit))
        cards.push_back(to_card(std::move(row), now));
    return cards;
}

std::optional<PersonCard> Service::card(sql::Session& session, PersonId id) const {
    auto found = cards(session, std::span(&id, 1));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<PersonCard> Service::by_handle(sql::Session& session, std::string_view handle) const {
    auto row = store::card_by_handle(session, ascii_lower(bare_handle(handle)));
    if (!row) return std::nullopt;
    return to_card(std::move(*row), clock_.now());
}

std::optional<PersonCard> Service::found_by(sql::Session& session, const Actor& actor,
                                            std::string_view handle) const {
    auto card = by_handle(session, handle);
    const bool away = blocks::apart(session, actor, access::id_of(card, &PersonCard::id));
    if (away) return std::nullopt;
    return card;
}

// --- by an operator

Result<store::PersonRow> Service::checked_row(const NewPerson& person,
                                              std::optional<std::string>& email) const {
    const Timestamp now = clock_.now();
    Complaints complaints;
    store::PersonRow row;
    row.handle = complaints.take(parse_handle(person.handle, HandleFor::the_site));
    row.display_name = complaints.take(parse_display_name(person.display_name));
    row.bio = complaints.take(parse_bio(person.bio));
    email = complaints.take(parse_email(person.email));
    const BirthMonth birth{person.birth_year, person.birth_month};
    if (birth.month < 1 || birth.month > 12 || birth.year < 1900 || certain_age(birth, now) < -1) {
        complaints.add(invalid("birth_month", _msg("accounts.birth_impossible")));
    }
    if (person.password) complaints.check(check_password(*person.password, row.handle, row.display_name));
    for (const Role role : person.roles) {
        const Decision open = old_enough(role, band_at(birth, now));
        if (!open.allowed()) complaints.add(invalid("roles", open.error().message_key));
    }
    TRY(complaints.result());

    row.birth_year = birth.year;
    row.birth_month = birth.month;
    row.bio_html = std::string(html::render(row.bio, html::Dialect::comment).view());
    row.bio_sanitiser = html::kSanitiserVersion;
    row.language = i18n::tag(person.language);
    row.listed = person.listed.value_or(band_at(birth, now) == AgeBand::adult);
    row.created_at = now;
    return row;
}

Result<PersonId> Service::insert(sql::Tx& tx, const access::Permit<CreatePerson>& permit, const Actor& by,
                                 const NewPerson& person, const store::PersonRow& row,
                                 const std::optional<std::string>& email, std::string_view hash) {
    if (!store::insert_person(tx, permit, row, hash)) return taken("handle", _msg("accounts.handle_taken"));
    if (email) {
        if (store::email_taken(tx, *email, row.id)) return taken("email", _msg("accounts.email_taken"));
        store::set_email(tx, permit, row.id, email, row.created_at);
    }
    for (const Role role : person.roles)
        store::put_grant(tx, permit, row.id,
                         {role, {}, by.person->value != 0 ? by.person : std::nullopt, row.created_at, {}},
                         row.created_at);
    outbox_.append(tx, PersonJoined{row.id.text(), false});
    return row.id;
}

Result<PersonId> Service::create_person(const Actor& by, const NewPerson& person) {
    const auto permit = TRY(access::permit<CreatePerson>(by, {}));
    std::optional<std::string> email;
    store::PersonRow row = TRY(checked_row(person, email));
    row.id = ids_.make<PersonId>();
    const std::string hash = person.password ? TRY(hasher_.hash(*person.password)) : std::string();
    return database_.write([&](sql::Tx& tx) { return insert(tx, permit, by, person, row, email, hash); });
}

Result<std::string> Service::prepare_person(const Actor& by, const NewPerson& person) {
    TRY(access::permit<CreatePerson>(by, {}));
    std::optional<std::string> email;
    TRY(checked_row(person, email));
    return person.password ? TRY(hasher_.hash(*person.password)) : std::string();
}

Result<PersonId> Service::create_in(sql::Tx& tx, const Actor& by, const NewPerson& person,
                                    std::string_view password_hash) {
    const auto permit = TRY(access::permit<CreatePerson>(by, {}));
    std::optional<std::string> email;
    store::PersonRow row = TRY(checked_row(person, email));
    row.id = ids_.make<PersonId>();
    return insert(tx, permit, by, person, row, email, password_hash);
}

Result<std::optional<PersonId>> Service::by_address(sql::Session& session, const Actor& by,
                                                    std::string_view email) const {
    TRY(access::permit<Administer>(by, {}));
    const auto login = store::login_by_email(session, ascii_lower(trim(email)));
    return login ? std::optional(login->person) : std::nullopt;
}

bool Service::has_password(sql::Session& session, PersonId person) const {
    const auto login = store::login(session, person);
    return login && !login->password_hash.empty();
}

bool Service::handle_free(sql::Session& session, std::string_view handle) const {
    return !store::handle_taken(session, handle);
}

Result<bool> Service::rename_in(sql::Tx& tx, const Actor& by, PersonId id, std::string_view from,
                                std::string_view to) {
    const auto permit = TRY(access::permit<Administer>(by, {}));
    const std::string name = TRY(parse_display_name(to));
    const auto person = store::person(tx, id);
    if (!person || person->display_name != from || name == from) return false;
    store::rename(tx, permit, id, name);
    outbox_.append(tx, ProfileChanged{id.text()});
    return true;
}

std::string Service::invitation_link(std::string_view secret) const {
    return settings_.public_url + "/password/reset/" + std::string(secret);
}

Result<std::string> Service::invite_in(sql::Tx& tx, const Actor& by, PersonId id, bool mail_it) {
    TRY(access::permit<Administer>(by, {}));
    const auto permit = TRY(access::permit<ResetPassword>(Actor{}, {}));
    const auto person = store::person(tx, id);
    if (!person) return not_found("no such person");
    // 80 bits, in letters and digits that are not mistaken for one another on paper.
    std::array<std::byte, kInvitationLength> bytes{};
    random_.fill(bytes);
    std::string secret;
    for (const std::byte byte : bytes)
        secret.push_back("0123456789abcdefghjkmnpqrstvwxyz"[std::to_integer<unsigned>(byte) & 31U]);
    const Timestamp now = clock_.now();
    store::insert_reset(tx, permit, token_hash(secret), id, now, now + kInvitationLife);
    const auto email = mail_it ? store::email(tx, id) : std::nullopt;
    if (email) {
        mail(tx, *email, language_of(person->language), _msg("accounts.mail_invite_subject"),
             _msg("accounts.mail_invite_text"),
             {{"name", person->display_name},
              {"handle", person->handle},
              {"site", settings_.site_name},
              {"link", invitation_link(secret)}});
    }
    return secret;
}

Result<void> Service::set_password(const Actor& by, PersonId person, std::string_view password) {
    const auto permit = TRY(access::permit<Administer>(by, {}));
    const auto card = database_.read([&](sql::Reader& reader) { return this->card(reader, person); });
    if (!card) return not_found("no such person");
    TRY(check_password(password, card->handle, card->display_name));
    const ReadyPassword ready{permit, person, TRY(hasher_.hash(password)), {}};
    return database_.write([&](sql::Tx& tx) { return store_password(tx, ready); });
}

// --- joining

Result<ReadyAccount> Service::prepare_sign_up(const Actor& actor, const SignUpForm& form) {
    const Timestamp now = clock_.now();
    auto birth = parse_birth(form.birth_year, form.birth_month, form.birth_day, now);
    // The age comes first: below it, nothing else that was typed is looked at.
    const bool old_enough = birth.ok() && age_on(*birth, earliest_date(now)) >= settings_.consent_age;
    std::optional<access::Permit<SignUp>> permit;
    if (birth.ok()) {
        auto allowed = access::permit<SignUp>(actor, {old_enough});
        if (!allowed.ok()) {
            Error error = std::move(allowed).error();
            if (!old_enough)
                error.arguments.emplace_back("band", access::name(band_at({birth->year, birth->month}, now)));
            return error;
        }
        permit = *allowed;
    }

    Complaints complaints;
    const std::string handle = complaints.take(parse_handle(form.handle));
    if (!handle.empty() &&
        database_.read([&](sql::Reader& reader) { return store::handle_taken(reader, handle); })) {
        complaints.add(taken("handle", _msg("accounts.handle_taken")));
    }
    const std::string name = complaints.take(parse_display_name(form.display_name));
    complaints.check(check_password(form.password, form.handle, form.display_name));
    auto email = complaints.take(parse_email(form.email));
    if (!birth.ok()) complaints.add(birth.error());
    TRY(complaints.result());

    const BirthMonth kept{birth->year, birth->month};
    return ReadyAccount{
        *permit,   handle,     name,          TRY(hasher_.hash(form.password)),    std::move(email),
        kept.year, kept.month, form.language, band_at(kept, now) == AgeBand::adult};
}

Result<PersonId> Service::sign_up(sql::Tx& tx, const ReadyAccount& account) {
    store::PersonRow row;
    row.id = ids_.make<PersonId>();
    row.handle = account.handle;
    row.display_name = account.display_name;
    row.birth_year = account.birth_year;
    row.birth_month = account.birth_month;
    row.bio_sanitiser = html::kSanitiserVersion;
    row.language = i18n::tag(account.language);
    row.listed = account.listed;
    row.created_at = clock_.now();
    if (!store::insert_person(tx, account.permit, row, account.password_hash))
        return taken("handle", _msg("accounts.handle_taken"));
    if (account.email)
        mail_confirmation(tx, account.permit, row.id, *account.email, row.display_name, account.language);
    outbox_.append(tx, PersonJoined{.person_id = row.id.text(), .by_herself = true});
    return row.id;
}

// --- proving

std::string Service::age_mark(AgeBand band) const {
    const std::string says = "later-" + std::string(access::name(band));
    return says + "." + seal(settings_.secret, says);
}

std::optional<AgeBand> Service::age_mark_band(std::string_view value) const {
    for (const AgeBand band : {AgeBand::child, AgeBand::teen}) {
        const std::string says = "later-" + std::string(access::name(band));
        if (value.starts_with(says + ".") &&
            seal_holds(settings_.secret, says, value.substr(says.size() + 1))) {
            return band;
        }
    }
    return std::nullopt;
}

Result<std::optional<PersonId>> Service::prove(std::string_view name, std::string_view password) {
    const auto login = database_.read([&](sql::Reader& reader) {
        return looks_like_email(name) ? store::login_by_email(reader, ascii_lower(trim(name)))
                                      : store::login_by_handle(reader, ascii_lower(bare_handle(name)));
    });
    // A password longer than any that can be set is not hashed whole: nobody has it.
    const std::string_view tried = password.substr(0, 4 * kPasswordMax);
    const bool right = TRY(hasher_.verify(login ? std::optional(login->password_hash) : std::nullopt, tried));
    if (!right) return std::optional<PersonId>{};
    if (hasher_.outdated(login->password_hash)) {
        const std::string hash = TRY(hasher_.hash(tried));
        TRY(database_.write([&](sql::Tx& tx) -> Result<void> {
            store::rehash_password(tx, login->person, login->password_hash, hash);
            return {};
        }));
    }
    return std::optional(login->person);
}

std::string Service::attempt_key(std::string_view name) const {
    const std::string typed = ascii_lower(looks_like_email(name) ? trim(name) : bare_handle(name));
    const auto login = database_.read([&](sql::Reader& reader) {
        return looks_like_email(name) ? store::login_by_email(reader, typed)
                                      : store::login_by_handle(reader, typed);
    });
    return login ? "person " + login->person.text() : "name " + token_hash(typed);
}

Result<void> Service::prove_owner(PersonId person, std::string_view password, std::string_view field) {
    const auto login = database_.read([&](sql::Reader& reader) { return store::login(reader, person); });
    const std::string_view tried = password.substr(0, 4 * kPasswordMax);
    if (!TRY(hasher_.verify(login ? std::optional(login->password_hash) : std::nullopt, tried))) {
        return invalid(std::string(field), _msg("accounts.password_wrong"));
    }
    return {};
}

// --- passwords

Result<ReadyPassword> Service::prepare_change(const Actor& actor, std::string_view current,
                                              std::string_view next) {
    const auto permit = TRY(access::permit<ChangePassword>(actor, {actor.person.value_or(PersonId{})}));
    const auto card = database_.read([&](sql::Reader& reader) { return this->card(reader, *actor.person); });
    if (!card) return not_found("no such person");
    Complaints complaints;
    complaints.check(prove_owner(*actor.person, current, "current"));
    complaints.check(check_password(next, card->handle, card->display_name));
    TRY(complaints.result());
    return ReadyPassword{permit, *actor.person, TRY(hasher_.hash(next)), {}};
}

Result<void> Service::request_reset(const Actor& actor, std::string_view typed) {
    TRY(access::permit<ResetPassword>(actor, {}));
    const auto email = TRY(parse_email(typed));
    if (!email) return invalid("email", _msg("accounts.email_missing"));
    // Whether somebody has it is found out later, in the job: this answer cannot tell by what it says or how
    // long it takes.
    const std::string payload = boost::json::serialize(boost::json::object{{"email", *email}});
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        jobs_.enqueue(tx, "accounts.send_reset", payload);
        return {};
    });
}

Result<void> Service::send_reset(std::string_view email) {
    const auto permit = TRY(access::permit<ResetPassword>(Actor{}, {}));
    const std::string token = random_.token();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Timestamp now = clock_.now();
        const auto login = store::login_by_email(tx, email);
        if (!login || store::resets_since(tx, login->person, now - std::chrono::hours(1)) >= kResetsPerHour)
            return {};
        const auto person = store::person(tx, login->person);
        store::insert_reset(tx, permit, token_hash(token), login->person, now, now + kResetLife);
        mail(tx, email, language_of(person->language), _msg("accounts.mail_reset_subject"),
             _msg("accounts.mail_reset_text"),
             {{"name", person->display_name},
              {"handle", person->handle},
              {"site", settings_.site_name},
              {"link", settings_.public_url + "/password/reset/" + token}});
        return {};
    });
}

bool Service::reset_open(sql::Session& session, std::string_view token) const {
    return store::reset(session, token_hash(token), clock_.now()).has_value();
}

Result<ReadyPassword> Service::prepare_reset(const Actor& actor, std::string_view token,
                                             std::string_view next) {
    const auto permit = TRY(access::permit<ResetPassword>(actor, {}));
    const std::string hash = token_hash(token);
    const auto card = database_.read([&](sql::Reader& reader) -> std::optional<PersonCard> {
        const auto person = store::reset(reader, hash, clock_.now());
        return person ? this->card(reader, *person) : std::nullopt;
    });
    if (!card) return link_ended();
    TRY(check_password(next, card->handle, card->display_name));
    return ReadyPassword{permit, card->id, TRY(hasher_.hash(next)), hash};
}

Result<void> Service::store_password(sql::Tx& tx, const ReadyPassword& password) {
    const Timestamp now = clock_.now();
    const bool by_reset = !password.reset_token_hash.empty();
    // Looked at again inside the transaction: a link works once, whoever is quicker.
    if (by_reset && store::reset(tx, password.reset_token_hash, now) != password.person) return link_ended();
    const auto person = store::person(tx, password.person);
    if (!person) return not_found("no such person");
    store::set_password(tx, password.right, password.person, password.password_hash, now);
    store::delete_resets(tx, password.right, password.person);
    outbox_.append(tx, PasswordChanged{password.person.text(), by_reset});
    if (const auto email = store::email(tx, password.person)) {
        mail(tx, *email, language_of(person->language), _msg("accounts.mail_password_changed_subject"),
             _msg("accounts.mail_password_changed_text"),
             {{"name", person->display_name},
              {"handle", person->handle},
              {"site", settings_.site_name},
              {"link", settings_.public_url + "/password/forgot"}});
    }
    return {};
}

// --- one's own account

Result<OwnAccount> Service::own(sql::Session& session, const Actor& actor) const {
    TRY(access::permit<SeeSettings>(actor, {actor.person.value_or(PersonId{})}));
    auto person = store::person(session, *actor.person);
    if (!person) return not_found("no such person");
    const Timestamp now = clock_.now();
    OwnAccount own;
    own.id = person->id;
    own.handle = std::move(person->handle);
    own.display_name = std::move(person->display_name);
    own.bio = std::move(person->bio);
    own.birth_year = person->birth_year;
    own.birth_month = person->birth_month;
    own.language = std::move(person->language);
    own.listed = person->listed;
    own.email = store::email(session, own.id);
    own.pending_email = store::pending_email(session, own.id, now);
    own.band = band_at({own.birth_year, own.birth_month}, now);
    return own;
}

Result<void> Service::edit_profile(const Actor& actor, const ProfileEdit& edit) {
    const auto permit = TRY(access::permit<EditProfile>(actor, {actor.person.value_or(PersonId{})}));
    Complaints complaints;
    std::optional<std::string> name, bio, bio_html;
    if (edit.display_name) name = complaints.take(parse_display_name(*edit.display_name));
    if (edit.bio) bio = complaints.take(parse_bio(*edit.bio));
    TRY(complaints.result());
    if (bio) bio_html = std::string(html::render(*bio, html::Dialect::comment).view());

    return database_.write([&](sql::Tx& tx) -> Result<void> {
        TRY(confirm(tx, actor));
        auto person = store::person(tx, *actor.person);
        if (!person) return not_found("no such person");
        if (edit.listed && *edit.listed != person->listed) {
            const auto may = access::permit<ChooseListing>(actor, {person->id, *edit.listed});
            if (!may.ok() && may.error().code == ErrorCode::forbidden)
                return invalid("listed", may.error().message_key);
            TRY(may);
        }
        if (actor.minor()) {
            const auto brings = [](const std::optional<std::string>& text, const std::string& had) {
                return text && contact::brings_contact(*text, had);
            };
            if (brings(name, person->display_name))
                return invalid("display_name", _msg("accounts.contact_details"));
            if (brings(bio, person->bio) ||
                brings(bio_html ? std::optional(html::plain_of(*bio_html)) : std::nullopt, person->bio))
                return invalid("bio", _msg("accounts.contact_details"));
        }
        if (name) person->display_name = *name;
        if (bio) {
            person->bio = *bio;
            person->bio_html = *bio_html;
            person->bio_sanitiser = html::kSanitiserVersion;
        }
        if (edit.listed) person->listed = *edit.listed;
        if (edit.language) person->language = i18n::tag(*edit.language);
        store::update_person(tx, permit, *person);
        outbox_.append(tx, ProfileChanged{person->id.text()});
        return {};
    });
}

Result<void> Service::change_email(const Actor& actor, std::string_view typed, std::string_view password) {
    const auto permit = TRY(access::permit<ChangeEmail>(actor, {actor.person.value_or(PersonId{})}));
    Complaints complaints;
    const auto email = complaints.take(parse_email(typed));
    complaints.check(prove_owner(*actor.person, password, "password"));
    TRY(complaints.result());

    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto person = store::person(tx, *actor.person);
        if (!person) return not_found("no such person");
        const auto language = language_of(person->language);
        const auto old = store::email(tx, person->id);
        store::end_email_changes(tx, permit, person->id, clock_.now());
        if (email == old) return {};
        if (email) {
            TRY(check_mails_left(tx, person->id));
            mail_confirmation(tx, permit, person->id, *email, person->display_name, language);
        } else {
            store::set_email(tx, permit, person->id, std::nullopt, clock_.now());
        }
        if (old) {
            mail(tx, *old, language, _msg("accounts.mail_email_notice_subject"),
                 _msg("accounts.mail_email_notice_text"),
                 {{"name", person->display_name},
                  {"handle", person->handle},
                  {"site", settings_.site_name},
                  {"link", settings_.public_url + "/password/forgot"}});
        }
        return {};
    });
}

Result<void> Service::confirm_email(const Actor& actor, std::string_view token) {
    const auto permit = TRY(access::permit<ConfirmEmail>(actor, {}));
    const std::string hash = token_hash(token);
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const Timestamp now = clock_.now();
        const auto change = store::email_change(tx, hash, now);
        if (!change) return link_ended();
        // Said only to who reads the mailbox, so it tells nobody else that the address is in use.
        if (store::email_taken(tx, change->email, change->person))
            return conflict(_msg("accounts.email_taken"), "address in use");
        const auto old = store::email(tx, change->person);
        store::set_email(tx, permit, change->person, change->email, now);
        store::end_email_changes(tx, permit, change->person, now);
        if (!old || *old == change->email) return {};
        // Whoever reads the old mailbox must not be able to choose a password any more.
        store::delete_resets(tx, permit, change->person);
        const auto person = store::person(tx, change->person);
        mail(tx, *old, language_of(person->language), _msg("accounts.mail_email_changed_subject"),
             _msg("accounts.mail_email_changed_text"),
             {{"name", person->display_name}, {"handle", person->handle}, {"site", settings_.site_name}});
        return {};
    });
}

Result<void> Service::check_mails_left(sql::Session& session, PersonId person) const {
    const Timestamp since = clock_.now() - std::chrono::hours(1);
    if (store::email_changes_since(session, person, since) < kConfirmationsPerHour) return {};
    Error error;
    error.code = ErrorCode::too_many_requests;
    error.message_key = _msg("accounts.email_too_many");
    error.retry_after_seconds = 3600;
    return error;
}

Result<void> Service::resend_confirmation(const Actor& actor) {
    const auto permit = TRY(access::permit<ChangeEmail>(actor, {actor.person.value_or(PersonId{})}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        const auto person = store::person(tx, *actor.person);
        const auto waiting = store::pending_email(tx, *actor.person, clock_.now());
        if (!person || !waiting) return not_found("no address waits");
        TRY(check_mails_left(tx, person->id));
        mail_confirmation(tx, permit, person->id, *waiting, person->display_name,
                          language_of(person->language));
        return {};
    });
}

Result<void> Service::cancel_email(const Actor& actor) {
    const auto permit = TRY(access::permit<ChangeEmail>(actor, {actor.person.value_or(PersonId{})}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        store::end_email_changes(tx, permit, *actor.person, clock_.now());
        return {};
    });
}

void Service::sweep() {
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_expired(tx, clock_.now());
        return true;
    });
}

void Service::mail_confirmation(
    sql::Tx& tx, const access::AnyPermit<SignUp, ChangeEmail, ConfirmEmail, CreatePerson>& right,
    PersonId person, std::string_view email, std::string_view name, i18n::Language language) {
    const Timestamp now = clock_.now();
    const std::string token = random_.token();
    store::insert_email_change(tx, right, token_hash(token), person, email, now, now + kEmailChangeLife);
    mail(tx, email, language, _msg("accounts.mail_confirm_subject"), _msg("accounts.mail_confirm_text"),
         {{"name", name},
          {"site", settings_.site_name},
          {"link", settings_.public_url + "/settings/account/confirm/" + token}});
}

void Service::mail_person(sql::Tx& tx, PersonId id, std::string_view subject, std::string_view text,
                          std::string_view path) {
    const auto email = store::email(tx, id);
    const auto person = store::person(tx, id);
    if (!email || !person) return;
    mail(tx, *email, language_of(person->language), subject, text,
         {{"name", person->display_name},
          {"handle", person->handle},
          {"site", settings_.site_name},
          {"link", settings_.public_url + std::string(path)}});
}

void Service::mail(sql::Tx& tx, std::string_view to, i18n::Language language, std::string_view subject,
                   std::string_view text, i18n::Arguments arguments) {
    mail::enqueue(tx, jobs_,
                  {std::string(to), i18n::format(language, subject, arguments),
                   i18n::format(language, text, arguments)});
}

}  // namespace braid::accounts
