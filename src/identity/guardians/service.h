// Asking for consent, giving it, narrowing it, taking it back, growing out of it. One function per use case;
// each opens its own short transaction.
#pragma once

#include "base/random.h"
#include "identity/accounts/api.h"
#include "identity/guardians/api.h"
#include "identity/guardians/links.h"
#include "identity/guardians/store.h"
#include "platform/blobs/blobs.h"
#include "platform/events/events.h"
#include "platform/jobs/jobs.h"

namespace braid::guardians {

struct Settings {
    int consent_age = 13;
    Duration request_life = std::chrono::hours(24 * 14);  // then an unanswered request is deleted
    Duration remind_every = std::chrono::hours(24 * 4);
    int reminders = 2;
    Duration confirm_after = std::chrono::hours(24);  // between the yes by mail and the mail that confirms it
    int resends = 3;
    Duration resend_wait = std::chrono::minutes(10);
    std::string site_name = "Braid";
    std::string public_url = "http://127.0.0.1:8080";
    std::string secret;  // signs the links in mails and the waiting cookie
};

inline constexpr int kRequestsPerAddress = 5;  // open at a time
inline constexpr Duration kInvitationLife = std::chrono::hours(24 * 14);
inline constexpr int kInvitationsPerChild = 3;
inline constexpr Duration kForetoldBefore = std::chrono::hours(24 * 30);

struct AskForm {
    std::string handle, password, email;
    i18n::Language language = i18n::Language::en;
};

// What a child sees of her request.
struct WaitingView {
    ConsentId id;
    std::string handle, guardian_email;
    Timestamp created_at, expires_at, mailed_at;
    int mails_left = 0;
    bool said = false;  // a guardian said yes and confirms it by a second mail
};
// Where her cookie leads: to the request, or to how it ended.
enum class Outcome { waiting, consented, ended };
struct Waited {
    Outcome outcome = Outcome::ended;
    WaitingView request;  // while it waits
};

// What the guardian says with a yes. Birth month as typed.
struct ConsentForm {
    std::string birth_year, birth_month;
    Choices choices = narrow_choices();
};

// Where a guardian's link leads.
struct LinkView {
    ConsentId id;
    std::string handle;
    std::optional<store::Request> request;  // waits
    std::optional<store::Tie> tie;          // consented
    Verdict verdict;                        // of a tie
    Stage stage = Stage::consent;
};

// What a consent came to.
enum class Given { now, confirm_by_mail };

// Staff's: on paper, or for a school.
struct RecordForm {
    Method method = Method::signed_form;
    std::string birth_year, birth_month, on_behalf;
    Choices choices = narrow_choices();
    std::optional<blobs::Blob> form;
};

// Staff put a birth month right; `email` of a guardian is for who has none and needs one then.
struct BirthForm {
    std::string birth_year, birth_month, reason, email;
};
// Whether the other month would make a minor older. Staff never do: who takes a child for somebody older does
// harm that nobody sees, and who is taken for somebody younger says so.
bool widens(const accounts::BirthMonth& had, const accounts::BirthMonth& born, Timestamp now);

struct ChildLine {
    accounts::PersonCard card;
    store::Tie tie;
    Verdict verdict;
    Stage stage = Stage::consent;
};
struct RequestLine {
    std::string handle, path;  // of the page where it is answered
    Timestamp created_at, expires_at;
    bool said = false;
};
struct Overview {
    std::vector<ChildLine> children;
    std::vector<RequestLine> requests;  // to the confirmed address of the guardian
};

struct TieLine {
    store::Tie tie;
    std::string name;  // of the guardian; "" of one without an account
};
struct ContactLine {
    std::string name, handle;
    access::AgeBand band = access::AgeBand::child;
    std::int64_t times = 0;
};
struct LogEntry {
    What what = What::consented;
    std::string by;  // "" for somebody without an account, and for time
    Choices choices;
    Timestamp at;
};
struct ChildView {
    accounts::PersonCard card;
    accounts::BirthMonth birth;
    Stage stage = Stage::consent;
    Timestamp next_stage_at;  // when her age changes that; 0: never again
    Verdict verdict;
    store::Tie mine;  // the actor's; of a child who looks at her own: empty
    std::vector<TieLine> ties;
    std::vector<store::Invitation> invitations;
    std::vector<Holding> holdings;
    std::vector<ContactLine> contacts;
    std::vector<LogEntry> log;
    std::string export_path, erase_path;  // "" when not offered
};

// Thread-safe once everything was watched and wired.
class Service final : public Waiting, public Guardianships, public Pupils {
  public:
    Service(sql::Database& database, const Clock& clock, IdMaker& ids, events::Outbox& outbox,
            jobs::Queue& jobs, blobs::Store& blobs, accounts::Accounts& accounts, Settings settings);

