// What an operator does with a database that the program itself does not: copy it while it is used, check it,
// ask what a migration would do.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

namespace braid::sql {

// The file of sqlite:FILE, or "" for another engine.
std::filesystem::path sqlite_file(std::string_view url);

// A consistent copy of a SQLite file into `to`, which must not exist, while others read and write (SQLite's
// online backup). The copy is one file without a log beside it, synced. `progress`: pages done and pages in
// all. Throws Failure.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::function<void(int done, int pages)>& progress = {});

// SQLite: integrity and foreign keys of the file; what is wrong, at most 100 lines, empty when all is well.
// Throws Failure when it cannot be opened.
std::vector<std::string> check_sqlite(const std::filesystem::path& file);

// Steps of `migrations` that `database` does not have yet, "works 1 (works_and_chapters)", in order.
std::vector<std::string> pending(Database& database, std::span<const Migration> migrations);

// A trivial query: throws Failure when the database does not answer.
void ping(Database& database);

}  // namespace braid::sql
