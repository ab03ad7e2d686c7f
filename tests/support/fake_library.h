// A library and people held in memory, for tests of modules that stand on works and accounts.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "identity/accounts/api.h"
#include "interests/works/api.h"

namespace braid::testing {

class FakePeople final : public accounts::People {
  public:
    void add(accounts::PersonCard card) { cards_.push_back(std::move(card)); }

    std::vector<accounts::PersonCard> cards(sql::Session&,
                                            std::span<const access::PersonId> ids) const override {
        std::vector<accounts::PersonCard> found;
        for (const auto& card : cards_) {
            if (std::ranges::find(ids, card.id) != ids.end()) found.push_back(card);
        }
        return found;
    }
    std::optional<accounts::PersonCard> card(sql::Session&, access::PersonId id) const override {
        const auto found = std::ranges::find(cards_, id, &accounts::PersonCard::id);
        return found == cards_.end() ? std::nullopt : std::optional(*found);
    }
    std::optional<accounts::PersonCard> by_handle(sql::Session&, std::string_view handle) const override {
        const auto found = std::ranges::find(cards_, handle, &accounts::PersonCard::handle);
        return found == cards_.end() ? std::nullopt : std::optional(*found);
    }
    std::optional<accounts::PersonCard> found_by(sql::Session& session, const access::Actor& actor,
                                                 std::string_view handle) const override {
        auto card = by_handle(session, handle);
        return card && blocks::apart(session, actor, card->id) ? std::nullopt : card;
    }

  private:
    std::vector<accounts::PersonCard> cards_;
};

// Follows the one rule of works/api.h; who is apart from whom it asks the database it is given. Filled before
// it is used from several threads.
class FakeLibrary final : public works::Library {
  public:
    struct Chapter {
        works::ChapterId id;
        std::string title;
        bool published = true;
        Timestamp published_at;
        std::int64_t words = 440;
        std::vector<works::Paragraph> paragraphs;
    };
    struct Work {
        works::WorkId id;
        access::PersonId author;
        std::string title = "The Lamp Room", language = "en";
        works::Visibility visibility = works::Visibility::everyone;
        access::Rating rating = access::Rating::everyone;
        works::CommentsPolicy comments = works::CommentsPolicy::open;
        works::Status status = works::Status::ongoing;
        Timestamp updated_at;
        std::vector<works::Tag> tags;
        std::vector<Chapter> chapters;
    };
    std::map<works::WorkId, Work> shelf;

