#include "interests/guidance/site_model.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "interests/guidance/training.h"

namespace braid::guidance {

namespace {

constexpr std::string_view kRecipe = "blend";
constexpr Duration kOften = std::chrono::minutes(1);
constexpr Duration kSeldom = std::chrono::hours(6);

struct Kept {
    ItemKey key;
    Timestamp at;
};

// Fingerprint of what goes in: FNV-1a over 64-bit words.
class Fingerprint {
  public:
    void add(std::uint64_t word) {
        for (int i = 0; i < 8; ++i, word >>= 8)
            hash_ = (hash_ ^ (word & 0xFF)) * 0x100000001B3U;
    }
    [[nodiscard]] std::string text() const {
        std::string out(16, '0');
        std::uint64_t left = hash_;
        for (std::size_t i = out.size(); i-- > 0; left >>= 4)
            out[i] = "0123456789abcdef"[left & 15];
        return out;
    }

  private:
    std::uint64_t hash_ = 0xCBF29CE484222325U;
};

// The longest list that keeps the sum of squares within `most_pairs`, at most `most_of_person`.
std::size_t longest_list(const std::vector<std::size_t>& sizes, const TrainingSettings& settings) {
    const auto fits = [&](std::size_t cap) {
        std::size_t sum = 0;
        for (const std::size_t size : sizes)
            sum += std::min(size, cap) * std::min(size, cap);
        return sum <= settings.most_pairs;
    };
    std::size_t low = 1, high = std::max<std::size_t>(settings.most_of_person, 1);
    while (low < high) {
        const std::size_t middle = (low + high + 1) / 2;
        (fits(middle) ? low : high) = fits(middle) ? middle : middle - 1;
    }
    return low;
}

// People's lists as read, one after the other.
struct Read {
    std::vector<Kept> kept;
    std::vector<std::size_t> ends;  // of each person's, in `kept`

    [[nodiscard]] std::size_t begin_of(std::size_t person) const {
        return person == 0 ? 0 : ends[person - 1];
    }
};

Read read_all(sql::Session& session) {
    Read read;
    PersonId person;
    store::each_pair(session, [&](const store::Pair& pair) {
        if (pair.person != person && !read.kept.empty()) read.ends.push_back(read.kept.size());
        person = pair.person;
        read.kept.push_back({{pair.kind, pair.item}, pair.at});
    });
    if (!read.kept.empty()) read.ends.push_back(read.kept.size());
    return read;
}

// Each person's newest, and nobody's that too few people have.
void shorten(Read& read, const TrainingSettings& settings) {
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < read.ends.size(); ++i)
        sizes.push_back(read.ends[i] - read.begin_of(i));
    const std::size_t longest = longest_list(sizes, settings);
    Read shorter;
    for (std::size_t i = 0; i < read.ends.size(); ++i) {
        const auto first = read.kept.begin() + static_cast<std::ptrdiff_t>(read.begin_of(i));
        const auto last = read.kept.begin() + static_cast<std::ptrdiff_t>(read.ends[i]);
        const auto kept = first + static_cast<std::ptrdiff_t>(std::min(sizes[i], longest));
        std::partial_sort(first, kept, last, [](const Kept& a, const Kept& b) {
            return a.at != b.at ? a.at > b.at : a.key > b.key;
        });
        shorter.kept.insert(shorter.kept.end(), first, kept);
        shorter.ends.push_back(shorter.kept.size());
    }
    read = std::move(shorter);
}

struct Counted {
    ItemKey key;
    std::size_t people = 0;
};
std::vector<Counted> count(const Read& read) {
    std::vector<ItemKey> all;
    all.reserve(read.kept.size());
    for (const Kept& one : read.kept)
        all.push_back(one.key);
    std::ranges::sort(all);
    std::vector<Counted> counted;
    for (const ItemKey& key : all) {
        if (counted.empty() || counted.back().key != key) counted.push_back({key, 0});
        ++counted.back().people;
    }
    return counted;
}

// Half of all works have fewer readers; those nobody read count too.
int median_of_works(const std::vector<Counted>& counted, std::int64_t works) {
    std::vector<std::size_t> readers;
    for (const Counted& one : counted) {
        if (one.key.kind == Kind::work) readers.push_back(one.people);
    }
    readers.resize(std::max(readers.size(), static_cast<std::size_t>(std::max<std::int64_t>(works, 0))));
    if (readers.empty()) return 0;
    const auto middle = readers.begin() + static_cast<std::ptrdiff_t>(readers.size() / 2);
    std::nth_element(readers.begin(), middle, readers.end());
    return static_cast<int>(*middle);
}

}  // namespace

Lists read_lists(sql::Session& session, const TrainingSettings& settings) {
    Read read = read_all(session);
    Lists lists;
    auto counted = count(read);
    lists.median_readers = median_of_works(counted, store::count_works(session));
    shorten(read, settings);
    counted = count(read);
    for (const Counted& one : counted) {
        if (one.people >= settings.fewest_people) lists.keys.push_back(one.key);
    }
    for (std::size_t i = 0; i < read.ends.size(); ++i) {
        std::vector<Item> items;
        for (std::size_t at = read.begin_of(i); at < read.ends[i]; ++at) {
            const auto found = std::ranges::lower_bound(lists.keys, read.kept[at].key);
            if (found != lists.keys.end() && *found == read.kept[at].key)
                items.push_back(static_cast<Item>(found - lists.keys.begin()));
        }
        if (!items.empty()) lists.interactions.add_person(std::move(items));
    }
    lists.interactions.widen(static_cast<Item>(lists.keys.size()));
    return lists;
}

