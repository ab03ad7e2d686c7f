#include "app/cli.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>

#include "app/commands/commands.h"
#include "app/settings.h"
#include "platform/log/log.h"
#include "platform/sql/sql.h"

namespace braid::app {

namespace {

constexpr const char* kDescription = "Braid: young people write, and others read and answer.";
constexpr const char* kFooter =
    "Options come from a TOML file (--config, else braid.toml here, else /etc/braid/braid.toml), then "
    "BRAID_… in the\n"
    "environment, then flags. `braid config` shows them all.\n"
    "Exit codes: 0 it worked, 1 it did not, 2 the command line or the configuration is wrong.\n"
    "\n"
    "Examples:\n"
    "  braid serve --development\n"
    "  braid serve --database postgres://braid@db/braid --listen 0.0.0.0:80\n"
    "  braid doctor --config /etc/braid/braid.toml";

// What the command line says about options.
struct Flags {
    std::string config, database, data, listen, admin_listen;
    bool development = false;
    std::vector<std::string> set;  // name=value
};

void print(const std::vector<config::Problem>& problems) {
    for (const config::Problem& problem : problems)
        std::fprintf(stderr, "%s\n", problem.text().c_str());
}

// Every source in its order. The schema is bound to `settings`.
std::vector<config::Problem> read_all(config::Schema& schema, const Settings& settings, const Flags& flags,
                                      const std::vector<std::string>& environment) {
    std::vector<config::Problem> problems;
    const auto take = [&](std::vector<config::Problem> more) {
        problems.insert(problems.end(), more.begin(), more.end());
    };
    std::string file = flags.config;
    for (const std::string& variable : environment) {
        if (file.empty() && variable.starts_with("BRAID_CONFIG=")) file = variable.substr(13);
    }
    for (const char* usual : {"braid.toml", "/etc/braid/braid.toml"}) {
        if (file.empty() && std::filesystem::exists(usual)) file = usual;
    }
    if (!file.empty()) take(schema.read_file(file));
    take(schema.read_environment(environment, other_variables()));
    const auto flag = [&](std::string_view name, const std::string& value, std::string_view as) {
        if (!value.empty()) take(schema.set(name, value, as));
    };
    flag("database", flags.database, "--database");
    flag("data", flags.data, "--data");
    flag("http.listen", flags.listen, "--listen");
    flag("http.admin_listen", flags.admin_listen, "--admin-listen");
    if (flags.development) take(schema.set("development", "true", "--development"));
    for (const std::string& pair : flags.set) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos) {
            problems.push_back({"--set " + pair, {}, "expected name=value"});
        } else {
            take(schema.set(pair.substr(0, equals), pair.substr(equals + 1), "--set"));
        }
    }
    if (problems.empty()) take(cross_check(settings));
    return problems;
}

log::Options log_options(const Settings& settings, bool serving) {
    log::Options options;
    options.level = log::parse_level(settings.log.level).value_or(log::Level::info);
    // Commands answer on standard output; what is routine for a server is noise beside that.
    if (!serving && options.level == log::Level::info) options.level = log::Level::warning;
    options.format = settings.log.format == "text"   ? log::Format::text
                     : settings.log.format == "json" ? log::Format::json
                                                     : log::Format::automatic;
    if (serving) options.file = settings.log.file;
    return options;
}

// The commands as CLI11 sees them; `chosen` is what to do once the settings are there.
class CommandLine {
  public:
    CommandLine() {
        app_.footer(kFooter);
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.set_version_flag("--version", "braid " BRAID_VERSION);
        app_.add_option("--config", flags.config, "TOML file with options")->type_name("FILE");
        app_.add_option("--database", flags.database, "sqlite:FILE or postgres://user@host/name")
            ->type_name("URL");
        app_.add_option("--data", flags.data, "Folder of everything this installation keeps")
            ->type_name("DIR");
        app_.add_option("--listen", flags.listen, "Address and port of the pages")->type_name("ADDR:PORT");
        app_.add_option("--admin-listen", flags.admin_listen,
                        "Address and port of /metrics, /healthz, /readyz")
            ->type_name("ADDR:PORT");
        app_.add_flag("--development", flags.development,
                      "Keep mails at /dev/mail and show /styleguide; never for a site");
        app_.add_option("--set", flags.set, "Any option: --set http.workers=8")
            ->type_name("NAME=VALUE")
            ->allow_extra_args(false);
        serving();
        content();
        keeping();
        looking();
        users();
        jobs();
        search();
        guidance();
        topics();
        audit();
        safety();
    }

