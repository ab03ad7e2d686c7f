#include "identity/sessions/service.h"

#include <algorithm>

#include "base/text.h"
#include "identity/sessions/events.h"
#include "identity/sessions/model.h"
#include "identity/sessions/store.h"

namespace braid::sessions {

namespace {

// Beyond it people who were just seen are not noted until the next flush.
constexpr std::size_t kSeenAtMost = 100'000;

std::uint32_t bits_of(const std::vector<access::Role>& roles) {
    std::uint32_t bits = 0;
    for (const access::Role role : roles)
        bits |= 1U << static_cast<unsigned>(role);
    return bits;
}

Identity to_identity(store::Face face, Timestamp now, StaffFactor staff_factor) {
    Identity identity;
    identity.actor.person = face.person;
    identity.actor.band = accounts::band_at({face.birth_year, face.birth_month}, now);
    // Whatever is stored: nobody acts as what she is too young for.
    identity.actor.roles =
        static_cast<std::uint32_t>(face.role_bits) & access::roles_open_to(identity.actor.band);
    identity.actor.scopes = static_cast<std::uint8_t>(face.scopes);
    identity.current.assurance = face.assurance >= static_cast<int>(Assurance::second_factor)
                                     ? Assurance::second_factor
                                     : Assurance::password;
    identity.current.proved_at = face.proved_at;
    if (staff_factor == StaffFactor::required && identity.actor.trusted() &&
        identity.current.assurance != Assurance::second_factor) {
        identity.actor.standing = access::Standing::factor_missing;
    }
    if (face.quiet_until > now) identity.actor.quiet_until = face.quiet_until;
    identity.actor.denied = accounts::Guarded::of(face.guarded).denied;
    identity.actor.may_be_apart = face.may_be_apart;
    identity.handle = std::move(face.handle);
    identity.display_name = std::move(face.display_name);
    i18n::parse_language(face.language, identity.language);
    return identity;
}

// Nobody comes in as somebody whose account is paused; her session stays for when it is not.
bool paused(const store::Face& face) {
    return accounts::Guarded::of(face.guarded).paused;
}

// A token is 43 characters of base64url: nothing else is looked up.
bool well_formed(std::string_view token) {
    return token.size() == 43 && std::all_of(token.begin(), token.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

Error suspended(const accounts::Restrictions& standing) {
    Error error = standing.suspended_until >= accounts::kNoEnd
                      ? forbidden(_msg("sessions.suspended_for_good"), "suspended without end")
                      : forbidden(_msg("sessions.suspended"), "suspended");
    error.arguments.emplace_back("until", std::to_string(standing.suspended_until.micros));
    error.arguments.emplace_back("path", standing.suspension_path);
    return error;
}

Error no_match() {
    Error error;
    error.code = ErrorCode::invalid;
    error.message_key = _msg("sessions.no_match");
    return error;
}

}  // namespace

Service::Service(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
                 events::Outbox& outbox, accounts::Accounts& accounts, const SecondStep& second_step,
                 guardians::Waiting& waiting, Settings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      random_(random),
      outbox_(outbox),
      accounts_(accounts),
      second_step_(second_step),
      waiting_(waiting),
      settings_(std::move(settings)),
      browsers_(settings_.secret.empty() ? random.token() : settings_.secret),
      attempts_(clock, random, 100'000) {}

// --- who is asking

std::optional<Identity> Service::by_cookie(std::string_view token) {
    if (!well_formed(token)) return std::nullopt;
    const std::string hash = accounts::token_hash(token);
    const Timestamp now = clock_.now();
    auto face = database_.read([&](sql::Reader& reader) {
        auto found = store::face_of_session(reader, hash);
        if (found) drop_ended_roles(reader, *found, now);
        return found;
    });
    if (!face || !is_alive(face->seen, face->expires, now) || face->suspended_until > now || paused(*face))
        return std::nullopt;
    note_seen(face->id, false, face->seen, now);
    const SessionId id{face->id};
    Identity identity = to_identity(std::move(*face), now, settings_.staff_factor);
    identity.current.session = id;
    return identity;
}

std::optional<Identity> Service::by_bearer(std::string_view token) {
    if (!token.starts_with(kTokenPrefix) || !well_formed(token.substr(kTokenPrefix.size())))
        return std::nullopt;
    const std::string hash = accounts::token_hash(token);
    const Timestamp now = clock_.now();
    auto face = database_.read([&](sql::Reader& reader) {
        auto found = store::face_of_token(reader, hash);
        if (found) drop_ended_roles(reader, *found, now);
        return found;
    });
    if (!face || now >= face->expires || face->suspended_until > now || paused(*face)) return std::nullopt;
    note_seen(face->id, true, face->seen, now);
    const TokenId id{face->id};
    Identity identity = to_identity(std::move(*face), now, settings_.staff_factor);
    identity.current.token = id;
    return identity;
}

// A role has ended and the timer has not come by yet: then what is in force is asked for.
void Service::drop_ended_roles(sql::Session& session, store::Face& face, Timestamp now) const {
    if (face.roles_until && *face.roles_until <= now)
        face.role_bits = bits_of(accounts_.roles(session, face.person));
}

void Service::note_seen(std::int64_t id, bool token, Timestamp last, Timestamp now) {
    if (now - last < kSeenEvery) return;
    const std::lock_guard lock(seen_mutex_);
    if (seen_.size() >= kSeenAtMost && !seen_.contains(id)) return;
    seen_[id] = {token, now};
}

void Service::flush_seen() {
    std::unordered_map<std::int64_t, Seen> seen;
    {
        const std::lock_guard lock(seen_mutex_);
        seen.swap(seen_);
    }
    if (seen.empty()) return;
    const std::vector<std::pair<std::int64_t, Seen>> all(seen.begin(), seen.end());
    // In pieces, so that no write transaction is long.
    for (std::size_t from = 0; from < all.size(); from += 500) {
        database_.with_tx([&](sql::Tx& tx) {
            for (std::size_t i = from; i < std::min(from + 500, all.size()); ++i) {
                const auto& [id, what] = all[i];
                what.token ? store::touch_token(tx, id, what.at) : store::touch_session(tx, id, what.at);
            }
            return true;
        });
    }
}

void Service::sweep() {
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_dead(tx, clock_.now());
        return true;
    });
}

// --- coming in

Result<Entry> Service::begin(sql::Tx& tx, const EntryRight& right, PersonId person, const Caller& caller,
                             const std::string& token, Assurance assurance, Timestamp proved_at) {
    const Timestamp now = clock_.now();
    // Whichever way she came: who is suspended stays out, and is told where to read why.
    if (const auto standing = accounts_.restrictions(tx, person); standing && standing->suspended(now))
        return suspended(*standing);
    if (accounts_.guarded(tx, person).paused)
        return forbidden(_msg("sessions.paused.text"), "consent was withdrawn");
    // Always a token of our own making: what a browser came with is ended, never taken over (session
    // fixation).
    if (!caller.old_token.empty()) store::delete_session_by_hash(tx, accounts::token_hash(caller.old_token));
    const auto id = ids_.make<SessionId>();
    store::insert_session(
        tx, right,
        {accounts::token_hash(token), id, person, summarise_agent(caller.user_agent).stored(), now, now,
         now + kAbsoluteLife, static_cast<int>(assurance), proved_at});
    outbox_.append(tx, SignedIn{person.text(), id.text()});
    return Entry{person, id, token, Stage::inside};
}

Result<Entry> Service::sign_in(const Actor& actor, std::string_view name, std::string_view password,
                               const Caller& caller, const Wish& wish) {
    const auto permit = TRY(access::permit<SignIn>(actor, {}));
    TRY(count(accounts_.attempt_key(name), Attempt::password, caller));
    // Of a handle that waits for consent there is no account: one hash either way.
    if (waiting_.knows(name)) {
        const auto cookie = TRY(waiting_.come_back(name, password));
        if (!cookie) return no_match();
        return Entry{{}, {}, *cookie, Stage::waiting};
    }
    const std::optional<PersonId> person = TRY(accounts_.prove(name, password));
    if (!person) return no_match();
    return database_.write(
        [&](sql::Tx& tx) -> Result<Entry> { return arrive(tx, permit, *person, caller, wish); });
}

Result<Entry> Service::sign_up(const Actor& actor, const accounts::SignUpForm& form, const Caller& caller) {
    const accounts::ReadyAccount account = TRY(accounts_.prepare_sign_up(actor, form));
    const std::string token = random_.token();
    return database_.write([&](sql::Tx& tx) -> Result<Entry> {
        const PersonId person = TRY(accounts_.sign_up(tx, account));
        return begin(tx, account.permit, person, caller, token, Assurance::password, {});
    });
}

void Service::sign_out(std::string_view token) {
    if (!well_formed(token)) return;
    const std::string hash = accounts::token_hash(token);
    database_.with_tx([&](sql::Tx& tx) {
        store::delete_session_by_hash(tx, hash);
        return true;
    });
}

// --- passwords

Result<Entry> Service::change_password(const Actor& actor, std::string_view current, std::string_view next,
                                       const Caller& caller) {
    const auto permit =
        TRY(access::permit<accounts::ChangePassword>(actor, {actor.person.value_or(PersonId{})}));
    TRY(count_attempt(*actor.person, Attempt::password, caller));
    const accounts::ReadyPassword password = TRY(accounts_.prepare_change(actor, current, next));
    const std::string token = random_.token();
    return database_.write([&](sql::Tx& tx) -> Result<Entry> {
        TRY(accounts_.store_password(tx, password));
        // The new session stands for the one that asked, and has shown what that one has.
        const auto shown = store::proof(tx, accounts::token_hash(caller.old_token), password.person);
        store::delete_all_sessions(tx, password.person);
        const bool twice = shown && shown->assurance == static_cast<int>(Assurance::second_factor);
        return begin(tx, permit, password.person, caller, token,
                     twice ? Assurance::second_factor : Assurance::password,
                     twice ? shown->proved_at : Timestamp{});
    });
}

Result<PersonId> Service::reset_password(const Actor& actor, std::string_view reset_token,
                                         std::string_view next) {
    const accounts::ReadyPassword password = TRY(accounts_.prepare_reset(actor, reset_token, next));
    return database_.write([&](sql::Tx& tx) -> Result<PersonId> {
        TRY(accounts_.store_password(tx, password));
        store::delete_all_sessions(tx, password.person);
        store::delete_all_tokens(tx, password.person);
        return password.person;
    });
}

// --- one's own sessions

Result<std::vector<SessionLine>> Service::sessions(const Actor& actor, std::optional<SessionId> current) {
    TRY(access::permit<ManageSessions>(actor, {actor.person.value_or(PersonId{})}));
    const auto rows = database_.read(
        [&](sql::Reader& reader) { return store::sessions(reader, *actor.person, clock_.now()); });
    std::vector<SessionLine> lines;
    for (const store::SessionLineRow& row : rows) {
        Agent agent = Agent::parse_stored(row.agent);
        lines.push_back({row.id, std::move(agent.browser), std::move(agent.system), row.created_at,
                         row.last_seen_at, row.expires_at, row.id == current});
    }
    return lines;
}

Result<void> Service::end_session(const Actor& actor, SessionId id) {
    const auto permit = TRY(access::permit<ManageSessions>(actor, {actor.person.value_or(PersonId{})}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::delete_session(tx, permit, id)) return not_found("no such session of hers");
        return {};
    });
}

Result<int> Service::end_other_sessions(const Actor& actor, SessionId current) {
    const auto permit = TRY(access::permit<ManageSessions>(actor, {actor.person.value_or(PersonId{})}));
    return database_.write(
        [&](sql::Tx& tx) -> Result<int> { return store::delete_sessions_but(tx, permit, current); });
}

// --- tokens

Result<std::vector<TokenLine>> Service::tokens(const Actor& actor) {
    TRY(access::permit<ManageTokens>(actor, {actor.person.value_or(PersonId{})}));
    return database_.read(
        [&](sql::Reader& reader) { return store::tokens(reader, *actor.person, clock_.now()); });
}

Result<NewToken> Service::create_token(const Actor& actor, std::string_view typed_name, std::uint8_t scopes,
                                       int days, Assurance assurance) {
    const auto permit = TRY(access::permit<CreateToken>(actor, {actor.person.value_or(PersonId{}), scopes}));
    const std::string name(trim(typed_name));
    if (name.empty()) return invalid("name", _msg("sessions.token_name_missing"));
    if (!is_valid_utf8(name) || count_code_points(name) > 60)
        return invalid("name", _msg("sessions.token_name_long"));
    if (scopes == 0 || scopes > 7) return invalid("scopes", _msg("sessions.token_scopes_missing"));
    if (std::find(std::begin(kTokenDays), std::end(kTokenDays), days) == std::end(kTokenDays)) {
        return invalid("days", _msg("sessions.token_days_wrong"));
    }
    const std::string token = std::string(kTokenPrefix) + random_.token();
    return database_.write([&](sql::Tx& tx) -> Result<NewToken> {
        const Timestamp now = clock_.now();
        if (store::count_tokens(tx, *actor.person, now) >= kTokensPerPerson) {
            return invalid("name", _msg("sessions.token_too_many"));
        }
        const auto id = ids_.make<TokenId>();
        const Timestamp expires = now + std::chrono::hours(24 * days);
        store::insert_token(tx, permit, accounts::token_hash(token), id, *actor.person, name, scopes,
                            static_cast<int>(assurance), now, expires);
        return NewToken{id, token, expires};
    });
}

Result<void> Service::revoke_token(const Actor& actor, TokenId id) {
    const auto permit = TRY(access::permit<ManageTokens>(actor, {actor.person.value_or(PersonId{})}));
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        if (!store::delete_token(tx, permit, id)) return not_found("no such token of hers");
        return {};
    });
}

}  // namespace braid::sessions