    // Before the server starts. References must outlive the service.
    void watch(Reach& reach) { reaches_.push_back(&reach); }
    void wire(Windows windows) { windows_ = std::move(windows); }

    // --- the child's side
    struct Asked {
        ConsentId id;
        std::string cookie;
    };
    // `invalid` or `conflict` with fields handle, password, email. Hashes.
    Result<Asked> ask(const Actor& actor, access::AgeBand band, const AskForm& form);
    Result<Waited> waited(std::string_view cookie) const;
    // `too_many_requests` when it was sent a short while ago or often enough.
    Result<void> send_again(std::string_view cookie);
    // Deletes everything that was kept.
    Result<void> stop_waiting(std::string_view cookie);
    [[nodiscard]] bool knows(std::string_view handle) override;
    Result<std::optional<std::string>> come_back(std::string_view handle, std::string_view password) override;

    // --- the guardian's side, by the link of a mail
    Result<LinkView> open_link(const Actor& actor, std::string_view token) const;
    // Signed in: at once. Otherwise a second mail confirms it a while later.
    Result<Given> consent(const Actor& actor, std::string_view token, const ConsentForm& form);
    Result<void> refuse(const Actor& actor, std::string_view token);
    Result<LinkView> open_confirmation(const Actor& actor, std::string_view token) const;
    Result<void> confirm(const Actor& actor, std::string_view token);
    Result<void> withdraw_by_link(const Actor& actor, std::string_view token);
    Result<void> return_by_link(const Actor& actor, std::string_view token);
    // The tie becomes the account's.
    Result<PersonId> connect(const Actor& actor, std::string_view token);

    // --- the guardian's page
    Result<Overview> overview(const Actor& actor) const;
    Result<ChildView> child(const Actor& actor, PersonId child) const;
    Result<void> choose(const Actor& actor, PersonId child, Choices choices);
    Result<void> correct(const Actor& actor, PersonId child, std::string_view display_name,
                         std::string_view birth_year, std::string_view birth_month);
    Result<void> withdraw(const Actor& actor, PersonId child);
    Result<void> give_again(const Actor& actor, PersonId child);
    Result<void> end_tie(const Actor& actor, ConsentId tie);

    // --- more guardians
    Result<store::InvitationId> invite(const Actor& actor, PersonId child, std::string_view email);
    struct InvitationView {
        PersonId child;
        std::string handle, name;
        Stage stage = Stage::consent;
    };
    Result<InvitationView> open_invitation(const Actor& actor, std::string_view token) const;
    Result<PersonId> accept(const Actor& actor, std::string_view token);

    // --- one's own
    Result<ChildView> own(const Actor& actor) const;

    // --- staff
    // `not_found` unless number and handle belong together.
    Result<store::Request> find_request(const Actor& actor, std::string_view number,
                                        std::string_view handle) const;
    Result<PersonId> record(const Actor& actor, ConsentId request, const RecordForm& form);
    Result<store::Tie> tie_with_form(const Actor& actor, ConsentId tie) const;

    // --- a birth month that staff put right
    // Whom it is about. `not_found` for who may not, `forbidden` for herself.
    Result<accounts::PersonCard> to_put_right(const Actor& actor, std::string_view handle) const;
    // Everything that her age decides is so from that commit on. `invalid` with fields birth_year,
    // birth_month, reason, email.
    Result<void> put_birth_right(const Actor& actor, std::string_view handle, const BirthForm& form);

