#include "app/settings.h"

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "platform/fetch/fetch.h"
#include "platform/http/security.h"
#include "platform/mail/mail.h"

namespace braid::app {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

std::optional<std::string> check_endpoint(const std::string& value) {
    if (parse_endpoint(value)) return std::nullopt;
    return "expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, not \"" + value + "\"";
}

std::optional<std::string> check_database(const std::string& value) {
    if (value.empty() || (value.starts_with("sqlite:") && value.size() > 7) ||
        value.starts_with("postgres://") || value.starts_with("postgresql://")) {
        return std::nullopt;
    }
    return "expected sqlite:FILE or postgres://user@host/name";
}

// The text of the list: its items parted by commas.
std::optional<std::string> check_contacts(const std::string& value) {
    for (const std::string_view item : split(value, ',')) {
        if (trim(item).empty()) continue;
        const auto parts = split(item, '|');
        if (parts.size() < 2 || parts.size() > 3 || trim(parts[0]).empty() || trim(parts[1]).empty())
            return "expected Name | telephone or https address | when, not \"" + std::string(trim(item)) +
                   "\"";
    }
    return std::nullopt;
}

std::optional<std::string> check_public_url(const std::string& value) {
    if (value.empty()) return std::nullopt;
    const std::string origin = http::origin_of(value);
    if (origin.empty() || value.find('/', value.find("://") + 3) != std::string::npos) {
        return "expected scheme and host without a path, such as https://braid.example";
    }
    return std::nullopt;
}

void declare_http(config::Schema& schema, Settings::Http& http) {
    schema.group("http", "The pages, and who may ask for them.");
    schema.text("http.listen", http.listen, "Address and port of the pages.");
    schema.check("http.listen", check_endpoint);
    schema.text("http.admin_listen", http.admin_listen,
                "Address and port of /metrics, /healthz and /readyz; keep it where only operators reach it. "
                "Empty: none.");
    schema.check("http.admin_listen", [](const std::string& value) {
        return value.empty() ? std::nullopt : check_endpoint(value);
    });
    schema.text("http.public_url", http.public_url,
                "Scheme and host as people see them, https://braid.example; decides secure cookies and links "
                "in mails. Empty: "
                "http:// and the address above.");
    schema.check("http.public_url", check_public_url);
    schema.list("http.hosts", http.hosts, "Names answered to besides that of public_url; others get 421.");
    schema.list(
        "http.trusted_proxies", http.trusted_proxies,
        "Addresses or blocks (10.0.0.0/8) whose X-Forwarded-For, -Proto and X-Request-Id are believed.");
    schema.integer("http.loops", http.loops, {0, 256}, "Threads for the network; 0: one per core.");
    schema.integer("http.workers", http.workers, {1, 1024},
                   "Threads for requests that wait (commits, hashes, images).");
    schema.integer("http.queue", http.queue, {1, 65'536},
                   "Requests waiting for such a thread; beyond it they get 503.");
    schema.integer("http.max_connections", http.max_connections, {8, 1'000'000},
                   "Open connections; beyond it new ones are closed.");
    schema.integer("http.per_minute", http.per_minute, {0, 1'000'000},
                   "Requests a minute from one address, bursts included; 0: no limit.");
    schema.size("http.max_header", http.max_header, {1 << 10, 1 << 20}, "Largest header of a request.");
    schema.duration("http.header_time", http.header_time, {milliseconds(100), minutes(5)},
                    "For a client to send its header.");
    schema.duration("http.body_time", http.body_time, {milliseconds(100), minutes(10)},
                    "Between two pieces of a body.");
    schema.duration("http.idle_time", http.idle_time, {milliseconds(100), hours(1)},
                    "A connection may be quiet between requests.");
    schema.duration("http.total_time", http.total_time, {seconds(1), hours(2)},
                    "For a whole request to arrive.");
    schema.duration("http.write_time", http.write_time, {milliseconds(100), minutes(10)},
                    "For a client to take a piece of the answer.");
    schema.duration("http.stop_grace", http.stop_grace, {seconds(0), minutes(5)},
                    "Running requests may end when the program is stopped.");
}

void declare_oidc(config::Schema& schema, Settings::Oidc& oidc) {
    schema.group("oidc", "Signing in with the accounts of a school or another provider (OpenID Connect).");
    schema.text(
        "oidc.issuer", oidc.issuer,
        "Its issuer, https://accounts.school.example, as its discovery document says it. Empty: none.");
    schema.check("oidc.issuer", [](const std::string& value) -> std::optional<std::string> {
        if (value.empty() || fetch::may_ask(value)) return std::nullopt;
        return "expected an https address such as https://accounts.school.example";
    });
    schema.text("oidc.client_id", oidc.client_id, "What this site is called there.");
    schema.text("oidc.client_secret", oidc.client_secret, "Its secret there. Empty: a public client.",
                config::Secrecy::secret);
    schema.text("oidc.name", oidc.name,
                "Name of the school, as people know it; stands on the button to sign in with it.");
    schema.path("oidc.certificate_authorities", oidc.certificate_authorities,
                "PEM file of whom to trust. Empty: the system's.");
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_integer(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65'535) return std::nullopt;
    std::string_view address = text.substr(0, colon);
    if (address.starts_with('[')) {
        if (!address.ends_with(']')) return std::nullopt;
        address = address.substr(1, address.size() - 2);
        if (address.empty()) return std::nullopt;
    } else if (address.find(':') != std::string_view::npos) {
        return std::nullopt;
    }
    if (address.find_first_of(" /@") != std::string_view::npos) return std::nullopt;
    if (address == "localhost") address = "127.0.0.1";
    return Endpoint{address.empty() || address == "*" ? "0.0.0.0" : std::string(address),
                    static_cast<int>(*port)};
}

std::string Settings::database_url() const {
    return database.empty() ? "sqlite:" + (data / "braid.sqlite").string() : database;
}

std::string Settings::public_url() const {
    if (!http.public_url.empty()) return http.public_url;
    const auto endpoint = parse_endpoint(http.listen).value_or(Endpoint{"127.0.0.1", 8080});
    std::string host =
        endpoint.address == "0.0.0.0" || endpoint.address == "::" ? "127.0.0.1" : endpoint.address;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return (tls.certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(endpoint.port);
}

config::Schema declare(Settings& settings) {
    config::Schema schema;
    schema.text("database", settings.database,
                "sqlite:FILE or postgres://user@host/name. Empty: sqlite:braid.sqlite in the data folder.",
                config::Secrecy::open);
    schema.check("database", check_database);
    schema.path("data", settings.data, "Folder of the database file, stored files and the site's secret.");
    schema.boolean("development", settings.development,
                   "For trying out: mails are kept at /dev/mail, /styleguide is there. Never for a site.");
    schema.boolean("rate_limits", settings.rate_limits,
                   "Limits on how often one may ask; false is for tests and measurements alone.");
    schema.integer("node", settings.node, {0, 1023},
                   "Number of this process among those that share a database; each needs its own.");

    declare_http(schema, settings.http);

    schema.group("tls", "TLS without a proxy in front. Both files are read again when they change.");
    schema.path("tls.certificate", settings.tls.certificate, "PEM file: the certificate and its chain.");
    schema.path("tls.key", settings.tls.key, "PEM file: its private key.");

    schema.group("site", "What the site calls itself.");
    schema.text("site.name", settings.site.name, "Name in mails.");
    schema.text("site.secret", settings.site.secret,
                "Signs form tokens; at least 32 characters, the same on every node. Empty: made once, kept "
                "in the data folder.",
                config::Secrecy::secret);
    schema.check("site.secret", [](const std::string& value) -> std::optional<std::string> {
        if (value.empty() || value.size() >= 32) return std::nullopt;
        return "expected at least 32 characters";
    });

    schema.group("mail", "How mails leave.");
    schema.text("mail.url", settings.mail.url,
                "smtps://host:465 or smtp://host:587 (TLS is required but towards this machine). Empty: "
                "mails are kept in the data folder.");
    schema.check("mail.url", [](const std::string& value) -> std::optional<std::string> {
        if (value.empty() || value.starts_with("smtp://") || value.starts_with("smtps://"))
            return std::nullopt;
        return "expected smtp://host:port or smtps://host:port";
    });
    schema.text("mail.user", settings.mail.user, "Name to sign in to the mail server with. Empty: without.");
    schema.text("mail.password", settings.mail.password, "Its password.", config::Secrecy::secret);
    schema.text("mail.from", settings.mail.from, "Who mails are from: Name <address>.");
    schema.check("mail.from", [](const std::string& value) -> std::optional<std::string> {
        if (mail::parse_mailbox(value)) return std::nullopt;
        return "expected an address, or Name <address>";
    });
    schema.path("mail.certificate_authorities", settings.mail.certificate_authorities,
                "PEM file of whom to trust. Empty: the system's.");

    schema.group("accounts", "Who may join, and how passwords are kept.");
    schema.integer("accounts.consent_age", settings.accounts.consent_age, {13, 18},
                   "Below this age a guardian has to consent first.");
    schema.size("accounts.password_memory", settings.accounts.password_memory, {kMiB, 1024 * kMiB},
                "Memory of one password hash (Argon2id).");
    schema.integer("accounts.password_passes", settings.accounts.password_passes, {1, 16},
                   "Passes of one password hash.");
    schema.integer("accounts.parallel_hashes", settings.accounts.parallel_hashes, {1, 64},
                   "Password hashes at the same time.");
    schema.boolean("accounts.staff_second_factor", settings.accounts.staff_second_factor,
                   "Moderators, administrators and coordinators must set up a second step before anything "
                   "else. false is "
                   "for trying out.");

    declare_oidc(schema, settings.oidc);

    schema.group("moderation", "How moderators work.");
    schema.integer(
        "moderation.review_first_posts", settings.moderation.review_first_posts, {0, 20},
        "So many first posts of somebody who joined within 30 days wait until a moderator has looked "
        "at them; 0: none.");

    schema.group("safety", "What is found in texts, besides contact details.");
    schema.list("safety.words", settings.safety.words,
                "Files with a word or phrase a line, each for texts in one language (en:FILE) or in all "
                "(FILE). What holds one comes before the moderators and is not hidden. Lists find more than "
                "is meant: braid safety words says how much, before you use one.");

    schema.group("help", "The page /help/now: who helps at once where you are.");
    schema.text("help.intro", settings.help.intro,
                "First sentences of that page. Empty: neutral words in the reader's language.");
    schema.list("help.contacts", settings.help.contacts,
                "Who to call or write to, one a line of the page: Name | telephone or https address | when.");
    schema.check("help.contacts", check_contacts);

    schema.group("guardians", "Children below the age of consent, and who consents for them.");
    schema.duration("guardians.request_life", settings.guardians.request_life, {hours(1), hours(24 * 90)},
                    "A request nobody answers is deleted, with all that was kept, after this long.");
    schema.duration("guardians.remind_every", settings.guardians.remind_every, {minutes(1), hours(24 * 30)},
                    "Between the mails that remind a guardian of it.");
    schema.integer("guardians.reminders", settings.guardians.reminders, {0, 10},
                   "How many such mails at most.");
    schema.integer("guardians.resends", settings.guardians.resends, {0, 20},
                   "How often a child may have the first mail sent again.");
    schema.duration("guardians.confirm_after", settings.guardians.confirm_after, {seconds(0), hours(24 * 7)},
                    "Between a yes by mail alone and the second mail that confirms it.");

    schema.group("blobs", "Stored files.");
    schema.size("blobs.quota", settings.blobs.quota, {0, std::int64_t{1} << 40},
                "What one person may store.");

    schema.group("sql", "The database, in detail.");
    schema.boolean("sql.migrate_on_start", settings.sql.migrate_on_start,
                   "Bring the schema up to date when serving starts.");
    schema.integer("sql.connections", settings.sql.connections, {2, 1024}, "Connections to PostgreSQL.");
    schema.integer("sql.write_queue", settings.sql.write_queue, {1, 1'000'000},
                   "SQLite: writes waiting; beyond it 503.");
    schema.integer("sql.max_group", settings.sql.max_group, {1, 10'000},
                   "SQLite: writes that share a commit at most.");
    schema.duration("sql.busy_timeout", settings.sql.busy_timeout, {milliseconds(10), minutes(5)},
                    "Wait for a lock or a connection.");
    schema.duration("sql.statement_timeout", settings.sql.statement_timeout, {milliseconds(100), hours(1)},
                    "PostgreSQL: longest statement.");

    schema.group("jobs", "Work behind the pages.");
    schema.integer("jobs.workers", settings.jobs.workers, {1, 256}, "Jobs at the same time on this node.");
    schema.integer("jobs.max_attempts", settings.jobs.max_attempts, {1, 100},
                   "Runs of a failing job before it is parked.");
    schema.duration("jobs.lease", settings.jobs.lease, {seconds(5), hours(1)},
                    "After this long another node takes a job over.");

    schema.group("log", "What happened, for operators.");
    schema.choice("log.level", settings.log.level, {"debug", "info", "warning", "error"},
                  "What is worth a line.");
    schema.choice("log.format", settings.log.format, {"automatic", "text", "json"},
                  "automatic: text on a terminal, else JSON lines.");
    schema.path("log.file", settings.log.file, "Empty: standard error. Opened again at SIGHUP.");
    return schema;
}

std::vector<std::string> other_variables() {
    return {"BRAID_CONFIG", "BRAID_SHARED_DATA", "BRAID_TEST_POSTGRES", "BRAID_BINARY",
            "BRAID_SITE",   "BRAID_CHROMIUM",    "BRAID_TORTURE_ROUNDS"};
}

std::vector<config::Problem> cross_check(const Settings& settings) {
    std::vector<config::Problem> problems;
    if (!settings.oidc.issuer.empty() && (settings.oidc.client_id.empty() || settings.oidc.name.empty())) {
        problems.push_back(
            {"oidc", settings.oidc.client_id.empty() ? "oidc.client_id" : "oidc.name",
             "is missing: with oidc.issuer the site needs its client id and a name for the button"});
    }
    if (settings.tls.certificate.empty() != settings.tls.key.empty()) {
        problems.push_back({"tls", settings.tls.key.empty() ? "tls.key" : "tls.certificate",
                            "is missing: TLS needs both the certificate and its key"});
    }
    if (!settings.mail.user.empty() && settings.mail.url.empty()) {
        problems.push_back({"mail", "mail.url", "is missing: a user of the mail server is given"});
    }
    if (settings.site.secret.empty() && settings.node != 0) {
        problems.push_back({"site", "site.secret", "is missing: several nodes need the same one"});
    }
    if (!settings.http.admin_listen.empty() && settings.http.admin_listen == settings.http.listen &&
        parse_endpoint(settings.http.listen).value_or(Endpoint{}).port != 0) {
        problems.push_back({"http", "http.admin_listen", "is the same as http.listen"});
    }
    for (const std::string& entry : settings.safety.words) {
        if (!word_list(entry).text)
            problems.push_back({"safety", "safety.words", "has a file that cannot be read: " + entry});
    }
    return problems;
}

ListFile word_list(const std::string& entry) {
    const auto colon = entry.find(':');
    const bool language = colon == 2;
    const std::filesystem::path file = language ? entry.substr(colon + 1) : entry;
    std::ifstream in(file, std::ios::binary);
    ListFile list{language ? entry.substr(0, colon) : std::string(), std::nullopt};
    if (in && std::filesystem::is_regular_file(file))
        list.text.emplace(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return list;
}

}  // namespace braid::app
