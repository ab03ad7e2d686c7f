// What can be done with accounts. One function per use case; each opens its own short transaction unless it
// is given one.
#pragma once

#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/accounts/model.h"
#include "identity/accounts/password.h"
#include "identity/accounts/store.h"
#include "platform/events/events.h"
#include "platform/jobs/jobs.h"

namespace braid::accounts {

struct Settings {
    int consent_age = 13;  // below it nobody can join by herself
    PasswordCost password_cost;
    int review_first_posts = 0;  // how many first posts of a newcomer wait for a moderator; 0: none
    int parallel_hashes = 4;     // memory for passwords is at most this times password_cost.memory_kib
    std::string site_name = "Braid";
    std::string public_url =
        "http://127.0.0.1:8080";  // scheme and authority for links in mails, without a slash at the end
    std::string provider;  // name of who else may say who somebody is, for the settings page; may be empty
    std::string secret;  // signs the cookie of the age question; the same on every node, kept across restarts
};

inline constexpr Duration kResetLife = std::chrono::hours(1);
inline constexpr Duration kEmailChangeLife = std::chrono::hours(48);
inline constexpr Duration kInvitationLife = std::chrono::hours(24 * 14);
inline constexpr std::size_t kInvitationLength = 16;
inline constexpr int kResetsPerHour = 3;         // mails to one account
inline constexpr int kConfirmationsPerHour = 5;  // mails that one account can have sent to any address
inline constexpr Duration kNewcomer = std::chrono::hours(24 * 30);  // whose first posts may be reviewed

// Thread-safe.
class Service final : public Accounts {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random, events::Outbox& outbox,
            jobs::Queue& jobs, Settings settings);

    std::vector<PersonCard> cards(sql::Session& session, std::span<const PersonId> ids) const override;
    std::optional<PersonCard> card(sql::Session& session, PersonId id) const override;
    std::optional<PersonCard> by_handle(sql::Session& session, std::string_view handle) const override;
    std::optional<PersonCard> found_by(sql::Session& session, const Actor& actor,
                                       std::string_view handle) const override;

    Result<PersonId> create_person(const Actor& by, const NewPerson& person) override;
    Result<void> set_password(const Actor& by, PersonId person, std::string_view password) override;
    Result<PersonId> create_in(sql::Tx& tx, const Actor& by, const NewPerson& person,
                               std::string_view password_hash) override;
    Result<std::string> prepare_person(const Actor& by, const NewPerson& person) override;
    Result<std::string> invite_in(sql::Tx& tx, const Actor& by, PersonId person, bool mail) override;
    [[nodiscard]] std::string invitation_link(std::string_view secret) const override;
    [[nodiscard]] Result<std::optional<PersonId>> by_address(sql::Session& session, const Actor& by,
                                                             std::string_view email) const override;
    [[nodiscard]] bool has_password(sql::Session& session, PersonId person) const override;
    [[nodiscard]] bool handle_free(sql::Session& session, std::string_view handle) const override;
    Result<bool> rename_in(sql::Tx& tx, const Actor& by, PersonId person, std::string_view from,
                           std::string_view to) override;
    Result<void> set_role(const Actor& by, PersonId person, Role role, bool granted) override;
    [[nodiscard]] std::vector<Role> roles(sql::Session& session, PersonId person) const override;
    [[nodiscard]] std::vector<Grant> grants(sql::Session& session, PersonId person) const override;
    [[nodiscard]] bool holds(sql::Session& session, PersonId person, Role role,
                             const RoleScope& scope) const override;
    Result<void> grant(const Actor& by, PersonId person, Role role, const RoleScope& scope,
                       std::optional<Timestamp> until) override;
    Result<void> grant_in(sql::Tx& tx, const Actor& by, PersonId person, Role role, const RoleScope& scope,
                          std::optional<Timestamp> until) override;
    Result<void> revoke(const Actor& by, PersonId person, Role role, const RoleScope& scope) override;
    Result<void> revoke_in(sql::Tx& tx, const Actor& by, PersonId person, Role role,
                           const RoleScope& scope) override;
    [[nodiscard]] Result<std::vector<PersonFound>> find_people(const Actor& by, std::string_view words,
                                                               std::optional<Role> role) const override;
    // Removes roles that have ended, and says so. Until then they count no more already.
    void end_roles();
    [[nodiscard]] std::vector<PersonCard> everybody(sql::Session& session, PersonId after,
                                                    int limit) const override;

    [[nodiscard]] std::optional<Restrictions> restrictions(sql::Session& session,
                                                           PersonId person) const override;
    [[nodiscard]] std::optional<Contact> contact(sql::Session& session, PersonId person) const override;
    Result<void> suspend(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until,
                         std::string_view path) override;
    Result<void> quieten(sql::Tx& tx, const Actor& by, PersonId person, Timestamp until) override;
    Result<void> set_face(sql::Tx& tx, const Actor& by, PersonId person, Face face) override;
    [[nodiscard]] bool first_posts_wait(sql::Session& session, PersonId person) const override;
    Result<void> note_reviewed(sql::Tx& tx, const Actor& by, PersonId person) override;

