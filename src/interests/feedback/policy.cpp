#include "interests/feedback/policy.h"

#include "platform/i18n/i18n.h"

namespace braid::feedback {

using works::CommentsPolicy;

bool may_see(const Actor& actor, const CommentFacts& facts) {
    if (!facts.chapter_visible || facts.apart) return false;
    if (facts.comments == CommentsPolicy::closed && !actor.is(facts.work_author)) return false;
    // Held by moderators: for who wrote it alone, and what is removed not even for her.
    if (facts.hold == works::Hold::removed) return false;
    if (facts.hold != works::Hold::none && !actor.is(facts.author)) return false;
    if (facts.withheld && !actor.is(facts.author)) return false;
    switch (facts.state) {
        case State::visible:
            return true;
        case State::hidden:
            return actor.is(facts.author) || actor.is(facts.work_author);
        case State::deleted:
            return false;
    }
    return false;
}

Decision decide(const ViewComments&, const Actor& actor, const works::ChapterFacts& facts) {
    if (!facts.published && !actor.is(facts.author)) return Decision::hide("the chapter is not published");
    if (facts.comments == CommentsPolicy::closed && !actor.is(facts.author))
        return Decision::hide("comments are closed");
    return Decision::allow();
}

Decision decide(const PostComment&, const Actor& actor, const works::ChapterFacts& facts) {
    if (!facts.published) {
        return actor.is(facts.author) ? Decision::refuse(_msg("feedback.not_on_drafts"))
                                      : Decision::hide("the chapter is not published");
    }
    switch (facts.comments) {
        case CommentsPolicy::open:
            if (!actor.may(access::Choice::comment))
                return Decision::refuse(_msg("feedback.guardian_keeps_comments"), "kept by a guardian");
            return Decision::allow();
        case CommentsPolicy::frozen:
            return Decision::refuse(_msg("feedback.frozen"));
        case CommentsPolicy::closed:
            return Decision::refuse(_msg("feedback.closed"));
    }
    return Decision::hide("unknown comments policy");
}

Decision decide(const EditComment&, const Actor& actor, const CommentFacts& facts) {
    if (!may_see(actor, facts)) return Decision::hide("the comment is not visible to the actor");
    if (!actor.is(facts.author)) return Decision::hide("somebody else's comment");
    if (!actor.may(access::Choice::comment))
        return Decision::refuse(_msg("feedback.guardian_keeps_comments"), "kept by a guardian");
    // Two people alone see a hidden comment: what changed there would be said where nobody else hears.
    if (facts.state == State::hidden) return Decision::refuse(_msg("feedback.hidden_stays"), "hidden");
    if (facts.now - facts.created_at > kEditTime) return Decision::refuse(_msg("feedback.too_late_to_edit"));
    return Decision::allow();
}

Decision decide(const DeleteComment&, const Actor& actor, const CommentFacts& facts) {
    if (!actor.is(facts.author)) return Decision::hide("somebody else's comment");
    if (facts.state == State::deleted) return Decision::hide("deleted already");
    return Decision::allow();
}

Decision decide(const HideComment&, const Actor& actor, const CommentFacts& facts) {
    if (!actor.is(facts.work_author)) return Decision::hide("on somebody else's work");
    if (facts.apart) return Decision::hide("apart from who wrote it");
    if (facts.state == State::deleted) return Decision::hide("deleted");
    if (facts.hold != works::Hold::none) return Decision::hide("held by moderators");
    if (facts.withheld) return Decision::hide("withheld by its author's guardians");
    return Decision::allow();
}

Decision decide(const GiveKudos&, const Actor& actor, const WorkFacts& facts) {
    if (actor.is(facts.author)) return Decision::refuse(_msg("feedback.no_kudos_for_oneself"));
    return Decision::allow();
}

Decision decide(const KeepBookmark&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const ListBookmarks&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const ModerateComment&, const Actor& actor, const std::monostate&) {
    return actor.staff() ? Decision::allow() : Decision::hide("staff only");
}

namespace {

constexpr PersonId kSomebody{990'000'001}, kSomebodyElse{990'000'002};
constexpr Timestamp kNow{std::int64_t{1} << 50};

PersonId self(const Actor& actor) {
    return actor.person.value_or(kSomebody);
}

works::ChapterFacts chapter(PersonId author, CommentsPolicy comments, bool published = true) {
    works::ChapterFacts facts;
    facts.author = author;
    facts.visibility = works::Visibility::everyone;
    facts.comments = comments;
    facts.published = published;
    return facts;
}

CommentFacts comment(PersonId author, PersonId work_author, State state = State::visible) {
    return {.author = author, .work_author = work_author, .state = state, .created_at = kNow, .now = kNow};
}

}  // namespace

void add_policies(access::PolicyBook& book) {
    book.add<ViewComments>({
        {"on a work that is open to comments",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::open); }},
        {"on a work whose comments are frozen",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::frozen); }},
        {"on a work whose comments are closed",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::closed); }},
        {"on her own work, closed",
         [](const Actor& actor) { return chapter(self(actor), CommentsPolicy::closed); }},
        {"on somebody else's draft",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::open, false); }},
    });
    book.add<PostComment>({
        {"on a work that is open to comments",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::open); }},
        {"on a work whose comments are frozen",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::frozen); }},
        {"on a work whose comments are closed",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::closed); }},
        {"on her own draft",
         [](const Actor& actor) { return chapter(self(actor), CommentsPolicy::open, false); }},
        {"on somebody else's draft",
         [](const Actor&) { return chapter(kSomebody, CommentsPolicy::open, false); }},
    });
    book.also<PostComment>(
        "on a work that is open to comments, and her guardian said no",
        [](Actor& actor) { actor.denied = actor.denied.with(access::Choice::comment); },
        [](const Actor&) { return chapter(kSomebody, CommentsPolicy::open); });
    book.add<EditComment>({
        {"her own, new", [](const Actor& actor) { return comment(self(actor), kSomebody); }},
        {"her own, a day and more old",
         [](const Actor& actor) {
             auto facts = comment(self(actor), kSomebody);
             facts.created_at = kNow - kEditTime - Duration{1};
             return facts;
         }},
        {"her own, hidden",
         [](const Actor& actor) { return comment(self(actor), kSomebody, State::hidden); }},
        {"her own, deleted",
         [](const Actor& actor) { return comment(self(actor), kSomebody, State::deleted); }},
        {"her own, on a chapter she can no longer see",
         [](const Actor& actor) {
             auto facts = comment(self(actor), kSomebody);
             facts.chapter_visible = false;
             return facts;
         }},
        {"somebody else's", [](const Actor&) { return comment(kSomebody, kSomebodyElse); }},
        {"somebody else's, on her work", [](const Actor& actor) { return comment(kSomebody, self(actor)); }},
    });
    book.add<DeleteComment>({
        {"her own", [](const Actor& actor) { return comment(self(actor), kSomebody); }},
        {"her own, on a chapter she can no longer see",
         [](const Actor& actor) {
             auto facts = comment(self(actor), kSomebody);
             facts.chapter_visible = false;
             return facts;
         }},
        {"somebody else's", [](const Actor&) { return comment(kSomebody, kSomebodyElse); }},
        {"somebody else's, on her work", [](const Actor& actor) { return comment(kSomebody, self(actor)); }},
    });
    book.add<HideComment>({
        {"on her work", [](const Actor& actor) { return comment(kSomebody, self(actor)); }},
        {"on her work, held by moderators",
         [](const Actor& actor) {
             auto facts = comment(kSomebody, self(actor));
             facts.hold = works::Hold::hidden;
             return facts;
         }},
        {"on her work, of somebody whose account is paused",
         [](const Actor& actor) {
             auto facts = comment(kSomebody, self(actor));
             facts.withheld = true;
             return facts;
         }},
        {"on her work, deleted",
         [](const Actor& actor) { return comment(kSomebody, self(actor), State::deleted); }},
        {"on her work, by somebody she is apart from",
         [](const Actor& actor) {
             auto facts = comment(kSomebody, self(actor));
             facts.apart = true;
             return facts;
         }},
        {"her own, on somebody else's work",
         [](const Actor& actor) { return comment(self(actor), kSomebody); }},
        {"somebody else's, on somebody else's work",
         [](const Actor&) { return comment(kSomebody, kSomebodyElse); }},
    });
    book.add<GiveKudos>({
        {"to somebody else's work", [](const Actor&) { return WorkFacts{kSomebody}; }},
        {"to her own work", [](const Actor& actor) { return WorkFacts{self(actor)}; }},
    });
    book.add<KeepBookmark>({{"on a work she can see", [](const Actor&) { return std::monostate{}; }}});
    book.add<ModerateComment>({{"anybody's", [](const Actor&) { return std::monostate{}; }}});
    book.add<ListBookmarks>({{"her own", [](const Actor&) { return std::monostate{}; }}});
}

}  // namespace braid::feedback
