#include "stewardship/moderation/kinds.h"

#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "platform/html/plain.h"
#include "platform/i18n/i18n.h"

namespace braid::moderation {

using feedback::CommentId;
using works::ChapterId;
using works::WorkId;

void Kinds::add(std::unique_ptr<Kind> kind) {
    if (find(kind->name()) != nullptr)
        throw std::logic_error("two kinds of report: " + std::string(kind->name()));
    kinds_.push_back(std::move(kind));
}

const Kind* Kinds::find(std::string_view name) const {
    for (const auto& kind : kinds_) {
        if (kind->name() == name) return kind.get();
    }
    return nullptr;
}

namespace {

std::string work_path(WorkId work) {
    return "/works/" + work.text();
}
std::string chapter_path(WorkId work, ChapterId chapter) {
    return work_path(work) + "/chapters/" + chapter.text();
}

class WorkKind final : public Kind {
  public:
    WorkKind(const works::Library& library, works::Oversight& oversight)
        : library_(library), oversight_(oversight) {}
    std::string_view name() const override { return "work"; }
    std::string_view label() const override { return _msg("moderation.kind.work"); }
    bool takes(Measure measure) const override { return is_about_object(measure); }

    Result<Object> seen(sql::Session& session, const Actor& actor, std::int64_t id) const override {
        const works::WorkCard card = TRY(library_.work(session, actor, WorkId{id}));
        return Object{.id = id,
                      .owner = card.author,
                      .title = card.title,
                      .words = card.summary_plain,
                      .href = work_path(card.id),
                      .rating = card.rating};
    }
    Result<Object> look(sql::Session& session, const Actor& by, std::int64_t id) const override {
        works::Looked looked = TRY(oversight_.look(session, by, WorkId{id}));
        return Object{.id = id,
                      .owner = looked.author,
                      .title = std::move(looked.title),
                      .words = std::move(looked.words),
                      .href = work_path(looked.work),
                      .hold = looked.hold,
                      .rating = looked.rating};
    }
    std::vector<works::ContactDetail> contact(sql::Session& session, const Actor& by,
                                              std::int64_t id) const override {
        return oversight_.contact(session, by, WorkId{id});
    }
    Passages passages(sql::Session& session, const Actor& by, std::int64_t id) const override {
        Passages passages;
        if (const auto looked = oversight_.look(session, by, WorkId{id}); looked.ok())
            passages.language = looked->language;
        for (works::WorkPassage& passage : oversight_.passages(session, by, WorkId{id}))
            passages.texts.push_back({std::move(passage.chapter), std::move(passage.text)});
        return passages;
    }
    Result<void> settle(sql::Tx& tx, const Actor& by, std::int64_t id, Hold hold,
                        std::optional<Rating> rating) const override {
        TRY(oversight_.hold(tx, by, WorkId{id}, hold));
        return oversight_.rate(tx, by, WorkId{id}, rating);
    }
    std::vector<std::int64_t> all_of(sql::Session& session, const Actor& by, PersonId owner,
                                     std::int64_t after, int limit) const override {
        std::vector<std::int64_t> ids;
        for (const WorkId id : oversight_.all_of(session, by, owner)) {
            if (id.value > after && static_cast<int>(ids.size()) < limit) ids.push_back(id.value);
        }
        return ids;
    }

  private:
    const works::Library& library_;
    works::Oversight& oversight_;
};

// Reported as a chapter, judged as its work: what is hidden, rated or removed is the work it stands in.
class ChapterKind final : public Kind {
  public:
    ChapterKind(const works::Library& library, works::Oversight& oversight)
        : library_(library), oversight_(oversight) {}
    std::string_view name() const override { return "chapter"; }
    std::string_view label() const override { return _msg("moderation.kind.chapter"); }
    bool takes(Measure measure) const override { return is_about_object(measure); }

    Result<Object> seen(sql::Session& session, const Actor& actor, std::int64_t id) const override {
        const works::ChapterFacts facts = TRY(library_.chapter_facts(session, actor, ChapterId{id}));
        const works::ChapterView view = TRY(library_.chapter(session, actor, facts.work, ChapterId{id}));
        return Object{.id = id,
                      .owner = facts.author,
                      .title = view.work_title + " · " + view.chapter_title,
                      .href = chapter_path(facts.work, facts.chapter),
                      .rating = facts.rating};
    }
    Result<Object> look(sql::Session& session, const Actor& by, std::int64_t id) const override {
        works::Looked looked = TRY(oversight_.look(session, by, ChapterId{id}));
        return Object{.id = id,
                      .owner = looked.author,
                      .title = looked.title + " · " + looked.chapter_title,
                      .words = std::move(looked.words),
                      .href = chapter_path(looked.work, ChapterId{id}),
                      .hold = looked.hold,
                      .rating = looked.rating,
                      .judged_kind = "work",
                      .judged_id = looked.work.value};
    }
    Result<void> settle(sql::Tx&, const Actor&, std::int64_t, Hold, std::optional<Rating>) const override {
        return success();  // its work is what decisions fall on
    }
    // They come with their works.
    std::vector<std::int64_t> all_of(sql::Session&, const Actor&, PersonId, std::int64_t,
                                     int) const override {
        return {};
    }

  private:
    const works::Library& library_;
    works::Oversight& oversight_;
};

class CommentKind final : public Kind {
  public:
    CommentKind(const works::Library& library, feedback::Oversight& oversight)
        : library_(library), oversight_(oversight) {}
    std::string_view name() const override { return "comment"; }
    std::string_view label() const override { return _msg("moderation.kind.comment"); }
    bool takes(Measure measure) const override {
        return measure == Measure::hide || measure == Measure::remove;
    }

