#include "audit/chain.h"

#include <sodium.h>

#include <array>

#include <boost/json.hpp>

#include "base/text.h"

namespace braid::audit {

namespace {

constexpr std::size_t kHashBytes = 32;

std::string blake2b(std::string_view bytes) {
    std::array<unsigned char, kHashBytes> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size(), nullptr, 0);
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

void put(std::string& out, std::string_view field) {
    out += std::to_string(field.size());
    out += ':';
    out += field;
    out += '\n';
}

struct Keys {
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
};

Keys keys_of(std::string_view secret) {
    const std::string seed = blake2b("braid-audit-key-1\n" + std::string(secret));
    Keys keys;
    crypto_sign_seed_keypair(keys.open.data(), keys.secret.data(),
                             reinterpret_cast<const unsigned char*>(seed.data()));
    return keys;
}

template <class Bytes>
std::string text_of(const Bytes& bytes) {
    return base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string signed_text(std::int64_t seq, std::string_view hash, std::string_view at) {
    return "braid-audit-checkpoint-1\n" + std::to_string(seq) + "\n" + std::string(hash) + "\n" +
           std::string(at) + "\n";
}

std::string name(std::int64_t seq) {
    return "row " + std::to_string(seq);
}

Error no_checkpoint(std::string why) {
    Error error = invalid("checkpoint", "error.invalid");
    error.detail = "the checkpoint " + std::move(why);
    return error;
}

}  // namespace

std::string hash_of(const Row& row) {
    std::string bytes;
    bytes.reserve(256 + row.reason.size());
    put(bytes, "braid-audit-1");
    put(bytes, std::to_string(row.seq));
    put(bytes, std::to_string(row.at.micros));
    put(bytes, std::to_string(row.actor.value));
    put(bytes, std::to_string(row.roles));
    put(bytes, sql::detail::enum_name(row.kind));
    put(bytes, row.action);
    put(bytes, row.object_kind);
    put(bytes, std::to_string(row.object));
    put(bytes, std::to_string(row.subject.value));
    put(bytes, row.reason);
    put(bytes, row.previous);
    return hex(blake2b(bytes));
}

// ---- Checkpoints

std::string write_checkpoint(const Head& head, Timestamp at, std::string_view secret) {
    const Keys keys = keys_of(secret);
    const std::string when = to_rfc3339(at);
    const std::string text = signed_text(head.seq, head.hash, when);
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()),
                         text.size(), keys.secret.data());
    const boost::json::object file{{"braid_audit_checkpoint", 1}, {"seq", head.seq},
                                   {"hash", head.hash},           {"at", when},
                                   {"key", text_of(keys.open)},   {"signature", text_of(signature)}};
    return boost::json::serialize(file) + "\n";
}

Result<Checkpoint> read_checkpoint(std::string_view json, std::string_view secret) {
    boost::system::error_code bad;
    const boost::json::value value = boost::json::parse(trim(json), bad);
    const boost::json::object* file = bad ? nullptr : value.if_object();
    if (file == nullptr || !file->contains("braid_audit_checkpoint"))
        return no_checkpoint("is no file of `braid audit checkpoint`");
    Checkpoint checkpoint;
    const auto text = [&](std::string_view member) -> std::string {
        const auto* found = file->if_contains(member);
        return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    const auto* seq = file->if_contains("seq");
    if (seq == nullptr || !seq->is_int64()) return no_checkpoint("names no row");
    checkpoint.seq = seq->as_int64();
    checkpoint.hash = text("hash");
    checkpoint.at = text("at");
    checkpoint.key = text("key");
    checkpoint.signature = text("signature");
    const Keys keys = keys_of(secret);
    if (checkpoint.key != text_of(keys.open)) return no_checkpoint("was signed by another site");
    const auto signature = from_base64url(checkpoint.signature);
    const std::string said = signed_text(checkpoint.seq, checkpoint.hash, checkpoint.at);
    if (!signature || signature->size() != crypto_sign_BYTES ||
        crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
                                    reinterpret_cast<const unsigned char*>(said.data()), said.size(),
                                    keys.open.data()) != 0) {
        return no_checkpoint("was changed after it was signed");
    }
    return checkpoint;
}

