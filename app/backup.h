// An installation into one file, and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "app/archive.h"
#include "app/settings.h"
#include "base/result.h"

namespace braid::app {

struct Backed {
    std::uint64_t files = 0, bytes = 0;
    std::string remark;  // what the operator should know, or ""
};

// The database as of one moment, every stored file and the site's secret, into `file`, while the site runs.
// The database is copied first: files are only ever added before their rows, so every row's file is there.
// PostgreSQL is taken with pg_dump; unavailable, saying what to do, when that is not installed. conflict when
// `file` is there.
Result<Backed> back_up(const Settings& settings, const std::filesystem::path& file,
                       const ArchiveProgress& progress);

enum class Existing {
    refuse,     // conflict when the data folder holds something
    set_aside,  // it is renamed to DATA.before-restore-<time>
};
// Unpacks beside the data folder, verifies every checksum and the database, then takes the folder's place in
// one rename. Nothing is changed when something is wrong. For PostgreSQL the dump is left in the folder, and
// `remark` says how to load it.
Result<Backed> restore(const Settings& settings, const std::filesystem::path& file, Existing existing,
                       const ArchiveProgress& progress);

}  // namespace braid::app
