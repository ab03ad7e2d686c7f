// From what authors write to what readers are sent.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/model.h"
#include "interests/works/paragraphs.h"
#include "interests/works/store.h"

namespace braid::works {

// The blocks of a chapter's text, with `plain` made by plain_of, as alignment compares them.
std::vector<html::Block> blocks_of(std::string_view text);
std::int64_t words_in(std::span<const html::Block> blocks);
store::Summary render_summary(std::string_view summary);
// Notes before and after a chapter; "" stays "".
std::string render_notes(std::string_view notes);
// The keyed words of what is stored.
std::vector<KeyedText> keyed_texts(std::span<const Paragraph> paragraphs);
// Blocks with the keys given to them.
std::vector<Paragraph> paragraphs_of(std::span<const html::Block> blocks, std::span<const std::string> keys);
// All of a chapter for storing, with the alignment it was made by.
store::Rendered render_chapter(const ChapterDraft& draft, std::span<const html::Block> blocks,
                               const Alignment& alignment);

}  // namespace braid::works
