// Who may answer what. Every chapter here has passed works' own rule for the actor first: what she may not
// see is not found before any of these is asked.
#pragma once

#include "access/policy.h"
#include "interests/feedback/model.h"
#include "interests/works/api.h"

namespace braid::feedback {

using access::Actor;
using access::Decision;
using access::PersonId;

// A comment, where it stands and when it is.
struct CommentFacts {
    PersonId author;
    PersonId work_author;
    State state = State::visible;
    works::CommentsPolicy comments = works::CommentsPolicy::open;
    bool chapter_visible = true;  // the actor may see the chapter, by works' rule
    Timestamp created_at, now;
    works::Hold hold = works::Hold::none;  // by moderators
    bool withheld = false;                 // by its author's guardians
    bool apart = false;                    // the actor sees nothing of its author (identity/blocks)
};
// Whether the actor may see the comment's words.
bool may_see(const Actor& actor, const CommentFacts& facts);

struct WorkFacts {
    PersonId author;
};

// Reading comments: with works::CommentsPolicy::closed nobody but the work's author.
struct ViewComments {
    static constexpr std::string_view kName = "feedback.view_comments";
    static constexpr access::Needs kNeeds = access::Needs::nobody;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = works::ChapterFacts;
};
struct PostComment {
    static constexpr std::string_view kName = "feedback.post_comment";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    using Facts = works::ChapterFacts;
};
struct EditComment {
    static constexpr std::string_view kName = "feedback.edit_comment";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    using Facts = CommentFacts;
};
// Also when the chapter is no longer to be seen: what one wrote, one can take back.
struct DeleteComment {
    static constexpr std::string_view kName = "feedback.delete_comment";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = CommentFacts;
};
struct HideComment {  // and show it again
    static constexpr std::string_view kName = "feedback.hide_comment";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = CommentFacts;
};
struct GiveKudos {  // and take it back
    static constexpr std::string_view kName = "feedback.give_kudos";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    using Facts = WorkFacts;
};
struct KeepBookmark {  // and remove it
    static constexpr std::string_view kName = "feedback.keep_bookmark";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::write;
    static constexpr auto kWhileQuiet = access::WhileQuiet::allowed;
    using Facts = std::monostate;
};
struct ListBookmarks {  // her own
    static constexpr std::string_view kName = "feedback.list_bookmarks";
    static constexpr access::Needs kNeeds = access::Needs::signed_in;
    static constexpr access::Scope kScope = access::Scope::read;
    using Facts = std::monostate;
};

// Hiding, removing and looking at anybody's comment: moderators.
struct ModerateComment {
    static constexpr std::string_view kName = "feedback.moderate_comment";
    static constexpr access::Needs kNeeds = access::Needs::staff;
    static constexpr access::Scope kScope = access::Scope::write;
    using Facts = std::monostate;
};

Decision decide(const ViewComments&, const Actor& actor, const works::ChapterFacts& facts);
Decision decide(const PostComment&, const Actor& actor, const works::ChapterFacts& facts);
Decision decide(const EditComment&, const Actor& actor, const CommentFacts& facts);
Decision decide(const DeleteComment&, const Actor& actor, const CommentFacts& facts);
Decision decide(const HideComment&, const Actor& actor, const CommentFacts& facts);
Decision decide(const GiveKudos&, const Actor& actor, const WorkFacts& facts);
Decision decide(const KeepBookmark&, const Actor& actor, const std::monostate&);
Decision decide(const ListBookmarks&, const Actor& actor, const std::monostate&);
Decision decide(const ModerateComment&, const Actor& actor, const std::monostate&);

void add_policies(access::PolicyBook& book);

}  // namespace braid::feedback
