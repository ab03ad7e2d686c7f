#include "interests/feedback/events.h"

#include <span>
#include <utility>

#include <boost/json.hpp>

#include "platform/events/events.h"

namespace braid::events {

namespace json = boost::json;
using namespace feedback;

namespace {

template <class Event>
using Member = std::pair<std::string_view, std::string Event::*>;

constexpr Member<CommentPosted> kPosted[] = {
    {"comment", &CommentPosted::comment}, {"work", &CommentPosted::work},
    {"chapter", &CommentPosted::chapter}, {"paragraph", &CommentPosted::paragraph},
    {"author", &CommentPosted::author},   {"work_author", &CommentPosted::work_author},
    {"thread", &CommentPosted::thread},   {"thread_author", &CommentPosted::thread_author}};
constexpr Member<CommentChanged> kChanged[] = {{"comment", &CommentChanged::comment},
                                               {"work", &CommentChanged::work},
                                               {"chapter", &CommentChanged::chapter},
                                               {"what", &CommentChanged::what},
                                               {"by", &CommentChanged::by}};
constexpr Member<CommentWaits> kWaits[] = {{"comment", &CommentWaits::comment},
                                           {"work", &CommentWaits::work},
                                           {"chapter", &CommentWaits::chapter},
                                           {"author", &CommentWaits::author}};
constexpr Member<ContactFound> kContact[] = {{"comment", &ContactFound::comment},
                                             {"work", &ContactFound::work},
                                             {"chapter", &ContactFound::chapter},
                                             {"author", &ContactFound::author}};
constexpr Member<KudosGiven> kKudos[] = {
    {"work", &KudosGiven::work}, {"person", &KudosGiven::person}, {"work_author", &KudosGiven::work_author}};
constexpr Member<KudosWithdrawn> kWithdrawn[] = {{"work", &KudosWithdrawn::work},
                                                 {"person", &KudosWithdrawn::person}};
constexpr Member<BookmarkAdded> kAdded[] = {{"work", &BookmarkAdded::work},
                                            {"person", &BookmarkAdded::person}};
constexpr Member<BookmarkRemoved> kRemoved[] = {{"work", &BookmarkRemoved::work},
                                                {"person", &BookmarkRemoved::person}};

template <class Event>
std::string write(const Event& event, std::span<const Member<Event>> members) {
    json::object object;
    for (const auto& [name, member] : members)
        object[name] = event.*member;
    return json::serialize(object);
}

template <class Event>
Result<Event> read(std::string_view text, std::span<const Member<Event>> members) {
    boost::system::error_code bad;
    const json::value value = json::parse(text, bad);
    const json::object* object = bad ? nullptr : value.if_object();
    const auto broken = [](std::string detail) {
        return Error{ErrorCode::internal,
                     "error.internal",
                     std::string(Event::kType) + ": " + std::move(detail),
                     {},
                     {},
                     0};
    };
    if (object == nullptr) return broken("not a JSON object");
    Event event;
    for (const auto& [name, member] : members) {
        const json::value* field = object->if_contains(name);
        if (field == nullptr || !field->is_string()) return broken("no text " + std::string(name));
        event.*member = std::string(field->as_string());
    }
    return event;
}

}  // namespace

std::string Codec<CommentPosted>::to_json(const CommentPosted& event) {
    return write<CommentPosted>(event, kPosted);
}
Result<CommentPosted> Codec<CommentPosted>::from_json(std::string_view text) {
    return read<CommentPosted>(text, kPosted);
}
std::string Codec<CommentWaits>::to_json(const CommentWaits& event) {
    return write<CommentWaits>(event, kWaits);
}
Result<CommentWaits> Codec<CommentWaits>::from_json(std::string_view text) {
    return read<CommentWaits>(text, kWaits);
}
std::string Codec<ContactFound>::to_json(const ContactFound& event) {
    return write<ContactFound>(event, kContact);
}
Result<ContactFound> Codec<ContactFound>::from_json(std::string_view text) {
    return read<ContactFound>(text, kContact);
}
std::string Codec<CommentChanged>::to_json(const CommentChanged& event) {
    return write<CommentChanged>(event, kChanged);
}
Result<CommentChanged> Codec<CommentChanged>::from_json(std::string_view text) {
    return read<CommentChanged>(text, kChanged);
}
std::string Codec<KudosGiven>::to_json(const KudosGiven& event) {
    return write<KudosGiven>(event, kKudos);
}
Result<KudosGiven> Codec<KudosGiven>::from_json(std::string_view text) {
    return read<KudosGiven>(text, kKudos);
}
std::string Codec<KudosWithdrawn>::to_json(const KudosWithdrawn& event) {
    return write<KudosWithdrawn>(event, kWithdrawn);
}
Result<KudosWithdrawn> Codec<KudosWithdrawn>::from_json(std::string_view text) {
    return read<KudosWithdrawn>(text, kWithdrawn);
}
std::string Codec<BookmarkAdded>::to_json(const BookmarkAdded& event) {
    return write<BookmarkAdded>(event, kAdded);
}
Result<BookmarkAdded> Codec<BookmarkAdded>::from_json(std::string_view text) {
    return read<BookmarkAdded>(text, kAdded);
}
std::string Codec<BookmarkRemoved>::to_json(const BookmarkRemoved& event) {
    return write<BookmarkRemoved>(event, kRemoved);
}
Result<BookmarkRemoved> Codec<BookmarkRemoved>::from_json(std::string_view text) {
    return read<BookmarkRemoved>(text, kRemoved);
}

}  // namespace braid::events
