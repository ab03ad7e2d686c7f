#include "interests/works/rendering.h"

#include "platform/html/richtext.h"

namespace braid::works {

std::vector<html::Block> blocks_of(std::string_view text) {
    auto blocks = html::render_blocks(text, html::Dialect::prose);
    for (html::Block& block : blocks)
        block.plain = plain_of(block.html);
    return blocks;
}

std::int64_t words_in(std::span<const html::Block> blocks) {
    std::int64_t words = 0;
    for (const html::Block& block : blocks)
        words += words_in(block.plain);
    return words;
}

store::Summary render_summary(std::string_view summary) {
    store::Summary rendered{html::kSanitiserVersion, {}, {}};
    for (const html::Block& block : html::render_blocks(summary, html::Dialect::comment)) {
        rendered.html += block.html;
        if (!rendered.plain.empty()) rendered.plain += ' ';
        rendered.plain += plain_of(block.html);
    }
    return rendered;
}

std::string render_notes(std::string_view notes) {
    if (notes.empty()) return {};
    return std::string(html::render(notes, html::Dialect::comment).view());
}

std::vector<KeyedText> keyed_texts(std::span<const Paragraph> paragraphs) {
    std::vector<KeyedText> texts;
    texts.reserve(paragraphs.size());
    for (const Paragraph& paragraph : paragraphs)
        texts.push_back({paragraph.key, plain_of(paragraph.html)});
    return texts;
}

std::vector<Paragraph> paragraphs_of(std::span<const html::Block> blocks, std::span<const std::string> keys) {
    std::vector<Paragraph> paragraphs;
    paragraphs.reserve(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i)
        paragraphs.push_back({keys[i], blocks[i].html});
    return paragraphs;
}

store::Rendered render_chapter(const ChapterDraft& draft, std::span<const html::Block> blocks,
                               const Alignment& alignment) {
    return {html::kSanitiserVersion, pack(paragraphs_of(blocks, alignment.keys)),
            render_notes(draft.notes_before), render_notes(draft.notes_after)};
}

}  // namespace braid::works
