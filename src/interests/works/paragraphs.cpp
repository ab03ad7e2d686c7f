#include "interests/works/paragraphs.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace braid::works {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kMaxPairs = 10'000;
constexpr double kSimilar = 0.4;
constexpr double kSimilarAlone = 0.2;

// The character trigrams of a text as sorted hashes: a multiset to compare.
std::vector<std::uint32_t> trigrams(std::string_view text) {
    std::vector<std::uint32_t> grams;
    grams.reserve(text.size());
    std::uint32_t a = 0x20, b = 0x20;
    for (std::size_t i = 0; i < text.size();) {
        std::uint32_t c = static_cast<unsigned char>(text[i++]);
        while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) {
            c = c * 64 + (static_cast<unsigned char>(text[i++]) & 0x3FU);
        }
        grams.push_back((a * 0x9E3779B1U) ^ (b * 0x85EBCA77U) ^ (c * 0xC2B2AE3DU));
        a = b;
        b = c;
    }
    std::sort(grams.begin(), grams.end());
    return grams;
}

// Dice's coefficient of two multisets: 0 nothing in common, 1 equal.
double similarity(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    if (a.empty() || b.empty()) return 0;
    std::size_t common = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) {
            ++common, ++i, ++j;
        } else if (a[i] < b[j]) {
            ++i;
        } else {
            ++j;
        }
    }
    return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

class Aligner {
  public:
    Aligner(std::span<const KeyedText> old, std::span<const html::Block> blocks)
        : old_(old), blocks_(blocks), of_block_(blocks.size(), kNone), old_taken_(old.size(), false) {}

    // For every block the index of the old paragraph it is, or kNone.
    std::vector<std::size_t> run() {
        anchor(0, old_.size(), 0, blocks_.size());
        fill_gaps();
        take_moved();
        return std::move(of_block_);
    }

  private:
    void take(std::size_t old, std::size_t block) {
        of_block_[block] = old;
        old_taken_[old] = true;
    }
    [[nodiscard]] bool equal(std::size_t old, std::size_t block) const {
        return old_[old].plain == blocks_[block].plain;
    }

    // Step 1 on old[a, b) and blocks[c, d).
    void anchor(std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        while (a < b && c < d && equal(a, c))
            take(a++, c++);
        while (a < b && c < d && equal(b - 1, d - 1))
            take(--b, --d);
        if (a == b || c == d) return;

        struct Occurrence {
            std::size_t old = 0, block = 0;
            int in_old = 0, in_blocks = 0;
        };
        std::unordered_map<std::string_view, Occurrence> occurrences;
        for (std::size_t i = a; i < b; ++i) {
            auto& seen = occurrences[old_[i].plain];
            seen.old = i;
            ++seen.in_old;
        }
        for (std::size_t j = c; j < d; ++j) {
            auto& seen = occurrences[blocks_[j].plain];
            seen.block = j;
            ++seen.in_blocks;
        }
        std::vector<std::pair<std::size_t, std::size_t>> unique;  // (block, old), by block
        for (std::size_t j = c; j < d; ++j) {
            const auto& seen = occurrences[blocks_[j].plain];
            if (seen.in_old == 1 && seen.in_blocks == 1 && !blocks_[j].plain.empty())
                unique.emplace_back(j, seen.old);
        }
        for (const auto& [block, old] : longest_increasing(unique))
            take(old, block);
        // Equal neighbours of anchors, down and up: repeated lines ("* * *", "No.") between what is sure.
        for (std::size_t j = c + 1; j < d; ++j) {
            if (of_block_[j] != kNone || of_block_[j - 1] == kNone) continue;
            const std::size_t next = of_block_[j - 1] + 1;
            if (next < b && !old_taken_[next] && equal(next, j)) take(next, j);
        }
        for (std::size_t j = d - 1; j > c; --j) {
            if (of_block_[j - 1] != kNone || of_block_[j] == kNone || of_block_[j] == a) continue;
            const std::size_t before = of_block_[j] - 1;
            if (!old_taken_[before] && equal(before, j - 1)) take(before, j - 1);
        }
    }

