// The model a site answers with: trained from its own tables, with what it was made from.
//
// Items are works and topics; a person's list is what she read, finished, gave kudos to, bookmarked and
// follows. Nobody can be found out by it: an item that fewer than `fewest_people` have is not in it, and a
// tie between two items is kept only when as many people have both. So a suggestion never tells what one
// other person did, nor what a few did together. A tie's weight still rests on everybody's lists, as every
// average does; and who makes that many accounts of their own can see when one more person joins them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "interests/guidance/api.h"
#include "interests/guidance/interactions.h"
#include "interests/guidance/model.h"
#include "interests/guidance/parallel.h"
#include "interests/guidance/store.h"
#include "platform/sql/sql.h"

namespace braid::guidance {

struct TrainingSettings {
    std::size_t fewest_people = 5;
    // Of one person her newest; fewer when the sum of the squares of all lists would be above `most_pairs`,
    // which bounds time and memory: about 8 bytes for each at the most, while it trains.
    std::size_t most_of_person = 500;
    std::size_t most_pairs = 40'000'000;
    unsigned threads = 1;
};

// One item of the model, as the tables call it.
struct ItemKey {
    Kind kind = Kind::work;
    std::int64_t id = 0;
    friend auto operator<=>(const ItemKey&, const ItemKey&) = default;
};

// What is in the tables, numbered. `keys[i]` is item i, in order; people without anything are left out.
struct Lists {
    std::vector<ItemKey> keys;
    Interactions interactions;
    int median_readers = 0;  // of works anybody may see
};

// Does not change once it is made; any number of threads may ask it.
class SiteModel {
  public:
    SiteModel() = default;
    // `erasures`: what the tables said when the lists were read.
    SiteModel(Lists lists, std::int64_t erasures, const TrainingSettings& settings, const Clock& clock,
              const Told& told);

    [[nodiscard]] const Model& model() const { return model_; }
    [[nodiscard]] std::optional<Item> find(ItemKey key) const;
    [[nodiscard]] ItemKey key(Item item) const { return keys_[static_cast<std::size_t>(item)]; }
    // How many erasures it knows of. Older than what the tables say: it is not to be asked.
    [[nodiscard]] std::int64_t erasures() const { return erasures_; }
    [[nodiscard]] int median_readers() const { return median_readers_; }
    // When, from what, in how long; without an id. The version is a fingerprint of recipe, settings and lists
    // (without who they are of): every node that learns from the same tables has the same.
    [[nodiscard]] const store::ModelRow& row() const { return row_; }

  private:
    Model model_;
    std::vector<ItemKey> keys_;
    std::int64_t erasures_ = -1;
    int median_readers_ = 0;
    store::ModelRow row_;
};

// In one snapshot.
Lists read_lists(sql::Session& session, const TrainingSettings& settings);
// `model` without the ties that fewer than `fewest_people` people have both ends of. Its directions stay:
// each is made of at least BlendSettings::people_a_direction people, and only what a tie that stayed speaks
// for is considered at all.
Model without_small_numbers(const Model& model, const Interactions& interactions, std::size_t fewest_people);

// The model this node answers with. Thread-safe.
class Models {
  public:
    Models(sql::Database& database, const Clock& clock, IdMaker& ids, TrainingSettings settings = {})
        : database_(database), clock_(clock), ids_(ids), settings_(settings) {}

    // Shared: answers hold it while a newer one takes its place as a whole. Never null; knows nothing at
    // first.
    [[nodiscard]] std::shared_ptr<const SiteModel> current() const { return current_.load(); }
    // Trains when it is worth it: at once when somebody was erased or there is no model; else when the acts
    // have changed by two in a thousand, not more often than once a minute nor than a thirtieth of the time;
    // any change after six hours. Whether it did. Not inside write().
    bool refresh();
    // Whatever changed. Keeps a row about it.
    void train(const Told& told = {});
    // The same without the row: for who only looks.
    void learn(const Told& told = {});

  private:
    [[nodiscard]] bool worth_it();

    sql::Database& database_;
    const Clock& clock_;
    IdMaker& ids_;
    const TrainingSettings settings_;
    std::atomic<std::shared_ptr<const SiteModel>> current_{std::make_shared<const SiteModel>()};
    std::mutex training_;  // one thread trains at a time; guards `learnt_`
    store::Extent learnt_;
};

}  // namespace braid::guidance
