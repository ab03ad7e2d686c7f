#include "interests/topics/vocabulary.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>

#include "base/text.h"
#include "interests/topics/folding.h"

namespace braid::topics {

namespace {

constexpr std::size_t kLongest = 120;  // code points of what is typed; the rest is not looked at
constexpr std::size_t kOpening = 7;    // letters of a label whose deletions are indexed
constexpr std::size_t kMostCandidates = 10;
constexpr std::size_t kMostScanned = 40'000;  // beginnings looked at for one completion
constexpr std::size_t kCommon = 500;          // labels with one beginning, from which on the answer is kept
constexpr double kSure = 0.70;
constexpr double kApart = 0.04;
constexpr double kOtherLanguage = 0.05, kFiller = 0.02;

std::uint32_t hash_of(std::u32string_view text) {
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char32_t c : text)
        hash = (hash ^ static_cast<std::uint32_t>(c)) * 16777619U;
    return hash;
}
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

// What is left of a text's opening when up to `most` letters are gone (Garbe, symmetric delete).
void deletions(std::u32string_view text, int most, std::vector<std::uint32_t>& hashes) {
    hashes.push_back(hash_of(text));
    if (most == 0 || text.size() < 2) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::u32string less(text);
        less.erase(i, 1);
        deletions(less, most - 1, hashes);
    }
}

std::vector<std::uint32_t> opening_deletions(std::u32string_view text, int most) {
    std::vector<std::uint32_t> hashes;
    deletions(text.substr(0, kOpening), most, hashes);
    std::ranges::sort(hashes);
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    return hashes;
}

// Short words have many neighbours: of four letters a mistake only asks, it does not decide.
double spelling_score(std::u32string_view typed, std::u32string_view label, int mistakes) {
    double score = 0.88 - 0.07 * mistakes;
    if (typed.size() <= 4) {
        score -= 0.15;
    } else if (typed.size() == 5) {
        score -= 0.07;
    }
    if (typed[0] != label[0]) score -= 0.05;
    return score;
}

std::string cut(std::string_view text) {
    return count_code_points(text) > kLongest ? ellipsis(text, kLongest) : std::string(text);
}

}  // namespace

std::string_view name(Reason reason) {
    constexpr std::array<std::string_view, 8> kNames{"exact",    "alias",   "plural", "acronym",
                                                     "spelling", "context", "part",   "prefix"};
    return kNames[static_cast<std::size_t>(reason)];
}

struct Vocabulary::Hit {
    std::uint32_t topic = 0, entry = 0;
    double score = 0;
    Reason reason = Reason::exact;
};

// The best hit of each topic.
class Vocabulary::Hits {
  public:
    void add(const Hit& hit) {
        const auto [at, fresh] = places_.try_emplace(hit.topic, hits_.size());
        if (fresh) {
            hits_.push_back(hit);
        } else if (Hit& there = hits_[at->second]; hit.score > there.score) {
            there = hit;
        }
    }
    [[nodiscard]] double best() const {
        double best = 0;
        for (const Hit& hit : hits_)
            best = std::max(best, hit.score);
        return best;
    }
    [[nodiscard]] const std::vector<Hit>& all() const { return hits_; }
    [[nodiscard]] std::vector<Hit>& all() { return hits_; }

  private:
    std::vector<Hit> hits_;
    std::unordered_map<std::uint32_t, std::size_t> places_;
};

// What was completed before, of beginnings that so many labels have that looking through them takes
// milliseconds. There are few such beginnings, and a vocabulary never changes.
struct Vocabulary::Common {
    std::shared_mutex lock;
    std::unordered_map<std::string, std::vector<Candidate>> known;
};

Vocabulary::Vocabulary(std::int64_t version, std::vector<TopicRow> topics, std::vector<LabelRow> labels,
                       std::vector<RelationRow> relations)
    : version_(version), common_(std::make_shared<Common>()) {
    std::ranges::sort(topics, {}, &TopicRow::id);
    for (TopicRow& row : topics) {
        if (row.merged_into) {
            merged_[row.id.value] = row.merged_into;
            continue;
        }
        index_[row.id.value] = static_cast<std::uint32_t>(topics_.size());
        topics_.push_back({.id = row.id, .uri = std::move(row.uri)});
    }
    add_labels(std::move(labels));
    add_relations(relations);
    index_labels();
}

