#include "interests/works/events.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "platform/events/events.h"

namespace braid::works {

BOOST_DESCRIBE_STRUCT(WorkPublished, (), (work, author, title, visibility, rating))
BOOST_DESCRIBE_STRUCT(ChapterPublished, (), (work, chapter, author, title, number, again))
BOOST_DESCRIBE_STRUCT(ChapterRevised, (), (work, chapter, author, revision, gone))
BOOST_DESCRIBE_STRUCT(ChapterUnpublished, (), (work, chapter, author))
BOOST_DESCRIBE_STRUCT(ChapterDeleted, (), (work, chapter, author))
BOOST_DESCRIBE_STRUCT(WorkDeleted, (), (work, author))
BOOST_DESCRIBE_STRUCT(WorkChanged, (), (work, author))
BOOST_DESCRIBE_STRUCT(WorkWaits, (), (work, author))
BOOST_DESCRIBE_STRUCT(ContactFound, (), (work, author))

namespace {

template <class Event>
std::string write(const Event& event) {
    return boost::json::serialize(boost::json::value_from(event));
}

template <class Event>
Result<Event> read(std::string_view json) {
    boost::json::error_code failed;
    const boost::json::value value = boost::json::parse({json.data(), json.size()}, failed);
    if (failed)
        return Error{
            ErrorCode::invalid, "error.invalid", std::string(Event::kType) + ": not JSON", {}, {}, 0};
    auto event = boost::json::try_value_to<Event>(value);
    if (!event)
        return Error{
            ErrorCode::invalid, "error.invalid", std::string(Event::kType) + ": another shape", {}, {}, 0};
    return std::move(*event);
}

}  // namespace
}  // namespace braid::works

#define BRAID_WORKS_CODEC(Event)                                                                \
    std::string braid::events::Codec<braid::works::Event>::to_json(const works::Event& event) { \
        return works::write(event);                                                             \
    }                                                                                           \
    braid::Result<braid::works::Event> braid::events::Codec<braid::works::Event>::from_json(    \
        std::string_view json) {                                                                \
        return works::read<works::Event>(json);                                                 \
    }
BRAID_WORKS_CODEC(WorkPublished)
BRAID_WORKS_CODEC(ChapterPublished)
BRAID_WORKS_CODEC(ChapterRevised)
BRAID_WORKS_CODEC(ChapterUnpublished)
BRAID_WORKS_CODEC(ChapterDeleted)
BRAID_WORKS_CODEC(WorkDeleted)
BRAID_WORKS_CODEC(WorkChanged)
BRAID_WORKS_CODEC(WorkWaits)
BRAID_WORKS_CODEC(ContactFound)
