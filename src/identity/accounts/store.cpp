#include "identity/accounts/store.h"

#include <array>

namespace braid::accounts::store {

namespace {

// A profile that moderators hid shows the handle alone.
#define CARD                                                                                                \
    "id, handle, CASE WHEN face = 'shown' THEN display_name ELSE handle END, birth_year, birth_month, "     \
    "CASE WHEN face = 'shown' THEN bio_html ELSE '' END, CASE WHEN face = 'shown' THEN listed ELSE 0 END, " \
    "guarded"

const sql::Query kCard{"accounts.card", "SELECT " CARD R"( FROM persons WHERE id = $1)"};

// As many as a page of comments has authors; places left over are filled with an id nobody has.
const sql::Query kCards{"accounts.cards", "SELECT " CARD R"( FROM persons
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ORDER BY id LIMIT 16)"};
constexpr std::size_t kCardsAtOnce = 16;

const sql::Query kCardByHandle{"accounts.card_by_handle",
                               "SELECT " CARD R"( FROM persons WHERE handle = $1 AND face <> 'removed')"};

const sql::Query kEverybody{"accounts.everybody",
                            "SELECT " CARD R"( FROM persons WHERE id > $1 ORDER BY id LIMIT $2)"};

const sql::Query kPerson{"accounts.person", R"(
    SELECT id, handle, display_name, birth_year, birth_month, bio, bio_html, bio_sanitiser, language, listed, created_at, guarded
    FROM persons WHERE id = $1)"};

const sql::Query kStanding{"accounts.standing", R"(
    SELECT suspended_until, quiet_until, suspension_path, face FROM persons WHERE id = $1)"};

const sql::Query kContact{"accounts.contact", R"(
    SELECT p.handle, p.display_name, p.language, p.role_bits, c.email FROM persons p JOIN person_credentials c ON c.person = p.id WHERE p.id = $1)"};

const sql::Query kSuspend{"accounts.suspend",
                          "UPDATE persons SET suspended_until = $2, suspension_path = $3 WHERE id = $1"};

const sql::Query kQuieten{"accounts.quieten", "UPDATE persons SET quiet_until = $2 WHERE id = $1"};

const sql::Query kSetFace{"accounts.set_face", "UPDATE persons SET face = $2 WHERE id = $1"};

const sql::Query kReviewed{"accounts.reviewed", R"(
    SELECT posts_reviewed, created_at, role_bits FROM persons WHERE id = $1)"};

const sql::Query kNoteReviewed{"accounts.note_reviewed",
                               "UPDATE persons SET posts_reviewed = posts_reviewed + 1 WHERE id = $1"};

const sql::Query kHandleTaken{"accounts.handle_taken", R"(
    SELECT (SELECT COUNT(*) FROM persons WHERE handle = $1) + (SELECT COUNT(*) FROM handle_holds WHERE handle = $1))"};

const sql::Query kHoldHandle{
    "accounts.hold_handle",
    "INSERT INTO handle_holds (handle, since) VALUES ($1, $2) ON CONFLICT (handle) DO NOTHING"};
const sql::Query kReleaseHandle{"accounts.release_handle", "DELETE FROM handle_holds WHERE handle = $1"};

const sql::Query kSetGuarded{"accounts.set_guarded", "UPDATE persons SET guarded = $2 WHERE id = $1"};
const sql::Query kGuarded{"accounts.guarded", "SELECT guarded FROM persons WHERE id = $1"};
// Writes the row without changing it: whoever changes it at the same time waits, or is waited for.
const sql::Query kHoldGuarded{"accounts.hold_guarded",
                              "UPDATE persons SET guarded = guarded WHERE id = $1 RETURNING guarded"};
const sql::Query kCorrect{"accounts.correct", R"(
    UPDATE persons SET display_name = $2, birth_year = $3, birth_month = $4 WHERE id = $1)"};
const sql::Query kUnlist{"accounts.unlist", "UPDATE persons SET listed = 0 WHERE id = $1"};

const sql::Query kInsertPerson{"accounts.insert_person", R"(
    INSERT INTO persons (id, handle, display_name, birth_year, birth_month, bio, bio_html, bio_sanitiser, language, listed, role_bits,
                         created_at, guarded)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)
    ON CONFLICT (handle) DO NOTHING)"};

const sql::Query kInsertCredentials{"accounts.insert_credentials", R"(
    INSERT INTO person_credentials (person, password_hash, email, changed_at) VALUES ($1, $2, NULL, $3))"};

const sql::Query kUpdatePerson{"accounts.update_person", R"(
    UPDATE persons SET display_name = $2, bio = $3, bio_html = $4, bio_sanitiser = $5, language = $6, listed = $7 WHERE id = $1)"};

const sql::Query kLogin{"accounts.login",
                        "SELECT person, password_hash FROM person_credentials WHERE person = $1"};

const sql::Query kLoginByHandle{"accounts.login_by_handle", R"(
    SELECT c.person, c.password_hash FROM persons p JOIN person_credentials c ON c.person = p.id WHERE p.handle = $1)"};

const sql::Query kLoginByEmail{"accounts.login_by_email", R"(
    SELECT person, password_hash FROM person_credentials WHERE email = $1)"};

const sql::Query kSetPassword{"accounts.set_password", R"(
    UPDATE person_credentials SET password_hash = $2, changed_at = $3 WHERE person = $1)"};

const sql::Query kRehashPassword{"accounts.rehash_password", R"(
    UPDATE person_credentials SET password_hash = $3 WHERE person = $1 AND password_hash = $2)"};

const sql::Query kEmail{"accounts.email", "SELECT email FROM person_credentials WHERE person = $1"};

const sql::Query kEmailTaken{"accounts.email_taken", R"(
    SELECT COUNT(*) FROM person_credentials WHERE email = $1 AND person <> $2)"};

const sql::Query kSetEmail{"accounts.set_email",
                           "UPDATE person_credentials SET email = $2, changed_at = $3 WHERE person = $1"};

const sql::Query kInsertEmailChange{"accounts.insert_email_change", R"(
    INSERT INTO email_changes (token_hash, person, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5))"};

const sql::Query kEmailChange{"accounts.email_change", R"(
    SELECT person, email FROM email_changes WHERE token_hash = $1 AND expires_at > $2)"};

const sql::Query kPendingEmail{"accounts.pending_email", R"(
    SELECT email FROM email_changes WHERE person = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 1)"};

const sql::Query kEndEmailChanges{"accounts.end_email_changes", R"(
    UPDATE email_changes SET expires_at = $2 WHERE person = $1 AND expires_at > $2)"};

const sql::Query kEmailChangesSince{"accounts.email_changes_since", R"(
    SELECT COUNT(*) FROM email_changes WHERE person = $1 AND created_at > $2)"};

const sql::Query kRename{"accounts.rename", "UPDATE persons SET display_name = $2 WHERE id = $1"};

const sql::Query kInsertReset{"accounts.insert_reset", R"(
    INSERT INTO password_resets (token_hash, person, created_at, expires_at) VALUES ($1, $2, $3, $4))"};

const sql::Query kReset{"accounts.reset",
                        "SELECT person FROM password_resets WHERE token_hash = $1 AND expires_at > $2"};

const sql::Query kResetsSince{"accounts.resets_since", R"(
    SELECT COUNT(*) FROM password_resets WHERE person = $1 AND created_at > $2)"};

const sql::Query kDeleteResets{"accounts.delete_resets", "DELETE FROM password_resets WHERE person = $1"};

const sql::Query kDeleteExpiredResets{"accounts.delete_expired_resets",
                                      "DELETE FROM password_resets WHERE expires_at <= $1"};

const sql::Query kDeleteExpiredEmailChanges{"accounts.delete_expired_email_changes", R"(
    DELETE FROM email_changes WHERE expires_at <= $1)"};

}  // namespace

