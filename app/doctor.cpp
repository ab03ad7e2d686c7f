#include "app/doctor.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "app/data_folder.h"
#include "app/program.h"
#include "base/text.h"
#include "platform/log/log.h"
#include "platform/mail/mail.h"
#include "platform/sql/maintenance.h"

namespace braid::app {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLittleSpace = std::uint64_t{1} << 30;
constexpr std::uint64_t kNoSpace = std::uint64_t{100} << 20;
constexpr std::int64_t kProgramWritten = 1'767'225'600'000'000;  // 2026-01-01: a clock before it is wrong
constexpr int kSoonDays = 21;

std::string because() {
    return std::strerror(errno);
}

class Examination {
  public:
    explicit Examination(const Settings& settings) : settings_(settings) {}

    std::vector<Finding> run() {
        folder();
        space();
        clock();
        database();
        mail();
        tls();
        exposure();
        return std::move(findings_);
    }

  private:
    void ok(std::string subject, std::string found) {
        findings_.push_back({Health::ok, std::move(subject), std::move(found), {}});
    }
    void warn(std::string subject, std::string found, std::string advice) {
        findings_.push_back({Health::warn, std::move(subject), std::move(found), std::move(advice)});
    }
    void fail(std::string subject, std::string found, std::string advice) {
        findings_.push_back({Health::fail, std::move(subject), std::move(found), std::move(advice)});
    }

    void folder() {
        const std::string name = settings_.data.string();
        struct stat info {};
        if (::stat(settings_.data.c_str(), &info) != 0) {
            warn("data folder", name + ": " + because(),
                 "`braid serve` makes it; or name another with --data.");
            return;
        }
        if ((info.st_mode & 0077) != 0) {
            warn("data folder", name + " can be read by others on this machine.", "chmod 700 " + name);
        }
        try {
            const fs::path probe = settings_.data / ".doctor";
            write_file(probe, "probe", 0600, true);
            fs::remove(probe);
            ok("data folder", name + " can be written.");
        } catch (const std::exception& failure) {
            fail("data folder", failure.what(),
                 "Give the folder to the user braid runs as: chown -R braid " + name);
        }
        struct stat secret {};
        if (::stat((settings_.data / kSecretFile).c_str(), &secret) == 0 && (secret.st_mode & 0077) != 0) {
            fail("site secret", "Others on this machine can read it.",
                 "chmod 600 " + (settings_.data / kSecretFile).string());
        }
    }

    void space() {
        struct statvfs info {};
        fs::path folder = fs::absolute(settings_.data);
        while (!folder.empty() && ::statvfs(folder.c_str(), &info) != 0 && folder != folder.parent_path())
            folder = folder.parent_path();
        const std::uint64_t free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
        const std::string shown = std::to_string(free >> 20) + " MB are free where the data is.";
        if (free < kNoSpace) {
            fail("disk", shown, "Make room: without it writes are refused.");
        } else if (free < kLittleSpace) {
            warn("disk", shown, "Make room soon.");
        } else {
            ok("disk", shown);
        }
        if (info.f_favail != 0 && info.f_favail < 1000)
            warn("disk", "Few inodes are left.", "Remove small files nobody needs.");
    }

    void clock() {
        const Timestamp now = SystemClock().now();
        if (now.micros < kProgramWritten) {
            fail("clock", "It says " + to_rfc3339(now) + ".",
                 "Set it, and keep it: timedatectl set-ntp true");
            return;
        }
        // A file just written carries the time of the file system, which may be another machine's.
        const fs::path probe = settings_.data / ".doctor-clock";
        struct stat info {};
        try {
            write_file(probe, "", 0600, true);
            (void)::stat(probe.c_str(), &info);
            fs::remove(probe);
        } catch (const std::exception&) {
            ok("clock", to_rfc3339(now) + ".");
            return;
        }
        const auto skew = info.st_mtime - now.micros / 1'000'000;
        if (skew < -5 || skew > 5) {
            warn("clock", "The file system is " + std::to_string(skew) + " s away from this machine.",
                 "Keep both in step: timedatectl set-ntp true");
        } else {
            ok("clock", to_rfc3339(now) + ".");
        }
    }

