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
#include "base/result.h"
#include "identity/accounts/policy.h"
#include "identity/accounts/roles.h"
#include "platform/i18n/i18n.h"
#include "platform/sql/sql.h"

namespace braid::html {
class Out;
}

namespace braid::accounts {

using access::AgeBand;
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
};

// Reads about people. Who may see a profile is the action SeeProfile; names beside texts follow the text.
class People {
  public:
    virtual ~People() = default;
    // Missing ids are left out. Order is not kept.
    virtual std::vector<PersonCard> cards(sql::Session& session, std::span<const PersonId> ids) const = 0;
    virtual std::optional<PersonCard> card(sql::Session& session, PersonId id) const = 0;
    virtual std::optional<PersonCard> by_handle(sql::Session& session, std::string_view handle) const = 0;
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

// What moderators need of a person to tell her.
struct Contact {
    i18n::Language language = i18n::Language::en;
    std::optional<std::string> email;  // confirmed
    bool staff = false;
};

class Accounts : public People {
  public:
    // --- by an operator (policy: administrators; the command line is accounts::operator_actor())
    // Fails with `invalid` and its fields, or `conflict` when handle or e-mail is taken. Hashes: blocks for
    // tens of milliseconds.
    virtual Result<PersonId> create_person(const Actor& by, const NewPerson& person) = 0;
    virtual Result<void> set_password(const Actor& by, PersonId person, std::string_view password) = 0;
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
    [[nodiscard]] virtual std::optional<Restrictions> restrictions(sql::Session& session, PersonId person) const = 0;
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
    // answering otherwise does not help. Signed; it says nothing but that.
    [[nodiscard]] virtual std::string age_mark() const = 0;
    [[nodiscard]] virtual bool age_mark_holds(std::string_view value) const = 0;

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

// The list of settings pages, the current one marked: for the settings pages of other modules.
void settings_nav(html::Out& out, std::string_view current_path);

}  // namespace braid::accounts

template <>
struct braid::sql::EnumNames<braid::accounts::Face> {
    static constexpr std::array<std::string_view, 3> names{"shown", "hidden", "removed"};
};
