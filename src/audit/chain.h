// How rows of the audit log are chained, and how a chain is judged. Complete enough to verify an exported log
// with other tools.
//
// hash(row) = BLAKE2b-256 (RFC 7693, unkeyed, 32 bytes) of these fields one after another, in lower-case hex:
//   "braid-audit-1", seq, at, actor, roles, kind, action, object_kind, object, subject, reason, previous
// each as its length in bytes in decimal, ':', its bytes, '\n'. Numbers are decimal ASCII without leading
// zeros; `at` is microseconds since 1970-01-01T00:00:00Z; texts are UTF-8; `previous` is the hash of row seq
// - 1 as 64 hex digits, 64 zeros for row 1. A field's length stands before it, so no two different rows have
// the same bytes.
//
// The head says where the chain ends (number and hash of the last row). Rows cut off its end together with a
// head that was changed to match are found by a checkpoint alone: a file kept elsewhere, which says what row
// N's hash was,
//   {"braid_audit_checkpoint":1,"seq":N,"hash":"…","at":"…","key":"…","signature":"…"}
// `signature` is Ed25519 (RFC 8032) of "braid-audit-checkpoint-1\nSEQ\nHASH\nAT\n", base64url without
// padding, by the key whose seed is BLAKE2b-256 of "braid-audit-key-1\n" followed by the site's secret. `key`
// is its public half.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/api.h"
#include "base/result.h"

namespace braid::audit {

// A row as it is stored.
struct Row {
    std::int64_t seq = 0;
    Timestamp at;
    PersonId actor;
    std::int64_t roles = 0;
    Kind kind = Kind::action;
    std::string action, object_kind;
    std::int64_t object = 0;
    PersonId subject;
    std::string reason, previous, hash;
};

struct Head {
    std::int64_t seq = 0;
    std::string hash;
};

inline constexpr std::string_view kNoHash =
    "0000000000000000000000000000000000000000000000000000000000000000";

// As above; row.hash is not looked at.
std::string hash_of(const Row& row);

// One thing wrong, with the row it is wrong at: "row 7 was changed: …".
struct Fault {
    enum class What { changed, missing, moved, inserted, cut_off, head, checkpoint };
    What what = What::changed;
    std::int64_t seq = 0;
    std::string says;
};

struct Verdict {
    std::int64_t rows = 0;  // looked at
    Head head;              // of the table audit_head
    std::vector<Fault> faults;
    [[nodiscard]] bool good() const { return faults.empty(); }
};

struct Checkpoint {
    std::int64_t seq = 0;
    std::string hash;
    std::string at;  // RFC 3339
    std::string key, signature;
};
std::string write_checkpoint(const Head& head, Timestamp at, std::string_view secret);  // JSON and a line end
// invalid when it is not such a file, or its signature is not by the site with that secret.
Result<Checkpoint> read_checkpoint(std::string_view json, std::string_view secret);

// Judges a chain that is given row after row, in the order of seq, in constant memory but for what is wrong.
class Verifier {
  public:
    // At most `most` faults are told; a chain cut once breaks at one place.
    explicit Verifier(std::optional<Checkpoint> checkpoint = {}, std::size_t most = 50);
    void row(const Row& row);
    // After the last row. `find`: the number of the row that has this hash, for telling where a moved row
    // belongs.
    Verdict finish(const Head& head,
                   const std::function<std::optional<std::int64_t>(std::string_view hash)>& find);

  private:
    void fault(Fault::What what, std::int64_t seq, std::string says);
    std::optional<Checkpoint> checkpoint_;
    const std::size_t most_;
    Verdict verdict_;
    std::int64_t last_ = 0;
    std::string last_hash_{kNoHash};
    bool last_broken_ =
        false;  // the row before is not as it was written: what follows it cannot be judged by it
    bool met_checkpoint_ = false;
    std::vector<Row> broken_;  // rows whose own hash is not theirs
};

}  // namespace braid::audit
