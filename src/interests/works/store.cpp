#include "interests/works/store.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace braid::works::store {
namespace {

#define LISTED BRAID_WORKS_LISTED
// What is held by moderators has audience 0: its author alone sees it, and what is removed not even she.
#define HERS(person) "(w.author = " person " AND w.hold <> 'removed')"
#define SEEN(person, audience, rating) "(" HERS(person) " OR (" LISTED(audience, rating, person) "))"

// As others see it: what she chose, or the narrower that her guardians keep.
#define SHOWN                                                                              \
    "CASE WHEN w.reach = 0 THEN 'me' WHEN w.reach = 1 AND w.visibility = 'everyone' THEN " \
    "'signed_in' ELSE w.visibility END"

#define CARD                                                                                   \
    "w.id, w.author, w.byline, w.title, w.summary_plain, w.language, w.cover, w.cover_small, " \
    "w.cover_version, w.rating, " SHOWN ", w.status, w.chapters, w.words, w.updated_at, w.tags"
#define CHAPTER                                                                                         \
    "c.id, c.work, c.place, c.number, c.title, c.words, c.revision, c.version, c.drafted, c.next_key, " \
    "c.created_at, "                                                                                    \
    "c.touched_at, c.published_at, c.revised_at"

const sql::Query kWork{"works.find_work",
                       "SELECT id, author, byline, title, language, rating, visibility, status, comments, "
                       "licence, warnings_said, warnings, "
                       "warnings_other, audience, chapters, cover, cover_small, cover_version, created_at, "
                       "updated_at, touched_at, published_at, "
                       "tags, summary_html, summary, hold, staff_rating, reach, CASE WHEN " BRAID_NOT_APART(
                           "$2", "works.author") " THEN 0 ELSE 1 END FROM works WHERE id = $1"};
const sql::Query kChapter{"works.find_chapter",
                          "SELECT " CHAPTER " FROM chapters c WHERE c.id = $1 AND c.work = $2"};
const sql::Query kChapterAlone{"works.find_chapter_alone",
                               "SELECT " CHAPTER " FROM chapters c WHERE c.id = $1"};
const sql::Query kChapters{"works.list_chapters",
                           "SELECT " CHAPTER
                           " FROM chapters c WHERE c.work = $1 ORDER BY c.place, c.id LIMIT 2000"};
const sql::Query kDraft{
    "works.find_draft",
    "SELECT title, text, notes_before, notes_after, saved_at, words FROM drafts WHERE chapter = $1"};
const sql::Query kRevision{"works.find_revision",
                           "SELECT title, text, notes_before, notes_after, created_at, words FROM revisions "
                           "WHERE chapter = $1 AND revision = $2"};
const sql::Query kRevisions{
    "works.list_revisions",
    "SELECT revision, created_at, words, title FROM revisions WHERE chapter = $1 AND revision < $2 "
    "ORDER BY revision DESC LIMIT $3"};
const sql::Query kCopies{
    "works.list_copies",
    "SELECT editor, saved_at, title, text, notes_before, notes_after FROM draft_copies WHERE chapter = $1 "
    "ORDER BY saved_at DESC, editor LIMIT 100"};
const sql::Query kRendered{"works.find_rendered",
                           "SELECT sanitiser, paragraphs, notes_before_html, notes_after_html FROM "
                           "chapter_texts WHERE chapter = $1"};
const sql::Query kRetired{
    "works.list_retired",
    "SELECT paragraph, plain FROM retired_paragraphs WHERE chapter = $1 ORDER BY paragraph LIMIT 20000"};
const sql::Query kShelf{"works.list_shelf", "SELECT " CARD
                                            ", w.touched_at FROM works w WHERE w.author = $1 AND w.hold <> "
                                            "'removed' AND (w.touched_at, w.id) < ($2, $3) "
                                            "ORDER BY w.touched_at DESC, w.id DESC LIMIT $4"};
const sql::Query kWaiting{"works.list_waiting",
                          "SELECT c.work, c.id, c.place, c.number, d.title, d.words, d.saved_at FROM works w "
                          "JOIN chapters c ON c.work = w.id JOIN drafts d ON d.chapter = c.id "
                          "WHERE w.author = $1 AND w.hold <> 'removed' AND c.drafted = 1 ORDER BY d.saved_at "
                          "DESC, c.id DESC LIMIT $2"};
const sql::Query kOldTexts{
    "works.list_old_texts",
    "SELECT chapter FROM chapter_texts WHERE sanitiser < $1 ORDER BY sanitiser, chapter LIMIT $2"};
const sql::Query kOldSummaries{"works.list_old_summaries",
                               "SELECT id FROM works WHERE sanitiser < $1 ORDER BY sanitiser, id LIMIT $2"};
const sql::Query kImport{"works.find_import", "SELECT work, digest FROM imports WHERE source = $1"};

// Lists.
const sql::Query kNewest{"works.list_newest", "SELECT " CARD " FROM works w WHERE " LISTED("$1", "$2", "$6")
                                                  " AND (w.updated_at, w.id) < ($3, $4) "
                                                  "ORDER BY w.updated_at DESC, w.id DESC LIMIT $5"};
const sql::Query kNewestInLanguage{"works.list_newest_in_language",
                                   "SELECT " CARD " FROM works w WHERE " LISTED("$1", "$2", "$7")
                                       " AND (w.updated_at, w.id) < ($3, $4) AND w.language = $6 "
                                       "ORDER BY w.updated_at DESC, w.id DESC LIMIT $5"};
const sql::Query kOfAuthor{"works.list_of_author", "SELECT " CARD " FROM works w WHERE " LISTED("$1", "$2", "$8")
                                                       " AND (w.updated_at, w.id) < ($3, $4) AND w.author = $6 "
                                                       "AND (CAST($7 AS TEXT) = '' OR w.language = CAST($7 AS TEXT)) "
                                                       "ORDER BY w.updated_at DESC, w.id DESC LIMIT $5"};
const sql::Query kWithTag{
    "works.list_with_tag",
    "SELECT " CARD
    " FROM work_tags t JOIN works w ON w.id = t.work WHERE t.tag = $6 AND t.audience > 0 "
    "AND t.audience >= $1 AND t.rating <= $2 AND (t.updated_at, t.work) < ($3, $4) "
    "AND (CAST($7 AS TEXT) = '' OR w.language = CAST($7 AS TEXT)) "
    "AND (CAST($8 AS BIGINT) = 0 OR w.author = CAST($8 AS BIGINT)) AND " BRAID_NOT_APART("$9", "w.author") " "
    "ORDER BY t.updated_at DESC, t.work DESC LIMIT $5"};
const sql::Query kCard{"works.find_card",
                       "SELECT " CARD " FROM works w WHERE w.id = $1 AND " SEEN("$2", "$3", "$4")};
const sql::Query kCards{
    "works.list_cards",
    "SELECT " CARD
    " FROM works w WHERE w.id IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
    "$17, $18, $19, $20, $21, $22, $23) AND " SEEN("$1", "$2", "$3") " ORDER BY w.id LIMIT 20"};
const sql::Query kView{
    "works.find_view",
    "SELECT " CARD
    ", w.summary_html, w.warnings_said, w.warnings, w.warnings_other, w.licence, w.comments, "
    "w.created_at, w.published_at, (SELECT COUNT(*) FROM chapters c WHERE c.work = w.id AND c.number = 0), "
    "w.hold FROM works w WHERE w.id = $1 AND " SEEN("$2", "$3", "$4")};
const sql::Query kContents{
    "works.list_contents",
    "SELECT id, number, title, words, published_at FROM chapters WHERE work = $1 AND number > 0 "
    "ORDER BY number, id LIMIT 2000"};
// All of a chapter page but its words in one query: three rows by their primary key and the neighbours from
// an index.
const sql::Query kChapterHead{
    "works.find_chapter_head",
    "SELECT c.work, c.id, w.author, w.byline, w.title, c.title, w.language, w.rating, " SHOWN
    ", "
    "w.comments, w.licence, "
    "w.status, c.number, w.chapters, "
    "(SELECT p.id FROM chapters p WHERE p.work = c.work AND p.number = c.number - 1 AND c.number > 1 LIMIT "
    "1), "
    "(SELECT n.id FROM chapters n WHERE n.work = c.work AND n.number = c.number + 1 AND c.number > 0 LIMIT "
    "1), "
    "c.words, c.revision, c.published_at, c.revised_at, COALESCE(t.sanitiser, 0), w.tags "
    "FROM chapters c JOIN works w ON w.id = c.work LEFT JOIN chapter_texts t ON t.chapter = c.id "
    "WHERE c.id = $1 AND c.work = $2 AND (" HERS("$3") " OR (c.number > 0 AND " LISTED("$4", "$5",
                                                                                       "$3") "))"};
const sql::Query kChapterFacts{"works.find_chapter_facts",
                               "SELECT c.work, c.id, w.author, " SHOWN
                               ", w.rating, w.comments, c.number FROM chapters c "
                               "JOIN works w ON w.id = c.work WHERE c.id = $1 "
                               "AND (" HERS("$2") " OR (c.number > 0 AND " LISTED("$3", "$4", "$2") "))"};
// Writing: works.
const sql::Query kInsertWork{
    "works.insert_work",
    "INSERT INTO works (id, author, byline, title, language, rating, visibility, status, comments, licence, "
    "warnings_said, "
    "warnings, warnings_other, audience, chapters, words, cover, cover_small, cover_version, created_at, "
    "updated_at, "
    "touched_at, published_at, tags, summary_plain, sanitiser, summary_html, summary, reach) VALUES ($1, $2, "
    "$3, "
    "$4, $5, $6, $7, $8, "
    "$9, $10, $11, $12, $13, 0, 0, 0, '', '', 1, $14, $14, $14, 0, $15, $16, $17, $18, $19, $20)"};
// A generated cover shows title and author, so their change makes a new one.
const sql::Query kUpdateWork{"works.update_work",
                             "UPDATE works SET cover_version = cover_version + CASE WHEN title = $2 AND "
                             "byline = $3 THEN 0 ELSE 1 END, title = $2, "
                             "byline = $3, language = $4, rating = $5, visibility = $6, status = $7, "
                             "comments = $8, licence = $9, warnings_said = $10, "
                             "warnings = $11, warnings_other = $12, touched_at = $13, tags = $14, "
                             "summary_plain = $15, sanitiser = $16, "
                             "summary_html = $17, summary = $18 WHERE id = $1"};
const sql::Query kSetCover{
    "works.set_cover",
    "UPDATE works SET cover = $2, cover_small = $3, cover_version = cover_version + 1, touched_at = $4 "
    "WHERE id = $1"};
const sql::Query kSetHold{"works.set_hold", "UPDATE works SET hold = $2 WHERE id = $1"};
const sql::Query kRate{"works.rate",
                       "UPDATE works SET own_rating = CASE WHEN staff_rating < 0 THEN rating ELSE own_rating "
                       "END, rating = $2, staff_rating = $2 WHERE id = $1"};
// Hers again, unless she has chosen another meanwhile.
const sql::Query kUnrate{"works.unrate",
                         "UPDATE works SET rating = CASE WHEN rating = staff_rating AND own_rating >= 0 THEN "
                         "own_rating ELSE rating END, staff_rating = -1, own_rating = -1 WHERE id = $1 AND "
                         "staff_rating >= 0"};
const sql::Query kAllOf{"works.list_all_of", "SELECT id FROM works WHERE author = $1 ORDER BY id LIMIT 5000"};
const sql::Query kTouch{"works.touch", "UPDATE works SET touched_at = $2 WHERE id = $1"};
const sql::Query kDeleteTexts{
    "works.delete_texts",
    "DELETE FROM chapter_texts WHERE chapter IN (SELECT id FROM chapters WHERE work = $1)"};
const sql::Query kDeleteRevisions{
    "works.delete_revisions",
    "DELETE FROM revisions WHERE chapter IN (SELECT id FROM chapters WHERE work = $1)"};
const sql::Query kDeleteDrafts{
    "works.delete_drafts", "DELETE FROM drafts WHERE chapter IN (SELECT id FROM chapters WHERE work = $1)"};
const sql::Query kDeleteCopies{
    "works.delete_copies",
    "DELETE FROM draft_copies WHERE chapter IN (SELECT id FROM chapters WHERE work = $1)"};
const sql::Query kDeleteRetired{
    "works.delete_retired",
    "DELETE FROM retired_paragraphs WHERE chapter IN (SELECT id FROM chapters WHERE work = $1)"};
const sql::Query kDeleteChapters{"works.delete_chapters", "DELETE FROM chapters WHERE work = $1"};
const sql::Query kDeleteImports{"works.delete_imports", "DELETE FROM imports WHERE work = $1"};
const sql::Query kDeleteWork{"works.delete_work", "DELETE FROM works WHERE id = $1"};

// Writing: what is derived.
const sql::Query kPublishedSums{
    "works.sum_published",
    "SELECT COUNT(*), CAST(COALESCE(SUM(words), 0) AS BIGINT) FROM chapters WHERE work = $1 AND number > 0"};
const sql::Query kSetDerived{"works.set_derived",
                             "UPDATE works SET audience = $2, chapters = $3, words = $4 WHERE id = $1"};
const sql::Query kWorkTags{
    "works.list_work_tags",
    "SELECT tag, label, audience, rating, updated_at FROM work_tags WHERE work = $1 ORDER BY tag LIMIT 100"};
const sql::Query kPutWorkTag{
    "works.put_work_tag",
    "INSERT INTO work_tags (work, tag, label, audience, rating, updated_at) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (work, tag) DO UPDATE SET label = EXCLUDED.label, audience = EXCLUDED.audience, "
    "rating = EXCLUDED.rating, updated_at = EXCLUDED.updated_at"};
const sql::Query kDeleteWorkTag{"works.delete_work_tag",
                                "DELETE FROM work_tags WHERE work = $1 AND tag = $2"};
const sql::Query kCountTag{"works.count_tag",
                           "INSERT INTO tag_counts (circle, tag, label, works) VALUES ($1, $2, $3, 1) "
                           "ON CONFLICT (circle, tag) DO UPDATE SET works = tag_counts.works + 1"};
const sql::Query kUncountTag{
    "works.uncount_tag",
    "UPDATE tag_counts SET works = works - 1 WHERE circle = $1 AND tag = $2 AND works > 1"};
const sql::Query kDropTagCount{"works.drop_tag_count",
                               "DELETE FROM tag_counts WHERE circle = $1 AND tag = $2"};
const sql::Query kSetNumber{"works.set_number", "UPDATE chapters SET number = $2 WHERE id = $1"};

// Writing: chapters.
const sql::Query kLastPlace{"works.last_place",
                            "SELECT CAST(COALESCE(MAX(place), 0) AS BIGINT) FROM chapters WHERE work = $1"};
const sql::Query kInsertChapter{
    "works.insert_chapter",
    "INSERT INTO chapters (id, work, place, number, title, words, revision, version, drafted, next_key, "
    "created_at, touched_at, "
    "published_at, revised_at) VALUES ($1, $2, $3, 0, '', 0, 0, 1, 0, 1, $4, $4, 0, 0)"};
const sql::Query kInsertPublished{
    "works.insert_published_chapter",
    "INSERT INTO chapters (id, work, place, number, title, words, revision, version, drafted, next_key, "
    "created_at, touched_at, "
    "published_at, revised_at) VALUES ($1, $2, $3, $3, $4, $5, 1, 1, 0, $6, $7, $7, $7, $7)"};
const sql::Query kSetPlace{"works.set_place", "UPDATE chapters SET place = $3 WHERE id = $1 AND work = $2"};
const sql::Query kDeleteTextOf{"works.delete_text_of", "DELETE FROM chapter_texts WHERE chapter = $1"};
const sql::Query kDeleteRevisionsOf{"works.delete_revisions_of", "DELETE FROM revisions WHERE chapter = $1"};
const sql::Query kDeleteDraftOf{"works.delete_draft_of", "DELETE FROM drafts WHERE chapter = $1"};
const sql::Query kDeleteCopiesOf{"works.delete_copies_of", "DELETE FROM draft_copies WHERE chapter = $1"};
const sql::Query kDeleteRetiredOf{"works.delete_retired_of",
                                  "DELETE FROM retired_paragraphs WHERE chapter = $1"};
const sql::Query kDeleteChapter{"works.delete_chapter", "DELETE FROM chapters WHERE id = $1"};
const sql::Query kAdvance{
    "works.advance_chapter",
    "UPDATE chapters SET version = version + 1, touched_at = $3 WHERE id = $1 AND version = $2"};
const sql::Query kPutDraft{
    "works.put_draft",
    "INSERT INTO drafts (chapter, saved_at, words, title, notes_before, notes_after, text) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (chapter) DO UPDATE SET saved_at = EXCLUDED.saved_at, "
    "words = EXCLUDED.words, title = EXCLUDED.title, notes_before = EXCLUDED.notes_before, "
    "notes_after = EXCLUDED.notes_after, text = EXCLUDED.text"};
const sql::Query kMarkDrafted{"works.mark_drafted", "UPDATE chapters SET drafted = $2 WHERE id = $1"};
// The table of contents of the author names a chapter that was never published by its draft's title.
const sql::Query kShowDraft{"works.show_draft",
                            "UPDATE chapters SET title = $2, words = $3 WHERE id = $1 AND revision = 0"};
const sql::Query kPutCopy{
    "works.put_copy",
    "INSERT INTO draft_copies (chapter, editor, saved_at, title, notes_before, notes_after, text) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (chapter, editor) DO UPDATE SET "
    "saved_at = EXCLUDED.saved_at, title = EXCLUDED.title, notes_before = EXCLUDED.notes_before, "
    "notes_after = EXCLUDED.notes_after, text = EXCLUDED.text"};
const sql::Query kDropCopy{"works.drop_copy", "DELETE FROM draft_copies WHERE chapter = $1 AND editor = $2"};
const sql::Query kInsertRevision{
    "works.insert_revision",
    "INSERT INTO revisions (chapter, revision, created_at, words, title, notes_before, notes_after, text) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
const sql::Query kSetRevision{"works.set_revision",
                              "UPDATE chapters SET title = $2, words = $3, revision = $4, next_key = $5, "
                              "revised_at = $6 WHERE id = $1"};
const sql::Query kPutText{
    "works.put_text",
    "INSERT INTO chapter_texts (chapter, sanitiser, paragraphs, notes_before_html, notes_after_html) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (chapter) DO UPDATE SET sanitiser = EXCLUDED.sanitiser, "
    "paragraphs = EXCLUDED.paragraphs, notes_before_html = EXCLUDED.notes_before_html, "
    "notes_after_html = EXCLUDED.notes_after_html"};
const sql::Query kRetire{"works.retire_paragraph",
                         "INSERT INTO retired_paragraphs (chapter, paragraph, plain) VALUES ($1, $2, $3) "
                         "ON CONFLICT (chapter, paragraph) DO NOTHING"};
const sql::Query kRevive{"works.revive_paragraph",
                         "DELETE FROM retired_paragraphs WHERE chapter = $1 AND paragraph = $2"};
const sql::Query kMarkPublished{
    "works.mark_published",
    "UPDATE chapters SET number = CASE WHEN number = 0 THEN 1 ELSE number END, "
    "published_at = CASE WHEN published_at = 0 THEN $2 ELSE published_at END, touched_at = $2 WHERE id = $1"};
const sql::Query kPublishedNow{"works.published_now",
                               "UPDATE works SET updated_at = $2, published_at = CASE WHEN published_at = 0 "
                               "THEN $2 ELSE published_at END "
                               "WHERE id = $1"};
const sql::Query kMarkUnpublished{
    "works.mark_unpublished", "UPDATE chapters SET number = 0, drafted = 1, touched_at = $2 WHERE id = $1"};
const sql::Query kDraftFromRevision{"works.draft_from_revision",
                                    "INSERT INTO drafts (chapter, saved_at, words, title, notes_before, "
                                    "notes_after, text) SELECT chapter, CAST($3 AS BIGINT), words, "
                                    "title, notes_before, notes_after, text FROM revisions WHERE chapter = "
                                    "$1 AND revision = $2 ON CONFLICT (chapter) DO NOTHING"};
const sql::Query kSetKeys{"works.set_keys",
                          "UPDATE chapters SET next_key = $3 WHERE id = $1 AND version = $2"};
const sql::Query kSetSummaryHtml{
    "works.set_summary_html",
    "UPDATE works SET summary_plain = $3, sanitiser = $4, summary_html = $5 WHERE id = $1 AND summary = $2"};
const sql::Query kPutImport{
    "works.put_import",
    "INSERT INTO imports (source, work, digest, imported_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (source) DO UPDATE SET work = EXCLUDED.work, digest = EXCLUDED.digest, "
    "imported_at = EXCLUDED.imported_at"};

struct CardRow {
    WorkId id;
    PersonId author;
    std::string byline, title, summary_plain, language, cover, cover_small;
    std::int64_t cover_version;
    int rating;
    Visibility visibility;
    Status status;
    int chapters;
    std::int64_t words;
    Timestamp updated_at;
    std::string tags;
};
constexpr int kCardColumns = 16;

WorkCard card_of(CardRow row) {
    WorkCard card;
    const std::string base = "/covers/" + row.id.text();
    const std::string version = "?v=" + std::to_string(row.cover_version);
    card.cover_url = base + (row.cover.empty() ? ".svg" : ".webp") + version;
    card.cover_small_url = row.cover_small.empty() ? card.cover_url : base + "-small.webp" + version;
    card.id = row.id;
    card.author = row.author;
    card.byline = std::move(row.byline);
    card.title = std::move(row.title);
    card.summary_plain = std::move(row.summary_plain);
    card.language = std::move(row.language);
    card.rating = static_cast<Rating>(row.rating);
    card.visibility = row.visibility;
    card.status = row.status;
    card.chapters = row.chapters;
    card.words = row.words;
    card.updated_at = row.updated_at;
    card.tags = unpack_tags(row.tags);
    return card;
}

// 0 is nobody's id: a visitor is not the author of anything, and apart from nobody.
std::int64_t person_of(const Actor& actor) {
    return blocks::viewer_of(actor);
}
int ceiling_of(const Actor& actor) {
    return static_cast<int>(actor.rating_ceiling());
}

// After the chapters of a work changed: the numbers of its published ones.
void renumber(sql::Tx& tx, WorkId work) {
    int number = 0;
    for (const Chapter& chapter : chapters(tx, work)) {
        if (chapter.number == 0) continue;
        if (chapter.number != ++number) tx.run(kSetNumber, chapter.id, number);
    }
}

// Moves the counts of one tag from who saw it to who sees it.
void recount(sql::Tx& tx, std::string_view tag, std::string_view label, int audience_before,
             int rating_before, int audience_now, int rating_now) {
    for (const Circle circle : kCircles) {
        const bool before = shows(circle, audience_before, rating_before);
        const bool now = shows(circle, audience_now, rating_now);
        if (before == now) continue;
        const int number = static_cast<int>(circle);
        if (now) {
            tx.run(kCountTag, number, tag, label);
        } else if (tx.run(kUncountTag, number, tag) == 0) {
            tx.run(kDropTagCount, number, tag);
        }
    }
}

void put_rendered(sql::Tx& tx, ChapterId chapter, const Rendered& rendered, const Alignment& alignment) {
    tx.run(kPutText, chapter, rendered.sanitiser, rendered.paragraphs, rendered.notes_before_html,
           rendered.notes_after_html);
    for (const KeyedText& gone : alignment.retired)
        tx.run(kRetire, chapter, gone.key, gone.plain);
    for (const std::string& key : alignment.revived)
        tx.run(kRevive, chapter, key);
}

}  // namespace

// After anything that decides who may find a work changed: audience, sums, the rows of its tags and the
// counts.
void relist(sql::Tx& tx, WorkId id) {
    const auto row = work(tx, id);
    if (!row) return;
    const auto [published, words] = tx.one<std::tuple<int, std::int64_t>>(kPublishedSums, id);
    const int now = row->hold == Hold::none ? audience(row->visibility, published > 0, row->reach) : 0;
    tx.run(kSetDerived, id, now, published, words);

    struct TagRow {
        std::string tag, label;
        int audience, rating;
        Timestamp updated_at;
    };
    std::vector<Tag> tags = unpack_tags(row->tags);
    for (const TagRow& old : tx.all<TagRow>(kWorkTags, id)) {
        const auto still =
            std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.key == old.tag; });
        if (still == tags.end()) {
            tx.run(kDeleteWorkTag, id, old.tag);
            recount(tx, old.tag, old.label, old.audience, old.rating, 0, 0);
            continue;
        }
        if (old.label != still->label || old.audience != now || old.rating != row->rating ||
            old.updated_at != row->updated_at) {
            tx.run(kPutWorkTag, id, old.tag, still->label, now, row->rating, row->updated_at);
            recount(tx, old.tag, still->label, old.audience, old.rating, now, row->rating);
        }
        tags.erase(still);
    }
    for (const Tag& tag : tags) {
        tx.run(kPutWorkTag, id, tag.key, tag.label, now, row->rating, row->updated_at);
        recount(tx, tag.key, tag.label, 0, 0, now, row->rating);
    }
}