std::vector<CardRow> cards(sql::Session& session, std::span<const PersonId> ids) {
    std::vector<CardRow> rows;
    rows.reserve(ids.size());
    if (ids.size() == 1) {
        if (auto row = session.maybe<CardRow>(kCard, ids.front())) rows.push_back(std::move(*row));
        return rows;
    }
    for (std::size_t from = 0; from < ids.size(); from += kCardsAtOnce) {
        std::array<std::int64_t, kCardsAtOnce> of{};
        for (std::size_t i = 0; i < kCardsAtOnce && from + i < ids.size(); ++i)
            of[i] = ids[from + i].value;
        auto some = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return session.all<CardRow>(kCards, of[I]...);
        }
        (std::make_index_sequence<kCardsAtOnce>{});
        std::move(some.begin(), some.end(), std::back_inserter(rows));
    }
    return rows;
}

std::vector<CardRow> everybody(sql::Session& session, PersonId after, int limit) {
    return session.all<CardRow>(kEverybody, after, limit);
}

std::optional<CardRow> card_by_handle(sql::Session& session, std::string_view handle) {
    return session.maybe<CardRow>(kCardByHandle, handle);
}

std::optional<PersonRow> person(sql::Session& session, PersonId id) {
    return session.maybe<PersonRow>(kPerson, id);
}

