// Every option of the program. `braid config` shows them; platform/config reads them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/config/config.h"

namespace braid::app {

struct Settings {
    std::string database;  // empty: sqlite:DATA/braid.sqlite, see database_url()
    std::filesystem::path data = "var";
    bool development = false, rate_limits = true;
    std::int64_t node = 0;

    struct Http {
        std::string listen = "127.0.0.1:8080";
        std::string admin_listen = "127.0.0.1:8081";
        std::string public_url;  // empty: http://<listen>, see public_url()
        std::vector<std::string> hosts, trusted_proxies;
        std::int64_t loops = 0, workers = 64, queue = 512, max_connections = 10'000, per_minute = 600;
        std::int64_t max_header = 16 << 10;
        std::chrono::milliseconds header_time = std::chrono::seconds(10),
                                  body_time = std::chrono::seconds(30), idle_time = std::chrono::seconds(75),
                                  total_time = std::chrono::seconds(120),
                                  write_time = std::chrono::seconds(30),
                                  stop_grace = std::chrono::seconds(10);
    } http;
    struct Tls {
        std::filesystem::path certificate, key;
    } tls;
    struct Sql {
        std::int64_t connections = 16, write_queue = 1024, max_group = 128;
        std::chrono::milliseconds busy_timeout = std::chrono::seconds(5),
                                  statement_timeout = std::chrono::seconds(30);
        bool migrate_on_start = true;
    } sql;
    struct Jobs {
        std::int64_t workers = 2, max_attempts = 8;
        std::chrono::milliseconds lease = std::chrono::seconds(60);
    } jobs;
    struct Mail {
        std::string url, user, password, from = "Braid <braid@localhost>";
        std::filesystem::path certificate_authorities;
    } mail;
    struct Blobs {
        std::int64_t quota = std::int64_t{200} << 20;
    } blobs;
    struct Accounts {
        std::int64_t consent_age = 13;
        std::int64_t password_memory = std::int64_t{19} << 20, password_passes = 2, parallel_hashes = 4;
        bool staff_second_factor = true;
    } accounts;
    struct Oidc {
        std::string issuer, client_id, client_secret, name;
        std::filesystem::path certificate_authorities;
    } oidc;
    struct Guardians {
        std::chrono::milliseconds request_life = std::chrono::hours(24 * 14),
                                  remind_every = std::chrono::hours(24 * 4),
                                  confirm_after = std::chrono::hours(24);
        std::int64_t reminders = 2, resends = 3;
    } guardians;
    struct Site {
        std::string name = "Braid";
        std::string secret;  // empty: made once and kept in DATA/site.secret
    } site;
    struct Moderation {
        std::int64_t review_first_posts = 0;
    } moderation;
    struct Safety {
        std::vector<std::string> words;  // "en:FILE", or "FILE" for texts of every language
    } safety;
    struct Help {
        std::string intro;
        std::vector<std::string> contacts;  // "name | how to reach | when"
    } help;
    struct Log {
        std::string level = "info", format = "automatic";
        std::filesystem::path file;
    } log;

    [[nodiscard]] std::string database_url() const;
    [[nodiscard]] std::string public_url() const;
    [[nodiscard]] bool secure() const { return public_url().starts_with("https://"); }
};

struct Endpoint {
    std::string address;
    int port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080" (every address).
std::optional<Endpoint> parse_endpoint(std::string_view text);

// Binds every field of `settings`, which must outlive the schema.
config::Schema declare(Settings& settings);

// Variables named BRAID_… that are no options: of the tests.
std::vector<std::string> other_variables();

// A file of safety.words: the language it is for ("" for all) and what it says; nothing when it cannot be
// read.
struct ListFile {
    std::string language;
    std::optional<std::string> text;
};
ListFile word_list(const std::string& entry);

// Checks that need more than one option, after everything was read.
std::vector<config::Problem> cross_check(const Settings& settings);

}  // namespace braid::app
