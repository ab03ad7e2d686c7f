#include "platform/events/json.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "platform/events/events.h"

namespace braid {

enum class Mood { calm, stormy };
template <>
struct sql::EnumNames<Mood> {
    static constexpr std::array<std::string_view, 2> names{"calm", "stormy"};
};

namespace events {
namespace {

using ThingId = Id<struct ThingTag>;

struct Part {
    std::string name;
    int size = 0;
    template <class F>
    void fields(F& f) {
        f("name", name);
        f("size", size);
    }
};

struct ThingHappened {
    static constexpr std::string_view kType = "test.thing_happened.v1";
    ThingId thing;
    std::string title;
    std::int64_t big = 0;
    bool loud = false;
    Timestamp at;
    Mood mood = Mood::calm;
    std::vector<std::string> tags;
    std::optional<std::string> note;
    std::vector<Part> parts;
    double weight = 0;

    template <class F>
    void fields(F& f) {
        f("thing", thing);
        f("title", title);
        f("big", big);
        f("loud", loud);
        f("at", at);
        f("mood", mood);
        f("tags", tags);
        f("note", note);
        f("parts", parts);
        f("weight", weight);
    }
};

}  // namespace
template <>
struct Codec<ThingHappened> : JsonCodec<ThingHappened> {};
namespace {

TEST(Json, WhatIsWrittenIsReadBack) {
    ThingHappened event;
    event.thing = ThingId{77};
    event.title = "año \"quoted\" \\ \n\x01 💛";
    event.big = std::numeric_limits<std::int64_t>::min();
    event.loud = true;
    event.at = {1'767'225'600'250'000};
    event.mood = Mood::stormy;
    event.tags = {"a", "", "b,c"};
    event.parts = {{"wing", 2}, {"tail", -1}};
    event.weight = 0.1;
    const auto back = Codec<ThingHappened>::from_json(Codec<ThingHappened>::to_json(event));
    ASSERT_TRUE(back.ok()) << back.error().detail;
    EXPECT_EQ(back->thing, event.thing);
    EXPECT_EQ(back->title, event.title);
    EXPECT_EQ(back->big, event.big);
    EXPECT_EQ(back->loud, true);
    EXPECT_EQ(back->at, event.at);
    EXPECT_EQ(back->mood, Mood::stormy);
    EXPECT_EQ(back->tags, event.tags);
    EXPECT_EQ(back->note, std::nullopt);
    ASSERT_EQ(back->parts.size(), 2U);
    EXPECT_EQ(back->parts[1].size, -1);
    EXPECT_EQ(back->weight, 0.1);
}

std::string problem(std::string_view json) {
    const auto read = JsonReader::read<Part>(json);
    return read.ok() ? "fine" : read.error().detail;
}

TEST(Json, SaysWhatIsWrong) {
    EXPECT_EQ(problem(R"({"name":"a","size":1,"later":[1]})"), "fine");
    EXPECT_EQ(problem(R"({"size":1})"), "name is missing");
    EXPECT_EQ(problem(R"({"name":"a","size":"1"})"), "size has another type");
    EXPECT_EQ(problem(R"({"name":"a","size":3000000000})"), "size has another type");
    EXPECT_EQ(problem(R"({"name":null,"size":1})"), "name has another type");
    EXPECT_EQ(problem("[]"), "the text is no JSON object");
    EXPECT_EQ(problem("{"), "the text is no JSON object");
    EXPECT_EQ(problem(""), "the text is no JSON object");
}

TEST(Subscribers, ANameIsTakenOnce) {
    Subscribers subscribers;
    subscribers.on<ThingHappened>("test.note",
                                  [](sql::Tx&, const ThingHappened&, const Envelope&) { return success(); });
    EXPECT_THROW(subscribers.add("test.note", "test.other.v1", {}), std::logic_error);
}

}  // namespace
}  // namespace events
}  // namespace braid