void Vocabulary::add_labels(std::vector<LabelRow> labels) {
    // What was merged goes on naming what it became.
    for (LabelRow& row : labels) {
        const auto now = current(row.topic);
        if (!now || *now == row.topic) continue;
        row.topic = *now;
        if (row.kind == LabelKind::pref) row.kind = LabelKind::alt;
    }
    std::erase_if(labels, [&](const LabelRow& row) {
        return !index_.contains(row.topic.value) || row.folded.empty() || row.folded.size() > 0xffff ||
               row.label.size() > 0xffff;
    });
    std::ranges::stable_sort(labels, {}, [](const LabelRow& row) { return std::pair(row.topic, row.kind); });
    entries_.reserve(labels.size());
    for (const LabelRow& row : labels) {
        Entry entry;
        entry.topic = index_[row.topic.value];
        entry.kind = row.kind;
        entry.language = language_index(row.language);
        if (entry.language == languages_.size()) languages_.push_back(row.language);
        entry.text = static_cast<std::uint32_t>(pool_.size());
        entry.length = static_cast<std::uint16_t>(row.folded.size());
        pool_ += row.folded;
        entry.shown = static_cast<std::uint32_t>(pool_.size());
        entry.shown_length = static_cast<std::uint16_t>(row.label.size());
        pool_ += row.label;
        Topic& topic = topics_[entry.topic];
        if (topic.count++ == 0) topic.first = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(entry);
    }
    pool_.shrink_to_fit();
}

void Vocabulary::add_relations(const std::vector<RelationRow>& relations) {
    const auto put = [](std::vector<std::uint32_t>& list, std::uint32_t one) {
        if (std::ranges::find(list, one) == list.end()) list.push_back(one);
    };
    // Where moderators said what is broader, the file's word does not count.
    std::unordered_map<std::int64_t, bool> said;
    for (const RelationRow& row : relations)
        if (row.kind == Relation::broader && row.origin == Origin::staff) said[row.topic.value] = true;
    for (const RelationRow& row : relations) {
        if (row.kind == Relation::broader && row.origin == Origin::file && said.contains(row.topic.value))
            continue;
        const auto from = current(row.topic), to = current(row.other);
        if (!from || !to || *from == *to) continue;
        const std::uint32_t a = index_[from->value], b = index_[to->value];
        if (row.kind == Relation::broader) {
            put(topics_[a].broader, b);
            put(topics_[b].narrower, a);
        } else {
            put(topics_[a].related, b);
            put(topics_[b].related, a);
        }
    }
    for (Topic& topic : topics_) {
        std::ranges::sort(topic.broader);
        std::ranges::sort(topic.narrower);
        std::ranges::sort(topic.related);
    }
}

void Vocabulary::index_labels() {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        const std::string_view text = folded(entry);
        starts_.push_back({i, 0});
        for (std::size_t at = text.find(' '); at != std::string_view::npos; at = text.find(' ', at + 1))
            starts_.push_back({i, static_cast<std::uint16_t>(at + 1)});
        compacts_.push_back({hash_of(compact(text)), i});
        singulars_.push_back({hash_of(plural_key(text)), i});
        if (entry.kind == LabelKind::pref) {
            for (const std::string& letters : acronyms(text))
                acronyms_.push_back({hash_of(letters), i});
        }
        const auto points = code_points(text);
        if (points.size() < 3) continue;
        for (const std::uint32_t hash : opening_deletions(points, points.size() >= 6 ? 2 : 1))
            deletes_.push_back({hash, i});
    }
    std::ranges::sort(starts_, [this](const Start& a, const Start& b) {
        const auto left = folded(entries_[a.entry]).substr(a.from);
        const auto right = folded(entries_[b.entry]).substr(b.from);
        if (const int order = left.compare(right); order != 0) return order < 0;
        return std::pair(a.from, a.entry) < std::pair(b.from, b.entry);
    });
    for (auto* keys : {&compacts_, &singulars_, &acronyms_, &deletes_}) {
        std::ranges::sort(*keys);
        keys->shrink_to_fit();
    }
    starts_.shrink_to_fit();
}

void Vocabulary::find_exact(std::string_view text, double less, Hits& hits) const {
    const auto suffix = [this](const Start& start) {
        return folded(entries_[start.entry]).substr(start.from);
    };
    for (auto at = std::ranges::lower_bound(starts_, text, {}, suffix);
         at != starts_.end() && at->from == 0 && suffix(*at) == text; ++at) {
        const Entry& entry = entries_[at->entry];
        const bool pref = entry.kind == LabelKind::pref;
        hits.add({entry.topic, at->entry, (pref ? 1 : 0.95) - less, pref ? Reason::exact : Reason::alias});
    }
}

void Vocabulary::find_keyed(const std::vector<Keyed>& keys, std::string_view key, Reason reason, double score,
                            Hits& hits) const {
    const std::uint32_t hash = hash_of(key);
    for (auto at = std::ranges::lower_bound(keys, Keyed{hash, 0}); at != keys.end() && at->hash == hash; ++at)
        hits.add({entries_[at->entry].topic, at->entry, score, reason});
}