Model without_small_numbers(const Model& model, const Interactions& interactions, std::size_t fewest_people) {
    const Interactions turned = interactions.turned();
    const auto items = static_cast<std::size_t>(model.item_count());
    std::vector<std::vector<Model::Weight>> to(items);
    std::vector<std::uint32_t> both(items);
    for (Item item = 0; item < model.item_count(); ++item) {
        const auto weights = model.from(item);
        if (weights.empty()) continue;
        const auto people = turned.of(static_cast<std::size_t>(item));
        for (const Item person : people) {
            for (const Item other : interactions.of(static_cast<std::size_t>(person)))
                ++both[static_cast<std::size_t>(other)];
        }
        for (const Model::Weight& one : weights) {
            if (both[static_cast<std::size_t>(one.item)] >= fewest_people)
                to[static_cast<std::size_t>(one.item)].push_back({item, one.weight});
        }
        for (const Item person : people) {
            for (const Item other : interactions.of(static_cast<std::size_t>(person)))
                both[static_cast<std::size_t>(other)] = 0;
        }
    }
    return Model(model.name(), to, {}, model.factors());
}

SiteModel::SiteModel(Lists lists, std::int64_t erasures, const TrainingSettings& settings, const Clock& clock,
                     const Told& told)
    : keys_(std::move(lists.keys)), erasures_(erasures), median_readers_(lists.median_readers) {
    const auto start = std::chrono::steady_clock::now();
    const Interactions& interactions = lists.interactions;
    if (!keys_.empty()) {
        const Model trained = train_blend(interactions, BlendSettings{}, settings.threads, told);
        model_ = without_small_numbers(trained, interactions, settings.fewest_people);
    }
    Fingerprint print;
    const BlendSettings blend;
    for (const double one :
         {blend.ridge.person_exponent, blend.ridge.item_exponent, blend.ridge.penalty, blend.ridge.lift,
          static_cast<double>(blend.ridge.neighbours), blend.factors.person_exponent,
          blend.factors.item_exponent, static_cast<double>(blend.factors.rank), blend.share,
          static_cast<double>(blend.items_a_direction), static_cast<double>(blend.people_a_direction)})
        print.add(static_cast<std::uint64_t>(one * 1e6));
    print.add(settings.fewest_people);
    for (const ItemKey& key : keys_) {
        print.add(static_cast<std::uint64_t>(key.kind));
        print.add(static_cast<std::uint64_t>(key.id));
    }
    for (std::size_t person = 0; person < interactions.people(); ++person) {
        print.add(interactions.of(person).size());
        for (const Item item : interactions.of(person))
            print.add(static_cast<std::uint64_t>(item));
    }
    row_.version = print.text();
    row_.recipe = kRecipe;
    row_.trained_at = clock.now();
    row_.people = static_cast<std::int64_t>(interactions.people());
    row_.items = static_cast<std::int64_t>(keys_.size());
    row_.acts = static_cast<std::int64_t>(interactions.size());
    row_.weights = static_cast<std::int64_t>(model_.weights());
    row_.milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
            .count();
}

std::optional<Item> SiteModel::find(ItemKey key) const {
    const auto found = std::ranges::lower_bound(keys_, key);
    if (found == keys_.end() || *found != key) return std::nullopt;
    return static_cast<Item>(found - keys_.begin());
}

bool Models::worth_it() {
    const auto now = current();
    const auto [state, extent] = database_.read(
        [](sql::Reader& reader) { return std::pair(store::state(reader), store::extent(reader)); });
    if (now->erasures() != state.erasures) return true;
    const Duration age = clock_.now() - now->row().trained_at;
    const auto changed =
        std::max<std::int64_t>(std::abs(extent.acts - learnt_.acts), extent.newest == learnt_.newest ? 0 : 1);
    if (changed == 0) return false;
    if (age >= kSeldom) return true;
    const Duration pause =
        std::max(kOften, Duration(std::chrono::milliseconds(30 * now->row().milliseconds)));
    return age >= pause && changed * 500 >= learnt_.acts;
}

bool Models::refresh() {
    {
        const std::unique_lock lock(training_, std::try_to_lock);
        if (!lock.owns_lock() || !worth_it()) return false;
    }
    train();
    return true;
}

void Models::train(const Told& told) {
    learn(told);
    store::ModelRow row = current()->row();
    row.id = ids_.next();
    const auto kept = database_.write([&](sql::Tx& tx) -> Result<void> {
        store::insert_model(tx, row);
        return success();
    });
    (void)kept;  // a row more or less about it changes no answer
}

void Models::learn(const Told& told) {
    const std::scoped_lock lock(training_);
    store::State state;
    store::Extent extent;
    Lists lists;
    database_.read([&](sql::Reader& reader) {
        state = store::state(reader);
        extent = store::extent(reader);
        lists = read_lists(reader, settings_);
    });
    // Shared as current() says.
    auto made = std::make_shared<const SiteModel>(std::move(lists), state.erasures, settings_, clock_, told);
    learnt_ = extent;
    current_.store(std::move(made));
}

}  // namespace braid::guidance
