// The vocabulary in memory: what is typed is resolved and completed here, without the database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interests/topics/api.h"

namespace braid::topics {

struct TopicRow {
    TopicId id;
    std::string uri;
    TopicId merged_into;  // 0: it stands for itself
};
struct LabelRow {
    TopicId topic;
    std::string language;
    LabelKind kind = LabelKind::pref;
    std::string label, folded;
    Origin origin = Origin::file;
};
struct RelationRow {
    TopicId topic;
    Relation kind = Relation::broader;
    TopicId other;
    Origin origin = Origin::file;
};

// Why a topic is a candidate, from the surest down.
enum class Reason { exact, alias, plural, acronym, spelling, context, part, prefix };
std::string_view name(Reason reason);

struct Candidate {
    TopicId topic;
    std::string label;    // preferred, in the language asked for
    std::string matched;  // the label that was met, "" when it is not to be shown (hidden)
    double score = 0;     // 0 to 1
    Reason reason = Reason::exact;
};

// What resolve() comes to.
enum class Outcome { resolved, ambiguous, unknown };
struct Resolution {
    Outcome outcome = Outcome::unknown;
    TopicId topic;                      // when resolved
    std::vector<Candidate> candidates;  // best first
};

// Immutable, so that any number of threads read it; made anew when topics change. About 150 bytes a label.
class Vocabulary {
  public:
    Vocabulary() = default;
    Vocabulary(std::int64_t version, std::vector<TopicRow> topics, std::vector<LabelRow> labels,
               std::vector<RelationRow> relations);

    [[nodiscard]] std::int64_t version() const { return version_; }
    [[nodiscard]] std::size_t size() const { return topics_.size(); }
    [[nodiscard]] std::size_t labels() const { return entries_.size(); }

    // Candidates for what somebody typed, best first, at most ten. `context`: topics the words stand beside
    // (other tags of the work, other interests of the person): of equals, those near one of these win, with
    // Reason::context. Scores: exact 1 (another language .97), alias .95 (.92), without the spaces .93,
    // plural .91, acronym .8, spelling .88 − .07 a mistake, part .5; what only stands after filler words ("i
    // love …") loses .02. Topics whose scores differ by less than .04 are not told apart.
    [[nodiscard]] Resolution resolve(std::string_view text, std::string_view language,
                                     std::span<const TopicId> context = {}) const;
    // Topics a label of which begins with what is typed, or a word of a label does; exact ones first, then
    // labels before words and preferred before aliases, then shorter ones. Misspelt beginnings find nothing:
    // from four letters on, what resolve() takes for a spelling is added when nothing else is there.
    [[nodiscard]] std::vector<Candidate> complete(std::string_view text, std::string_view language,
                                                  std::size_t limit) const;

    // What a topic is called: preferred in the language, else in English, else in any.
    [[nodiscard]] std::string label(TopicId topic, std::string_view language) const;
    // The language that label() answers in.
    [[nodiscard]] std::string language_of(TopicId topic, std::string_view language) const;
    // The topic it stands for now, through merges; nothing when there is none.
    [[nodiscard]] std::optional<TopicId> current(TopicId topic) const;
    [[nodiscard]] std::optional<TopicId> by_uri(std::string_view uri) const;
    [[nodiscard]] std::string_view uri(TopicId topic) const;
    // Current topics alone, in the order of their ids.
    [[nodiscard]] std::vector<TopicId> broader(TopicId topic) const;
    [[nodiscard]] std::vector<TopicId> narrower(TopicId topic) const;
    [[nodiscard]] std::vector<TopicId> related(TopicId topic) const;
    // Itself and everything above it.
    [[nodiscard]] std::vector<TopicId> with_broader(TopicId topic) const;
    // Itself and everything below it, the nearest first, at most `limit`.
    [[nodiscard]] std::vector<TopicId> with_narrower(TopicId topic, std::size_t limit) const;
    // Topics with nothing above them that have something below.
    [[nodiscard]] std::vector<TopicId> tops() const;
    // Preferred labels and aliases (not hidden ones) in a language, preferred first.
    [[nodiscard]] std::vector<std::string> names(TopicId topic, std::string_view language) const;

  private:
    struct Entry {                 // a label
        std::uint32_t text = 0;    // offset of its folded form in pool_
        std::uint32_t shown = 0;   // offset of the label in pool_
        std::uint32_t topic = 0;   // index in topics_
        std::uint16_t length = 0;  // of the folded form
        std::uint16_t shown_length = 0;
        std::uint8_t language = 0;
        LabelKind kind = LabelKind::pref;
    };
    struct Start {  // a word of a label
        std::uint32_t entry = 0;
        std::uint16_t from = 0;
    };
    struct Keyed {  // hash → entry
        std::uint32_t hash = 0, entry = 0;
        friend auto operator<=>(const Keyed&, const Keyed&) = default;
    };
    struct Topic {
        TopicId id;
        std::uint32_t first = 0, count = 0;  // its entries
        std::vector<std::uint32_t> broader, narrower, related;
        std::string uri;
    };
    struct Hit;
    class Hits;
    struct Common;
    struct Begun {
        std::vector<Candidate> found;
        std::size_t scanned = 0;  // labels that begin so
    };

    [[nodiscard]] std::string_view folded(const Entry& entry) const {
        return std::string_view(pool_).substr(entry.text, entry.length);
    }
    [[nodiscard]] std::string_view shown(const Entry& entry) const {
        return std::string_view(pool_).substr(entry.shown, entry.shown_length);
    }
    void add_labels(std::vector<LabelRow> labels);
    void add_relations(const std::vector<RelationRow>& relations);
    void index_labels();
    [[nodiscard]] Begun starting_with(const std::string& wanted, std::string_view language,
                                      std::size_t limit) const;
    void find_exact(std::string_view folded, double less, Hits& hits) const;
    void find_keyed(const std::vector<Keyed>& keys, std::string_view key, Reason reason, double score,
                    Hits& hits) const;
    void find_misspelt(std::string_view folded, double less, Hits& hits) const;
    void find_parts(std::string_view folded, Hits& hits) const;
    [[nodiscard]] std::optional<std::uint32_t> index_of(TopicId topic) const;
    [[nodiscard]] std::vector<TopicId> ids(const std::vector<std::uint32_t>& indexes) const;
    [[nodiscard]] std::uint8_t language_index(std::string_view language) const;
    [[nodiscard]] const Entry* pref_of(const Topic& topic, std::string_view language) const;
    [[nodiscard]] std::vector<Candidate> candidates(const Hits& hits, std::string_view language) const;
    [[nodiscard]] bool near(std::uint32_t topic, const std::vector<std::uint32_t>& context) const;

    std::int64_t version_ = 0;
    std::string pool_;
    std::vector<std::string> languages_;
    std::vector<Topic> topics_;
    std::vector<Entry> entries_;
    std::vector<Start> starts_;    // by the text from there on
    std::vector<Keyed> compacts_;  // without spaces
    std::vector<Keyed> singulars_;
    std::vector<Keyed> acronyms_;
    std::vector<Keyed> deletes_;  // what is left of a label's beginning with up to two letters gone
    std::unordered_map<std::int64_t, std::uint32_t> index_;
    std::unordered_map<std::int64_t, TopicId> merged_;
    std::shared_ptr<Common> common_;
};

}  // namespace braid::topics
