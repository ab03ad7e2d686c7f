// People: who is made an account, who waits for a guardian, who has left.
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "identity/roster/run.h"
#include "platform/i18n/i18n.h"
#include "platform/mail/mail.h"

namespace braid::roster {

namespace {

constexpr int kPage = 500;
constexpr std::size_t kNameMax = 40;          // code points of a display name
constexpr std::size_t kGuardiansInvited = 3;  // of one child
// A roster seldom says when its adults were born, and nothing here depends on it.
constexpr BirthMonth kAdult{1970, 1};
constexpr std::int64_t kNew = -1;  // in place of a line's checksum

}  // namespace

std::string Run::User::full_name() const {
    const std::string name(trim(given + " " + family));
    return count_code_points(name) <= kNameMax ? name : ellipsis(name, kNameMax - 1);
}

// --- looking ahead: what one line needs to know of others

void Run::gather_births() {
    scan("demographics", [&](const csv::Table& table) {
        std::string_view id = table.at("sourcedId");
        if (id.empty()) id = table.at("userSourcedId");
        if (const auto day = parse_day(table.at("birthDate")))
            births_[checksum({id})] = {day->year, day->month};
    });
}

void Run::gather_parts() {
    if (package_.version() == Version::v1_1) return;
    scan("roles", [&](const csv::Table& table) {
        const auto part = part_of(table.at("role"));
        if (!part || parse_status(table.at("status")) != Status::active) return;
        const auto [at, first] = parts_.try_emplace(checksum({table.at("userSourcedId")}));
        // Of several, the one that tells most: a pupil who helps is a pupil.
        if (first || *part < at->second.part) at->second = {*part, std::string(table.at("orgSourcedId"))};
    });
}

void Run::gather_users() {
    scan("users", [&](const csv::Table& table) {
        const std::int64_t id = checksum({table.at("sourcedId")});
        users_.insert(id);
        const auto standing = parts_.find(id);
        const auto part = package_.version() == Version::v1_1 ? part_of(table.at("role"))
                          : standing == parts_.end()          ? std::nullopt
                                                              : std::optional(standing->second.part);
        if (part == Part::guardian && parse_status(table.at("status")) == Status::active)
            guardian_emails_[id] = ascii_lower(table.at("email"));
    });
}

// --- one line

void Run::people() {
    read("users", [&](const csv::Table& table) {
        const Became became = person_line(table);
        if (became == Became::refused) refused_.insert(checksum({table.at("sourcedId")}));
        return became;
    });
    end_missing_people();
}

std::optional<Run::User> Run::checked_user(const csv::Table& table) {
    User user;
    user.sourced_id = table.at("sourcedId");
    const auto status = parse_status(table.at("status"));
    if (!status) {
        refuse(table, "status", "one of: " + std::string(kStatusWords));
        return std::nullopt;
    }
    user.gone = *status == Status::gone;
    if (user.gone) return user;
    user.given = table.at("givenName");
    user.family = table.at("familyName");
    user.username = table.at("username");
    user.email = ascii_lower(table.at("email"));
    user.agents = parse_list(table.at("agentSourcedIds"));
    const std::string_view enabled = table.at("enabledUser");
    if (!enabled.empty() && !parse_bool(enabled)) {
        refuse(table, "enabledUser", "true or false");
        return std::nullopt;
    }
    // Whoever may not sign in at the school is not brought here, and leaves when she was.
    if (!enabled.empty() && !*parse_bool(enabled)) {
        user.gone = true;
        return user;
    }
    if (package_.version() == Version::v1_1) {
        user.part = part_of(table.at("role"));
        if (!user.part) {
            refuse(table, "role", "one of: " + std::string(kRoleWords));
            return std::nullopt;
        }
    } else if (const auto standing = parts_.find(checksum({user.sourced_id})); standing != parts_.end()) {
        user.part = standing->second.part;
    }
    if (user.given.empty() && user.family.empty()) {
        refuse(table, "givenName", "the given name, the family name or both");
        return std::nullopt;
    }
    if (!user.email.empty() && !mail::is_address(user.email)) {
        refuse(table, "email", "an address, or nothing");
        return std::nullopt;
    }
    if (!check_schools(table, user) || !check_agents(table, user) || !check_age(table, user))
        return std::nullopt;
    std::string schools;
    for (const Place& school : user.schools)
        schools += std::to_string(school.id) + " ";
    user.line = checksum(
        {user.given, user.family, user.part ? std::to_string(static_cast<int>(*user.part)) : "", schools});
    return user;
}

bool Run::check_schools(const csv::Table& table, User& user) {
    const bool old = package_.version() == Version::v1_1;
    std::vector<std::string> ids = old ? parse_list(table.at("orgSourcedIds")) : std::vector<std::string>{};
    if (!old) {
        const auto standing = parts_.find(checksum({user.sourced_id}));
        if (standing != parts_.end()) ids.push_back(standing->second.school);
    }
    for (const std::string& id : ids) {
        const auto school = organisation(id);
        // In 1.2 the row of roles.csv is refused for it.
        if (!school && !old) return true;
        if (!school) {
            refuse(table, "orgSourcedIds", "sourcedIds of organisations in orgs.csv");
            return false;
        }
        user.schools.push_back(*school);
    }
    if (old && user.schools.empty()) {
        refuse(table, "orgSourcedIds", "the sourcedId of at least one organisation in orgs.csv");
        return false;
    }
    return true;
}

bool Run::check_agents(const csv::Table& table, User& user) {
    for (const std::string& agent : user.agents) {
        if (who(agent)) continue;
        refuse(table, "agentSourcedIds", "sourcedIds of people in users.csv");
        return false;
    }
    return true;
}

bool Run::check_age(const csv::Table& table, User& user) {
    const Timestamp now = importer_.clock_.now();
    const auto born = births_.find(checksum({user.sourced_id}));
    const bool student = user.part == Part::student;
    if (born != births_.end()) {
        user.birth = born->second;
    } else if (!student) {
        user.birth = kAdult;
    } else if (options_.students_born) {
        user.birth = *options_.students_born;
    } else {
        refuse(table, "sourcedId",
               "a birthDate as YYYY-MM-DD for this student in demographics.csv, or --students-born");
        return false;
    }
    const int age = accounts::certain_age(user.birth, now);
    if (age < 2 || age > 120) {
        refuse(table, "sourcedId", "a birthDate in demographics.csv of somebody who goes to school");
        return false;
    }
    if (!student && user.part && *user.part != Part::guardian && age < 18) {
        refuse(table, "role", "student, for somebody below 18 by the birthDate in demographics.csv");
        return false;
    }
    user.below_consent = age < options_.consent_age;
    return true;
}

Became Run::person_line(const csv::Table& table) {
    const auto user = checked_user(table);
    if (!user) return Became::refused;
    // Guardians are written to about their children and make their own accounts.
    if (user->part == Part::guardian) return Became::unchanged;
    const auto row = importer_.database_.read(
        [&](sql::Reader& reader) { return store::person(reader, options_.source, user->sourced_id); });
    const bool here = row && row->left_at.micros == 0;
    if (user->gone && !here) return Became::unchanged;
    if (!user->gone && row && row->person && here && row->line == user->line && !sinks_.slip) {
        who_[checksum({user->sourced_id})] = {row->person};
        return Became::unchanged;
    }
    const auto became =
        carry_out([&](sql::Tx& tx) -> Result<Became> { return carry_person(tx, table, *user); });
    return became.ok() ? *became : refuse(table, became.error());
}

Result<Became> Run::carry_person(sql::Tx& tx, const csv::Table& table, const User& user) {
    auto row = store::person(tx, options_.source, user.sourced_id);
    if (user.gone) {
        if (!row || row->left_at.micros != 0) return Became::unchanged;
        TRY(leave(tx, *row));
        return Became::left;
    }
    if (row && row->person) return change(tx, user, std::move(*row));
    store::Person next = row.value_or(store::Person{});
    next.sourced_id = user.sourced_id;
    return make(tx, table, user, std::move(next));
}

// --- somebody who is here

Result<Became> Run::change(sql::Tx& tx, const User& user, store::Person row) {
    const PersonId person = *row.person;
    if (person.value == 0) return Became::unchanged;  // erased; an import does not bring her back
    who_[checksum({user.sourced_id})] = {person};
    if (row.line != kNew) TRY(slip_again(tx, user, person));
    if (row.line == user.line && row.left_at.micros == 0) return Became::unchanged;
    const auto card = importer_.accounts_.card(tx, person);
    if (!card) return Became::unchanged;
    // What a minor is called is hers alone; an adult's name follows the roster until she chose another.
    if (card->band == access::AgeBand::adult && user.part != Part::student &&
        TRY(importer_.accounts_.rename_in(tx, by_, person, row.given_name, user.full_name())))
        row.given_name = user.full_name();
    if (package_.version() == Version::v1_1) {
        std::vector<Wanted> wanted;
        if (const auto role = user.part ? role_of(*user.part) : std::nullopt) {
            for (const Place& school : user.schools)
                wanted.push_back({*role, {accounts::ScopeKind::organisation, school.id}, {}});
        }
        TRY(give(tx, "users", user.sourced_id, person, wanted));
    }
    row.line = user.line;
    row.left_at = {};
    store::put_person(tx, right_, options_.source, row);
    return Became::updated;
}

Result<void> Run::slip_again(sql::Tx& tx, const User& user, PersonId person) {
    if (!sinks_.slip || importer_.accounts_.has_password(tx, person)) return {};
    return invite(tx, user, person, ByMail::no);  // she was mailed when the account was made
}

// --- somebody new

guardians::Pupil Run::pupil_of(const User& user, std::string handle) const {
    return {.handle = std::move(handle),
            .birth = user.birth,
            .language = options_.language,
            .guardian_email = {},
            .school = user.schools.empty() ? std::string() : ellipsis(user.schools.front().name, 119)};
}

std::vector<std::string> Run::guardian_addresses(const User& user) const {
    std::vector<std::string> addresses;
    for (const std::string& agent : user.agents) {
        const auto found = guardian_emails_.find(checksum({agent}));
        if (found != guardian_emails_.end() && mail::is_address(found->second) &&
            std::ranges::find(addresses, found->second) == addresses.end())
            addresses.push_back(found->second);
    }
    return addresses;
}

// Pupils get a name that tells nobody who they are; adults the one their school knows them by.
std::string Run::free_handle(sql::Tx& tx, const User& user) {
    const bool minor =
        user.part == Part::student || accounts::certain_age(user.birth, importer_.clock_.now()) < 18;
    const std::string base = minor ? std::string() : handle_from(user.username);
    for (int attempt = 0;; ++attempt) {
        std::uint64_t random = 0;
        std::array<std::byte, sizeof random> bytes{};
        importer_.random_.fill(bytes);
        std::memcpy(&random, bytes.data(), sizeof random);
        std::string handle = base.size() < 3 || attempt > 20 ? pseudonym(random)
                             : attempt == 0                  ? base
                                            : base + "-" + std::to_string(random % 9000 + 1000);
        if (attempt > 100 || importer_.accounts_.handle_free(tx, handle)) return handle;
    }
}

Result<PersonId> Run::make_pupil(sql::Tx& tx, const User& user,
                                 const std::optional<guardians::ConsentId>& request) {
    if (request && importer_.pupils_.state_of(tx, *request).waits)
        return importer_.pupils_.admit_waiting(tx, by_, *request, pupil_of(user, {}));
    const PersonId person =
        TRY(importer_.pupils_.admit_for_school(tx, by_, pupil_of(user, free_handle(tx, user))));
    const auto addresses = guardian_addresses(user);
    for (std::size_t i = 0; i < std::min(addresses.size(), kGuardiansInvited); ++i)
        TRY(importer_.pupils_.invite_guardian(tx, by_, person, addresses[i]));
    return person;
}

Result<PersonId> Run::make_account(sql::Tx& tx, const User& user, store::Person& row) {
    auto& accounts = importer_.accounts_;
    if (!user.email.empty()) {
        // Somebody of the school may be here already; her confirmed address says who she is.
        if (const auto there = TRY(accounts.by_address(tx, by_, user.email))) {
            const auto card = accounts.card(tx, *there);
            if (!card || card->band != access::AgeBand::adult || user.part == Part::student)
                return invalid("email", _msg("roster.address_taken"));
            return *there;
        }
    }
    accounts::NewPerson person;
    person.handle = free_handle(tx, user);
    const bool adult = accounts::band_at(user.birth, importer_.clock_.now()) == access::AgeBand::adult;
    person.display_name = adult && user.part != Part::student ? user.full_name() : person.handle;
    person.birth_year = user.birth.year;
    person.birth_month = user.birth.month;
    person.email = user.email;
    person.language = options_.language;
    person.listed = false;
    row.given_name = person.display_name;
    return accounts.create_in(tx, by_, person);
}

void Run::tell(const csv::Table& table, std::string_view sourced_id, Waits::Why why) {
    waits_ = Waits{table.line(), std::string(sourced_id), why};
}

Result<Became> Run::wait(sql::Tx& tx, const csv::Table& table, const User& user, store::Person row) {
    if (row.request) {
        tell(table, user.sourced_id,
             importer_.pupils_.state_of(tx, *row.request).waits ? Waits::Why::asked
                                                                : Waits::Why::not_answered);
        return Became::waiting;
    }
    const auto addresses = guardian_addresses(user);
    if (addresses.empty()) {
        tell(table, user.sourced_id, Waits::Why::no_address);
        return Became::waiting;
    }
    guardians::Pupil pupil = pupil_of(user, free_handle(tx, user));
    pupil.guardian_email = addresses.front();
    row.request = TRY(importer_.pupils_.ask_for(tx, by_, pupil));
    store::put_person(tx, right_, options_.source, row);
    tell(table, user.sourced_id, Waits::Why::asked);
    return Became::waiting;
}

Result<Became> Run::make(sql::Tx& tx, const csv::Table& table, const User& user, store::Person row) {
    if (!user.part) return invalid("sourcedId", _msg("roster.no_role"));
    std::optional<PersonId> person;
    if (row.request) person = importer_.pupils_.state_of(tx, *row.request).person;
    if (!person && user.below_consent && !options_.school_consents)
        return wait(tx, table, user, std::move(row));
    if (!person) {
        person =
            user.below_consent ? TRY(make_pupil(tx, user, row.request)) : TRY(make_account(tx, user, row));
    }
    row.person = person;
    row.line = kNew;  // so that change() gives her roles
    TRY(change(tx, user, std::move(row)));
    who_[checksum({user.sourced_id})] = {person, true};
    if (!importer_.accounts_.has_password(tx, *person)) TRY(invite(tx, user, *person, ByMail::yes));
    return Became::added;
}

Result<void> Run::invite(sql::Tx& tx, const User& user, PersonId person, ByMail by_mail) {
    const auto contact = importer_.accounts_.contact(tx, person);
    if (!contact) return {};
    const bool mail = options_.invite && by_mail == ByMail::yes && contact->email.has_value();
    if (!mail && !sinks_.slip) {
        left_without_ = true;
        return {};
    }
    const std::string secret = TRY(importer_.accounts_.invite_in(tx, by_, person, mail));
    mailed_ = mail;
    if (sinks_.slip) {
        slip_ = Slip{.name = std::string(trim(user.given + " " + user.family)),
                     .school = user.schools.empty() ? std::string() : user.schools.front().name,
                     .handle = contact->handle,
                     .link = importer_.accounts_.invitation_link(secret),
                     .secret = secret};
    }
    return {};
}

// --- somebody who has left

Result<void> Run::leave(sql::Tx& tx, store::Person row) {
    if (row.person && row.person->value != 0) {
        for (const store::Given& given : store::given_to(tx, options_.source, *row.person))
            TRY(take(tx, given));
    }
    row.left_at = importer_.clock_.now();
    store::put_person(tx, right_, options_.source, row);
    return {};
}

void Run::end_missing_people() {
    if (!may_end("users")) {
        if (unreadable_.contains("users")) report_.not_ended.emplace_back("users");
        return;
    }
    std::string after;
    while (true) {
        const auto page = importer_.database_.read(
            [&](sql::Reader& reader) { return store::people(reader, options_.source, after, kPage); });
        for (const store::Person& one : page) {
            if (!missing("users", one.sourced_id)) continue;
            const auto done = carry_out([&](sql::Tx& tx) -> Result<Became> {
                TRY(leave(tx, one));
                return Became::left;
            });
            if (done.ok()) count("users", *done);
        }
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back().sourced_id;
    }
}

}  // namespace braid::roster