// ---- Reading

WorkDetails Work::details() const {
    WorkDetails details;
    details.title = title;
    details.summary = summary;
    details.language = language;
    details.tags = unpack_tags(tags);
    details.rating = static_cast<Rating>(rating);
    details.warnings = {warnings_said, static_cast<std::uint32_t>(warnings), warnings_other};
    details.licence = licence;
    details.visibility = visibility;
    details.status = status;
    details.comments = comments;
    return details;
}

std::optional<Work> work(sql::Session& session, const Actor& actor, WorkId id) {
    return session.maybe<Work>(kWork, id, person_of(actor));
}
std::optional<Work> work(sql::Session& session, WorkId id) {
    return work(session, Actor{}, id);
}

std::optional<Chapter> chapter(sql::Session& session, WorkId work, ChapterId id) {
    return session.maybe<Chapter>(kChapter, id, work);
}
std::optional<Chapter> chapter(sql::Session& session, ChapterId id) {
    return session.maybe<Chapter>(kChapterAlone, id);
}
std::vector<Chapter> chapters(sql::Session& session, WorkId work) {
    return session.all<Chapter>(kChapters, work);
}
std::optional<Text> draft(sql::Session& session, ChapterId chapter) {
    return session.maybe<Text>(kDraft, chapter);
}
std::optional<Text> revision(sql::Session& session, ChapterId chapter, int revision) {
    return session.maybe<Text>(kRevision, chapter, revision);
}
std::vector<RevisionLine> revisions(sql::Session& session, ChapterId chapter, int before, int limit) {
    return session.all<RevisionLine>(kRevisions, chapter, before, limit);
}
std::vector<Copy> copies(sql::Session& session, ChapterId chapter) {
    return session.all<Copy>(kCopies, chapter);
}
std::optional<Rendered> rendered(sql::Session& session, ChapterId chapter) {
    return session.maybe<Rendered>(kRendered, chapter);
}
std::vector<KeyedText> retired(sql::Session& session, ChapterId chapter) {
    return session.all<KeyedText>(kRetired, chapter);
}