    // The longest subsequence whose old indices increase (patience sorting).
    static std::vector<std::pair<std::size_t, std::size_t>> longest_increasing(
        const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
        std::vector<std::size_t> tails, before(pairs.size(), kNone);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto at =
                std::lower_bound(tails.begin(), tails.end(), pairs[i].second,
                                 [&](std::size_t tail, std::size_t old) { return pairs[tail].second < old; });
            if (at != tails.begin()) before[i] = *std::prev(at);
            if (at == tails.end()) {
                tails.push_back(i);
            } else {
                *at = i;
            }
        }
        std::vector<std::pair<std::size_t, std::size_t>> run;
        for (std::size_t i = tails.empty() ? kNone : tails.back(); i != kNone; i = before[i])
            run.push_back(pairs[i]);
        return run;
    }

    // Step 2: every stretch of blocks without an old paragraph, with the old ones between the same anchors.
    void fill_gaps() {
        std::size_t old_begin = 0;
        for (std::size_t j = 0; j < blocks_.size();) {
            if (of_block_[j] != kNone) {
                old_begin = of_block_[j++] + 1;
                continue;
            }
            std::size_t end = j;
            while (end < blocks_.size() && of_block_[end] == kNone)
                ++end;
            const std::size_t old_end = end < blocks_.size() ? of_block_[end] : old_.size();
            std::vector<std::size_t> olds;
            for (std::size_t i = old_begin; i < old_end; ++i) {
                if (!old_taken_[i]) olds.push_back(i);
            }
            match_similar(olds, j, end);
            j = end;
        }
    }

    void match_similar(const std::vector<std::size_t>& olds, std::size_t begin, std::size_t end) {
        const std::size_t rows = olds.size(), columns = end - begin;
        if (rows == 0 || columns == 0) return;
        std::vector<std::vector<std::uint32_t>> left, right;
        for (const std::size_t old : olds)
            left.push_back(trigrams(old_[old].plain));
        for (std::size_t j = begin; j < end; ++j)
            right.push_back(trigrams(blocks_[j].plain));
        if (rows == 1 && columns == 1) {
            if (similarity(left[0], right[0]) >= kSimilarAlone) take(olds[0], begin);
            return;
        }
        if (rows * columns > kMaxPairs) {
            match_near(olds, begin, left, right);
            return;
        }
        // The monotone pairing of the greatest total similarity.
        std::vector<double> best((rows + 1) * (columns + 1), 0), pair(rows * columns, 0);
        const auto cell = [&](std::size_t i, std::size_t j) -> double& {
            return best[i * (columns + 1) + j];
        };
        for (std::size_t i = rows; i-- > 0;) {
            for (std::size_t j = columns; j-- > 0;) {
                const double alike = similarity(left[i], right[j]);
                pair[i * columns + j] = alike;
                cell(i, j) = std::max(cell(i + 1, j), cell(i, j + 1));
                if (alike >= kSimilar) cell(i, j) = std::max(cell(i, j), alike + cell(i + 1, j + 1));
            }
        }
        for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
            const double alike = pair[i * columns + j];
            if (alike >= kSimilar && cell(i, j) == alike + cell(i + 1, j + 1)) {
                take(olds[i++], begin + j++);
            } else if (cell(i, j) == cell(i + 1, j)) {
                ++i;
            } else {
                ++j;
            }
        }
    }

    // For a gap too big to compare everything: each block with the next few old paragraphs, in order.
    void match_near(const std::vector<std::size_t>& olds, std::size_t begin,
                    const std::vector<std::vector<std::uint32_t>>& left,
                    const std::vector<std::vector<std::uint32_t>>& right) {
        constexpr std::size_t kWindow = 8;
        std::size_t next = 0;
        for (std::size_t j = 0; j < right.size() && next < olds.size(); ++j) {
            std::size_t found = kNone;
            double most = kSimilar;
            for (std::size_t i = next; i < std::min(next + kWindow, olds.size()); ++i) {
                const double alike = similarity(left[i], right[j]);
                if (alike >= most && (found == kNone || alike > most)) {
                    most = alike;
                    found = i;
                }
            }
            if (found == kNone) continue;
            take(olds[found], begin + j);
            next = found + 1;
        }
    }

    // Step 3.
    void take_moved() {
        std::unordered_map<std::string_view, std::vector<std::size_t>>
            left;  // last in, first out: so filled from the end
        for (std::size_t i = old_.size(); i-- > 0;) {
            if (!old_taken_[i] && !old_[i].plain.empty()) left[old_[i].plain].push_back(i);
        }
        for (std::size_t j = 0; j < blocks_.size(); ++j) {
            if (of_block_[j] != kNone) continue;
            const auto found = left.find(blocks_[j].plain);
            if (found == left.end() || found->second.empty()) continue;
            take(found->second.back(), j);
            found->second.pop_back();
        }
    }

    std::span<const KeyedText> old_;
    std::span<const html::Block> blocks_;
    std::vector<std::size_t> of_block_;
    std::vector<bool> old_taken_;
};

