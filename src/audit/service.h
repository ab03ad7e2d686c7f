// Verifying and exporting the audit log, for the command line.
#pragma once

#include <filesystem>
#include <optional>

#include "audit/chain.h"
#include "platform/sql/sql.h"

namespace braid::audit {

// Reads the whole log in small snapshots, oldest first; `progress` is told rows done and rows there. Rows
// that are written meanwhile are looked at too.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
Verdict verify(sql::Database& database, const std::optional<Checkpoint>& checkpoint,
               const Progress& progress);

// One JSON object a line, with the names of the columns; `at` in RFC 3339 and `at_micros` as hashed. Returns
// the number of rows. Throws std::system_error when the file cannot be written.
std::int64_t export_lines(sql::Database& database, const std::filesystem::path& file,
                          const Progress& progress);

}  // namespace braid::audit
