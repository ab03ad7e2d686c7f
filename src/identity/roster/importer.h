// Reading a roster: people, organisations, classes and who is in them, line by line.
#pragma once

#include <functional>
#include <map>

#include "base/random.h"
#include "identity/guardians/api.h"
#include "identity/roster/package.h"
#include "identity/roster/store.h"

namespace braid::roster {

using accounts::Actor;

struct Options {
    std::string source;                       // which roster, where there are several
    bool dry_run = false;                     // says what would be done, and does nothing
    bool school_consents = false;             // for education only, for pupils below the age of consent
    bool invite = true;                       // mails to who has an address
    std::optional<BirthMonth> students_born;  // of students whose birth date is not in demographics.csv
    int consent_age = 13;
    i18n::Language language = i18n::Language::en;
};

// What became of the lines of a file. Each is counted once.
struct Counts {
    std::size_t added = 0, updated = 0, unchanged = 0;
    std::size_t left = 0;     // no longer on the roster: roles end, accounts stay
    std::size_t waiting = 0;  // for a guardian
    std::size_t refused = 0;
};

// Somebody below the age of consent who has no account yet.
struct Waits {
    std::size_t line = 0;
    std::string sourced_id;
    enum class Why { asked, no_address, not_answered } why = Why::asked;
};

// What somebody without a password is handed on paper.
struct Slip {
    std::string name, school;  // as the roster has them; the site keeps no pupil's name
    std::string handle, link, secret;
};

// Where the importer tells what it finds; each may be empty.
struct Sinks {
    std::function<void(const Problem&)> problem;
    std::function<void(const Waits&)> waits;
    std::function<void(const Slip&)> slip;  // when given, everybody of the roster without a password gets one
    std::function<void(std::size_t done, std::size_t total)> progress;
};

struct Report {
    std::map<std::string, Counts> files;  // "users" → …
    std::size_t invited = 0;              // by mail
    std::size_t without_invitation = 0;   // new people with neither address nor slip
    // Files whose missing rows were not taken as gone, because some of their rows could not be read.
    std::vector<std::string> not_ended;
    [[nodiscard]] std::size_t refused() const;
};

// Used by one thread at a time.
class Importer {
  public:
    Importer(sql::Database& database, const Clock& clock, IdMaker& ids, Random& random,
             accounts::Accounts& accounts, guardians::Pupils& pupils)
        : database_(database),
          clock_(clock),
          ids_(ids),
          random_(random),
          accounts_(accounts),
          pupils_(pupils) {}

    // `by`: an administrator. Everything of one line is one transaction; a line with something wrong is told
    // to `sinks.problem` and passed over. `invalid` with the reason in `detail` for what is no roster.
    Result<Report> run(const Actor& by, const std::filesystem::path& folder_or_zip, const Options& options,
                       const Sinks& sinks);

  private:
    friend class Run;
    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    Random& random_;
    accounts::Accounts& accounts_;
    guardians::Pupils& pupils_;
};

}  // namespace braid::roster