std::vector<ShelfRow> shelf(sql::Session& session, PersonId author, const std::optional<Cursor>& after,
                            int limit) {
    const Cursor from = after.value_or(Cursor{std::numeric_limits<std::int64_t>::max(), 0});
    std::vector<ShelfRow> rows;
    session.each(
        kShelf,
        [&](const sql::Row& row) {
            rows.push_back(
                {card_of(sql::detail::read_row<CardRow>(row)), Timestamp{row.integer(kCardColumns)}});
        },
        author, from.micros, from.id, limit);
    return rows;
}

std::vector<WaitingRow> waiting(sql::Session& session, PersonId author, int limit) {
    return session.all<WaitingRow>(kWaiting, author, limit);
}
std::vector<ChapterId> texts_older_than(sql::Session& session, int sanitiser, int limit) {
    return session.all<ChapterId>(kOldTexts, sanitiser, limit);
}
std::vector<WorkId> summaries_older_than(sql::Session& session, int sanitiser, int limit) {
    return session.all<WorkId>(kOldSummaries, sanitiser, limit);
}
std::optional<Import> import_of(sql::Session& session, std::string_view source) {
    return session.maybe<Import>(kImport, source);
}

WorkPage list(sql::Session& session, const Actor& actor, const WorkQuery& query) {
    const int limit = std::clamp(query.limit, 1, 100);
    const int audience = least_audience(actor), ceiling = ceiling_of(actor);
    const Cursor from = query.after.value_or(Cursor{std::numeric_limits<std::int64_t>::max(), 0});
    const std::string_view language = query.language ? std::string_view(*query.language) : std::string_view();
    std::vector<CardRow> rows;
    if (query.tag) {
        rows = session.all<CardRow>(kWithTag, audience, ceiling, from.micros, from.id, limit + 1, *query.tag,
                                    language, query.author ? query.author->value : 0, person_of(actor));
    } else if (query.author) {
        rows = session.all<CardRow>(kOfAuthor, audience, ceiling, from.micros, from.id, limit + 1,
                                    *query.author, language, person_of(actor));
    } else if (query.language) {
        rows = session.all<CardRow>(kNewestInLanguage, audience, ceiling, from.micros, from.id, limit + 1,
                                    language, person_of(actor));
    } else {
        rows = session.all<CardRow>(kNewest, audience, ceiling, from.micros, from.id, limit + 1,
                                    person_of(actor));
    }
    WorkPage page;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        page.next = Cursor{rows.back().updated_at.micros, rows.back().id.value};
    }
    page.works.reserve(rows.size());
    for (CardRow& row : rows)
        page.works.push_back(card_of(std::move(row)));
    return page;
}

