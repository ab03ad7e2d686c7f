#include "platform/blobs/blobs.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "base/text.h"
#include "platform/blobs/files.h"

// How a file under its digest is never lost while rows say it is there, whoever runs at the same moment:
//   put:     commits the row, then looks whether the file is there, and writes it if not;
//   collect: deletes the row, moves the file aside, then looks whether the row is back, and if so moves the
//   file back.
// Whichever of the two looks last sees the other. A file that lies aside after a crash is put back or removed
// by the next sweep.
namespace braid::blobs {

namespace {

namespace fs = std::filesystem;
using sql::Query;

constexpr int kCollectAtOnce = 200;
constexpr std::size_t kChunk = 64 * 1024;
constexpr Duration kLeftover = std::chrono::hours(1);
constexpr std::string_view kAside = ".aside";

const Query kTouch{"blobs.touch",
                   "INSERT INTO blobs (digest, media_type, size, touched_at) VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT (digest) DO UPDATE SET touched_at = excluded.touched_at"};
const Query kFind{"blobs.find", "SELECT digest, media_type, size FROM blobs WHERE digest = $1"};
const Query kConfirm{"blobs.confirm", "UPDATE blobs SET touched_at = $2 WHERE digest = $1 RETURNING size"};
const Query kHold{"blobs.hold",
                  "INSERT INTO blob_holds (holder, owner, digest, size) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT (holder) DO UPDATE SET owner = excluded.owner, digest = excluded.digest, "
                  "size = excluded.size"};
const Query kRelease{"blobs.release", "DELETE FROM blob_holds WHERE holder = $1"};
const Query kUsed{"blobs.used_by",
                  "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob_holds WHERE owner = $1"};
const Query kUsedByOthers{
    "blobs.used_by_other_holders",
    "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob_holds WHERE owner = $1 AND holder <> $2"};
const Query kGarbage{"blobs.delete_garbage",
                     "DELETE FROM blobs WHERE digest IN (SELECT b.digest FROM blobs b WHERE b.touched_at < $1"
                     " AND NOT EXISTS (SELECT 1 FROM blob_holds h WHERE h.digest = b.digest)"
                     " ORDER BY b.touched_at, b.digest LIMIT $2) RETURNING digest"};

class Sha256 {
  public:
    Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    }
    void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
    Digest finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
        unsigned length = 0;
        EVP_DigestFinal_ex(context_.get(), raw.data(), &length);
        return hex({reinterpret_cast<const char*>(raw.data()), length});
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

bool has_size(const fs::path& file, std::int64_t size) {
    std::error_code error;
    const auto found = fs::file_size(file, error);
    return !error && static_cast<std::int64_t>(found) == size;
}

}  // namespace

bool is_digest(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Store::Store(sql::Database& database, const Clock& clock, Options options)
    : database_(database), clock_(clock), options_(std::move(options)) {
    make_folder(options_.folder, options_.folder / "tmp");
}

fs::path Store::path_of(const Digest& digest) const {
    if (!is_digest(digest)) throw std::invalid_argument("not a digest");
    return options_.folder / digest.substr(0, 2) / digest.substr(2, 2) / digest;
}

void Store::touch(const Blob& blob) {
    database_.with_tx([&](sql::Tx& tx) {
        tx.run(kTouch, blob.digest, blob.media_type, blob.size, clock_.now());
        return true;
    });
}

void Store::place(const fs::path& temporary, const Digest& digest) {
    const fs::path target = path_of(digest);
    make_folder(options_.folder, target.parent_path());
    fs::rename(temporary, target);
    sync_folder(target.parent_path());
}

Result<Blob> Store::put(std::string_view bytes, std::string_view media_type) {
    Sha256 hash;
    hash.add(bytes);
    Blob blob{hash.finish(), std::string(media_type), static_cast<std::int64_t>(bytes.size())};
    touch(blob);
    if (!has_size(path_of(blob.digest), blob.size)) {
        TemporaryFile file = TRY(TemporaryFile::make(options_.folder / "tmp"));
        TRY(file.write(bytes));
        TRY(file.sync());
        place(file.path(), blob.digest);
    }
    return blob;
}

Result<Blob> Store::put_file(const fs::path& source, std::string_view media_type) {
    std::ifstream in(source, std::ios::binary);
    if (!in) throw std::system_error(errno, std::generic_category(), source.string());
    TemporaryFile file = TRY(TemporaryFile::make(options_.folder / "tmp"));
    Sha256 hash;
    std::int64_t size = 0;
    std::string chunk(kChunk, '\0');
    while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
        const std::string_view read(chunk.data(), static_cast<std::size_t>(in.gcount()));
        hash.add(read);
        size += in.gcount();
        TRY(file.write(read));
    }
    if (in.bad()) throw std::system_error(errno, std::generic_category(), source.string());
    TRY(file.sync());
    Blob blob{hash.finish(), std::string(media_type), size};
    touch(blob);
    if (!has_size(path_of(blob.digest), blob.size)) place(file.path(), blob.digest);
    return blob;
}

Result<void> Store::keep(sql::Tx& tx, std::string_view holder, std::int64_t owner, const Blob& blob) {
    // Touching the row also makes a collect() that is about to delete it and this transaction notice each
    // other.
    const auto size = tx.maybe<std::int64_t>(kConfirm, blob.digest, clock_.now());
    if (!size) return conflict("error.conflict", "the file " + blob.digest + " was collected: put it again");
    if (tx.one<std::int64_t>(kUsedByOthers, owner, holder) + *size > options_.quota_per_owner) {
        return Error{ErrorCode::too_large, "error.too_large", "over the quota of stored files", {}, {}, 0};
    }
    tx.run(kHold, holder, owner, blob.digest, *size);
    return {};
}

void Store::release(sql::Tx& tx, std::string_view holder) {
    tx.run(kRelease, holder);
}

std::optional<Blob> Store::find(sql::Session& session, const Digest& digest) const {
    return session.maybe<Blob>(kFind, digest);
}

std::int64_t Store::used_by(sql::Session& session, std::int64_t owner) const {
    return session.one<std::int64_t>(kUsed, owner);
}

bool Store::remove_file(const Digest& digest) {
    const fs::path file = path_of(digest);
    const fs::path aside = file.string() + std::string(kAside);
    std::error_code error;
    fs::rename(file, aside, error);
    if (error) return false;  // was never written, or another node is at it
    if (database_.read([&](sql::Reader& reader) { return find(reader, digest).has_value(); })) {
        fs::rename(aside, file, error);  // over the same bytes, should someone have written them again
        return false;
    }
    return fs::remove(aside, error);
}

int Store::collect(Duration older_than) {
    int removed = 0;
    const Timestamp before = clock_.now() - older_than;
    for (;;) {
        std::vector<Digest> garbage;
        database_.with_tx([&](sql::Tx& tx) {
            garbage = tx.all<Digest>(kGarbage, before, kCollectAtOnce);
            return true;
        });
        for (const Digest& digest : garbage)
            removed += remove_file(digest) ? 1 : 0;
        if (garbage.size() < static_cast<std::size_t>(kCollectAtOnce)) break;
    }
    return removed + sweep(older_than);
}

// What crashes left: temporary files, files without a row, files that lie aside. Their age is the file
// system's.
int Store::sweep(Duration older_than) {
    int removed = 0;
    std::error_code error;
    // Never so young that it may be somebody's work of this moment.
    const auto before = fs::file_time_type::clock::now() - std::max<Duration>(older_than, kLeftover);
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(options_.folder, error)) {
        std::error_code gone;
        if (entry.is_regular_file(gone) && entry.last_write_time(gone) < before && !gone)
            found.push_back(entry.path());
    }
    for (const fs::path& path : found) {
        const std::string name = path.filename().string();
        if (path.parent_path().filename() == "tmp") {
            removed += fs::remove(path, error) ? 1 : 0;
            continue;
        }
        const Digest digest = name.substr(0, 64);
        const bool aside = name == digest + std::string(kAside);
        if (!is_digest(digest) || (name != digest && !aside)) continue;  // not ours
        if (database_.read([&](sql::Reader& reader) { return find(reader, digest).has_value(); })) {
            if (aside && !fs::exists(path_of(digest), error)) fs::rename(path, path_of(digest), error);
            continue;
        }
        removed += (aside ? fs::remove(path, error) : remove_file(digest)) ? 1 : 0;
    }
    return removed;
}

}  // namespace braid::blobs
