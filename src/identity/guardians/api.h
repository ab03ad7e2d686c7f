// Guardians and consent: what other modules may ask, and what they give the guardian's page.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "identity/accounts/api.h"
#include "platform/sql/sql.h"

namespace braid::guardians {

using access::Actor;
using access::Choice;
using access::Choices;
using access::PersonId;
// A request and the consent it becomes have one id.
using ConsentId = Id<struct ConsentTag>;

// How somebody consented.
enum class Method {
    email_plus,   // by mail, and once more by a second mail a while later
    account,      // by mail, and signed in to an account of their own, as an adult
    signed_form,  // on paper, uploaded by staff
    school,       // a school, for education only
    accepted,     // the minor, old enough to decide, accepted this guardian
};
enum class Purpose { everything, education };

// What guardians have come to for a child.
struct Verdict {
    Choices allowed;
    bool paused = false;
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline constexpr std::string_view kWaitingCookie = "waiting";
inline constexpr Duration kWaitingCookieLife = std::chrono::hours(24 * 30);

// Children who wait for consent, as the sign-in page must know of them.
class Waiting {
  public:
    virtual ~Waiting() = default;
    // Whether a handle ("@" before it or not) is one that waits.
    [[nodiscard]] virtual bool knows(std::string_view handle) = 0;
    // The value of kWaitingCookie when the password is hers. Hashes.
    virtual Result<std::optional<std::string>> come_back(std::string_view handle,
                                                         std::string_view password) = 0;
};

// Who is responsible for whom.
class Guardianships {
  public:
    virtual ~Guardianships() = default;
    // People with an account whose tie to the child holds; at most 20.
    [[nodiscard]] virtual std::vector<PersonId> guardians_of(sql::Session& session, PersonId child) const = 0;
    [[nodiscard]] virtual bool guards(sql::Session& session, PersonId guardian, PersonId child) const = 0;
    // What may be done with or by her, by her guardians' choices: an adult's is everything; mentors may write
    // to a minor only with a guardian who has said so.
    [[nodiscard]] virtual bool may(sql::Session& session, PersonId person, Choice choice) const = 0;
};

// A child below the age of consent whom her school makes an account for.
struct Pupil {
    std::string handle;
    accounts::BirthMonth birth;
    i18n::Language language = i18n::Language::en;
    std::string guardian_email;  // "": not known
    std::string school;          // its name, for a consent of the school
};
struct PupilState {
    bool waits = false;
    std::optional<PersonId> person;  // of a consent that was given
};

// Children a school brings: it consents for lessons alone, or a guardian is asked. Nobody has a password yet.
// `by`: an administrator.
class Pupils {
  public:
    virtual ~Pupils() = default;
    // The school consents, for education only, and it is recorded so. `invalid` on `school` without a name.
    virtual Result<PersonId> admit_for_school(sql::Tx& tx, const Actor& by, const Pupil& pupil) = 0;
    // The same for one whose guardian was asked before; `not_found` when that has ended.
    virtual Result<PersonId> admit_waiting(sql::Tx& tx, const Actor& by, ConsentId request,
                                           const Pupil& pupil) = 0;
    // Mails the guardian as if the child had asked. `invalid` on `email`, `conflict` on `handle`.
    virtual Result<ConsentId> ask_for(sql::Tx& tx, const Actor& by, const Pupil& pupil) = 0;
    // Mails a link with which an adult becomes a child's guardian; for children below the age of consent.
    virtual Result<void> invite_guardian(sql::Tx& tx, const Actor& by, PersonId child,
                                         std::string_view email) = 0;
    [[nodiscard]] virtual PupilState state_of(sql::Session& session, ConsentId request) const = 0;
};

// A module in which a guardian's decision changes what others see of a child. Called in the transaction of
// the decision: short, idempotent, no network.
class Reach {
  public:
    virtual ~Reach() = default;
    // From now on this holds.
    virtual void follow(sql::Tx& tx, PersonId child, const Verdict& verdict) = 0;
    // She decides herself now. What was kept narrow stays narrow, as her own choice, until she widens it.
    virtual void settle(sql::Tx& tx, PersonId child) = 0;
};

// For the guardian's page: what is held, in rows of tables as the modules declare them.
struct Holding {
    std::string_view table;
    std::string_view holds;  // a message, or plain English words where there is none
    std::int64_t count = 0;
};
// Somebody a child has to do with here: how often, and nothing of what was said.
struct Contact {
    PersonId person;
    std::int64_t times = 0;
};
// Where a guardian has the child's data handed out and erased; filled by whoever carries it out. Empty: not
// offered.
struct DataDesk {
    std::function<std::string(PersonId child)> export_path;  // a page of this site
    std::function<std::string(PersonId child)> erase_path;
};
struct Windows {
    std::function<std::vector<Holding>(sql::Session&, PersonId child)> holdings;
    std::vector<std::function<std::vector<Contact>(sql::Session&, PersonId child)>> contacts;
    DataDesk data;
};

}  // namespace braid::guardians

template <>
struct braid::sql::EnumNames<braid::guardians::Method> {
    static constexpr std::array<std::string_view, 5> names{"email_plus", "account", "signed_form", "school",
                                                           "accepted"};
};
template <>
struct braid::sql::EnumNames<braid::guardians::Purpose> {
    static constexpr std::array<std::string_view, 2> names{"everything", "education"};
};