std::optional<WorkCard> card(sql::Session& session, const Actor& actor, WorkId id) {
    auto row = session.maybe<CardRow>(kCard, id, person_of(actor), least_audience(actor), ceiling_of(actor));
    if (!row) return std::nullopt;
    return card_of(std::move(*row));
}

std::optional<WorkView> view(sql::Session& session, const Actor& actor, WorkId id) {
    std::optional<WorkView> view;
    session.each(
        kView,
        [&](const sql::Row& row) {
            using sql::detail::read;
            view.emplace();
            view->card = card_of(sql::detail::read_row<CardRow>(row));
            int column = kCardColumns;
            view->summary_html = row.text(column++);
            view->warnings.said = read<WarningsSaid>(row, column++);
            view->warnings.set = static_cast<std::uint32_t>(row.integer(column++));
            view->warnings.other = row.text(column++);
            view->licence = read<Licence>(row, column++);
            view->comments = read<CommentsPolicy>(row, column++);
            view->created_at = read<Timestamp>(row, column++);
            view->published_at = read<Timestamp>(row, column++);
            view->drafts = actor.is(view->card.author) ? read<int>(row, column) : 0;
            view->hold = read<Hold>(row, column + 1);
        },
        id, person_of(actor), least_audience(actor), ceiling_of(actor));
    return view;
}