    Result<Object> seen(sql::Session& session, const Actor& actor, std::int64_t id) const override {
        feedback::LookedComment comment = TRY(oversight_.seen(session, actor, CommentId{id}));
        const works::WorkCard work = TRY(library_.work(session, actor, comment.work));
        return Object{.id = id,
                      .owner = comment.author,
                      .title = work.title,
                      .words = std::move(comment.text),
                      .href = chapter_path(comment.work, comment.chapter) +
                              "/comments?thread=" + comment.thread.text() + "#c-" + CommentId{id}.text()};
    }
    Result<Object> look(sql::Session& session, const Actor& by, std::int64_t id) const override {
        feedback::LookedComment looked = TRY(oversight_.look(session, by, CommentId{id}));
        return Object{.id = id,
                      .owner = looked.author,
                      .title = looked.quote,
                      .words = std::move(looked.text),
                      .href = chapter_path(looked.work, looked.chapter) +
                              "/comments?thread=" + looked.thread.text() + "#c-" + CommentId{id}.text(),
                      .hold = looked.hold};
    }
    std::vector<works::ContactDetail> contact(sql::Session& session, const Actor& by,
                                              std::int64_t id) const override {
        std::vector<works::ContactDetail> found;
        const auto looked = oversight_.look(session, by, CommentId{id});
        if (!looked.ok()) return found;
        for (contact::Detail& detail : contact::details(looked->text))
            found.push_back({"", std::move(detail)});
        return found;
    }
    Passages passages(sql::Session& session, const Actor& by, std::int64_t id) const override {
        const auto looked = oversight_.look(session, by, CommentId{id});
        if (!looked.ok() || looked->deleted || looked->hold != Hold::none) return {};
        // On a work that is its author's alone nobody else reads it.
        const auto work = library_.work(session, by, looked->work);
        if (!work.ok()) return {};
        return {work->language, {{"", looked->text}}};
    }
    Result<void> settle(sql::Tx& tx, const Actor& by, std::int64_t id, Hold hold,
                        std::optional<Rating>) const override {
        return oversight_.hold(tx, by, CommentId{id}, hold);
    }
    std::vector<std::int64_t> all_of(sql::Session& session, const Actor& by, PersonId owner,
                                     std::int64_t after, int limit) const override {
        std::vector<std::int64_t> ids;
        for (const CommentId id : oversight_.all_of(session, by, owner, CommentId{after}, limit))
            ids.push_back(id.value);
        return ids;
    }

  private:
    const works::Library& library_;
    feedback::Oversight& oversight_;
};

// What is decided about a profile is settled with its person: see Service::settle_person.
class ProfileKind final : public Kind {
  public:
    explicit ProfileKind(const accounts::Accounts& accounts) : accounts_(accounts) {}
    std::string_view name() const override { return kProfile; }
    std::string_view label() const override { return _msg("moderation.kind.profile"); }
    bool takes(Measure measure) const override { return measure == Measure::hide; }

    Result<Object> seen(sql::Session& session, const Actor& actor, std::int64_t id) const override {
        const auto card = accounts_.card(session, PersonId{id});
        if (!card) return not_found("no such person");
        TRY(access::permit<accounts::SeeProfile>(actor, {card->id, card->listed}));
        // Whom she blocked or muted herself she may still report.
        if (blocks::shut_out(session, actor, card->id)) return not_found("blocked the reporter");
        return object(*card);
    }
    Result<Object> look(sql::Session& session, const Actor&, std::int64_t id) const override {
        const auto card = accounts_.card(session, PersonId{id});
        if (!card) return not_found("no such person");
        Object found = object(*card);
        if (const auto standing = accounts_.restrictions(session, card->id)) {
            found.hold = standing->face == accounts::Face::shown    ? Hold::none
                         : standing->face == accounts::Face::hidden ? Hold::hidden
                                                                    : Hold::removed;
        }
        return found;
    }
    Result<void> settle(sql::Tx&, const Actor&, std::int64_t, Hold, std::optional<Rating>) const override {
        return success();
    }
    std::vector<std::int64_t> all_of(sql::Session&, const Actor&, PersonId, std::int64_t,
                                     int) const override {
        return {};
    }

    Passages passages(sql::Session& session, const Actor& by, std::int64_t id) const override {
        const auto looked = look(session, by, id);
        const auto whom = accounts_.contact(session, PersonId{id});
        if (!looked.ok() || looked->hold != Hold::none || !whom) return {};
        return {std::string(i18n::tag(whom->language)), {{"", whom->display_name + "\n\n" + looked->words}}};
    }

  private:
    static Object object(const accounts::PersonCard& card) {
        return {.id = card.id.value,
                .owner = card.id,
                .title = card.display_name + " (@" + card.handle + ")",
                .words = html::plain_of(card.bio_html),
                .href = "/people/" + card.handle};
    }
    const accounts::Accounts& accounts_;
};

}  // namespace

void add_work_kinds(Kinds& kinds, const works::Library& library, works::Oversight& works) {
    kinds.add(std::make_unique<WorkKind>(library, works));
    kinds.add(std::make_unique<ChapterKind>(library, works));
}

void add_comment_kind(Kinds& kinds, const works::Library& library, feedback::Oversight& comments) {
    kinds.add(std::make_unique<CommentKind>(library, comments));
}

void add_profile_kind(Kinds& kinds, const accounts::Accounts& accounts) {
    kinds.add(std::make_unique<ProfileKind>(accounts));
}

}  // namespace braid::moderation
