#include "interests/guidance/interactions.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string>

namespace braid::guidance {

void Interactions::add_person(std::vector<Item> items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    if (!items.empty()) widen(items.back() + 1);
    items_.insert(items_.end(), items.begin(), items.end());
    offsets_.push_back(items_.size());
}

void Interactions::widen(Item item_count) {
    item_count_ = std::max(item_count_, item_count);
}

Interactions Interactions::turned() const {
    Interactions other;
    other.offsets_.assign(static_cast<std::size_t>(item_count_) + 1, 0);
    for (const Item item : items_)
        ++other.offsets_[static_cast<std::size_t>(item) + 1];
    for (std::size_t i = 1; i < other.offsets_.size(); ++i)
        other.offsets_[i] += other.offsets_[i - 1];
    other.items_.resize(items_.size());
    std::vector<std::size_t> next(other.offsets_.begin(), other.offsets_.end() - 1);
    for (std::size_t person = 0; person < people(); ++person) {
        for (const Item item : of(person))
            other.items_[next[static_cast<std::size_t>(item)]++] = static_cast<Item>(person);
    }
    other.item_count_ = static_cast<Item>(people());
    return other;
}

namespace {

// Reads gzip as well as plain text, line by line.
class Lines {
  public:
    explicit Lines(const std::filesystem::path& file)
        : file_(gzopen(file.c_str(), "rb"), &gzclose), buffer_(std::size_t{1} << 18) {}
    [[nodiscard]] bool is_open() const { return file_ != nullptr; }
    // False at the end; a file that cannot be read on is told by `failure`.
    bool next(std::string& line) {
        line.clear();
        while (gzgets(file_.get(), buffer_.data(), static_cast<int>(buffer_.size())) != nullptr) {
            line += buffer_.data();
            if (line.ends_with('\n')) {
                line.pop_back();
                return true;
            }
        }
        return !line.empty();
    }
    [[nodiscard]] std::string failure() const {
        int code = Z_OK;
        const char* text = gzerror(file_.get(), &code);
        if (code == Z_OK || code == Z_STREAM_END) return {};
        return code == Z_ERRNO ? std::strerror(errno) : text;
    }

  private:
    std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
    std::vector<char> buffer_;
};

// The line's numbers; what is wrong with it otherwise.
std::string parse(const std::string& line, std::vector<long>& numbers) {
    numbers.clear();
    const char* at = line.data();
    const char* end = at + line.size();
    for (;;) {
        while (at != end && (*at == ' ' || *at == '\t' || *at == '\r'))
            ++at;
        if (at == end) return {};
        long number = 0;
        const auto [rest, failure] = std::from_chars(at, end, number);
        const bool whole = rest == end || *rest == ' ' || *rest == '\t' || *rest == '\r';
        if (failure == std::errc::result_out_of_range || number > kMostNumber)
            return "a number is above " + std::to_string(kMostNumber);
        if (failure != std::errc() || !whole || number < 0) {
            const std::string word(at, std::find_if(at, end, [](char c) { return c == ' ' || c == '\t'; }));
            return "\"" + word.substr(0, 40) + "\" is not a number from 0; expected: person item item …";
        }
        numbers.push_back(number);
        at = rest;
    }
}

Error unreadable(const std::filesystem::path& file, const std::string& what) {
    return {ErrorCode::malformed, "error.invalid", file.string() + ": " + what, {}, {}, 0};
}

// Each person's items in the order of her line.
Result<std::vector<std::vector<Item>>> read_lists(const std::filesystem::path& file) {
    std::error_code failure;
    if (std::filesystem::is_directory(file, failure)) return unreadable(file, "this is a folder");
    Lines lines(file);
    if (!lines.is_open()) return unreadable(file, std::strerror(errno));
    std::vector<std::vector<Item>> people;
    std::vector<bool> has_line;
    std::string line;
    std::vector<long> numbers;
    for (std::size_t number = 1; lines.next(line); ++number) {
        const auto wrong = [&](const std::string& what) {
            return unreadable(file, "line " + std::to_string(number) + ": " + what);
        };
        if (const std::string complaint = parse(line, numbers); !complaint.empty()) return wrong(complaint);
        if (numbers.empty()) continue;
        const auto person = static_cast<std::size_t>(numbers.front());
        if (person >= people.size()) {
            people.resize(person + 1);
            has_line.resize(person + 1);
        }
        if (has_line[person]) return wrong("person " + std::to_string(person) + " has a line already");
        has_line[person] = true;
        people[person].assign(numbers.begin() + 1, numbers.end());
    }
    if (const std::string what = lines.failure(); !what.empty()) return unreadable(file, what);
    if (people.empty()) return unreadable(file, "nobody is in it");
    return people;
}

}  // namespace

Result<Interactions> read_interactions(const std::filesystem::path& file) {
    auto people = TRY(read_lists(file));
    Interactions interactions;
    for (std::vector<Item>& items : people)
        interactions.add_person(std::move(items));
    return interactions;
}

Result<Split> read_holding_out_last(const std::filesystem::path& file) {
    const auto people = TRY(read_lists(file));
    Split split;
    for (const std::vector<Item>& items : people) {
        const auto cut = items.end() - static_cast<std::ptrdiff_t>(items.size() / 5);
        split.train.add_person({items.begin(), cut});
        split.held_out.add_person({cut, items.end()});
    }
    split.train.widen(split.held_out.item_count());
    split.held_out.widen(split.train.item_count());
    return split;
}

Split hold_out(const Interactions& all) {
    const auto mixed = [](std::uint64_t person, Item item) {
        std::uint64_t x = (person << 32 | static_cast<std::uint32_t>(item)) * 0x9E3779B97F4A7C15ULL;
        x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9ULL;
        return x ^ (x >> 32);
    };
    Split split;
    for (std::size_t person = 0; person < all.people(); ++person) {
        std::vector<Item> items(all.of(person).begin(), all.of(person).end());
        std::sort(items.begin(), items.end(), [&](Item a, Item b) {
            return std::pair(mixed(person, a), a) < std::pair(mixed(person, b), b);
        });
        const auto cut = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 5);
        split.held_out.add_person({items.begin(), cut});
        split.train.add_person({cut, items.end()});
    }
    split.train.widen(all.item_count());
    split.held_out.widen(all.item_count());
    return split;
}

}  // namespace braid::guidance