std::vector<WorkCard> cards(sql::Session& session, const Actor& actor, std::span<const WorkId> ids) {
    constexpr std::size_t kAtOnce = 20;
    std::unordered_map<WorkId, WorkCard> found;
    for (std::size_t begin = 0; begin < ids.size(); begin += kAtOnce) {
        std::vector<sql::Param> params{person_of(actor), std::int64_t{least_audience(actor)},
                                       std::int64_t{ceiling_of(actor)}};
        for (std::size_t i = begin; i < begin + kAtOnce; ++i)
            params.emplace_back(i < ids.size() ? ids[i].value : std::int64_t{0});
        session.execute(kCards, params, [&](const sql::Row& row) {
            auto card = card_of(sql::detail::read_row<CardRow>(row));
            const WorkId id = card.id;
            found.emplace(id, std::move(card));
        });
    }
    std::vector<WorkCard> cards;
    cards.reserve(found.size());
    for (const WorkId id : ids) {
        if (const auto card = found.find(id); card != found.end()) cards.push_back(card->second);
    }
    return cards;
}

std::vector<ChapterLine> contents(sql::Session& session, WorkId id) {
    return session.all<ChapterLine>(kContents, id);
}

std::optional<ChapterView> chapter_head(sql::Session& session, const Actor& actor, WorkId work,
                                        ChapterId id) {
    std::optional<ChapterView> view;
    session.each(
        kChapterHead,
        [&](const sql::Row& row) {
            using sql::detail::read;
            ChapterView& v = view.emplace();
            int column = 0;
            v.work = read<WorkId>(row, column++);
            v.chapter = read<ChapterId>(row, column++);
            v.author = read<PersonId>(row, column++);
            v.byline = row.text(column++);
            v.work_title = row.text(column++);
            v.chapter_title = row.text(column++);
            v.language = row.text(column++);
            v.rating = static_cast<Rating>(row.integer(column++));
            v.visibility = read<Visibility>(row, column++);
            v.comments = read<CommentsPolicy>(row, column++);
            v.licence = read<Licence>(row, column++);
            v.status = read<Status>(row, column++);
            v.number = read<int>(row, column++);
            v.chapters = read<int>(row, column++);
            v.previous = read<std::optional<ChapterId>>(row, column++);
            v.next = read<std::optional<ChapterId>>(row, column++);
            v.words = row.integer(column++);
            v.revision = read<int>(row, column++);
            v.published_at = read<Timestamp>(row, column++);
            v.revised_at = read<Timestamp>(row, column++);
            v.draft = v.number == 0;
            const std::int64_t sanitiser = row.integer(column++);
            if (!v.draft) v.stamp = {v.revision, sanitiser};
            v.tags = unpack_tags(row.text(column));
        },
        id, work, person_of(actor), least_audience(actor), ceiling_of(actor));
    return view;
}