    int parse(std::vector<std::string> arguments) {
        std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
        try {
            app_.parse(arguments);
            return -1;
        } catch (const CLI::ParseError& failure) {
            return app_.exit(failure, std::cout, std::cerr) == 0 ? kOk : kUsage;
        }
    }

    Flags flags;
    std::function<int(const Settings&, const config::Schema&, const commands::Reread&)> chosen;
    bool is_serving = false;
    bool shows_config = false;

  private:
    template <class Body>
    CLI::App* command(CLI::App& parent, const char* name, const char* about, const char* examples,
                      Body body) {
        CLI::App* sub = parent.add_subcommand(name, about);
        sub->footer(std::string("Examples:\n") + examples);
        sub->fallthrough();
        sub->callback([this, body = std::move(body)] { chosen = body; });
        return sub;
    }
    CLI::App* group(const char* name, const char* about) {
        CLI::App* sub = app_.add_subcommand(name, about);
        sub->require_subcommand(1);
        sub->fallthrough();
        return sub;
    }

    void serving() {
        command(app_, "serve",
                "Serve the site until it is told to stop (SIGTERM, Ctrl-C); SIGHUP opens logs anew",
                "  braid serve --development\n  braid serve --config /etc/braid/braid.toml",
                [this](const Settings& settings, const config::Schema&, const commands::Reread& reread) {
                    return commands::serve(settings, reread);
                });
        app_.get_subcommand("serve")->preparse_callback([this](std::size_t) { is_serving = true; });
        command(app_, "migrate", "Bring the database's schema up to date",
                "  braid migrate --database sqlite:/srv/braid/braid.sqlite",
                [](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    return commands::migrate(settings);
                });
    }

