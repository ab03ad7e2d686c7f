#include "app/asvs.h"

#include <sys/stat.h>

#include <algorithm>

#include "app/data_folder.h"
#include "app/demo.h"
#include "app/program.h"
#include "base/text.h"
#include "identity/accounts/model.h"
#include "identity/factors/api.h"
#include "identity/sessions/model.h"
#include "identity/sessions/service.h"
#include "platform/http/security.h"
#include "platform/sql/maintenance.h"

namespace braid::app {

namespace {

namespace fs = std::filesystem;
using access::Role;

constexpr std::chrono::hours kBackupOld{48};

bool loopback(const std::string& listen) {
    const auto endpoint = parse_endpoint(listen);
    return endpoint && (endpoint->address.starts_with("127.") || endpoint->address == "::1");
}

std::string days(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::hours>(duration).count() / 24) + " days";
}

class Bench {
  public:
    Bench(const Settings& settings, const Evidence& evidence) : settings_(settings), seen_(evidence) {}

    std::vector<Judgement> all() {
        transport();
        cookies();
        headers();
        passwords();
        staff();
        exposure();
        files();
        keeping();
        return std::move(all_);
    }

  private:
    void put(bool good, std::string items, std::string asks, std::string found, std::string advice) {
        all_.push_back({std::move(items), std::move(asks), good ? Verdict::pass : Verdict::fail,
                        std::move(found), good ? std::string() : std::move(advice)});
    }
    void skip(std::string items, std::string asks, std::string why, std::string advice) {
        all_.push_back(
            {std::move(items), std::move(asks), Verdict::not_judged, std::move(why), std::move(advice)});
    }

    void transport() {
        const bool own = !settings_.tls.certificate.empty();
        const bool proxied = settings_.secure() && !settings_.http.trusted_proxies.empty();
        put(settings_.secure() && (own || proxied), "9.1.1", "TLS for every connection",
            own && settings_.secure() ? "TLS ends here."
            : proxied                 ? "TLS ends at a trusted proxy."
            : settings_.secure()
                ? "The public address is https, but neither TLS here nor a trusted proxy is set."
                : "The public address is " + settings_.public_url() + ".",
            "Set http.public_url to https://… and either tls.certificate and tls.key, or "
            "http.trusted_proxies.");
        if (settings_.secure() && !own)
            skip("9.1.2, 9.1.3", "strong ciphers, TLS 1.2 or later", "The proxy in front decides.",
                 "Allow TLS 1.2 and 1.3 alone in the proxy (nginx: ssl_protocols TLSv1.2 TLSv1.3;).");
        const std::string& url = settings_.mail.url;
        if (url.empty()) {
            skip("9.2.2", "TLS to the mail server", "No mail server is set.", "Set mail.url to smtps://…");
        } else {
            const auto host = url.substr(std::min(url.find("://") + 3, url.size()));
            const bool near =
                host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
            put(near || url.starts_with("smtps://"), "9.2.2", "TLS to the mail server",
                near ? "The mail server is on this machine."
                     : "Mail goes to " + url.substr(0, url.find("://")) + ".",
                "Set mail.url to smtps://…, so that mails with links are never sent in the clear.");
        }
        database();
    }
    void database() {
        const std::string url = settings_.database_url();
        if (!sql::sqlite_file(url).empty()) return;  // a file of this machine
        const auto begin = std::min(url.find("://") + 3, url.size());
        const std::string authority = url.substr(begin, url.find_first_of("/?", begin) - begin);
        std::string host = authority.substr(authority.rfind('@') + 1);
        if (const auto named = url.find("host="); host.empty() && named != std::string::npos)
            host = url.substr(named + 5, url.find('&', named) - named - 5);
        const bool near = host.empty() || host.starts_with('/') || host.starts_with("127.") ||
                          host.starts_with("localhost") || host.starts_with("[::1]");
        const bool coded = url.find("sslmode=require") != std::string::npos ||
                           url.find("sslmode=verify-") != std::string::npos;
        put(near || coded, "9.2.2", "TLS to the database",
            near    ? "The database is on this machine."
            : coded ? "Its address asks for TLS."
                    : "The database is on " + host + ", and its address does not ask for TLS.",
            "Add sslmode=verify-full to the address in database, so that what is kept of people never "
            "crosses "
            "the network in the clear.");
    }