std::optional<Restrictions> restrictions(sql::Session& session, PersonId id) {
    return session.maybe<Restrictions>(kStanding, id);
}
std::optional<ContactRow> contact(sql::Session& session, PersonId id) {
    return session.maybe<ContactRow>(kContact, id);
}
void suspend(sql::Tx& tx, const access::Permit<ModeratePerson>&, PersonId id, Timestamp until,
             std::string_view path) {
    tx.run(kSuspend, id, until, path);
}
void quieten(sql::Tx& tx, const access::Permit<ModeratePerson>&, PersonId id, Timestamp until) {
    tx.run(kQuieten, id, until);
}
void set_face(sql::Tx& tx, const access::Permit<ModeratePerson>&, PersonId id, Face face) {
    tx.run(kSetFace, id, face);
}
std::optional<Reviewed> reviewed(sql::Session& session, PersonId id) {
    return session.maybe<Reviewed>(kReviewed, id);
}
void note_reviewed(sql::Tx& tx, const access::Permit<ModeratePerson>&, PersonId id) {
    tx.run(kNoteReviewed, id);
}

bool handle_taken(sql::Session& session, std::string_view handle) {
    return session.one<std::int64_t>(kHandleTaken, handle) != 0;
}

bool hold_handle(sql::Tx& tx, const access::Permit<WaitForConsent>&, std::string_view handle, Timestamp at) {
    return !handle_taken(tx, handle) && tx.run(kHoldHandle, handle, at) == 1;
}

void release_handle(sql::Tx& tx, std::string_view handle) {
    tx.run(kReleaseHandle, handle);
}

void set_guarded(sql::Tx& tx, const GuardRight&, PersonId person, std::int64_t bits) {
    tx.run(kSetGuarded, person, bits);
}

std::int64_t guarded(sql::Session& session, PersonId person) {
    return session.maybe<std::int64_t>(kGuarded, person).value_or(0);
}

std::optional<std::int64_t> hold_guarded(sql::Tx& tx, PersonId person) {
    return tx.maybe<std::int64_t>(kHoldGuarded, person);
}

void correct(sql::Tx& tx, const GuardRight&, PersonId person, std::string_view display_name,
             BirthMonth birth) {
    tx.run(kCorrect, person, display_name, birth.year, birth.month);
}

void unlist(sql::Tx& tx, const GuardRight&, PersonId person) {
    tx.run(kUnlist, person);
}

bool insert_person(sql::Tx& tx, const Admission&, const PersonRow& p, std::string_view password_hash) {
    if (handle_taken(tx, p.handle)) return false;
    const auto inserted =
        tx.run(kInsertPerson, p.id, p.handle, p.display_name, p.birth_year, p.birth_month, p.bio, p.bio_html,
               p.bio_sanitiser, p.language, p.listed, p.created_at, p.guarded);
    if (inserted == 0) return false;
    tx.run(kInsertCredentials, p.id, password_hash, p.created_at);
    return true;
}