[[noreturn]] void bad_packing() {
    throw sql::Failure(sql::FailureKind::corrupt, "chapter_texts: not packed paragraphs");
}

}  // namespace

Alignment align(std::span<const KeyedText> old, std::span<const KeyedText> retired,
                std::span<const html::Block> blocks, std::int64_t next_key) {
    const std::vector<std::size_t> of_block = Aligner(old, blocks).run();

    std::unordered_map<std::string_view, const KeyedText*> gone;
    for (const KeyedText& text : retired) {
        if (!text.plain.empty()) gone.emplace(text.plain, &text);
    }
    Alignment result;
    result.next_key = next_key;
    std::vector<bool> kept(old.size(), false);
    for (std::size_t j = 0; j < blocks.size(); ++j) {
        if (of_block[j] != kNone) {
            kept[of_block[j]] = true;
            result.keys.push_back(old[of_block[j]].key);
        } else if (const auto back = gone.find(blocks[j].plain); back != gone.end()) {
            result.keys.push_back(back->second->key);
            result.revived.push_back(back->second->key);
            gone.erase(back);
        } else {
            result.keys.push_back(paragraph_key(result.next_key++));
        }
    }
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (!kept[i]) result.retired.push_back(old[i]);
    }
    return result;
}

std::string paragraph_key(std::int64_t number) {
    char buffer[16];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, 36).ptr;
    return {buffer, end};
}

bool is_paragraph_key(std::string_view text) {
    return !text.empty() && text.size() <= 12 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    });
}

std::string pack(std::span<const Paragraph> paragraphs) {
    std::size_t size = 0;
    for (const Paragraph& paragraph : paragraphs)
        size += paragraph.key.size() + paragraph.html.size() + 10;
    std::string packed;
    packed.reserve(size);
    for (const Paragraph& paragraph : paragraphs) {
        packed += paragraph.key;
        packed += ' ';
        packed += std::to_string(paragraph.html.size());
        packed += '\n';
        packed += paragraph.html;
    }
    return packed;
}

std::vector<Paragraph> unpack(std::string_view packed) {
    std::vector<Paragraph> paragraphs;
    paragraphs.reserve(packed.size() / 256 + 1);
    while (!packed.empty()) {
        const std::size_t space = packed.find(' ');
        if (space == std::string_view::npos) bad_packing();
        std::size_t size = 0;
        const auto [end, failed] =
            std::from_chars(packed.data() + space + 1, packed.data() + packed.size(), size);
        if (failed != std::errc{} || end == packed.data() + packed.size() || *end != '\n') bad_packing();
        const std::size_t begin = static_cast<std::size_t>(end - packed.data()) + 1;
        if (packed.size() - begin < size) bad_packing();
        paragraphs.push_back({std::string(packed.substr(0, space)), std::string(packed.substr(begin, size))});
        packed.remove_prefix(begin + size);
    }
    return paragraphs;
}

}  // namespace braid::works
