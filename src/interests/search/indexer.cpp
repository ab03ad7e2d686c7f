#include "interests/search/indexer.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.h"
#include "interests/search/query.h"
#include "interests/search/service.h"
#include "interests/search/terms.h"
#include "interests/search/weighing.h"

namespace braid::search {

namespace {

using Extent = Indexer::Extent;
using Words = std::set<std::string>;

constexpr int kPagesAtOnce = 250, kMostSteps = 10'000;  // a megabyte a transaction
constexpr std::size_t kShortestSuggested = 4;           // bytes; shorter words are not guessed at

// What is to be written of a work.
struct Change {
    std::vector<store::Document> put;
    std::vector<std::int64_t> gone;
    Words fresh;  // to be suggested from now on
    Words last;   // stood in no other work: no longer suggested unless they stand in this one still
    [[nodiscard]] bool none() const { return put.empty() && gone.empty(); }
};

std::string labels(std::string_view tags) {
    std::string text;
    for (const works::Tag& tag : works::unpack_tags(tags))
        text += (text.empty() ? "" : " ") + tag.label;
    return text;
}

void note_words(const std::vector<Token>& tokens, Words& words) {
    for (const Token& token : tokens) {
        std::string word = without_accents(token.word);
        if (word.size() >= kShortestSuggested) words.insert(std::move(word));
    }
}

// What `made` is found by: its words, `labels` besides, and what its work is like.
store::Document with_terms(store::Document made, const std::string& labels, const store::WorkRow& work,
                           Words& words) {
    const auto title = tokens_of(made.title);
    const auto body = tokens_of(made.body);
    const auto more = tokens_of(labels);
    Weighed weighed = weigh(title, body, more, work.language);
    made.work = work.id;
    made.language = work.language;
    made.tags = work.tags;
    made.facets = work.facets();
    made.length = weighed.length;
    made.weights = std::move(weighed.weights);
    made.title_terms = std::move(weighed.title_terms);
    made.body_terms = std::move(weighed.body_terms);
    made.marks = std::move(weighed.marks) + kind_mark(made.kind) + ' ' + language_mark(work.language) + ' ' +
                 status_mark(work.status) + ' ' + rating_mark(work.rating) + ' ' +
                 author_mark(work.author.value);
    for (const works::Tag& tag : works::unpack_tags(work.tags))
        made.marks += ' ' + tag_mark(tag.key);
    note_words(title, words);
    note_words(body, words);
    note_words(more, words);
    return made;
}

std::string body_of(const works::ChapterText& text) {
    std::string html;
    for (const auto& paragraph : text.paragraphs)
        html += paragraph.html;
    return plain_of(html);
}

std::string expression_of(sql::Session& session, const std::string& word) {
    return sql::fulltext_expression(session.engine(), groups_of({{.words = {word}}}));
}

// Compares what the index has with what the work says.
class Comparison {
  public:
    Comparison(sql::Session& session, works::WorkId id, Extent extent)
        : session_(session), id_(id), extent_(extent), rows_(store::rows(session, id)) {}

    Change run(const works::Library& library) {
        if (const auto work = store::work(session_, id_)) {
            add_work(*work);
            for (const auto& chapter : store::chapters(session_, id_))
                add_chapter(*work, chapter, library);
        }
        for (const store::Row& row : rows_) {
            if (!kept_.contains(row.id)) change_.gone.push_back(row.id);
        }
        compare_words();
        return std::move(change_);
    }