void Vocabulary::find_misspelt(std::string_view text, double less, Hits& hits) const {
    const auto typed = code_points(text);
    const int most = mistakes_allowed(typed.size());
    if (most == 0) return;
    std::vector<std::uint32_t> seen;
    for (const std::uint32_t hash : opening_deletions(typed, most)) {
        for (auto at = std::ranges::lower_bound(deletes_, Keyed{hash, 0});
             at != deletes_.end() && at->hash == hash; ++at) {
            const std::size_t size = entries_[at->entry].length;  // in bytes: of accents nothing is left
            if (size + 2 < typed.size() || size > 4 * (typed.size() + 2)) continue;
            seen.push_back(at->entry);
        }
    }
    std::ranges::sort(seen);
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    for (const std::uint32_t i : seen) {
        const Entry& entry = entries_[i];
        const auto label = code_points(folded(entry));
        const int far = distance(typed, label, most);
        if (far > most || far == 0) continue;
        hits.add({entry.topic, i, spelling_score(typed, label, far) - less, Reason::spelling});
    }
}

void Vocabulary::find_parts(std::string_view text, Hits& hits) const {
    const auto words = split(text, ' ');
    if (words.size() < 2 || words.size() > 12) return;
    for (std::size_t length = words.size() - 1; length > 0; --length) {
        for (std::size_t from = 0; from + length <= words.size(); ++from) {
            const char* begin = words[from].data();
            const auto& last = words[from + length - 1];
            const std::string_view part(begin, static_cast<std::size_t>(last.data() + last.size() - begin));
            if (part.size() < 3) continue;
            Hits exact;
            find_exact(part, 0, exact);
            const double share = static_cast<double>(part.size()) / static_cast<double>(text.size());
            for (Hit hit : exact.all()) {
                hit.score = 0.45 + 0.2 * share;
                hit.reason = Reason::part;
                hits.add(hit);
            }
        }
    }
}

bool Vocabulary::near(std::uint32_t topic, const std::vector<std::uint32_t>& context) const {
    const auto among = [&](const std::vector<std::uint32_t>& list) {
        return std::ranges::any_of(
            list, [&](std::uint32_t one) { return std::ranges::find(context, one) != context.end(); });
    };
    const Topic& one = topics_[topic];
    return std::ranges::find(context, topic) != context.end() || among(one.broader) || among(one.narrower) ||
           among(one.related);
}

Resolution Vocabulary::resolve(std::string_view text, std::string_view language,
                               std::span<const TopicId> context) const {
    Resolution resolution;
    const std::string whole = fold(cut(text));
    if (whole.empty() || entries_.empty()) return resolution;
    Hits hits;
    double less = 0;
    for (const std::string& form : without_filler(whole)) {
        find_exact(form, less, hits);
        less = kFiller;
        if (hits.best() >= kSure) break;
    }
    if (hits.best() < kSure) {
        less = 0;
        for (const std::string& form : without_filler(whole)) {
            find_keyed(compacts_, compact(form), Reason::spelling, 0.93 - less, hits);
            Hits plurals;
            find_keyed(singulars_, plural_key(form), Reason::plural, 0.91 - less, plurals);
            for (const Hit& hit : plurals.all())
                if (plural_of(folded(entries_[hit.entry]), form)) hits.add(hit);
            if (form.size() <= 8 && form.find(' ') == std::string::npos)
                find_keyed(acronyms_, form, Reason::acronym, 0.80 - less, hits);
            find_misspelt(form, less, hits);
            less = kFiller;
            if (hits.best() >= kSure) break;
        }
    }
    if (hits.best() < kSure) find_parts(whole, hits);

    const std::uint8_t asked = language_index(language);
    for (Hit& hit : hits.all()) {
        // A topic that is called so in the language asked for, too, is not a foreign word.
        const Entry& entry = entries_[hit.entry];
        const Topic& topic = topics_[hit.topic];
        bool known = false;
        for (std::uint32_t i = topic.first; i < topic.first + topic.count && !known; ++i)
            known = entries_[i].language == asked && folded(entries_[i]) == folded(entry);
        if (!known) hit.score -= kOtherLanguage;
    }
    const double best = hits.best();
    std::vector<std::uint32_t> beside;
    for (const TopicId id : context)
        if (const auto at = index_of(id)) beside.push_back(*at);
    for (Hit& hit : hits.all()) {
        if (beside.empty() || hit.score <= best - kApart || hits.all().size() < 2) continue;
        if (!near(hit.topic, beside)) continue;
        hit.score = std::min(1.0, hit.score + kApart + 0.01);
        hit.reason = Reason::context;
    }
    resolution.candidates = candidates(hits, language);
    if (resolution.candidates.empty()) return resolution;
    const double first = resolution.candidates[0].score;
    const double second = resolution.candidates.size() > 1 ? resolution.candidates[1].score : 0;
    if (first < kSure || second > first - kApart + 1e-9) {
        resolution.outcome = Outcome::ambiguous;
    } else {
        resolution.outcome = Outcome::resolved;
        resolution.topic = resolution.candidates[0].topic;
    }
    return resolution;
}