ChapterText chapter_text(sql::Session& session, ChapterId id) {
    auto row = rendered(session, id);
    if (!row) return {};
    return {std::move(row->notes_before_html), std::move(row->notes_after_html), unpack(row->paragraphs)};
}

std::optional<ChapterFacts> chapter_facts(sql::Session& session, const Actor& actor, ChapterId id) {
    std::optional<ChapterFacts> facts;
    session.each(
        kChapterFacts,
        [&](const sql::Row& row) {
            using sql::detail::read;
            facts = ChapterFacts{read<WorkId>(row, 0),
                                 read<ChapterId>(row, 1),
                                 read<PersonId>(row, 2),
                                 read<Visibility>(row, 3),
                                 static_cast<Rating>(row.integer(4)),
                                 read<CommentsPolicy>(row, 5),
                                 row.integer(6) > 0};
        },
        id, person_of(actor), least_audience(actor), ceiling_of(actor));
    return facts;
}

// ---- Writing

void insert_work(sql::Tx& tx, const Permit<CreateWork>& permit, const NewWork& work) {
    const WorkDetails& d = work.details;
    tx.run(kInsertWork, work.id, *permit.actor().person, work.byline, d.title, d.language,
           static_cast<int>(d.rating), d.visibility, d.status, d.comments, d.licence, d.warnings.said,
           std::int64_t{d.warnings.set}, d.warnings.other, work.at, pack_tags(d.tags), work.summary.plain,
           work.summary.sanitiser, work.summary.html, d.summary, reach_of(permit.actor().denied.others()));
    relist(tx, work.id);
}