  private:
    const store::Row* row(std::int64_t id) const {
        const auto found = std::ranges::lower_bound(rows_, id, {}, &store::Row::id);
        return found == rows_.end() || found->id != id ? nullptr : &*found;
    }
    void add_work(const store::WorkRow& work) {
        kept_.insert(id_.value);
        const store::Row* had = row(id_.value);
        if (extent_ == Extent::changed && had != nullptr && had->title == work.title && like(*had, work) &&
            store::summary(session_, id_.value) == work.summary)
            return;
        change_.put.push_back(
            with_terms({.id = id_.value, .kind = kKinds[0], .title = work.title, .body = work.summary},
                       labels(work.tags), work, now_));
    }
    static bool like(const store::Row& row, const store::WorkRow& work) {
        return row.tags == work.tags && row.language == work.language && row.facets == work.facets();
    }
    void add_chapter(const store::WorkRow& work, const store::ChapterRow& chapter,
                     const works::Library& library) {
        kept_.insert(chapter.id.value);
        const store::Row* had = row(chapter.id.value);
        if (extent_ == Extent::changed && had != nullptr && had->revision == chapter.revision &&
            had->title == chapter.title && like(*had, work))
            return;
        change_.put.push_back(with_terms({.id = chapter.id.value,
                                          .kind = kKinds[1],
                                          .revision = chapter.revision,
                                          .title = chapter.title,
                                          .body = body_of(library.text(session_, chapter.id))},
                                         {}, work, now_));
    }
    void compare_words() {
        Words before;
        for (const std::int64_t id : change_.gone)
            note_words(tokens_of(store::text(session_, id)), before);
        for (const store::Document& document : change_.put)
            note_words(tokens_of(store::text(session_, document.id)), before);
        for (const std::string& word : now_) {
            if (!store::knows_word(session_, word)) change_.fresh.insert(word);
        }
        for (const std::string& word : before) {
            if (!now_.contains(word) && !store::stands(session_, expression_of(session_, word), id_))
                change_.last.insert(word);
        }
    }

    sql::Session& session_;
    works::WorkId id_;
    Extent extent_;
    std::vector<store::Row> rows_;
    std::set<std::int64_t> kept_;
    Words now_;
    Change change_;
};

void write(sql::Tx& tx, const Change& change) {
    for (const std::int64_t id : change.gone)
        store::remove(tx, id);
    for (const store::Document& document : change.put)
        store::put(tx, document);
    for (const std::string& word : change.fresh)
        store::add_word(tx, word);
    for (const std::string& word : change.last) {
        if (!store::stands(tx, expression_of(tx, word))) store::remove_word(tx, word);
    }
}

}  // namespace

Result<void> Indexer::index(works::WorkId id, Extent extent) {
    const Change change =
        database_.read([&](sql::Reader& reader) { return Comparison(reader, id, extent).run(library_); });
    if (change.none()) return success();
    return database_.write([&](sql::Tx& tx) -> Result<void> {
        write(tx, change);
        return success();
    });
}

int Indexer::catch_up(int limit) {
    const auto ids = database_.read([&](sql::Reader& reader) { return store::out_of_date(reader, limit); });
    for (const auto id : ids) {
        if (!index(id).ok()) break;
    }
    return static_cast<int>(ids.size());
}

void Indexer::join_parts(sql::FulltextParts parts) {
    bool more = true;
    for (int step = 0; more && step < kMostSteps; ++step) {
        const auto done = database_.write([&](sql::Tx& tx) -> Result<void> {
            more = store::join_parts(tx, kPagesAtOnce, parts);
            return success();
        });
        if (!done.ok()) return;
        parts = sql::FulltextParts::alike;
    }
}

void Indexer::rebuild(const std::function<void(std::int64_t, std::int64_t)>& told) {
    const auto total = database_.read([](sql::Reader& reader) { return store::count_works(reader); });
    std::int64_t done = 0;
    works::WorkId last{0};
    for (;;) {
        const auto ids =
            database_.read([&](sql::Reader& reader) { return store::works_after(reader, last, 100); });
        for (const works::WorkId id : ids) {
            const auto made = index(id, Extent::everything);
            if (!made.ok()) throw std::runtime_error("a work was not indexed: " + made.error().detail);
            told(++done, std::max(done, total));
        }
        if (ids.empty()) break;
        last = ids.back();
    }
    catch_up(1000);
    join_parts(sql::FulltextParts::all);
}

}  // namespace braid::search