std::vector<Candidate> Vocabulary::candidates(const Hits& hits, std::string_view language) const {
    std::vector<Hit> sorted = hits.all();
    std::ranges::sort(sorted, [](const Hit& a, const Hit& b) {
        return a.score != b.score ? a.score > b.score : a.topic < b.topic;
    });
    if (sorted.size() > kMostCandidates) sorted.resize(kMostCandidates);
    std::vector<Candidate> list;
    for (const Hit& hit : sorted) {
        const Entry& entry = entries_[hit.entry];
        const TopicId id = topics_[hit.topic].id;
        list.push_back(
            {.topic = id,
             .label = label(id, language),
             .matched = entry.kind == LabelKind::hidden ? std::string() : std::string(shown(entry)),
             .score = hit.score,
             .reason = hit.reason});
    }
    return list;
}

std::vector<Candidate> Vocabulary::complete(std::string_view text, std::string_view language,
                                            std::size_t limit) const {
    const std::string wanted = fold(cut(text));
    if (wanted.empty() || entries_.empty() || limit == 0) return {};
    const std::string key =
        wanted + '\n' + std::to_string(language_index(language)) + ' ' + std::to_string(limit);
    {
        const std::shared_lock reading(common_->lock);
        if (const auto at = common_->known.find(key); at != common_->known.end()) return at->second;
    }
    Begun begun = starting_with(wanted, language, limit);
    if (begun.scanned > kCommon) {
        const std::unique_lock writing(common_->lock);
        common_->known.emplace(key, begun.found);
    }
    if (begun.found.empty() && count_code_points(wanted) >= 4) {
        begun.found = resolve(text, language).candidates;
        if (begun.found.size() > limit) begun.found.resize(limit);
    }
    return std::move(begun.found);
}

Vocabulary::Begun Vocabulary::starting_with(const std::string& wanted, std::string_view language,
                                            std::size_t limit) const {
    const std::uint8_t asked = language_index(language);
    const auto suffix = [this](const Start& start) {
        return folded(entries_[start.entry]).substr(start.from);
    };
    struct Ranked {
        std::uint64_t rank = 0;  // smaller is better
        std::uint32_t entry = 0;
    };
    std::vector<Ranked> found;
    Begun begun;
    for (auto at = std::ranges::lower_bound(starts_, std::string_view(wanted), {}, suffix);
         at != starts_.end() && begun.scanned < kMostScanned && suffix(*at).starts_with(wanted);
         ++at, ++begun.scanned) {
        const Entry& entry = entries_[at->entry];
        const bool whole = at->from == 0 && entry.length == wanted.size();
        std::uint64_t rank = whole ? 0 : 1;
        rank = rank << 1 | (at->from == 0 ? 0U : 1U);
        rank = rank << 1 | (entry.language == asked ? 0U : 1U);
        rank = rank << 2 | static_cast<std::uint64_t>(entry.kind);
        rank = rank << 16 | entry.length;
        rank = rank << 32 | entry.topic;
        found.push_back({rank, at->entry});
    }
    const auto better = [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; };
    const std::size_t kept = std::min(found.size(), limit * 8);
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(kept), better);
    found.resize(kept);
    std::vector<Candidate>& list = begun.found;
    for (const Ranked& one : found) {
        if (list.size() == limit) break;
        const Entry& entry = entries_[one.entry];
        const TopicId id = topics_[entry.topic].id;
        if (std::ranges::find(list, id, &Candidate::topic) != list.end()) continue;
        const bool whole = entry.length == wanted.size();
        list.push_back(
            {.topic = id,
             .label = label(id, language),
             .matched = entry.kind == LabelKind::hidden ? std::string() : std::string(shown(entry)),
             .score = whole ? 1.0 : 0.6,
             .reason = !whole                          ? Reason::prefix
                       : entry.kind == LabelKind::pref ? Reason::exact
                                                       : Reason::alias});
    }
    return begun;
}