    void content() {
        auto* demo = command(app_, "demo", "Load the demo city: people, works, comments",
                             "  braid demo\n  braid demo --if-empty --data var",
                             [this](const Settings& settings, const config::Schema&,
                                    const commands::Reread&) { return commands::demo(settings, if_empty_); });
        demo->add_flag("--if-empty", if_empty_, "Do nothing when there are people already");
        auto* import = group("import", "Bring in what was written elsewhere");
        auto* works =
            command(*import, "works", "Import works from JSON files; running it again changes nothing",
                    "  braid import works books/*.json\n  braid import works books --owner bookshelf "
                    "--rating everyone",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::import_works(settings, import_);
                    });
        works->add_option("files", import_.files, "Files, or folders of .json files")
            ->required()
            ->type_name("FILE");
        works
            ->add_option("--owner", import_.owner,
                         "Handle of the account that holds them, made when it is not there")
            ->type_name("HANDLE")
            ->default_val("bookshelf");
        works->add_option("--rating", import_.rating, "Of new works: everyone, teen or mature")
            ->check(CLI::IsMember({"everyone", "teen", "mature"}));
        roster(*import);
        works->add_option("--visibility", import_.visibility, "Of new works: me, signed_in or everyone")
            ->check(CLI::IsMember({"me", "signed_in", "everyone"}));
    }

    void roster(CLI::App& import) {
        auto* one = command(
            import, "roster", "Import a school's people from OneRoster 1.1 or 1.2; again changes nothing",
            "  braid import roster roster.zip --dry-run\n"
            "  braid import roster /srv/sis/export --school-consents --sheet slips.html\n"
            "Exit codes: 0 every line was taken, 1 some were refused, 2 it is no roster that can be read.",
            [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                return commands::import_roster(settings, roster_);
            });
        one->add_option("from", roster_.from, "Folder or ZIP archive of the CSV files.")
            ->required()
            ->type_name("FOLDER|ZIP");
        one->add_flag("--dry-run", roster_.dry_run, "Say what would be done, and do nothing.");
        one->add_flag("--json", roster_.json, "Report as one JSON object on standard output.");
        one->add_flag("--school-consents", roster_.school_consents,
                      "The school consents, for education only, for students below the consent age.");
        one->add_option("--students-born", roster_.students_born,
                        "Year and month for students without a birth date in demographics.csv.")
            ->type_name("YYYY-MM");
        one->add_option("--sheet", roster_.sheet, "Write sign-in slips to print, for who has no password.")
            ->type_name("FILE");
        one->add_flag("--no-mails", roster_.no_mails,
                      "Mail no invitations, as where all sign in at the school.");
        one->add_option("--source", roster_.source, "Which roster it is, where a site has several.")
            ->type_name("NAME");
        one->add_option("--language", roster_.language, "Of new people, their mails and slips: en or es.")
            ->check(CLI::IsMember({"en", "es"}));
    }

    void keeping() {
        auto* backup =
            command(app_, "backup", "Write database, files and secret into one file, while the site runs",
                    "  braid backup /backups/braid-$(date +%F).tar",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::back_up(settings, file_);
                    });
        backup->add_option("file", file_, "File to write; it must not exist")->required()->type_name("FILE");
        auto* restore =
            command(app_, "restore", "Put a backup back, after checking all of it",
                    "  braid restore /backups/braid-2026-11-23.tar --data /srv/braid\n"
                    "  braid restore braid.tar --set-aside      (keeps what is there under another name)",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::restore(settings, file_, set_aside_);
                    });
        restore->add_option("file", file_, "Backup to read")->required()->type_name("FILE");
        restore->add_flag("--set-aside", set_aside_,
                          "Rename a data folder that holds something, instead of refusing");
    }

    void looking() {
        auto* doctor =
            command(app_, "doctor", "Check this installation, also against OWASP ASVS, and say what to do",
                    "  braid doctor --config /etc/braid/braid.toml --backups /backups\n"
                    "Exit codes: 0 nothing is to be mended, 1 something is, 2 the command line is wrong.",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        doctor_.config = flags.config;
                        for (const char* usual : {"braid.toml", "/etc/braid/braid.toml"})
                            if (doctor_.config.empty() && std::filesystem::exists(usual))
                                doctor_.config = usual;
                        return commands::doctor(settings, doctor_);
                    });
        doctor->add_flag("--json", doctor_.json, "Everything as one JSON object.");
        doctor
            ->add_option("--backups", doctor_.backups,
                         "Where backups are kept, to judge how old the newest is.")
            ->type_name("DIR");
        auto* config =
            command(app_, "config", "Show every option: value, where it comes from, default, meaning",
                    "  braid config\n  braid config --example > braid.toml",
                    [this](const Settings&, const config::Schema& schema, const commands::Reread&) {
                        return commands::show_config(schema, example_);
                    });
        config->add_flag("--example", example_, "A TOML file with every option, commented out");
        config->preparse_callback([this](std::size_t) { shows_config = true; });
        auto* routes =
            command(app_, "routes", "Show what can be asked for, and who may",
                    "  braid routes\n  braid routes --policies > docs/policies.md",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::show_routes(settings, policies_ ? commands::RoutesForm::policies
                                                                         : commands::RoutesForm::table);
                    });
        routes->add_flag("--policies", policies_, "The table of roles, age bands and actions, as Markdown");
    }

    void users() {
        auto* user = group("user", "People: add, list, password, role, second-step, export, erase");
        auto* add = command(
            *user, "add", "Make an account; the password is asked for, or read from standard input",
            "  braid user add deniz --name Deniz --born 2011-04\n"
            "  echo \"$PASSWORD\" | braid user add root --name Operator --born 1980-01 --role administrator",
            [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                return commands::add_user(settings, user_);
            });
        add->add_option("handle", user_.handle, "3 to 30 of a-z, 0-9, - and _")
            ->required()
            ->type_name("HANDLE");
        add->add_option("--name", user_.name, "Name that is shown; else the handle")->type_name("NAME");
        add->add_option("--born", user_.born, "Year and month of birth")->required()->type_name("YYYY-MM");
        add->add_option("--email", user_.email, "Address, taken as confirmed")->type_name("ADDRESS");
        add->add_option("--role", user_.roles,
                        "learner, mentor, educator, coordinator, guardian, moderator or administrator")
            ->type_name("ROLE")
            ->allow_extra_args(false);
        command(*user, "list", "Everybody, one a line", "  braid user list",
                [](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    return commands::list_users(settings);
                });
        auto* password =
            command(*user, "password", "Set a password and end every session", "  braid user password deniz",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::set_password(settings, user_.handle);
                    });
        password->add_option("handle", user_.handle, "Whose")->required()->type_name("HANDLE");
        second_step(*user);
        leaving(*user);
        auto* role = user->add_subcommand("role", "Grant, revoke or list roles");
        role->require_subcommand(1);
        role->fallthrough();
        for (const bool granted : {true, false}) {
            auto* one = command(
                *role, granted ? "grant" : "revoke", granted ? "Give a role" : "Take a role away",
                granted ? "  braid user role grant noor moderator\n"
                          "  braid user role grant noor coordinator --scope organisation:1c4gzk0e5m --until "
                          "2027-06-30"
                        : "  braid user role revoke noor moderator",
                [this, granted](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    role_.granted = granted;
                    return commands::set_role(settings, role_);
                });
            one->add_option("handle", role_.handle, "Whose")->required()->type_name("HANDLE");
            one->add_option("role", role_.role, "Which")->required()->type_name("ROLE");
            one->add_option("--scope", role_.scope, "site, organisation:ID or space:ID")->type_name("SCOPE");
            if (granted) one->add_option("--until", role_.until, "Its last day")->type_name("YYYY-MM-DD");
        }
        auto* list =
            command(*role, "list", "The roles that somebody holds", "  braid user role list noor",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::list_roles(settings, role_.handle);
                    });
        list->add_option("handle", role_.handle, "Whose")->required()->type_name("HANDLE");
    }

    void second_step(CLI::App& user) {
        auto* second = user.add_subcommand("second-step", "What somebody shows besides her password");
        second->require_subcommand(1);
        second->fallthrough();
        auto* clear =
            command(*second, "clear", "For who has lost everything: remove it and end every session",
                    "  braid user second-step clear noor",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::clear_second_step(settings, user_.handle);
                    });
        clear->add_option("handle", user_.handle, "Whose")->required()->type_name("HANDLE");
    }

    void leaving(CLI::App& user) {
        auto* erase =
            command(user, "erase", "Erase an account and everything about it, at once",
                    "  braid user erase noor --yes",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::erase_user(settings, user_.handle, sure_);
                    });
        erase->add_option("handle", user_.handle, "Whose")->required()->type_name("HANDLE");
        erase->add_flag("--yes", sure_, "This is meant");
        auto* give =
            command(user, "export", "Everything that is held of somebody, as a ZIP file",
                    "  braid user export noor noor.zip",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::export_user(settings, user_.handle, leaving_file_);
                    });
        give->add_option("handle", user_.handle, "Whose")->required()->type_name("HANDLE");
        give->add_option("file", leaving_file_, "Made here")->required()->type_name("FILE");
    }

    void jobs() {
        auto* jobs = group("jobs", "Work behind the pages: list, retry, drop, recount");
        auto* list =
            command(*jobs, "list", "How much waits, and what failed too often", "  braid jobs list --parked",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::list_jobs(settings, parked_);
                    });
        list->add_flag("--parked", parked_, "Each parked job with its last error");
        auto* retry =
            command(*jobs, "retry", "Let a parked job try again", "  braid jobs retry 1c4gzk0e5m",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::retry_job(settings, job_);
                    });
        retry->add_option("job", job_, "Its id, as listed")->required()->type_name("JOB");
        auto* drop = command(*jobs, "drop", "Give a parked job up", "  braid jobs drop 1c4gzk0e5m",
                             [this](const Settings& settings, const config::Schema&,
                                    const commands::Reread&) { return commands::drop_job(settings, job_); });
        drop->add_option("job", job_, "Its id, as listed")->required()->type_name("JOB");
        command(*jobs, "recount", "Count comments and kudos anew, from what is there", "  braid jobs recount",
                [](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    return commands::recount(settings);
                });
    }

    void search() {
        auto* search = group("search", "The search index: rebuild");
        command(*search, "rebuild", "Make the index anew, while the site serves", "  braid search rebuild",
                [](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    return commands::rebuild_search(settings);
                });
    }

    void guidance() {
        auto* guidance = group("guidance", "What readers may like next: explain, rebuild, evaluate");
        auto* explain = command(
            *guidance, "explain",
            "Why a work is suggested to a person or is not: the parts of its score, the filters, the model",
            "  braid guidance explain abi 1c4gzk0e5m\n  braid guidance explain abi 1c4gzk0e5m --json",
            [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                return commands::explain_guidance(settings, explain_);
            });
        explain->add_option("person", explain_.person, "Her handle or id")->required()->type_name("PERSON");
        explain->add_option("item", explain_.work, "The work's id, as in its address")
            ->required()
            ->type_name("ITEM");
        explain->add_option("--lang", explain_.language, "The language of her pages")
            ->check(CLI::IsMember({"en", "es"}))
            ->capture_default_str();
        explain->add_flag("--json", explain_.json, "One line of JSON instead of text.");
        command(*guidance, "rebuild",
                "Make what guidance knows of people's acts anew from their tables, while the site serves",
                "  braid guidance rebuild",
                [](const Settings& settings, const config::Schema&, const commands::Reread&) {
                    return commands::rebuild_guidance(settings);
                });
        auto* evaluate = command(*guidance, "evaluate",
                                 "Measure the model on files of `person item item …`, gzip or plain",
                                 "  braid guidance evaluate --train train.txt.gz --test test.txt.gz --json\n"
                                 "  braid guidance evaluate --train train.txt.gz --holdout --penalty 20",
                                 [this](const Settings&, const config::Schema&, const commands::Reread&) {
                                     return commands::evaluate_guidance(evaluate_);
                                 });
        evaluate->add_option("--train", evaluate_.train, "What the model learns from.")
            ->required()
            ->type_name("FILE");
        auto* test =
            evaluate->add_option("--test", evaluate_.test, "What it should foretell.")->type_name("FILE");
        auto* hold_out =
            evaluate
                ->add_flag("--holdout", evaluate_.hold_out,
                           "Foretell a fifth of each person's training items instead, by chance, for tuning.")
                ->excludes(test);
        evaluate
            ->add_flag("--holdout-last", evaluate_.hold_out_last,
                       "The same with the last fifth of each line, where lines are in order of time.")
            ->excludes(test)
            ->excludes(hold_out);
        evaluate
            ->add_option("--model", evaluate_.model,
                         "Which: popular, itemknn, neighbours, ridge, or blend, the site's own.")
            ->check(CLI::IsMember({"popular", "itemknn", "neighbours", "ridge", "blend"}))
            ->capture_default_str();
        evaluate->add_flag("--json", evaluate_.json, "One line of JSON instead of a table.");
        evaluate->add_option("--threads", evaluate_.threads, "To train and answer on.")
            ->check(CLI::Range(1, 64))
            ->capture_default_str();
        evaluate->add_option("--neighbours", evaluate_.neighbours, "Of each item; else the model's own.")
            ->check(CLI::Range(1, 5000));
        evaluate
            ->add_option("--person-exponent", evaluate_.person_exponent,
                         "Of neighbours, ridge and its part of blend; else their own.")
            ->check(CLI::Range(0.0, 2.0));
        evaluate->add_option("--shrinkage", evaluate_.shrinkage, "Of itemknn; else its own.")
            ->check(CLI::Range(0.0, 1e9));
        evaluate->add_option("--item-exponent", evaluate_.item_exponent, "Of ridge, alone or in blend.")
            ->check(CLI::Range(0.0, 2.0));
        evaluate->add_option("--penalty", evaluate_.penalty, "Of ridge, alone or in blend.")
            ->check(CLI::Range(1e-6, 1e6));
        evaluate->add_option("--lift", evaluate_.lift, "Of ridge, alone or in blend.")
            ->check(CLI::Range(0.0, 1.0));
        evaluate->add_option("--rank", evaluate_.rank, "Of the factors in blend.")
            ->check(CLI::Range(1, 5000));
        evaluate->add_option("--share", evaluate_.share, "Of the factors in blend.")
            ->check(CLI::Range(0.0, 100.0));
    }

    void topics() {
        auto* topics = group("topics", "The vocabulary of interests: import, export, resolve");
        auto* import =
            command(*topics, "import", "Bring in a vocabulary; running it again changes only what changed",
                    "  braid topics import demo/topics.ttl\n  braid topics import concepts.tsv --dry-run\n"
                    "  braid topics import music_genres.json --under \"Styles of music\" --join",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::import_topics(settings, import_topics_);
                    });
        import
            ->add_option("files", import_topics_.files,
                         "SKOS in Turtle, thesaurus or taxonomy tables (.tsv), or lists of names (.json)")
            ->required()
            ->type_name("FILE");
        import->add_flag("--dry-run", import_topics_.dry, "Say what would change, and change nothing");
        import->add_flag("--join", import_topics_.join,
                         "A new topic called like one that is there stands for that one");
        import
            ->add_option("--under", import_topics_.under,
                         "The topic that those without a broader one go below")
            ->type_name("TOPIC");
        import->add_option("--lang", import_topics_.language, "Language of a list of names")
            ->type_name("LANG")
            ->default_val("en");
        auto* out = command(*topics, "export", "Write every topic as SKOS to standard output",
                            "  braid topics export > topics.ttl\n  braid topics export --format jsonld",
                            [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                                return commands::export_topics(settings, topics_format_);
                            });
        out->add_option("--format", topics_format_, "turtle or jsonld")
            ->check(CLI::IsMember({"turtle", "jsonld"}))
            ->default_val("turtle");
        auto* resolve =
            command(*topics, "resolve",
                    "What a text means, as the site finds it: candidates with scores and reasons, as JSON",
                    "  braid topics resolve --lang en \"hp fanfic\"\n"
                    "  braid topics resolve John --beside Beatles",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::resolve_topic(settings, resolve_);
                    });
        resolve->add_option("text", resolve_.text, "What somebody typed")->required()->type_name("TEXT");
        resolve->add_option("--lang", resolve_.language, "The language of who typed it")
            ->type_name("LANG")
            ->default_val("en");
        resolve->add_option("--beside", resolve_.beside, "Topics it stands beside")
            ->type_name("TOPIC")
            ->allow_extra_args(false);
    }

    void audit() {
        auto* audit = group("audit", "What staff looked at and did: verify, export, checkpoint");
        auto* verify = command(
            *audit, "verify", "Check that no row was changed, removed, moved or cut off; names each that was",
            "  braid audit verify\n  braid audit verify --checkpoint /safe/braid-audit.json",
            [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                return commands::verify_audit(settings, file_);
            });
        verify->add_option("--checkpoint", file_, "A file of `braid audit checkpoint` that must still hold")
            ->type_name("FILE");
        auto* out =
            command(*audit, "export", "Write every row as a line of JSON", "  braid audit export audit.jsonl",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::export_audit(settings, file_);
                    });
        out->add_option("file", file_, "Where to; replaced when it is there")->required()->type_name("FILE");
        auto* checkpoint =
            command(*audit, "checkpoint", "Write a signed file that says where the log ends now",
                    "  braid audit checkpoint /safe/braid-audit-$(date +%F).json",
                    [this](const Settings& settings, const config::Schema&, const commands::Reread&) {
                        return commands::checkpoint_audit(settings, file_);
                    });
        checkpoint->add_option("file", file_, "Where to; never over a file")->required()->type_name("FILE");
    }

    void safety() {
        auto* safety = group("safety", "What keeps people safe, tried by hand: scan, words");
        auto* scan = command(
            *safety, "scan",
            "Print the contact details in texts, one line of JSON each, by the code that the site runs",
            "  braid safety scan texts.jsonl\n"
            "  echo '{\"id\": 1, \"text\": \"write to abi at gmail dot com\"}' | braid safety scan -",
            [this](const Settings&, const config::Schema&, const commands::Reread&) {
                return commands::scan_contact(file_);
            });
        scan->add_option("file", file_, "Lines of JSON with id and text; - reads standard input.")
            ->required()
            ->type_name("FILE");
        auto* words =
            command(*safety, "words", "Show how much of texts a list of words would flag for review",
                    "  braid safety words --list en.txt --text books/*.json\n"
                    "  braid safety words --list en.txt --list es.txt --text texts.jsonl --hits",
                    [this](const Settings&, const config::Schema&, const commands::Reread&) {
                        return commands::flag_words(flag_);
                    });
        words->add_option("--list", flag_.lists, "One word or phrase a line; may be given again.")
            ->required()
            ->type_name("FILE")
            ->allow_extra_args(false);
        words
            ->add_option("--text", flag_.texts,
                         "Works as `braid import works` reads them, or lines of JSON with id and text.")
            ->required()
            ->type_name("FILE");
        words->add_flag("--hits", flag_.hits, "Each place as a line of JSON, instead of the table.");
    }

    CLI::App app_{kDescription, "braid"};
    bool if_empty_ = false, example_ = false, policies_ = false, parked_ = false, set_aside_ = false;
    std::filesystem::path file_;
    commands::Doctor doctor_;
    commands::ImportWorks import_;
    commands::ImportRoster roster_;
    commands::AddUser user_;
    commands::ImportTopics import_topics_;
    commands::ResolveTopic resolve_;
    std::string topics_format_;
    bool sure_ = false;
    std::filesystem::path leaving_file_;
    commands::SetRole role_;
    commands::FlagWords flag_;
    commands::EvaluateGuidance evaluate_;
    commands::ExplainGuidance explain_;
    std::string job_;
};

}  // namespace

int run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    CommandLine line;
    if (const int code = line.parse(arguments); code >= 0) return code;
    Settings settings;
    config::Schema schema = declare(settings);
    const auto problems = read_all(schema, settings, line.flags, environment);
    print(problems);
    // Showing the options is how one finds out what is wrong with them.
    if (!problems.empty() && !line.shows_config) return kUsage;
    const commands::Reread reread = [&]() -> std::optional<Settings> {
        Settings fresh;
        config::Schema again = declare(fresh);
        const auto complaints = read_all(again, fresh, line.flags, environment);
        print(complaints);
        return complaints.empty() ? std::optional(fresh) : std::nullopt;
    };
    // Before any thread is made, so that all inherit it: signals are for serve() to wait for.
    if (line.is_serving) commands::block_signals();
    try {
        log::configure(log_options(settings, line.is_serving));
        const int code = line.chosen(settings, schema, reread);
        log::flush();
        return problems.empty() ? code : kUsage;
    } catch (const sql::Failure& failure) {
        std::fprintf(stderr, "braid: the database: %s\n", log::hide_url_passwords(failure.what()).c_str());
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "braid: %s\n", log::hide_url_passwords(failure.what()).c_str());
    }
    return kFailed;
}

}  // namespace braid::app