    void database() {
        const std::string shown = log::hide_url_passwords(settings_.database_url());
        const fs::path file = sql::sqlite_file(settings_.database_url());
        if (!file.empty() && !fs::exists(file)) {
            warn("database", shown + " is not there yet.", "`braid migrate` or `braid serve` makes it.");
            return;
        }
        try {
            if (!file.empty()) {
                const auto problems = sql::check_sqlite(file);
                if (!problems.empty()) {
                    fail("database", "It is damaged: " + problems.front(),
                         "Stop braid and restore the last backup: braid restore FILE");
                    return;
                }
            }
            Program program(settings_);
            sql::ping(program.database());
            ok("database", shown + " answers" + (file.empty() ? "." : " and is whole."));
            migrations(program);
            jobs(program);
        } catch (const std::exception& failure) {
            fail("database", log::hide_url_passwords(failure.what()),
                 file.empty() ? "Check that the server runs and that name, password and database are right."
                              : "Check who owns the file.");
        }
    }

    void migrations(Program& program) {
        const auto missing = sql::pending(program.database(), program.migrations());
        if (missing.empty()) {
            ok("migrations", "The schema is up to date.");
        } else {
            warn("migrations",
                 std::to_string(missing.size()) + " are pending, first " + missing.front() + ".",
                 "Back up, then run `braid migrate`.");
        }
        migrated_ = missing.empty();
    }

    void jobs(Program& program) {
        if (!migrated_) return;
        const auto lag = jobs::Runner::lag(program.database(), program.clock());
        if (lag.parked > 0) {
            warn("jobs", std::to_string(lag.parked) + " failed too often and are parked.",
                 "braid jobs list --parked shows why; then retry or drop them.");
        } else if (lag.oldest > std::chrono::minutes(10)) {
            warn("jobs",
                 "The oldest has waited " + std::to_string(lag.oldest.count() / 60'000'000) + " minutes.",
                 "Is `braid serve` running?");
        } else {
            ok("jobs", std::to_string(lag.waiting) + " waiting, none parked.");
        }
    }

    void mail() {
        const Settings::Mail& mail = settings_.mail;
        if (mail.url.empty()) {
            if (settings_.development) {
                ok("mail", "Kept in the data folder, shown at /dev/mail (development).");
            } else {
                fail("mail", "No mail server is set: nobody can reset a password.",
                     "Set mail.url, mail.from and, where needed, mail.user and mail.password.");
            }
            return;
        }
        const auto from = mail::parse_mailbox(mail.from);
        if (!from || from->address.ends_with("@localhost")) {
            warn("mail", "mail.from is " + mail.from + ".",
                 "Set an address people can recognise; many servers refuse this one.");
        }
        const auto probed = mail::probe_smtp({.url = mail.url,
                                              .user = mail.user,
                                              .password = mail.password,
                                              .from = mail.from,
                                              .certificate_authorities = mail.certificate_authorities});
        if (probed.ok()) {
            ok("mail", mail.url + " answers.");
        } else {
            fail("mail", probed.error().detail + ".",
                 "Check mail.url, mail.user and mail.password, and the way out through a firewall.");
        }
    }