    // --- pupils of a school
    Result<PersonId> admit_for_school(sql::Tx& tx, const Actor& by, const Pupil& pupil) override;
    Result<PersonId> admit_waiting(sql::Tx& tx, const Actor& by, ConsentId request,
                                   const Pupil& pupil) override;
    Result<ConsentId> ask_for(sql::Tx& tx, const Actor& by, const Pupil& pupil) override;
    Result<void> invite_guardian(sql::Tx& tx, const Actor& by, PersonId child,
                                 std::string_view email) override;
    [[nodiscard]] PupilState state_of(sql::Session& session, ConsentId request) const override;

    // --- what time does; each a few hundred rows at a time, safe on several nodes
    int remind();
    int expire();
    int grow();
    // Tells a month ahead who grows up, and what that will change.
    int foretell();
    Result<void> send_confirmation(ConsentId request);

    // --- for other modules
    // What a guardian did with the child's data, for their history; in that transaction.
    void note_data(sql::Tx& tx, PersonId child, PersonId by, What what) { note(tx, child, by, what); }
    [[nodiscard]] std::vector<PersonId> guardians_of(sql::Session& session, PersonId child) const override;
    [[nodiscard]] bool guards(sql::Session& session, PersonId guardian, PersonId child) const override;
    [[nodiscard]] bool may(sql::Session& session, PersonId person, Choice choice) const override;

    // What links end in: /consent/TOKEN, /guardian/accept/TOKEN.
    [[nodiscard]] std::string link_token(ConsentId id) const { return sealed("guardian", id.text()); }
    [[nodiscard]] std::string invitation_token(store::InvitationId id) const {
        return sealed("invitation", id.text());
    }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] Timestamp now() const { return clock_.now(); }

  private:
    // Small signed values: "TEXT.SEAL", one seal per purpose.
    [[nodiscard]] std::string sealed(std::string_view purpose, std::string_view text) const;
    template <class IdType>
    [[nodiscard]] std::optional<IdType> unseal(std::string_view purpose, std::string_view token) const {
        const auto text = guardians::open_link(settings_.secret, purpose, token);
        return text ? IdType::parse(*text) : std::nullopt;
    }
    [[nodiscard]] std::string confirmation_text(const store::Request& request) const;

    Result<PersonId> school_consents(sql::Tx& tx, const Actor& by, const store::Request& request,
                                     const Pupil& pupil);
    Stage stage_of(sql::Session& session, PersonId child) const;
    Verdict verdict(sql::Session& session, PersonId child, Stage stage) const;
    Result<TieFacts> facts(sql::Session& session, const Actor& actor, PersonId child) const;
    Result<accounts::BirthMonth> birth(std::string_view year, std::string_view month) const;
    ChildView view(sql::Session& session, PersonId child) const;
    void foretell_one(sql::Tx& tx, PersonId child, Timestamp when);

    // Makes a person of who waited, ties her, and removes the request.
    Result<PersonId> establish(sql::Tx& tx, const store::Tying& permit, const store::Request& request,
                               accounts::BirthMonth birth, store::Tie tie, What what);
    // What the ties come to, written where it counts: her account, works, profile.
    void apply(sql::Tx& tx, PersonId child);
    Result<void> take_back(sql::Tx& tx, const store::Deciding& permit, const store::Tie& tie, bool back);
    void note(sql::Tx& tx, PersonId child, std::optional<PersonId> actor, What what);
    void grow_one(sql::Tx& tx, PersonId child);

    void mail(sql::Tx& tx, std::string_view to, i18n::Language language, std::string_view subject,
              std::string_view text, i18n::Arguments arguments);
    void mail_request(sql::Tx& tx, const store::Request& request, std::string_view subject,
                      std::string_view text);
    // `when`: the {date} of the text, in each reader's language.
    void mail_guardians(sql::Tx& tx, PersonId child, std::string_view subject, std::string_view text,
                        std::optional<Timestamp> when = {});

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    events::Outbox& outbox_;
    jobs::Queue& jobs_;
    blobs::Store& blobs_;
    void start_narrow(sql::Tx& tx, const access::Permit<accounts::GuardPerson>& guard, PersonId person);
    Result<void> see_to_a_guardian(sql::Tx& tx, const Actor& actor, PersonId person, std::string_view email);
    void tell_corrected(sql::Tx& tx, PersonId person, std::string_view reason);

    accounts::Accounts& accounts_;
    Settings settings_;
    std::vector<Reach*> reaches_;
    Windows windows_;
};

}  // namespace braid::guardians