    void cookies() {
        put(settings_.secure() && seen_.session_cookie.starts_with("__Host-"), "3.4.1, 3.4.4",
            "session cookie Secure, bound to this host",
            "The session cookie is called " + seen_.session_cookie + ".",
            "Set http.public_url to https://…: the cookie is Secure and called __Host-… then.");
        skip("3.4.5", "no other program's cookies under the same host name",
             "What else answers under this host name is not this program's to judge.",
             "Give the site a host name of its own.");
        const http::Cookie cookie;
        put(cookie.http_only && (cookie.same_site == "Lax" || cookie.same_site == "Strict"), "3.4.2, 3.4.3",
            "session cookie HttpOnly and SameSite", "HttpOnly, SameSite=" + cookie.same_site + ".",
            "This program was changed; use a released one.");
        put(sessions::kAbsoluteLife <= std::chrono::hours(12) ||
                sessions::kIdleLife <= std::chrono::minutes(30),
            "3.3.2", "signing in again after 12 hours, or 30 minutes without use",
            "A session ends after " + days(sessions::kIdleLife) + " without use, and after " +
                days(sessions::kAbsoluteLife) + " in any case.",
            "Longer than level 2 asks (level 1: 30 days): a child who writes daily should not have to sign "
            "in daily, "
            "and what is grave asks for a proof again. Nothing to set.");
        all_.back().accepted = true;
    }

    void headers() {
        const bool strict = seen_.policy.find("default-src 'none'") != std::string::npos &&
                            seen_.policy.find("unsafe-inline") == std::string::npos &&
                            seen_.policy.find("unsafe-eval") == std::string::npos;
        put(strict, "14.4.3", "a Content-Security-Policy against foreign script",
            strict ? "default-src 'none', scripts from here or with a nonce."
                   : "The policy is: " + seen_.policy,
            "This program was changed; use a released one.");
        put(seen_.policy.find("frame-ancestors 'none'") != std::string::npos ||
                seen_.policy.find("frame-ancestors 'self'") != std::string::npos,
            "14.4.7", "no framing by other sites", "frame-ancestors is set.",
            "This program was changed; use a released one.");
        put(seen_.strict_transport, "14.4.5", "Strict-Transport-Security",
            seen_.strict_transport ? "Sent with every answer."
                                   : "Not sent, because the public address is not https.",
            "Set http.public_url to https://…");
    }

    void passwords() {
        // 2.1.1 asks for twelve characters; NIST SP 800-63B for eight, with what is common refused.
        put(accounts::kPasswordMin >= 12, "2.1.1", "passwords of 12 characters or more",
            "At least " + std::to_string(accounts::kPasswordMin) +
                " characters, and what is easily guessed is refused.",
            "Shorter than ASVS asks, so that children can remember one; staff have a second step. Nothing to "
            "set.");
        all_.back().accepted = true;
        put(settings_.accounts.password_memory >= (std::int64_t{19} << 20) &&
                settings_.accounts.password_passes >= 2,
            "2.4.1", "passwords hashed slowly (Argon2id, 19 MiB, 2 passes)",
            "Argon2id with " + std::to_string(settings_.accounts.password_memory >> 20) + " MiB and " +
                std::to_string(settings_.accounts.password_passes) + " passes.",
            "Set accounts.password_memory = \"19MB\" and accounts.password_passes = 2 or more.");
        put(settings_.rate_limits && settings_.http.per_minute > 0, "2.2.1, 11.1.4",
            "limits on guessing and flooding",
            settings_.rate_limits ? std::to_string(settings_.http.per_minute) +
                                        " requests a minute; fewer attempts "
                                        "to sign in."
                                  : "Limits are switched off.",
            "Set rate_limits = true and http.per_minute above 0.");
    }

