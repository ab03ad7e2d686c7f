// What each command does, after the command line and the configuration were read. Each returns an exit code
// (cli.h); results go to standard output, complaints and progress to standard error.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"

namespace braid::app::commands {

// Reads the configuration anew, for SIGHUP; nothing when it is not valid (what is wrong has been printed).
using Reread = std::function<std::optional<Settings>()>;

// Keeps SIGINT, SIGTERM and SIGHUP waiting for serve(). On the main thread, before others are made.
void block_signals();
int serve(const Settings& settings, const Reread& reread);
int migrate(const Settings& settings);
int demo(const Settings& settings, bool if_empty);
int show_config(const config::Schema& schema, bool example);
struct Doctor {
    std::filesystem::path config, backups;  // may be empty
    bool json = false;
};
int doctor(const Settings& settings, const Doctor& wish);
int back_up(const Settings& settings, const std::filesystem::path& file);
int restore(const Settings& settings, const std::filesystem::path& file, bool set_aside);
enum class RoutesForm { table, policies };
int show_routes(Settings settings, RoutesForm form);

struct ImportWorks {
    std::vector<std::filesystem::path> files;
    std::string owner;               // handle of the account that holds them; made when it is not there
    std::string rating, visibility;  // empty: everyone
};
int import_works(const Settings& settings, const ImportWorks& options);

struct ImportRoster {
    std::filesystem::path from;   // folder or ZIP archive
    std::filesystem::path sheet;  // "": none
    std::string source, students_born, language = "en";
    bool dry_run = false, json = false, school_consents = false, no_mails = false;
};
int import_roster(const Settings& settings, const ImportRoster& options);

struct AddUser {
    std::string handle, name, born, email;  // born: YYYY-MM
    std::vector<std::string> roles;
};
int add_user(const Settings& settings, const AddUser& user);
int list_users(const Settings& settings);
int set_password(const Settings& settings, const std::string& handle);
struct SetRole {
    std::string handle, role;
    std::string scope = "site", until;  // "space:1c4gzk0e5m"; "2027-01-31" or ""
    bool granted = true;
};
int set_role(const Settings& settings, const SetRole& wish);
int list_roles(const Settings& settings, const std::string& handle);
int clear_second_step(const Settings& settings, const std::string& handle);
int erase_user(const Settings& settings, const std::string& handle, bool sure);
int export_user(const Settings& settings, const std::string& handle, const std::filesystem::path& file);

int verify_audit(const Settings& settings, const std::filesystem::path& checkpoint);
int export_audit(const Settings& settings, const std::filesystem::path& file);
int checkpoint_audit(const Settings& settings, const std::filesystem::path& file);

// Prints the contact details in lines of {"id": …, "text": …}; `file` "-" reads standard input.
int scan_contact(const std::filesystem::path& file);
// How much of texts lists of words would flag; with `hits` each place instead, as a line of JSON.
struct FlagWords {
    std::vector<std::filesystem::path> lists, texts;
    bool hits = false;
};
int flag_words(const FlagWords& options);

int list_jobs(const Settings& settings, bool parked);
int retry_job(const Settings& settings, const std::string& id);
int drop_job(const Settings& settings, const std::string& id);
int recount(const Settings& settings);
int rebuild_search(const Settings& settings);

struct EvaluateGuidance {
    std::filesystem::path train, test;  // test: empty when something is held out
    std::string model = "blend";        // popular, itemknn, neighbours, ridge or blend
    bool hold_out = false, hold_out_last = false, json = false;
    unsigned threads = 2;
    std::size_t neighbours = 0, rank = 0;  // 0: the model's own
    // Below 0: the model's own.
    double person_exponent = -1, item_exponent = -1, penalty = -1, lift = -1, share = -1, shrinkage = -1;
};
int evaluate_guidance(const EvaluateGuidance& options);
int rebuild_guidance(const Settings& settings);
struct ExplainGuidance {
    std::string person, work;  // handle or id; id
    std::string language = "en";
    bool json = false;
};
int explain_guidance(const Settings& settings, const ExplainGuidance& options);

struct ImportTopics {
    std::vector<std::filesystem::path> files;
    std::string language = "en", under;  // of lists; under: the topic they are put below
    bool dry = false, join = false;
};
int import_topics(const Settings& settings, const ImportTopics& options);
int export_topics(const Settings& settings, const std::string& format);
struct ResolveTopic {
    std::string text, language = "en";
    std::vector<std::string> beside;
};
int resolve_topic(const Settings& settings, const ResolveTopic& options);

}  // namespace braid::app::commands
