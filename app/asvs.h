// How an installation stands against OWASP ASVS 4.0.3, level 2: the items that its configuration, its files
// and its database can answer. What only an auditor can judge is named as not judged, with the reason.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"

namespace braid::app {

enum class Verdict { pass, fail, not_judged };

struct Judgement {
    std::string items;  // "3.4.1, 3.4.2"
    std::string asks;   // what they ask for, in short
    Verdict verdict = Verdict::not_judged;
    std::string found;      // one sentence
    std::string advice;     // what to do; empty when passed
    bool accepted = false;  // when it fails, by a decision of this program and not of the installation
};

// A file that holds secrets or personal data.
struct Guarded {
    std::filesystem::path path;
    unsigned mode = 0;  // permission bits
};

// What is not in the settings. Nothing: it could not be looked at.
struct Evidence {
    std::vector<Guarded> files;  // those that are there
    std::optional<int> staff, staff_without_factor;
    std::optional<int> demo_accounts;  // that open with the published password
    std::optional<std::chrono::hours> backup_age;
    bool backups_named = false;  // --backups was given
    std::string policy;          // Content-Security-Policy of a page, as the program sends it
    bool strict_transport = false;
    std::string session_cookie;  // its name
};

// Reads files and database; changes nothing. `config`, `backups`: may be empty.
Evidence gather(const Settings& settings, const std::filesystem::path& config,
                const std::filesystem::path& backups);

// Pure.
std::vector<Judgement> judge(const Settings& settings, const Evidence& evidence);

}  // namespace braid::app