void update_work(sql::Tx& tx, const Permit<EditWork>&, WorkId id, std::string_view byline,
                 const WorkDetails& d, const Summary& summary, Timestamp at) {
    tx.run(kUpdateWork, id, d.title, byline, d.language, static_cast<int>(d.rating), d.visibility, d.status,
           d.comments, d.licence, d.warnings.said, std::int64_t{d.warnings.set}, d.warnings.other, at,
           pack_tags(d.tags), summary.plain, summary.sanitiser, summary.html, d.summary);
    relist(tx, id);
}

void set_hold(sql::Tx& tx, const HoldRight&, WorkId id, Hold hold) {
    tx.run(kSetHold, id, hold);
    relist(tx, id);
}

void rate(sql::Tx& tx, const Permit<ModerateWork>&, WorkId id, std::optional<Rating> rating) {
    if (rating) {
        tx.run(kRate, id, static_cast<int>(*rating));
    } else {
        tx.run(kUnrate, id);
    }
    relist(tx, id);
}

std::vector<WorkId> all_of(sql::Session& session, PersonId author) {
    return session.all<WorkId>(kAllOf, author);
}

void set_cover(sql::Tx& tx, const Permit<EditWork>&, WorkId id, std::string_view cover,
               std::string_view cover_small, Timestamp at) {
    tx.run(kSetCover, id, cover, cover_small, at);
}

void delete_work(sql::Tx& tx, const Permit<DeleteWork>&, WorkId id) {
    struct TagRow {
        std::string tag, label;
        int audience, rating;
        Timestamp updated_at;
    };
    for (const TagRow& tag : tx.all<TagRow>(kWorkTags, id)) {
        tx.run(kDeleteWorkTag, id, tag.tag);
        recount(tx, tag.tag, tag.label, tag.audience, tag.rating, 0, 0);
    }
    for (const sql::Query* query : {&kDeleteTexts, &kDeleteRevisions, &kDeleteDrafts, &kDeleteCopies,
                                    &kDeleteRetired, &kDeleteChapters, &kDeleteImports, &kDeleteWork}) {
        tx.run(*query, id);
    }
}

void insert_chapter(sql::Tx& tx, const Permit<EditWork>&, WorkId work, ChapterId id, Timestamp at) {
    const auto last = tx.one<std::int64_t>(kLastPlace, work);
    tx.run(kInsertChapter, id, work, last + 1, at);
    tx.run(kTouch, work, at);
}

