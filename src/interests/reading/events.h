// What happens in reading, for whoever listens. Ids are the text form. What somebody reads is her own: who
// listens keeps it so.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::events {
template <class Event>
struct Codec;
}

namespace braid::reading {

// Told once a person and chapter.
struct ChapterFinished {
    static constexpr std::string_view kType = "reading.chapter_finished.v1";
    std::string work, chapter, person;
    template <class F>
    void fields(F& f) {
        f("work", work);
        f("chapter", chapter);
        f("person", person);
    }
};

// The then last chapter, after its ChapterFinished; again when a chapter came out since and was finished.
struct WorkFinished {
    static constexpr std::string_view kType = "reading.work_finished.v1";
    std::string work, person;
    template <class F>
    void fields(F& f) {
        f("work", work);
        f("person", person);
    }
};

}  // namespace braid::reading

template <>
struct braid::events::Codec<braid::reading::ChapterFinished> {
    static std::string to_json(const reading::ChapterFinished& event);
    static Result<reading::ChapterFinished> from_json(std::string_view json);
};
template <>
struct braid::events::Codec<braid::reading::WorkFinished> {
    static std::string to_json(const reading::WorkFinished& event);
    static Result<reading::WorkFinished> from_json(std::string_view json);
};