std::optional<std::uint32_t> Vocabulary::index_of(TopicId topic) const {
    const auto id = current(topic);
    if (!id) return std::nullopt;
    return index_.at(id->value);
}

std::optional<TopicId> Vocabulary::current(TopicId topic) const {
    for (int step = 0; step < 20; ++step) {
        if (index_.contains(topic.value)) return topic;
        const auto next = merged_.find(topic.value);
        if (next == merged_.end()) return std::nullopt;
        topic = next->second;
    }
    return std::nullopt;
}

std::optional<TopicId> Vocabulary::by_uri(std::string_view uri) const {
    const auto at = std::ranges::find(topics_, uri, &Topic::uri);
    if (at == topics_.end()) return std::nullopt;
    return at->id;
}

std::string_view Vocabulary::uri(TopicId topic) const {
    const auto at = index_of(topic);
    return at ? std::string_view(topics_[*at].uri) : std::string_view();
}

std::uint8_t Vocabulary::language_index(std::string_view language) const {
    const auto at = std::ranges::find(languages_, language);
    return static_cast<std::uint8_t>(at - languages_.begin());
}

const Vocabulary::Entry* Vocabulary::pref_of(const Topic& topic, std::string_view language) const {
    const Entry* any = nullptr;
    const Entry* english = nullptr;
    for (std::uint32_t i = topic.first; i < topic.first + topic.count; ++i) {
        const Entry& entry = entries_[i];
        if (entry.kind != LabelKind::pref) break;
        const std::string& its = languages_[entry.language];
        if (its == language) return &entry;
        if (its == "en") english = &entry;
        if (any == nullptr) any = &entry;
    }
    return english != nullptr ? english : any;
}

std::string Vocabulary::label(TopicId topic, std::string_view language) const {
    const auto at = index_of(topic);
    const Entry* entry = at ? pref_of(topics_[*at], language) : nullptr;
    return entry == nullptr ? std::string() : std::string(shown(*entry));
}

std::string Vocabulary::language_of(TopicId topic, std::string_view language) const {
    const auto at = index_of(topic);
    const Entry* entry = at ? pref_of(topics_[*at], language) : nullptr;
    return entry == nullptr ? std::string(language) : languages_[entry->language];
}

std::vector<std::string> Vocabulary::names(TopicId topic, std::string_view language) const {
    std::vector<std::string> list;
    const auto at = index_of(topic);
    if (!at) return list;
    const Topic& one = topics_[*at];
    for (std::uint32_t i = one.first; i < one.first + one.count; ++i) {
        const Entry& entry = entries_[i];
        if (entry.kind != LabelKind::hidden && languages_[entry.language] == language)
            list.emplace_back(shown(entry));
    }
    return list;
}

std::vector<TopicId> Vocabulary::ids(const std::vector<std::uint32_t>& indexes) const {
    std::vector<TopicId> list;
    for (const std::uint32_t index : indexes)
        list.push_back(topics_[index].id);
    return list;
}

std::vector<TopicId> Vocabulary::broader(TopicId topic) const {
    const auto at = index_of(topic);
    return at ? ids(topics_[*at].broader) : std::vector<TopicId>{};
}
std::vector<TopicId> Vocabulary::narrower(TopicId topic) const {
    const auto at = index_of(topic);
    return at ? ids(topics_[*at].narrower) : std::vector<TopicId>{};
}
std::vector<TopicId> Vocabulary::related(TopicId topic) const {
    const auto at = index_of(topic);
    return at ? ids(topics_[*at].related) : std::vector<TopicId>{};
}

std::vector<TopicId> Vocabulary::with_broader(TopicId topic) const {
    const auto at = index_of(topic);
    if (!at) return {};
    std::vector<std::uint32_t> list{*at};
    for (std::size_t i = 0; i < list.size(); ++i) {
        for (const std::uint32_t up : topics_[list[i]].broader)
            if (std::ranges::find(list, up) == list.end()) list.push_back(up);
    }
    return ids(list);
}

std::vector<TopicId> Vocabulary::with_narrower(TopicId topic, std::size_t limit) const {
    std::vector<TopicId> list;
    if (const auto self = current(topic)) list.push_back(*self);
    for (std::size_t i = 0; i < list.size(); ++i)
        for (const TopicId below : narrower(list[i]))
            if (list.size() < limit && std::ranges::find(list, below) == list.end()) list.push_back(below);
    return list;
}

std::vector<TopicId> Vocabulary::tops() const {
    std::vector<TopicId> list;
    for (const Topic& topic : topics_)
        if (topic.broader.empty() && !topic.narrower.empty()) list.push_back(topic.id);
    return list;
}

}  // namespace braid::topics