    Result<ReadyAccount> prepare_sign_up(const Actor& actor, const SignUpForm& form) override;
    Result<PersonId> sign_up(sql::Tx& tx, const ReadyAccount& account) override;

    [[nodiscard]] std::string age_mark(AgeBand band) const override;
    [[nodiscard]] std::optional<AgeBand> age_mark_band(std::string_view value) const override;

    Result<WaitingAccount> prepare_waiting(const Actor& actor, AgeBand band, std::string_view handle,
                                           std::string_view password) override;
    Result<void> hold_handle(sql::Tx& tx, const WaitingAccount& account) override;
    void release_handle(sql::Tx& tx, std::string_view handle) override;
    Result<bool> matches(const std::optional<std::string>& hash, std::string_view password) override;
    Result<PersonId> admit(sql::Tx& tx, const access::Permit<AdmitPerson>& permit,
                           const Admitted& admitted) override;

    void set_guarded(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                     const accounts::Guarded& guarded) override;
    Result<void> correct(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                         std::string_view display_name, BirthMonth birth) override;
    void unlist(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person) override;
    [[nodiscard]] std::optional<BirthMonth> birth_month(sql::Session& session,
                                                        PersonId person) const override;
    [[nodiscard]] accounts::Guarded guarded(sql::Session& session, PersonId person) const override;
    [[nodiscard]] Result<void> confirm(sql::Tx& tx, const Actor& actor) const override;

    Result<std::optional<PersonId>> prove(std::string_view name, std::string_view password) override;
    [[nodiscard]] std::string attempt_key(std::string_view name) const override;
    Result<void> prove_owner(PersonId person, std::string_view password, std::string_view field) override;

    Result<ReadyPassword> prepare_change(const Actor& actor, std::string_view current,
                                         std::string_view next) override;
    Result<void> request_reset(const Actor& actor, std::string_view email) override;
    [[nodiscard]] bool reset_open(sql::Session& session, std::string_view token) const override;
    Result<ReadyPassword> prepare_reset(const Actor& actor, std::string_view token,
                                        std::string_view next) override;
    Result<void> store_password(sql::Tx& tx, const ReadyPassword& password) override;

    [[nodiscard]] Result<OwnAccount> own(sql::Session& session, const Actor& actor) const override;
    Result<void> edit_profile(const Actor& actor, const ProfileEdit& edit) override;
    Result<void> change_email(const Actor& actor, std::string_view email, std::string_view password) override;
    Result<void> confirm_email(const Actor& actor, std::string_view token) override;
    Result<void> resend_confirmation(const Actor& actor) override;
    Result<void> cancel_email(const Actor& actor) override;
    void mail_person(sql::Tx& tx, PersonId person, std::string_view subject, std::string_view text,
                     std::string_view path) override;
    [[nodiscard]] const std::string& site_name() const override { return settings_.site_name; }

    // The job behind request_reset: mails a link when somebody has the address. Idempotent enough: a second
    // run mails a second link.
    Result<void> send_reset(std::string_view email);
    // Removes links that have run out.
    void sweep();

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] Timestamp now() const { return clock_.now(); }

  private:
    // What is stored of a new person, checked; without a password.
    Result<store::PersonRow> checked_row(const NewPerson& person, std::optional<std::string>& email) const;
    Result<PersonId> insert(sql::Tx& tx, const access::Permit<CreatePerson>& permit, const Actor& by,
                            const NewPerson& person, const store::PersonRow& row,
                            const std::optional<std::string>& email, std::string_view hash);
    void take_roles_too_old(sql::Tx& tx, const access::Permit<GuardPerson>& permit, PersonId person,
                            AgeBand band);
    void tell_roles(sql::Tx& tx, PersonId person, Role role, const RoleScope& scope, bool granted);
    Result<void> check_mails_left(sql::Session& session, PersonId person) const;
    Result<access::Permit<ModeratePerson>> may_moderate(sql::Session& session, const Actor& by,
                                                        PersonId person) const;
    void append_standing(sql::Tx& tx, PersonId person);
    void mail_confirmation(sql::Tx& tx,
                           const access::AnyPermit<SignUp, ChangeEmail, ConfirmEmail, CreatePerson>& right,
                           PersonId person, std::string_view email, std::string_view name,
                           i18n::Language language);
    void mail(sql::Tx& tx, std::string_view to, i18n::Language language, std::string_view subject,
              std::string_view text, i18n::Arguments arguments);

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    events::Outbox& outbox_;
    jobs::Queue& jobs_;
    Settings settings_;
    PasswordHasher hasher_;
};

}  // namespace braid::accounts