    void staff() {
        put(settings_.accounts.staff_second_factor, "4.3.1", "a second factor for administrators",
            settings_.accounts.staff_second_factor ? "Staff need a second step."
                                                   : "Staff sign in with a password alone.",
            "Set accounts.staff_second_factor = true.");
        if (!seen_.staff || !seen_.staff_without_factor) {
            skip("4.3.1", "staff with a second factor set up", "The database could not be read.",
                 "Mend what is said of the database and ask again.");
        } else {
            put(*seen_.staff_without_factor == 0, "4.3.1", "staff with a second factor set up",
                std::to_string(*seen_.staff - *seen_.staff_without_factor) + " of " +
                    std::to_string(*seen_.staff) + " moderators and administrators have one.",
                "Ask the others to sign in and set one up, or take the role back: braid user role revoke.");
        }
        if (!seen_.demo_accounts) {
            skip("2.5.4", "no accounts with a published password", "The database could not be read.",
                 "Mend what is said of the database and ask again.");
        } else {
            put(*seen_.demo_accounts == 0 || settings_.development, "2.5.4",
                "no accounts with a published password",
                std::to_string(*seen_.demo_accounts) + " accounts of the demo city open with its password.",
                "Start from an empty database, or erase them: braid user erase HANDLE --yes.");
        }
    }

    void exposure() {
        put(!settings_.development, "14.3.2", "debug features off",
            settings_.development ? "Development mode is on: mails can be read at /dev/mail."
                                  : "Development mode is off.",
            "Set development = false.");
        const std::string& admin = settings_.http.admin_listen;
        put(admin.empty() || loopback(admin), "14.1.3",
            "a hardened configuration: operators' pages not open to everybody",
            admin.empty() ? "There is no admin listener." : "/metrics and /healthz are on " + admin + ".",
            "Set http.admin_listen to a loopback address.");
        put(settings_.log.level != "debug" && settings_.log.level != "trace", "7.1.1, 7.1.2",
            "nothing secret or personal in logs, as far as the log's level decides it",
            "The log's level is " + settings_.log.level + ".", "Set log.level = \"info\".");
        put(!settings_.http.public_url.empty() || !settings_.http.hosts.empty(), "14.1.3",
            "a hardened configuration: only known host names",
            settings_.http.public_url.empty() ? "Any host name is answered."
                                              : "Only the site's own names are answered.",
            "Set http.public_url (and http.hosts for further names).");
    }

    void files() {
        skip("6.4.1", "secrets kept in a vault",
             "Secrets are files or variables; whether a vault fills them is not to be seen from here.",
             "Let the vault write the environment (site.secret, mail.password, oidc.client_secret) when the "
             "program starts.");
        if (seen_.files.empty()) {
            skip("2.10.3", "secrets and data readable by the program alone",
                 "None of the files is there yet.", "Ask again when the site has been started once.");
            return;
        }
        std::string open;
        for (const Guarded& file : seen_.files)
            if ((file.mode & 077) != 0) open += (open.empty() ? "" : " ") + file.path.string();
        put(open.empty(), "2.10.3", "secrets and data readable by the program alone",
            open.empty()
                ? std::to_string(seen_.files.size()) + " files and folders are for their owner alone."
                : "Others on this machine can read " + open + ".",
            "chmod go= " + open);
    }

    void keeping() {
        if (!seen_.backups_named) {
            skip("14.1.4", "restorable in good time: a recent backup", "Where backups are kept is not known.",
                 "Say it: braid doctor --backups /backups");
        } else {
            put(seen_.backup_age && *seen_.backup_age <= kBackupOld, "14.1.4",
                "restorable in good time: a recent backup",
                seen_.backup_age
                    ? "The newest is " + std::to_string(seen_.backup_age->count()) + " hours old."
                    : "There is none in that folder.",
                "Make one every day: braid backup /backups/braid-$(date +%F).tar");
        }
        skip("14.2.1", "parts kept up to date", "The machine's packages are not this program's to judge.",
             "apt-get upgrade, and a new braid when there is one.");
    }