// ---- Judging

Verifier::Verifier(std::optional<Checkpoint> checkpoint, std::size_t most)
    : checkpoint_(std::move(checkpoint)), most_(most) {}

void Verifier::fault(Fault::What what, std::int64_t seq, std::string says) {
    if (verdict_.faults.size() < most_) verdict_.faults.push_back({what, seq, std::move(says)});
}

void Verifier::row(const Row& row) {
    ++verdict_.rows;
    if (row.seq != last_ + 1) {
        const std::int64_t first = last_ + 1, last = row.seq - 1;
        fault(Fault::What::missing, first,
              first == last ? name(first) + " is missing: it was removed"
                            : "rows " + std::to_string(first) + " to " + std::to_string(last) +
                                  " are missing: they were removed");
    }
    const bool own = hash_of(row) == row.hash;
    if (!own) {
        if (broken_.size() < most_) broken_.push_back(row);
    } else if (row.seq == last_ + 1 && row.previous != last_hash_ && !last_broken_) {
        // Its own hash is right, so it was written whole, but not after this one.
        fault(Fault::What::inserted, row.seq,
              name(row.seq) + " does not follow from " + (last_ == 0 ? "the beginning" : name(last_)) +
                  ": one of the two was replaced");
    }
    if (checkpoint_ && checkpoint_->seq == row.seq) {
        met_checkpoint_ = true;
        if (checkpoint_->hash != row.hash)
            fault(Fault::What::checkpoint, row.seq,
                  name(row.seq) + " is not the one the checkpoint of " + checkpoint_->at +
                      " saw: it or a row before it was rewritten");
    }
    last_broken_ = !own;
    last_ = row.seq;
    last_hash_ = row.hash;
}

Verdict Verifier::finish(const Head& head,
                         const std::function<std::optional<std::int64_t>(std::string_view hash)>& find) {
    for (const Row& row : broken_) {
        // Where it was written: one after the row that it says it follows.
        const auto before = row.previous == kNoHash ? std::optional<std::int64_t>(0) : find(row.previous);
        std::optional<std::int64_t> place;
        // A row that was moved keeps its hash, which is right for its old number alone.
        for (std::int64_t near = 1; near <= last_ && !place && last_ <= 100'000; ++near) {
            Row there = row;
            there.seq = near;
            if (near != row.seq && hash_of(there) == row.hash) place = near;
        }
        if (place) {
            fault(Fault::What::moved, row.seq,
                  name(row.seq) + " was moved: it was written as " + name(*place));
        } else {
            fault(Fault::What::changed, row.seq,
                  name(row.seq) + " was changed: its contents are not those it was written with" +
                      (before && *before == row.seq - 1 ? "" : ", nor is what it follows"));
        }
    }
    verdict_.head = head;
    if (head.seq > last_) {
        fault(Fault::What::cut_off, last_ + 1,
              last_ + 1 == head.seq ? name(head.seq) + ", the last, was cut off"
                                    : "rows " + std::to_string(last_ + 1) + " to " +
                                          std::to_string(head.seq) + " were cut off the end");
    } else if (head.seq < last_) {
        fault(Fault::What::head, last_,
              "the head ends at " + name(head.seq) + ", but the log goes on to " + name(last_));
    } else if (head.hash != last_hash_) {
        fault(Fault::What::head, last_, "the head is not the hash of " + name(last_) + ", the last");
    }
    if (checkpoint_ && !met_checkpoint_) {
        fault(Fault::What::checkpoint, checkpoint_->seq,
              name(checkpoint_->seq) + " was there at the checkpoint of " + checkpoint_->at + " and is gone");
    }
    return std::move(verdict_);
}

}  // namespace braid::audit
