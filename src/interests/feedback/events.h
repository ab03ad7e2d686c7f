// What happens in answering, for whoever listens. Ids are the text form.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::events {
template <class Event>
struct Codec;
}

namespace braid::feedback {

struct CommentPosted {
    static constexpr std::string_view kType = "feedback.comment_posted.v1";
    std::string comment, work, chapter;
    std::string paragraph;  // key, "" for the chapter as a whole
    std::string author;     // who wrote it
    std::string work_author;
    std::string thread;  // first comment of the conversation; the comment itself when it began one
    std::string thread_author;
};

// A newcomer wrote it, and nobody else sees it until a moderator has looked at it.
struct CommentWaits {
    static constexpr std::string_view kType = "feedback.comment_waits.v1";
    std::string comment, work, chapter, author;
};

// It held contact details, by or to a minor: nobody else sees it until a moderator has looked at it.
struct ContactFound {
    static constexpr std::string_view kType = "feedback.contact_found.v1";
    std::string comment, work, chapter, author;
};

// Its words changed, were deleted by who wrote them, hidden or shown again by the work's author, held or let
// go by moderators.
struct CommentChanged {
    static constexpr std::string_view kType = "feedback.comment_changed.v1";
    std::string comment, work, chapter;
    std::string what;  // edited, deleted, hidden, shown, held, let_go
    std::string by;
};

struct KudosGiven {
    static constexpr std::string_view kType = "feedback.kudos_given.v1";
    std::string work, person, work_author;
};
struct KudosWithdrawn {
    static constexpr std::string_view kType = "feedback.kudos_withdrawn.v1";
    std::string work, person;
};

// Bookmarks are their owner's alone: who listens keeps them so.
struct BookmarkAdded {
    static constexpr std::string_view kType = "feedback.bookmark_added.v1";
    std::string work, person;
};
struct BookmarkRemoved {
    static constexpr std::string_view kType = "feedback.bookmark_removed.v1";
    std::string work, person;
};

}  // namespace braid::feedback

template <>
struct braid::events::Codec<braid::feedback::CommentPosted> {
    static std::string to_json(const feedback::CommentPosted& event);
    static Result<feedback::CommentPosted> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::CommentWaits> {
    static std::string to_json(const feedback::CommentWaits& event);
    static Result<feedback::CommentWaits> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::ContactFound> {
    static std::string to_json(const feedback::ContactFound& event);
    static Result<feedback::ContactFound> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::CommentChanged> {
    static std::string to_json(const feedback::CommentChanged& event);
    static Result<feedback::CommentChanged> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::KudosGiven> {
    static std::string to_json(const feedback::KudosGiven& event);
    static Result<feedback::KudosGiven> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::KudosWithdrawn> {
    static std::string to_json(const feedback::KudosWithdrawn& event);
    static Result<feedback::KudosWithdrawn> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::BookmarkAdded> {
    static std::string to_json(const feedback::BookmarkAdded& event);
    static Result<feedback::BookmarkAdded> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::feedback::BookmarkRemoved> {
    static std::string to_json(const feedback::BookmarkRemoved& event);
    static Result<feedback::BookmarkRemoved> from_json(std::string_view json);
};
