// Stored files, addressed by their content (SHA-256), in a folder tree beside the database:
// DATA/blobs/ab/cd/abcd….
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "platform/sql/sql.h"

namespace braid::blobs {

// 64 hexadecimal digits of SHA-256.
using Digest = std::string;
[[nodiscard]] bool is_digest(std::string_view text);

struct Blob {
    Digest digest;
    std::string media_type;
    std::int64_t size = 0;
};

struct Options {
    std::filesystem::path folder;
    std::int64_t quota_per_owner = std::int64_t{200} << 20;  // bytes
};

// Thread-safe. Files are written to a temporary name, synced, renamed: a file under its digest is whole.
class Store {
  public:
    Store(sql::Database& database, const Clock& clock, Options options);

    // Writes the file (outside any transaction). Until someone `keep`s it, it is garbage that collect()
    // removes once it is old. `unavailable` when the disk is full; throws std::system_error on other failures
    // of the file system.
    Result<Blob> put(std::string_view bytes, std::string_view media_type);
    Result<Blob> put_file(const std::filesystem::path& file, std::string_view media_type);
    // `holder` ("works.cover:<id>") keeps `digest`, replacing what it kept before; counted against `owner`'s
    // quota (too_large when over; conflict when the file was collected meanwhile and must be put again).
    // Inside the transaction of the use case.
    Result<void> keep(sql::Tx& tx, std::string_view holder, std::int64_t owner, const Blob& blob);
    void release(sql::Tx& tx, std::string_view holder);
    [[nodiscard]] std::optional<Blob> find(sql::Session& session, const Digest& digest) const;
    // `digest` must be one (is_digest): throws std::invalid_argument otherwise.
    [[nodiscard]] std::filesystem::path path_of(const Digest& digest) const;
    [[nodiscard]] std::int64_t used_by(sql::Session& session, std::int64_t owner) const;
    // Removes files nobody keeps that were put longer than `older_than` ago, and what crashes left behind;
    // returns how many. May run beside put() and keep(), on several nodes.
    int collect(Duration older_than);

  private:
    void touch(const Blob& blob);
    void place(const std::filesystem::path& temporary, const Digest& digest);
    bool remove_file(const Digest& digest);
    int sweep(Duration older_than);

    sql::Database& database_;
    const Clock& clock_;
    Options options_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::blobs
