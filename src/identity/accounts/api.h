// People: handle, display name, age band, profile. What other modules may ask, and what may be done with an
// account.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/guard.h"
#include "base/result.h"
#include "identity/accounts/policy.h"
#include "identity/accounts/roles.h"
#include "identity/blocks/api.h"
#include "platform/i18n/i18n.h"
#include "platform/sql/sql.h"

namespace braid::html {
class Out;
}

namespace braid::accounts {

using access::AgeBand;
using access::Choices;
using access::PersonId;
using access::Role;

// What is kept of a date of birth.
struct BirthMonth {
    int year = 0, month = 0;
    friend auto operator<=>(const BirthMonth&, const BirthMonth&) = default;
};

// child below 13, teen below 18, adult. A birthday counts from the first day of the month after it: certain,
// whatever the day was and wherever on Earth she is.
AgeBand band_at(BirthMonth birth, Timestamp now);

// Whole years that someone born in that month is sure to have lived by `now`, whatever the day: a birthday
// counts from the first day of the month after it.
int certain_age(BirthMonth birth, Timestamp now);
// The moment from which certain_age is `age`.
Timestamp reaches_age(BirthMonth birth, int age);

// Who may be found by others, in searches and lists of people, for the queries of who joins persons' rows as
// `p`: whoever shows her profile to everyone and is not paused, suspended or hidden; a minor by other minors
// alone. `now`: microseconds; `adult`: last_adult_month(now); `minors`: 1 when finds_minors(actor). Nobody is
// found by this who would not be shown her profile; the reverse does not hold.
#define BRAID_ACCOUNTS_FOUND(now, adult, minors)                                                 \
    "p.listed = 1 AND p.face = 'shown' AND p.guarded < 1073741824 AND p.suspended_until <= " now \
    " AND (p.birth_year * 12 + p.birth_month <= " adult " OR " minors " = 1)"
// The month, counted as year * 12 + month, in or before which whoever is an adult at `now` was born.
std::int64_t last_adult_month(Timestamp now);
// Whether minors who may be found are found by the actor: by signed-in minors. No adult and no visitor finds
// one, whatever she lets them see when they have her address.
bool finds_minors(const Actor& actor);

// BLAKE2b-256 keyed with `key`, base64url: a signature for small values in cookies and links.
std::string seal(std::string_view key, std::string_view value);
[[nodiscard]] bool seal_holds(std::string_view key, std::string_view value, std::string_view seal);

// What stands in persons.guarded.
struct Guarded {
    Choices denied;
    bool paused = false;  // nobody comes in as her
    [[nodiscard]] std::int64_t bits() const { return std::int64_t{denied.bits} | (paused ? kPaused : 0); }
    static Guarded of(std::int64_t bits) {
        return {Choices{static_cast<std::uint32_t>(bits)} & Choices::all(), (bits & kPaused) != 0};
    }
    static constexpr std::int64_t kPaused = std::int64_t{1} << 30;
    friend bool operator==(const Guarded&, const Guarded&) = default;
};

// The cookie that remembers an answer below the age of consent.
inline constexpr std::string_view kAgeCookie = "age_answer";
inline constexpr Duration kAgeCookieLife = std::chrono::hours(24);

// BLAKE2b-256 of a random token, base64url: what is stored of it. Tokens have 256 bits of their own, so no
// slow hash is needed.
std::string token_hash(std::string_view token);

// How a person appears to others.
struct PersonCard {
    PersonId id;
    std::string handle;        // lower case ASCII letters, digits, '-', '_'; 3 to 30; unique
    std::string display_name;  // 1 to 40 code points
    AgeBand band = AgeBand::child;
    std::string bio_html;  // sanitised
    bool listed = false;   // profile may be seen by visitors; never for minors by default
    bool paused = false;   // her guardian took consent back: her profile is for nobody
};

// Reads about people. Who may see a profile is the action SeeProfile; names beside texts follow the text.
class People {
  public:
    virtual ~People() = default;
    // Missing ids are left out. Order is not kept.
    virtual std::vector<PersonCard> cards(sql::Session& session, std::span<const PersonId> ids) const = 0;
    virtual std::optional<PersonCard> card(sql::Session& session, PersonId id) const = 0;
    virtual std::optional<PersonCard> by_handle(sql::Session& session, std::string_view handle) const = 0;
    // The same for who looks for somebody: nothing for whom the actor is apart from (identity/blocks). Pages
    // of staff and of guardians ask by_handle.
    virtual std::optional<PersonCard> found_by(sql::Session& session, const Actor& actor,
                                               std::string_view handle) const = 0;
};

// An account made for somebody: by the command line, the demo, an import.
struct NewPerson {
    std::string handle, display_name;
    std::optional<std::string> password;  // nothing: she cannot sign in until one is set
    int birth_year = 0, birth_month = 0;  // 1 to 12
    std::string email;                    // taken as confirmed; may be empty
    std::string bio;                      // Markdown
    i18n::Language language = i18n::Language::en;
    std::optional<bool> listed;  // nothing: yes for adults, no for minors
    std::vector<Role> roles;
};

// What the sign-up page was told, as typed.
struct SignUpForm {
    std::string handle, display_name, password, email;
    std::string birth_year, birth_month, birth_day;
    i18n::Language language = i18n::Language::en;
};

// An account that has been checked and whose password is hashed, so that storing it is quick. Made by
// Accounts only.
struct ReadyAccount {
    access::Permit<SignUp> permit;
    std::string handle, display_name, password_hash;
    std::optional<std::string> email;  // waits for confirmation
    int birth_year = 0, birth_month = 0;
    i18n::Language language = i18n::Language::en;
    bool listed = false;
};

// Somebody below the age of consent who has chosen a handle and a password. What is kept of her until a
// guardian consents. Made by Accounts only.
struct WaitingAccount {
    access::Permit<WaitForConsent> permit;
    std::string handle, password_hash;
    AgeBand band = AgeBand::child;
};

// What becomes a person once consent is recorded; the birth month is the guardian's word.
struct Admitted {
    std::string handle, password_hash;
    BirthMonth birth;
    i18n::Language language = i18n::Language::en;
    Guarded guarded;
};

// A new password, checked and hashed. Made by Accounts only.
struct ReadyPassword {
    access::AnyPermit<ChangePassword, ResetPassword, Administer> right;
    PersonId person;
    std::string password_hash;
    std::string reset_token_hash;  // not empty: the link that is used up by it
};

// What one sees of one's own account.
struct OwnAccount {
    PersonId id;
    std::string handle, display_name, bio;
    int birth_year = 0, birth_month = 0;
    std::string language;
    bool listed = false;
    std::optional<std::string> email;          // confirmed
    std::optional<std::string> pending_email;  // waits for its link to be followed
    AgeBand band = AgeBand::child;
};

struct ProfileEdit {  // what is absent stays
    std::optional<std::string> display_name, bio;
    std::optional<bool> listed;
    std::optional<i18n::Language> language;
};

// Somebody an administrator looked for.
struct PersonFound {
    PersonCard card;
    std::vector<Grant> grants;
};

// What others see of a person. hidden: her handle alone, neither the name nor the words she chose; removed:
// her profile is not there.
enum class Face { shown, hidden, removed };

// An end that never comes, as far as people are concerned.
inline constexpr Timestamp kNoEnd{253'370'764'800'000'000};  // 9999-01-01

// What moderators decided about an account. Ends may have passed: compare with now.
struct Restrictions {
    Timestamp suspended_until, quiet_until;
    std::string suspension_path;  // of this site: where she reads why, without being signed in
    Face face = Face::shown;
    [[nodiscard]] bool suspended(Timestamp now) const { return suspended_until > now; }
    [[nodiscard]] bool quiet(Timestamp now) const { return quiet_until > now; }
};

// Whom to write to, and in what language.
struct Contact {
    std::optional<std::string> email;  // confirmed
    std::string handle, display_name;
    i18n::Language language = i18n::Language::en;
    bool staff = false;
};

class Accounts : public People, public access::Guard {
  public:
    // --- by an operator (policy: administrators; the command line is accounts::operator_actor())
    // Fails with `invalid` and its fields, or `conflict` when handle or e-mail is taken. Hashes: blocks for
    // tens of milliseconds.
    virtual Result<PersonId> create_person(const Actor& by, const NewPerson& person) = 0;
    virtual Result<void> set_password(const Actor& by, PersonId person, std::string_view password) = 0;
    // The same inside a transaction of the caller's. `password_hash`: of prepare_person; without one she
    // needs an invitation.
    virtual Result<PersonId> create_in(sql::Tx& tx, const Actor& by, const NewPerson& person,
                                       std::string_view password_hash = {}) = 0;
    // Checks everything but whether handle and address are free, and hashes the password.
    virtual Result<std::string> prepare_person(const Actor& by, const NewPerson& person) = 0;
    // A secret of 16 characters, to be typed or followed once at invitation_link within two weeks, by whoever
    // holds it: she chooses a password. `mail`: also sent to her confirmed address.
    virtual Result<std::string> invite_in(sql::Tx& tx, const Actor& by, PersonId person, bool mail) = 0;
    [[nodiscard]] virtual std::string invitation_link(std::string_view secret) const = 0;
    // Whose confirmed address it is.
    [[nodiscard]] virtual Result<std::optional<PersonId>> by_address(sql::Session& session, const Actor& by,
                                                                     std::string_view email) const = 0;
    [[nodiscard]] virtual bool has_password(sql::Session& session, PersonId person) const = 0;
    // Nobody has it and nobody who waits for consent; reserved ones are free for the site's own accounts.
    [[nodiscard]] virtual bool handle_free(sql::Session& session, std::string_view handle) const = 0;
    // Another name, unless she has changed `from` herself. Says whether it did.
    virtual Result<bool> rename_in(sql::Tx& tx, const Actor& by, PersonId person, std::string_view from,
                                   std::string_view to) = 0;
    // A role of the site, for ever.
    virtual Result<void> set_role(const Actor& by, PersonId person, Role role, bool granted) = 0;

    // --- roles
    // Those of the site that are in force; an Actor carries them.
    [[nodiscard]] virtual std::vector<Role> roles(sql::Session& session, PersonId person) const = 0;
    // All that are in force.
    [[nodiscard]] virtual std::vector<Grant> grants(sql::Session& session, PersonId person) const = 0;
    // Whether she holds it exactly there, now. Roles of the site are asked of the Actor.
    [[nodiscard]] virtual bool holds(sql::Session& session, PersonId person, Role role,
                                     const RoleScope& scope) const = 0;
    // In place of what she holds of it there. Who may: may_grant in roles.h. `not_found` for who may give
    // nothing like it, `forbidden` with the reason for who may not give it so.
    virtual Result<void> grant(const Actor& by, PersonId person, Role role, const RoleScope& scope,
                               std::optional<Timestamp> until) = 0;
    // The same inside a transaction of the caller's.
    virtual Result<void> grant_in(sql::Tx& tx, const Actor& by, PersonId person, Role role,
                                  const RoleScope& scope, std::optional<Timestamp> until) = 0;
    virtual Result<void> revoke(const Actor& by, PersonId person, Role role, const RoleScope& scope) = 0;
    virtual Result<void> revoke_in(sql::Tx& tx, const Actor& by, PersonId person, Role role,
                                   const RoleScope& scope) = 0;
    // For administrators: whose handle begins so or whose address it is; without words who holds `role`, or
    // any role but learner. By handle, at most 50.
    [[nodiscard]] virtual Result<std::vector<PersonFound>> find_people(const Actor& by,
                                                                       std::string_view words,
                                                                       std::optional<Role> role) const = 0;

    // Everybody whose id is above `after`, in the order of joining.
    [[nodiscard]] virtual std::vector<PersonCard> everybody(sql::Session& session, PersonId after,
                                                            int limit) const = 0;

    // --- by moderators (policy: ModeratePerson); who calls writes the audit log in the same transaction. An
    // end of {} takes the decision back. A suspension is seen by the next request of every session and token.
    [[nodiscard]] virtual std::optional<Restrictions> restrictions(sql::Session& session,
                                                                   PersonId person) const = 0;
    [[nodiscard]] virtual std::optional<Contact> contact(sql::Session& session, PersonId person) const = 0;
    virtual Result<void> suspend(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until,
                                 std::string_view path) = 0;
    virtual Result<void> quieten(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until) = 0;
    virtual Result<void> set_face(sql::Tx& tx, const Actor& by, PersonId person, Face face) = 0;
    // Whether what she shows for the first time waits for a moderator: by the site's setting, for people who
    // joined lately and had fewer posts let through than it asks for. No query when the setting is off.
    [[nodiscard]] virtual bool first_posts_wait(sql::Session& session, PersonId person) const = 0;
    virtual Result<void> note_reviewed(sql::Tx& tx, const Actor& by, PersonId person) = 0;

    // --- joining: check and hash outside the transaction, then store inside it
    // `forbidden` (accounts.too_young) below the age of consent; then nothing has been and nothing may be
    // kept.
    virtual Result<ReadyAccount> prepare_sign_up(const Actor& actor, const SignUpForm& form) = 0;
    // `conflict` on the field `handle` when somebody was quicker.
    virtual Result<PersonId> sign_up(sql::Tx& tx, const ReadyAccount& account) = 0;

    // The value of a cookie that remembers an answer below the age of consent, so that going back and
    // answering otherwise does not help. Signed; it says nothing but the band.
    [[nodiscard]] virtual std::string age_mark(AgeBand band) const = 0;
    [[nodiscard]] virtual std::optional<AgeBand> age_mark_band(std::string_view value) const = 0;

    // --- waiting for a guardian's consent (identity/guardians keeps who waits)
    // `invalid` or `conflict` with fields `handle` and `password`. Hashes.
    virtual Result<WaitingAccount> prepare_waiting(const Actor& actor, AgeBand band, std::string_view handle,
                                                   std::string_view password) = 0;
    // Keeps the handle from everybody else; `conflict` on the field `handle` when somebody was quicker.
    virtual Result<void> hold_handle(sql::Tx& tx, const WaitingAccount& account) = 0;
    virtual void release_handle(sql::Tx& tx, std::string_view handle) = 0;
    // Whether `password` is the one of the hash. Hashes; without a hash it does the same work and says no.
    virtual Result<bool> matches(const std::optional<std::string>& hash, std::string_view password) = 0;
    // Makes a person of who waited: her handle is freed and taken in one. She is called by her handle until
    // she chooses a name. Appends PersonJoined.
    virtual Result<PersonId> admit(sql::Tx& tx, const access::Permit<AdmitPerson>& permit,
                                   const Admitted& admitted) = 0;

    // --- what a guardian may do to a child's account
    virtual void set_guarded(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                             const accounts::Guarded& guarded) = 0;
    // Name and birth month put right, on her behalf. `invalid` with the fields of the settings page.
    virtual Result<void> correct(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                                 std::string_view display_name, BirthMonth birth) = 0;
    // The profile is no longer shown to visitors.
    virtual void unlist(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person) = 0;
    [[nodiscard]] virtual std::optional<BirthMonth> birth_month(sql::Session& session,
                                                                PersonId person) const = 0;
    [[nodiscard]] virtual accounts::Guarded guarded(sql::Session& session, PersonId person) const = 0;

    // --- proving who one is; all hash, outside of any transaction, and take as long whether the account
    // exists or not --- `name`: a handle or a confirmed address. Nothing when they do not belong together.
    virtual Result<std::optional<PersonId>> prove(std::string_view name, std::string_view password) = 0;
    // The key under which attempts on one account are counted, whichever of its names is typed; nothing
    // secret in it.
    [[nodiscard]] virtual std::string attempt_key(std::string_view name) const = 0;

    // Whether it is the password of that account, for what asks for it again. `invalid` on `field` when it is
    // not.
    virtual Result<void> prove_owner(PersonId person, std::string_view password, std::string_view field) = 0;

    // --- passwords
    virtual Result<ReadyPassword> prepare_change(const Actor& actor, std::string_view current,
                                                 std::string_view next) = 0;
    // Asks for a link by mail. The same answer and the same work whether somebody has the address; `invalid`
    // when it is none.
    virtual Result<void> request_reset(const Actor& actor, std::string_view email) = 0;
    [[nodiscard]] virtual bool reset_open(sql::Session& session, std::string_view token) const = 0;
    // `gone` when the link was used, replaced or is older than an hour.
    virtual Result<ReadyPassword> prepare_reset(const Actor& actor, std::string_view token,
                                                std::string_view next) = 0;
    // Stores it, uses up every open link of that person and appends PasswordChanged. `gone` when the link was
    // used meanwhile.
    virtual Result<void> store_password(sql::Tx& tx, const ReadyPassword& password) = 0;

    // --- one's own account
    [[nodiscard]] virtual Result<OwnAccount> own(sql::Session& session, const Actor& actor) const = 0;
    virtual Result<void> edit_profile(const Actor& actor, const ProfileEdit& edit) = 0;
    // Mails a link to the new address and a notice to the old one; the old stays until the link is followed.
    // "" removes the address.
    virtual Result<void> change_email(const Actor& actor, std::string_view email,
                                      std::string_view password) = 0;
    // Tells the old address that it is one no more, and ends links for a new password that were sent there.
    virtual Result<void> confirm_email(const Actor& actor, std::string_view token) = 0;
    // Mails the link once more. `not_found` when no address waits, `too_many_requests` after five mails in an
    // hour.
    virtual Result<void> resend_confirmation(const Actor& actor) = 0;
    // The address that waits is forgotten; its link works no more.
    virtual Result<void> cancel_email(const Actor& actor) = 0;

    // Mails the confirmed address of `person`, in her language; nobody when she has none. The text is given
    // {name}, {handle}, {site} and {link} (to `path` on this site).
    virtual void mail_person(sql::Tx& tx, PersonId person, std::string_view subject, std::string_view text,
                             std::string_view path) = 0;
    // What the site calls itself.
    [[nodiscard]] virtual const std::string& site_name() const = 0;
};

// The neutral question of a form that makes an account: three empty fields, no limit named, no answer
// suggested.
void birth_question(html::Out& out, const SignUpForm& typed, const Error* error);

// The list of settings pages, the current one marked: for the settings pages of other modules.
void settings_nav(html::Out& out, std::string_view current_path);

}  // namespace braid::accounts

template <>
struct braid::sql::EnumNames<braid::accounts::Face> {
    static constexpr std::array<std::string_view, 3> names{"shown", "hidden", "removed"};
};