    works::WorkPage list(sql::Session& session, const access::Actor& actor,
                         const works::WorkQuery& query) const override {
        std::vector<const Work*> found;
        for (const auto& [id, work] : shelf) {
            if (!listed(session, actor, work)) continue;
            if (query.author && *query.author != work.author) continue;
            if (query.language && *query.language != work.language) continue;
            if (query.tag && std::ranges::find(work.tags, *query.tag, &works::Tag::key) == work.tags.end())
                continue;
            if (query.after && std::pair(work.updated_at.micros, id.value) >=
                                   std::pair(query.after->micros, query.after->id))
                continue;
            found.push_back(&work);
        }
        std::ranges::sort(found, std::greater<>{},
                          [](const Work* w) { return std::pair(w->updated_at.micros, w->id.value); });
        works::WorkPage page;
        for (const Work* work : found) {
            if (static_cast<int>(page.works.size()) == query.limit) {
                page.next = works::Cursor{page.works.back().updated_at.micros, page.works.back().id.value};
                break;
            }
            page.works.push_back(card_of(*work));
        }
        return page;
    }
    Result<works::WorkCard> work(sql::Session& session, const access::Actor& actor,
                                 works::WorkId id) const override {
        const auto found = shelf.find(id);
        if (found == shelf.end() || !visible(session, actor, found->second)) return not_found();
        return card_of(found->second);
    }
    Result<works::WorkView> view(sql::Session& session, const access::Actor& actor,
                                 works::WorkId id) const override {
        works::WorkView view;
        view.card = TRY(work(session, actor, id));
        view.comments = shelf.at(id).comments;
        return view;
    }
    std::vector<works::WorkCard> works(sql::Session& session, const access::Actor& actor,
                                       std::span<const works::WorkId> ids) const override {
        std::vector<works::WorkCard> cards;
        for (const auto id : ids) {
            const auto found = shelf.find(id);
            if (found != shelf.end() && visible(session, actor, found->second))
                cards.push_back(card_of(found->second));
        }
        return cards;
    }
    std::vector<works::ChapterLine> contents(sql::Session&, works::WorkId id) const override {
        std::vector<works::ChapterLine> lines;
        for (const auto& chapter : shelf.at(id).chapters) {
            if (!chapter.published) continue;
            lines.push_back({chapter.id, static_cast<int>(lines.size()) + 1, chapter.title, chapter.words,
                             chapter.published_at});
        }
        return lines;
    }
    Result<works::ChapterView> chapter_head(sql::Session& session, const access::Actor& actor,
                                            works::WorkId work, works::ChapterId id) const override {
        works::ChapterView view = TRY(chapter(session, actor, work, id));
        if (!view.draft) view.text = {};
        return view;
    }
    works::ChapterText text(sql::Session&, works::ChapterId id) const override {
        for (const auto& [_, work] : shelf) {
            const auto chapter = std::ranges::find(work.chapters, id, &Chapter::id);
            if (chapter != work.chapters.end()) return {.paragraphs = chapter->paragraphs};
        }
        return {};
    }
    Result<works::ChapterView> chapter(sql::Session& session, const access::Actor& actor,
                                       works::WorkId work_id, works::ChapterId id) const override {
        const works::ChapterFacts facts = TRY(chapter_facts(session, actor, id));
        if (facts.work != work_id) return not_found();
        const Work& work = shelf.at(work_id);
        const Chapter& chapter = *std::ranges::find(work.chapters, id, &Chapter::id);
        works::ChapterView view;
        view.work = work_id;
        view.chapter = id;
        view.author = work.author;
        view.work_title = work.title;
        view.chapter_title = chapter.title;
        view.language = work.language;
        view.rating = work.rating;
        view.visibility = work.visibility;
        view.comments = work.comments;
        view.status = work.status;
        view.words = chapter.words;
        view.published_at = view.revised_at = chapter.published_at;
        view.draft = !chapter.published;
        view.text.paragraphs = chapter.paragraphs;
        const auto lines = contents(session, work_id);
        view.chapters = static_cast<int>(lines.size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].id != id) continue;
            view.number = lines[i].number;
            if (i > 0) view.previous = lines[i - 1].id;
            if (i + 1 < lines.size()) view.next = lines[i + 1].id;
        }
        return view;
    }
    Result<works::ChapterFacts> chapter_facts(sql::Session& session, const access::Actor& actor,
                                              works::ChapterId id) const override {
        for (const auto& [work_id, work] : shelf) {
            const auto found = std::ranges::find(work.chapters, id, &Chapter::id);
            if (found == work.chapters.end()) continue;
            if (!visible(session, actor, work) || (!found->published && !actor.is(work.author)))
                return not_found();
            return works::ChapterFacts{
                work_id, id, work.author, work.visibility, work.rating, work.comments, found->published};
        }
        return not_found();
    }
    std::optional<std::string> paragraph_text(sql::Session&, works::ChapterId id,
                                              std::string_view key) const override {
        for (const auto& [work_id, work] : shelf) {
            for (const auto& chapter : work.chapters) {
                if (chapter.id != id) continue;
                const auto found = std::ranges::find(chapter.paragraphs, key, &works::Paragraph::key);
                if (found == chapter.paragraphs.end()) return std::nullopt;
                std::string plain;
                bool inside = false;
                for (const char c : found->html) {
                    if (c == '<') inside = true;
                    if (!inside) plain += c;
                    if (c == '>') inside = false;
                }
                return plain;
            }
        }
        return std::nullopt;
    }
    std::vector<works::OpenDraft> open_drafts(sql::Session&, const access::Actor& actor,
                                              int limit) const override {
        std::vector<works::OpenDraft> drafts;
        for (const auto& [id, work] : shelf) {
            if (!actor.is(work.author)) continue;
            int place = 0;
            for (const auto& chapter : work.chapters) {
                ++place;
                if (chapter.published || static_cast<int>(drafts.size()) == limit) continue;
                drafts.push_back(
                    {id, chapter.id, work.title, chapter.title, place, false, chapter.words, {}});
            }
        }
        return drafts;
    }
    std::vector<TagCount> popular_tags(sql::Session& session, const access::Actor& actor,
                                       int limit) const override {
        std::map<std::string, TagCount> counts;
        for (const auto& [id, work] : shelf) {
            if (!listed(session, actor, work)) continue;
            for (const auto& tag : work.tags) {
                auto& count = counts[tag.key];
                count.key = tag.key;
                count.label = tag.label;
                ++count.works;
            }
        }
        std::vector<TagCount> tags;
        for (auto& [key, count] : counts)
            tags.push_back(std::move(count));
        std::ranges::stable_sort(tags, std::greater<>{}, &TagCount::works);
        if (static_cast<int>(tags.size()) > limit) tags.resize(static_cast<std::size_t>(limit));
        return tags;
    }
    std::optional<TagCount> tag(sql::Session& session, const access::Actor& actor,
                                std::string_view key) const override {
        for (auto& tag : popular_tags(session, actor, 1'000'000)) {
            if (tag.key == key) return tag;
        }
        return std::nullopt;
    }

    static bool listed(sql::Session& session, const access::Actor& actor, const Work& work) {
        const bool published = std::ranges::any_of(work.chapters, &Chapter::published);
        const bool included = work.visibility == works::Visibility::everyone ||
                              (work.visibility == works::Visibility::signed_in && actor.signed_in());
        return published && included && work.rating <= actor.rating_ceiling() &&
               !blocks::apart(session, actor, work.author);
    }
    static bool visible(sql::Session& session, const access::Actor& actor, const Work& work) {
        return actor.is(work.author) || listed(session, actor, work);
    }

  private:
    static works::WorkCard card_of(const Work& work) {
        works::WorkCard card;
        card.id = work.id;
        card.author = work.author;
        card.title = work.title;
        card.language = work.language;
        card.cover_url = card.cover_small_url = "/covers/" + work.id.text() + ".svg";
        card.rating = work.rating;
        card.visibility = work.visibility;
        card.status = work.status;
        card.chapters = static_cast<int>(std::ranges::count_if(work.chapters, &Chapter::published));
        for (const auto& chapter : work.chapters)
            card.words += chapter.published ? chapter.words : 0;
        card.updated_at = work.updated_at;
        card.tags = work.tags;
        return card;
    }
};

}  // namespace braid::testing
