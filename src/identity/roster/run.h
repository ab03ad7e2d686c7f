// One reading of a roster: what was seen so far, and how each file's lines are carried out.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "identity/roster/importer.h"

namespace braid::roster {

enum class Became { added, updated, unchanged, left, waiting, refused };

class Run {
  public:
    Run(Importer& importer, const Actor& by, const store::Right& right, Package package, Options options,
        const Sinks& sinks);
    Report all();

  private:
    // --- run.cpp: files, lines and what is said of them
    using Line = std::function<Became(const csv::Table&)>;
    void read(std::string_view file, const Line& line);
    // Calls `line` for every row that can be read, without counting or complaining.
    void scan(std::string_view file, const std::function<void(const csv::Table&)>& line);
    csv::Source counted(std::string_view file);
    Became refuse(const csv::Table& table, std::string_view column, std::string expected);
    Became refuse(const csv::Table& table, const Error& error);
    void count(std::string_view file, Became became);
    // Whether the row's sourced id is there, and there once; complains otherwise.
    bool first_of_its_id(const csv::Table& table);
    [[nodiscard]] bool missing(std::string_view file, std::string_view sourced_id) const;
    [[nodiscard]] bool may_end(std::string_view file) const;
    // `body` in a transaction of its own; undone in a dry run.
    Result<Became> carry_out(const std::function<Result<Became>(sql::Tx&)>& body);

    // --- rooms.cpp: organisations and classes
    struct Place {
        std::int64_t id = 0;
        std::string name;
    };
    std::optional<Place> organisation(std::string_view sourced_id);
    std::optional<Place> class_of(std::string_view sourced_id);
    void organisations();
    Became organisation_line(const csv::Table& table);
    void classes();
    Became class_line(const csv::Table& table);

    // --- people.cpp
    struct User {
        std::string sourced_id, given, family, username, email;
        std::vector<std::string> agents;
        std::vector<Place> schools;
        std::optional<Part> part;  // nothing: not said in this reading (1.2)
        BirthMonth birth;
        bool below_consent = false;
        bool gone = false;
        std::int64_t line = 0;
        [[nodiscard]] std::string full_name() const;
    };
    void gather_births();
    void gather_users();
    void gather_parts();
    void people();
    Became person_line(const csv::Table& table);
    std::optional<User> checked_user(const csv::Table& table);
    bool check_age(const csv::Table& table, User& user);
    bool check_schools(const csv::Table& table, User& user);
    bool check_agents(const csv::Table& table, User& user);
    Result<Became> carry_person(sql::Tx& tx, const csv::Table& table, const User& user);
    Result<Became> change(sql::Tx& tx, const User& user, store::Person row);
    Result<Became> make(sql::Tx& tx, const csv::Table& table, const User& user, store::Person row);
    Result<Became> wait(sql::Tx& tx, const csv::Table& table, const User& user, store::Person row);
    Result<PersonId> make_account(sql::Tx& tx, const User& user, store::Person& row);
    Result<PersonId> make_pupil(sql::Tx& tx, const User& user,
                                const std::optional<guardians::ConsentId>& request);
    std::string free_handle(sql::Tx& tx, const User& user);
    guardians::Pupil pupil_of(const User& user, std::string handle) const;
    std::vector<std::string> guardian_addresses(const User& user) const;
    enum class ByMail { yes, no };
    Result<void> invite(sql::Tx& tx, const User& user, PersonId person, ByMail by_mail);
    Result<void> slip_again(sql::Tx& tx, const User& user, PersonId person);
    void tell(const csv::Table& table, std::string_view sourced_id, Waits::Why why);
    Result<void> leave(sql::Tx& tx, store::Person row);
    void end_missing_people();

    // --- roles.cpp: what people are trusted with, in schools and classes
    struct Wanted {
        Role role = Role::learner;
        accounts::RoleScope scope;
        std::optional<Timestamp> until;
    };
    void roles();
    Became role_line(const csv::Table& table);
    void enrollments();
    Became enrollment_line(const csv::Table& table);
    Became one_role(const csv::Table& table, std::string_view file, const std::optional<Wanted>& wanted);
    // What a row gives becomes `wanted`, nothing else. Says whether anything changed.
    Result<bool> give(sql::Tx& tx, std::string_view file, std::string_view sourced_id, PersonId person,
                      const std::vector<Wanted>& wanted);
    Result<void> take(sql::Tx& tx, const store::Given& given);
    void end_missing_rows(std::string_view file);

    // Somebody of this roster, as far as this reading knows.
    struct Who {
        std::optional<PersonId> person;
        bool fresh = false;  // made in this reading: in a dry run she is not there
    };
    std::optional<Who> who(std::string_view sourced_id);

    Importer& importer_;
    const Actor& by_;
    const store::Right& right_;
    const Package package_;
    const Options options_;
    const Sinks& sinks_;
    Report report_;
    std::string file_;  // being read
    std::size_t done_ = 0, total_ = 0;

    // Sourced ids are kept as checksums: a hundred thousand people are a few megabytes.
    using Ids = std::unordered_set<std::int64_t>;
    std::map<std::string, Ids, std::less<>> seen_;
    std::unordered_set<std::string> unreadable_;  // files with rows whose id could not be read
    std::unordered_map<std::int64_t, Place> organisations_, classes_;
    std::unordered_map<std::int64_t, BirthMonth> births_;
    std::unordered_map<std::int64_t, std::string> guardian_emails_;
    Ids users_, all_organisations_;
    Ids refused_;  // people whose own line was
    struct Standing {
        Part part = Part::other;
        std::string school;  // sourced id of an organisation
    };
    std::unordered_map<std::int64_t, Standing> parts_;  // of roles.csv
    std::unordered_map<std::int64_t, Who> who_;
    std::optional<Slip> slip_;
    std::optional<Waits> waits_;
    bool mailed_ = false, left_without_ = false;
};

}  // namespace braid::roster