    void tls() {
        const Settings::Tls& tls = settings_.tls;
        if (tls.certificate.empty()) {
            if (settings_.secure()) ok("TLS", "Left to the proxy in front.");
            return;
        }
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(tls.certificate.c_str(), "r"),
                                                                   &std::fclose);
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(
            file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
        if (!certificate) {
            fail("TLS", tls.certificate.string() + " is no certificate in PEM that can be read.",
                 "Check tls.certificate and who may read it.");
            return;
        }
        int days = 0;
        int seconds = 0;
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get()));
        if (days < 0 || seconds < 0) {
            fail("TLS", "The certificate has expired.", "Renew it; braid reads the new files by itself.");
        } else if (days < kSoonDays) {
            warn("TLS", "The certificate expires in " + std::to_string(days) + " days.",
                 "Renew it; braid reads the new files by itself.");
        } else {
            ok("TLS", "The certificate is good for " + std::to_string(days) + " days.");
        }
        struct stat info {};
        if (::stat(tls.key.c_str(), &info) != 0) {
            fail("TLS", tls.key.string() + ": " + because(), "Check tls.key.");
            return;
        }
        if ((info.st_mode & 0007) != 0)
            fail("TLS", "Everybody on this machine can read the private key.",
                 "chmod 600 " + tls.key.string());
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> key_file(std::fopen(tls.key.c_str(), "r"),
                                                                       &std::fclose);
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
            key_file ? PEM_read_PrivateKey(key_file.get(), nullptr, nullptr, nullptr) : nullptr,
            &EVP_PKEY_free);
        if (!key || X509_check_private_key(certificate.get(), key.get()) != 1) {
            fail("TLS", "The private key does not belong to the certificate.",
                 "Set tls.certificate and tls.key to a pair.");
        }
    }

    void exposure() {
        const auto listens = [](const std::string& text) {
            return parse_endpoint(text).value_or(Endpoint{}).address;
        };
        const auto loopback = [](const std::string& address) {
            return address.starts_with("127.") || address == "::1";
        };
        const std::string address = listens(settings_.http.listen);
        const bool open = !loopback(address);
        if (settings_.development && open) {
            fail("settings",
                 "Development mode on " + settings_.http.listen + ": everybody can read the site's mails.",
                 "Set development = false.");
        } else if (settings_.development) {
            warn("settings", "Development mode.", "Set development = false for a site people use.");
        }
        if (open && !settings_.secure()) {
            fail("settings", "Pages are served over plain http on " + settings_.http.listen + ".",
                 "Set http.public_url to https://…, with TLS here (tls.certificate, tls.key) or in a proxy "
                 "in front.");
        } else if (!settings_.secure()) {
            warn("settings", "The public address is " + settings_.public_url() + ".",
                 "Fine for trying out; a site needs https://… in http.public_url.");
        } else {
            ok("settings", "The public address is " + settings_.public_url() + ".");
        }
        if (settings_.http.public_url.empty() && settings_.http.hosts.empty()) {
            warn("settings", "Requests for any host name are answered: links could be made to name another.",
                 "Set http.public_url (and http.hosts for further names).");
        }
        if (settings_.secure() && settings_.tls.certificate.empty() &&
            settings_.http.trusted_proxies.empty()) {
            warn("settings",
                 "A proxy ends TLS but none is trusted: everybody seems to come from its address.",
                 "Set http.trusted_proxies = [\"127.0.0.1\"].");
        }
        if (!settings_.http.admin_listen.empty() && !loopback(listens(settings_.http.admin_listen))) {
            warn("settings", "/metrics is open on " + settings_.http.admin_listen + ".",
                 "Set http.admin_listen to a loopback address, or guard it with a firewall.");
        }
        if ((settings_.http.per_minute == 0 || !settings_.rate_limits) && open)
            warn("settings", "There is no limit of requests a minute.", "Set http.per_minute.");
        if (!settings_.accounts.staff_second_factor) {
            const std::string found = "Staff sign in with a password alone.";
            const std::string advice = "Set accounts.staff_second_factor = true.";
            if (settings_.development) {
                warn("settings", found, advice);
            } else {
                fail("settings", found, advice);
            }
        }
        if (settings_.accounts.password_memory < (std::int64_t{7} << 20)) {
            fail("settings", "Password hashes use too little memory.",
                 "Set accounts.password_memory = \"19MB\".");
        }
    }

    const Settings& settings_;
    std::vector<Finding> findings_;
    bool migrated_ = false;
};

}  // namespace

std::vector<Finding> examine(const Settings& settings) {
    return Examination(settings).run();
}

}  // namespace braid::app