    const Settings& settings_;
    const Evidence& seen_;
    std::vector<Judgement> all_;
};

void look_at(const fs::path& path, std::vector<Guarded>& files) {
    struct stat info {};
    if (!path.empty() && ::stat(path.c_str(), &info) == 0) files.push_back({path, info.st_mode & 0777U});
}

void look_at_people(const Settings& settings, Evidence& evidence) {
    const fs::path file = sql::sqlite_file(settings.database_url());
    if (!file.empty() && !fs::exists(file)) return;
    Program program(settings);
    if (!sql::pending(program.database(), program.migrations()).empty()) return;
    auto& accounts = program.modules().accounts();
    int staff = 0;
    int without = 0;
    const factors::KnownFactors factors;
    std::vector<accounts::PersonId> counted;
    for (const Role role : {Role::administrator, Role::moderator}) {
        const auto found = accounts.find_people(accounts::operator_actor(), "", role);
        if (!found.ok()) return;
        for (const accounts::PersonFound& one : *found) {
            if (std::ranges::find(counted, one.card.id) != counted.end()) continue;
            counted.push_back(one.card.id);
            ++staff;
            const bool has = program.database().read(
                [&](sql::Reader& reader) { return factors.asked_of(reader, one.card.id); });
            without += has ? 0 : 1;
        }
    }
    evidence.staff = staff;
    evidence.staff_without_factor = without;
    int demo = 0;
    for (const DemoFile& one : demo_files()) {
        if (one.path != "people.toml") continue;
        for (const std::string_view line : split(one.text, '\n')) {
            constexpr std::string_view kHandle = "handle = \"";
            if (!line.starts_with(kHandle)) continue;
            const std::string_view rest = line.substr(kHandle.size());
            const auto handle = rest.substr(0, rest.find('"'));
            // Only who is here is tried: each try takes as long as signing in.
            const bool here = program.database().read(
                [&](sql::Reader& reader) { return accounts.by_handle(reader, handle).has_value(); });
            if (!here) continue;
            const auto proved = accounts.prove(handle, kDemoPassword);
            demo += proved.ok() && *proved ? 1 : 0;
        }
    }
    evidence.demo_accounts = demo;
}

void look_at_answers(const Settings& settings, Evidence& evidence) {
    SystemRandom random;
    http::Request request;
    const auto answer = http::security_headers(random, settings.secure())(request, [](http::Request&) {
        http::Response page;
        page.set("content-type", "text/html; charset=utf-8");
        return page;
    });
    for (const auto& [name, value] : answer.headers) {
        if (ascii_iequals(name, "content-security-policy")) evidence.policy = value;
        if (ascii_iequals(name, "strict-transport-security")) evidence.strict_transport = true;
    }
    evidence.session_cookie =
        sessions::cookie_names(settings.secure() ? sessions::Transport::https : sessions::Transport::plain)
            .session;
}

}  // namespace

Evidence gather(const Settings& settings, const fs::path& config, const fs::path& backups) {
    Evidence evidence;
    look_at_answers(settings, evidence);
    look_at(settings.data, evidence.files);
    look_at(settings.data / kSecretFile, evidence.files);
    look_at(sql::sqlite_file(settings.database_url()), evidence.files);
    look_at(settings.tls.key, evidence.files);
    // A configuration without a secret in it may be read by others.
    const bool secrets = !settings.mail.password.empty() || !settings.oidc.client_secret.empty() ||
                         !settings.site.secret.empty();
    if (secrets) look_at(config, evidence.files);
    if (!backups.empty()) {
        evidence.backups_named = true;
        std::error_code failed;
        for (const auto& entry : fs::directory_iterator(backups, failed)) {
            if (entry.path().extension() != ".tar") continue;
            const auto age = std::chrono::duration_cast<std::chrono::hours>(fs::file_time_type::clock::now() -
                                                                            entry.last_write_time(failed));
            if (!failed && (!evidence.backup_age || age < *evidence.backup_age)) evidence.backup_age = age;
        }
    }
    try {
        look_at_people(settings, evidence);
    } catch (const std::exception&) {
        // What is wrong with the database is said where the doctor looks at it.
        evidence.staff.reset();
    }
    return evidence;
}

std::vector<Judgement> judge(const Settings& settings, const Evidence& evidence) {
    return Bench(settings, evidence).all();
}

}  // namespace braid::app
