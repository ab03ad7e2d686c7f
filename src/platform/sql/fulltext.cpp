#include "platform/sql/fulltext.h"

#include <algorithm>

namespace braid::sql {

namespace {

// Rows changed through this connection so far, in the index's own tables too.
const Query kChanges{"sql.count_changes", "SELECT total_changes()", "SELECT 0"};

void check(std::string_view term) {
    const bool plain = !term.empty() && std::ranges::all_of(term, [](char c) {
        return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    });
    if (!plain) throw Failure(FailureKind::statement, "a term of a full text query is not plain");
}

// FTS5: "light house"*   tsquery: 'light' <-> 'house':*
std::string phrase_for(Engine engine, const FulltextPhrase& phrase, bool prefix) {
    const bool sqlite = engine == Engine::sqlite;
    std::string out = sqlite ? "\"" : "(";
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        check(phrase[i]);
        if (i > 0) out += sqlite ? " " : " <-> ";
        out += sqlite ? phrase[i] : "'" + phrase[i] + "'";
    }
    if (sqlite) return out + (prefix ? "\"*" : "\"");
    return out + (prefix ? ":*)" : ")");
}

}  // namespace

std::string fulltext_expression(Engine engine, std::span<const FulltextGroup> groups) {
    const std::string_view either = engine == Engine::sqlite ? " OR " : " | ";
    const std::string_view both = engine == Engine::sqlite ? " AND " : " & ";
    std::string out;
    for (const FulltextGroup& group : groups) {
        if (!out.empty()) out += both;
        out += "(";
        for (std::size_t i = 0; i < group.any_of.size(); ++i) {
            if (i > 0) out += either;
            out += phrase_for(engine, group.any_of[i], group.prefix);
        }
        out += ")";
    }
    return out;
}

bool fulltext_join(Tx& tx, const Query& join, int pages, FulltextParts parts) {
    const auto before = tx.one<std::int64_t>(kChanges);
    tx.run(join, parts == FulltextParts::all ? -pages : pages);
    // FTS5's manual: fewer than two means that there was nothing to do.
    return tx.one<std::int64_t>(kChanges) - before >= 2;
}

}  // namespace braid::sql