void delete_chapter(sql::Tx& tx, const Permit<EditWork>&, WorkId work, ChapterId id, Timestamp at) {
    for (const sql::Query* query : {&kDeleteTextOf, &kDeleteRevisionsOf, &kDeleteDraftOf, &kDeleteCopiesOf,
                                    &kDeleteRetiredOf, &kDeleteChapter}) {
        tx.run(*query, id);
    }
    tx.run(kTouch, work, at);
    renumber(tx, work);
    relist(tx, work);
}

void reorder(sql::Tx& tx, const Permit<EditWork>&, WorkId work, std::span<const ChapterId> order,
             Timestamp at) {
    std::int64_t place = 0;
    for (const ChapterId id : order)
        tx.run(kSetPlace, id, work, ++place);
    tx.run(kTouch, work, at);
    renumber(tx, work);
}

bool advance(sql::Tx& tx, ChapterId chapter, std::int64_t version, Timestamp at) {
    return tx.run(kAdvance, chapter, version, at) == 1;
}

void put_draft(sql::Tx& tx, const Permit<EditChapter>&, const Chapter& chapter, const ChapterDraft& draft,
               std::int64_t words, Timestamp at) {
    tx.run(kPutDraft, chapter.id, at, words, draft.title, draft.notes_before, draft.notes_after, draft.text);
    tx.run(kMarkDrafted, chapter.id, 1);
    tx.run(kShowDraft, chapter.id, draft.title, words);
    tx.run(kTouch, chapter.work, at);
}

void drop_draft(sql::Tx& tx, const Permit<EditChapter>&, ChapterId chapter) {
    tx.run(kDeleteDraftOf, chapter);
    tx.run(kMarkDrafted, chapter, 0);
}

void put_copy(sql::Tx& tx, const Permit<EditChapter>&, ChapterId chapter, std::string_view editor,
              const ChapterDraft& draft, Timestamp at) {
    tx.run(kPutCopy, chapter, editor, at, draft.title, draft.notes_before, draft.notes_after, draft.text);
    const std::vector<Copy> kept = copies(tx, chapter);
    for (std::size_t i = kMaxCopies; i < kept.size(); ++i)
        tx.run(kDropCopy, chapter, kept[i].editor);
}

void drop_copy(sql::Tx& tx, const Permit<EditChapter>&, ChapterId chapter, std::string_view editor) {
    tx.run(kDropCopy, chapter, editor);
}

void put_revision(sql::Tx& tx, const Permit<PublishChapter>&, ChapterId chapter, const NewRevision& r) {
    tx.run(kInsertRevision, chapter, r.revision, r.at, r.words, r.draft.title, r.draft.notes_before,
           r.draft.notes_after, r.draft.text);
    tx.run(kSetRevision, chapter, r.draft.title, r.words, r.revision, r.alignment.next_key, r.at);
    put_rendered(tx, chapter, r.rendered, r.alignment);
}

void publish(sql::Tx& tx, const Permit<PublishChapter>&, const Chapter& chapter, Timestamp at) {
    tx.run(kMarkPublished, chapter.id, at);
    tx.run(kDeleteDraftOf, chapter.id);
    tx.run(kMarkDrafted, chapter.id, 0);
    if (chapter.published_at.micros == 0) tx.run(kPublishedNow, chapter.work, at);
    tx.run(kTouch, chapter.work, at);
    renumber(tx, chapter.work);
    relist(tx, chapter.work);
}

void unpublish(sql::Tx& tx, const Permit<UnpublishChapter>&, const Chapter& chapter, Timestamp at) {
    tx.run(kDraftFromRevision, chapter.id, chapter.revision, at);
    tx.run(kMarkUnpublished, chapter.id, at);
    tx.run(kTouch, chapter.work, at);
    renumber(tx, chapter.work);
    relist(tx, chapter.work);
}

void replace_rendered(sql::Tx& tx, const Chapter& chapter, const Rendered& rendered,
                      const Alignment& alignment) {
    if (tx.run(kSetKeys, chapter.id, chapter.version, alignment.next_key) == 1)
        put_rendered(tx, chapter.id, rendered, alignment);
}

void replace_summary(sql::Tx& tx, WorkId id, std::string_view of, const Summary& summary) {
    tx.run(kSetSummaryHtml, id, of, summary.plain, summary.sanitiser, summary.html);
}

void insert_published_chapter(sql::Tx& tx, const Permit<ImportWorks>&, WorkId work, ChapterId id, int number,
                              const NewRevision& r) {
    tx.run(kInsertPublished, id, work, number, r.draft.title, r.words, r.alignment.next_key, r.at);
    tx.run(kInsertRevision, id, r.revision, r.at, r.words, r.draft.title, r.draft.notes_before,
           r.draft.notes_after, r.draft.text);
    put_rendered(tx, id, r.rendered, r.alignment);
}

void published_all(sql::Tx& tx, const Permit<ImportWorks>&, WorkId work, Timestamp at) {
    tx.run(kPublishedNow, work, at);
    relist(tx, work);
}

void put_import(sql::Tx& tx, const Permit<ImportWorks>&, std::string_view source, WorkId work,
                std::string_view digest, Timestamp at) {
    tx.run(kPutImport, source, work, digest, at);
}

#undef LISTED
#undef SEEN
#undef CARD
#undef SHOWN
#undef CHAPTER

}  // namespace braid::works::store
