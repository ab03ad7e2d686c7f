#include "audit/service.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <boost/json.hpp>

#include "audit/store.h"

namespace braid::audit {

namespace {

constexpr int kBatch = 1000;

// Every row, in order, a snapshot per batch.
void each_row(sql::Database& database, const Progress& progress,
              const std::function<void(const Row&)>& body) {
    std::uint64_t done = 0;
    for (std::int64_t last = 0;;) {
        const auto [rows, head] = database.read([&](sql::Reader& reader) {
            return std::pair{store::after(reader, last, kBatch), store::head(reader)};
        });
        for (const Row& row : rows)
            body(row);
        done += rows.size();
        if (progress) progress(done, static_cast<std::uint64_t>(std::max<std::int64_t>(head.seq, 1)));
        if (rows.size() < kBatch) return;
        last = rows.back().seq;
    }
}

boost::json::object line_of(const Row& row) {
    return {{"seq", row.seq},
            {"at", to_rfc3339(row.at)},
            {"at_micros", row.at.micros},
            {"actor", row.actor.value},
            {"roles", row.roles},
            {"kind", std::string(sql::detail::enum_name(row.kind))},
            {"action", row.action},
            {"object_kind", row.object_kind},
            {"object", row.object},
            {"subject", row.subject.value},
            {"reason", row.reason},
            {"previous", row.previous},
            {"hash", row.hash}};
}

}  // namespace

Verdict verify(sql::Database& database, const std::optional<Checkpoint>& checkpoint,
               const Progress& progress) {
    Verifier verifier(checkpoint);
    std::int64_t last = 0;
    each_row(database, progress, [&](const Row& row) {
        verifier.row(row);
        last = row.seq;
    });
    // What was appended between the last batch and now, together with the head it belongs to.
    return database.read([&](sql::Reader& reader) {
        for (auto rows = store::after(reader, last, kBatch); !rows.empty();
             rows = store::after(reader, last, kBatch)) {
            for (const Row& row : rows)
                verifier.row(row);
            last = rows.back().seq;
        }
        return verifier.finish(store::head(reader),
                               [&](std::string_view hash) { return store::with_hash(reader, hash); });
    });
}

std::int64_t export_lines(sql::Database& database, const std::filesystem::path& file,
                          const Progress& progress) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    const auto check = [&] {
        if (!out) throw std::system_error(errno, std::generic_category(), file.string());
    };
    check();
    std::int64_t rows = 0;
    each_row(database, progress, [&](const Row& row) {
        out << boost::json::serialize(line_of(row)) << '\n';
        check();
        ++rows;
    });
    out.flush();
    check();
    return rows;
}

}  // namespace braid::audit