void rename(sql::Tx& tx, const access::Permit<Administer>&, PersonId person, std::string_view display_name) {
    tx.run(kRename, person, display_name);
}

void update_person(sql::Tx& tx, const access::Permit<EditProfile>&, const PersonRow& p) {
    tx.run(kUpdatePerson, p.id, p.display_name, p.bio, p.bio_html, p.bio_sanitiser, p.language, p.listed);
}

std::optional<LoginRow> login_by_handle(sql::Session& session, std::string_view handle) {
    return session.maybe<LoginRow>(kLoginByHandle, handle);
}
std::optional<LoginRow> login_by_email(sql::Session& session, std::string_view email) {
    return session.maybe<LoginRow>(kLoginByEmail, email);
}
std::optional<LoginRow> login(sql::Session& session, PersonId person) {
    return session.maybe<LoginRow>(kLogin, person);
}

void set_password(sql::Tx& tx, const PasswordRight&, PersonId person, std::string_view hash, Timestamp at) {
    tx.run(kSetPassword, person, hash, at);
}

void rehash_password(sql::Tx& tx, PersonId person, std::string_view old_hash, std::string_view new_hash) {
    tx.run(kRehashPassword, person, old_hash, new_hash);
}

std::optional<std::string> email(sql::Session& session, PersonId person) {
    return session.maybe<std::optional<std::string>>(kEmail, person).value_or(std::nullopt);
}

bool email_taken(sql::Session& session, std::string_view email, PersonId but_by) {
    return session.one<std::int64_t>(kEmailTaken, email, but_by) != 0;
}

void set_email(sql::Tx& tx, const AddressRight&, PersonId person, const std::optional<std::string>& email,
               Timestamp at) {
    tx.run(kSetEmail, person, email, at);
}

void insert_email_change(sql::Tx& tx, const AddressRight&, std::string_view token_hash, PersonId person,
                         std::string_view email, Timestamp at, Timestamp expires) {
    tx.run(kInsertEmailChange, token_hash, person, email, at, expires);
}

std::optional<EmailChange> email_change(sql::Session& session, std::string_view token_hash, Timestamp now) {
    return session.maybe<EmailChange>(kEmailChange, token_hash, now);
}

std::optional<std::string> pending_email(sql::Session& session, PersonId person, Timestamp now) {
    return session.maybe<std::string>(kPendingEmail, person, now);
}

void end_email_changes(sql::Tx& tx, const AddressRight&, PersonId person, Timestamp at) {
    tx.run(kEndEmailChanges, person, at);
}

int email_changes_since(sql::Session& session, PersonId person, Timestamp since) {
    return session.one<int>(kEmailChangesSince, person, since);
}

void insert_reset(sql::Tx& tx, const access::Permit<ResetPassword>&, std::string_view token_hash,
                  PersonId person, Timestamp at, Timestamp expires) {
    tx.run(kInsertReset, token_hash, person, at, expires);
}

std::optional<PersonId> reset(sql::Session& session, std::string_view token_hash, Timestamp now) {
    return session.maybe<PersonId>(kReset, token_hash, now);
}

int resets_since(sql::Session& session, PersonId person, Timestamp since) {
    return session.one<int>(kResetsSince, person, since);
}

void delete_resets(sql::Tx& tx, const PasswordRight&, PersonId person) {
    tx.run(kDeleteResets, person);
}

void delete_resets(sql::Tx& tx, const access::Permit<ConfirmEmail>&, PersonId person) {
    tx.run(kDeleteResets, person);
}

int delete_expired(sql::Tx& tx, Timestamp now) {
    return static_cast<int>(tx.run(kDeleteExpiredResets, now) +
                            tx.run(kDeleteExpiredEmailChanges, now - std::chrono::hours(1)));
}

}  // namespace braid::accounts::store
