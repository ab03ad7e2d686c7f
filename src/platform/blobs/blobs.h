// Stored files, addressed by their content (SHA-256), in a folder tree beside the database: DATA/blobs/ab/cd/abcd….
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

    // Writes the file (outside any transaction). Until someone `keep`s it, it is garbage that collect() removes after a day.
    Result<Blob> put(std::string_view bytes, std::string_view media_type);
    Result<Blob> put_file(const std::filesystem::path& file, std::string_view media_type);
    // `holder` ("works.cover:<id>") keeps `digest`, replacing what it kept before; counted against `owner`'s quota
    // (too_large when over). Inside the transaction of the use case.
    Result<void> keep(sql::Tx& tx, std::string_view holder, std::int64_t owner, const Blob& blob);
    void release(sql::Tx& tx, std::string_view holder);
    [[nodiscard]] std::optional<Blob> find(sql::Session& session, const Digest& digest) const;
    [[nodiscard]] std::filesystem::path path_of(const Digest& digest) const;
    [[nodiscard]] std::int64_t used_by(sql::Session& session, std::int64_t owner) const;
    // Removes files nobody keeps that are older than `older_than`; returns how many.
    int collect(Duration older_than);

  private:
    sql::Database& database_;
    const Clock& clock_;
    Options options_;
};

std::span<const sql::Migration> migrations();

}  // namespace braid::blobs
