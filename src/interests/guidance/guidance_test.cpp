// The engine on examples worked out by hand, and on a world where one knows what is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "interests/guidance/evaluation.h"
#include "interests/guidance/training.h"

namespace braid::guidance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Interactions of(const std::vector<std::vector<Item>>& lists) {
    Interactions interactions;
    for (const auto& list : lists)
        interactions.add_person(list);
    return interactions;
}

std::vector<Item> items(const std::vector<Scored>& scored) {
    std::vector<Item> items;
    for (const Scored& one : scored)
        items.push_back(one.item);
    return items;
}

class File {
  public:
    explicit File(std::string_view text, bool zipped = false) {
        if (zipped) {
            gzFile out = gzopen(path_.c_str(), "wb");
            gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
            gzclose(out);
        } else {
            std::ofstream(path_) << text;
        }
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_ =
        (std::filesystem::temp_directory_path() / ("braid-guidance-" + std::to_string(::getpid()) + ".txt"))
            .string();
};

TEST(Interactions, AreReadFromPlainTextAndGzip) {
    for (const bool zipped : {false, true}) {
        const File file("0 3 1 1\n\n2 0\r\n", zipped);
        const auto read = read_interactions(file.path());
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read->people(), 3U);
        EXPECT_EQ(read->item_count(), 4);
        EXPECT_THAT(read->of(0), ElementsAre(1, 3));
        EXPECT_THAT(read->of(1), IsEmpty());
        EXPECT_THAT(read->of(2), ElementsAre(0));
    }
}

TEST(Interactions, SayWhichLineIsWrong) {
    const std::pair<const char*, const char*> wrong[] = {
        {"0 1\n1 x2\n", "line 2: \"x2\" is not a number from 0"},
        {"0 1\n\n1 -4\n", "line 3: \"-4\" is not a number"},
        {"0 1\n0 2\n", "line 2: person 0 has a line already"},
        {"0 99999999999999999999\n", "line 1: a number is above 20000000"},
        {"0 30000000\n", "line 1: a number is above 20000000"},
        {"0 1.5\n", "line 1: \"1.5\""},
        {"\n", "nobody is in it"},
    };
    for (const auto& [text, complaint] : wrong) {
        const File file(text);
        const auto read = read_interactions(file.path());
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_THAT(read.error().detail, HasSubstr(file.path() + ": "));
        EXPECT_THAT(read.error().detail, HasSubstr(complaint));
    }
    EXPECT_THAT(read_interactions("/nowhere/at/all").error().detail, HasSubstr("No such file"));
}

TEST(Interactions, HoldOutAFifthOfEachAlwaysTheSame) {
    const Interactions all = of({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 3}, {}});
    const Split split = hold_out(all);
    EXPECT_EQ(split.train.of(0).size(), 8U);
    EXPECT_EQ(split.held_out.of(0).size(), 2U);
    EXPECT_EQ(split.held_out.of(1).size(), 0U);
    EXPECT_EQ(split.held_out.people(), 3U);
    for (const Item item : split.held_out.of(0))
        EXPECT_THAT(split.train.of(0), ::testing::Not(::testing::Contains(item)));
    EXPECT_EQ(hold_out(all).held_out.of(0)[0], split.held_out.of(0)[0]);
}

TEST(Interactions, HoldOutTheLastOfEachLine) {
    const File file("0 9 3 8 1 7\n1 4 2\n");
    const auto split = read_holding_out_last(file.path());
    ASSERT_TRUE(split.ok());
    EXPECT_THAT(split->train.of(0), ElementsAre(1, 3, 8, 9));
    EXPECT_THAT(split->held_out.of(0), ElementsAre(7));
    EXPECT_THAT(split->train.of(1), ElementsAre(2, 4));
    EXPECT_THAT(split->held_out.of(1), IsEmpty());
    EXPECT_EQ(split->held_out.item_count(), 10);
    EXPECT_FALSE(read_holding_out_last("/nowhere/at/all").ok());
}

TEST(Quality, IsWhatOneFindsByHand) {
    // Most liked: 0 (3 people), then 1 (2), then 2, 3, 4 (1 each).
    const Interactions train = of({{0, 1}, {0, 2}, {0, 1, 3}, {4}});
    const Model popular = train_popular(train);
    Scratch scratch;
    EXPECT_THAT(items(popular.best(train.of(0), 2, scratch)), ElementsAre(2, 3));
    EXPECT_THAT(items(popular.best(train.of(3), 2, scratch)), ElementsAre(0, 1));
    // Person 0 is shown 2, 3 and wanted 3 and 4: one of two, in the second place. Person 3 is shown 0, 1 and
    // wanted 0.
    const Quality quality = evaluate(popular, train, of({{3, 4}, {}, {}, {0}}), 2, {}, 2);
    EXPECT_EQ(quality.people, 2U);
    EXPECT_DOUBLE_EQ(quality.recall, (0.5 + 1) / 2);
    EXPECT_DOUBLE_EQ(quality.precision, (0.5 + 0.5) / 2);
    const double second = 1 / std::log2(3.0);
    EXPECT_DOUBLE_EQ(quality.ndcg, (second / (1 + second) + 1) / 2);
    EXPECT_DOUBLE_EQ(quality.coverage, 4.0 / 5);
}

TEST(Quality, CountsWhatTheModelCannotKnowAsMissed) {
    const Interactions train = of({{0, 1}, {0}});
    const Quality quality = evaluate(train_popular(train), train, of({{}, {1, 70}, {0}}), 1, {}, 20);
    EXPECT_EQ(quality.people, 2U);
    EXPECT_DOUBLE_EQ(quality.recall, (0.5 + 1) / 2) << "a person who was not there gets what most like";
}

// Gowalla in the published split; the published figures are in reference_figures.csv beside it.
struct Gowalla {
    Interactions train, test;
    std::filesystem::path missing;  // where it was looked for, when it is not there
};
Gowalla gowalla() {
    const char* named = std::getenv("BRAID_SHARED_DATA");
    const std::filesystem::path folder =
        std::filesystem::path(named != nullptr ? named : BRAID_SOURCE_DIR "/../shared/data") /
        "recsys/gowalla";
    auto train = read_interactions(folder / "train.txt.gz");
    auto test = read_interactions(folder / "test.txt.gz");
    if (!train.ok() || !test.ok()) return {.missing = folder};
    train->widen(test->item_count());
    return {std::move(*train), std::move(*test), {}};
}

TEST(Quality, IsThePublishedOneForWhatMostHave) {
    const Gowalla data = gowalla();
    if (!data.missing.empty())
        GTEST_SKIP() << "no Gowalla at " << data.missing << " (BRAID_SHARED_DATA names shared data)";
    const Quality quality = evaluate(train_popular(data.train), data.train, data.test, 2, {});
    EXPECT_EQ(quality.people, 29'858U);
    EXPECT_EQ(data.train.size() + data.test.size(), 1'027'370U);
    EXPECT_NEAR(quality.recall, 0.0416310, 1e-6);
    EXPECT_NEAR(quality.ndcg, 0.0316899, 1e-6);
    EXPECT_NEAR(quality.precision, 0.0138807, 1e-6);
}

TEST(Quality, IsThePublishedOneForItemNeighbours) {
    const Gowalla data = gowalla();
    if (!data.missing.empty())
        GTEST_SKIP() << "no Gowalla at " << data.missing << " (BRAID_SHARED_DATA names shared data)";
    const Quality quality = evaluate(train_item_knn(data.train, {}, 2, {}), data.train, data.test, 2, {});
    EXPECT_NEAR(quality.recall, 0.1559739, 1e-6);
    EXPECT_NEAR(quality.ndcg, 0.1228528, 1e-6);
    EXPECT_NEAR(quality.precision, 0.0470879, 1e-6);
}

TEST(ItemKnn, ShrinksWhatFewHaveInCommon) {
    // Four items; people have 2, 2 and 1 of them: (ln 4/3)² and (ln 4/2)² in each product.
    const Interactions all = of({{0, 1}, {0, 2}, {3}});
    const double pair = std::pow(std::log(4.0 / 3), 2);
    Scratch scratch;
    const std::vector<Item> hers = {0};
    const auto plain = train_item_knn(all, {.neighbours = 5, .shrinkage = 0}, 2, {}).best(hers, 5, scratch);
    ASSERT_EQ(items(plain), (std::vector<Item>{1, 2}));
    EXPECT_NEAR(plain[0].score, pair / std::sqrt(2 * pair * pair), 1e-6);
    const auto shrunk = train_item_knn(all, {.neighbours = 5, .shrinkage = 3}, 1, {}).best(hers, 5, scratch);
    EXPECT_NEAR(shrunk[0].score, pair / (std::sqrt(2 * pair * pair) + 3), 1e-6);
    EXPECT_EQ(train_item_knn(all, {.neighbours = 1}, 1, {}).weights(), 3U) << "the most alike of each";
}

TEST(Neighbours, AreAlikeByCosine) {
    // 0 and 1 share two of three and two people: 2 / sqrt(3 · 2). 0 and 2 share one: 1 / sqrt(3 · 1).
    const Model model =
        train_neighbours(of({{0, 1}, {0, 1}, {0, 2}}), {.neighbours = 5, .person_exponent = 0}, 2, {});
    Scratch scratch;
    const std::vector<Item> hers = {0};
    const auto best = model.best(hers, 5, scratch);
    ASSERT_EQ(items(best), (std::vector<Item>{1, 2}));
    EXPECT_NEAR(best[0].score, 2 / std::sqrt(6.0), 1e-6);
    EXPECT_NEAR(best[1].score, 1 / std::sqrt(3.0), 1e-6);
}

TEST(Ridge, SolvesTheEquationsOfTwoNeighbours) {
    // For item 2: x_0·x_0 = 2, x_1·x_1 = 2, x_0·x_1 = 1, x_0·x_2 = 2, x_1·x_2 = 1 and penalty 1:
    // 3a + b = 2, a + 3b = 1, so a = 5/8, b = 1/8.
    const Interactions all = of({{0, 1, 2}, {0, 2}, {1}});
    const Model model = train_ridge(
        all,
        {.neighbours = 2, .person_exponent = 0, .item_exponent = 0, .penalty = 1, .steps = 10, .lift = 0}, 2,
        {});
    const std::vector<Item> both = {0, 1};
    const auto why = model.why(both, 2);
    ASSERT_EQ(items(why), (std::vector<Item>{0, 1}));
    EXPECT_NEAR(why[0].score, 5.0 / 8, 1e-5);
    EXPECT_NEAR(why[1].score, 1.0 / 8, 1e-5);
    Scratch scratch;
    const auto best = model.best(both, 5, scratch);
    ASSERT_EQ(items(best), (std::vector<Item>{2}));
    EXPECT_NEAR(best[0].score, why[0].score + why[1].score, 1e-6) << "what it says is why";
    EXPECT_THAT(model.best({}, 5, scratch), IsEmpty());
    const std::vector<Item> unknown = {17, -1};
    EXPECT_THAT(model.best(unknown, 5, scratch), IsEmpty());
    EXPECT_THAT(model.why(unknown, 2), IsEmpty());
}

TEST(Ridge, ScalesBothSides) {
    // One shared person with two items: weight 2^-1; columns scaled by d^-1/2 with d = 2 and 1. The equation
    // is (½·½ + ½·1·½ + 1) w = ½ · 2^-½ · 1^-½, and the weight of 0 for 1 is w · (1 / 2)^½.
    const Interactions all = of({{0, 1}, {0}});
    const Model model = train_ridge(
        all,
        {.neighbours = 5, .person_exponent = 0.5, .item_exponent = 0.5, .penalty = 1, .steps = 5, .lift = 0},
        1, {});
    const std::vector<Item> hers = {0};
    const double likeness = 0.5 / std::sqrt(2.0), own = (0.5 + 1) / 2;
    EXPECT_NEAR(model.why(hers, 1)[0].score, likeness / (own + 1) * std::sqrt(0.5), 1e-6);
}

TEST(Ridge, LiftsWhatMostLike) {
    const Interactions all = of({{0, 1, 2}, {0, 2}, {1}});
    RidgeSettings settings{.neighbours = 2, .person_exponent = 0, .item_exponent = 0, .penalty = 1};
    settings.lift = 0.5;
    // 5/8 and 1/8 of the example above; item 2 has two people.
    const std::vector<Item> both = {0, 1};
    const auto why = train_ridge(all, settings, 1, {}).why(both, 2);
    ASSERT_EQ(why.size(), 2U);
    EXPECT_NEAR(why[0].score, 5.0 / 8 * std::sqrt(2.0), 1e-5);
    EXPECT_NEAR(why[1].score, 1.0 / 8 * std::sqrt(2.0), 1e-5);
}

// The weights into `target` by Gaussian elimination over all items, from the definition.
std::vector<double> dense_ridge(const Interactions& all, Item target, const RidgeSettings& settings) {
    const auto count = static_cast<std::size_t>(all.item_count());
    std::vector<double> people(count, 0);
    for (std::size_t person = 0; person < all.people(); ++person) {
        for (const Item item : all.of(person))
            ++people[static_cast<std::size_t>(item)];
    }
    std::vector<std::vector<double>> rows(count, std::vector<double>(count + 1, 0));
    for (std::size_t person = 0; person < all.people(); ++person) {
        const auto hers = all.of(person);
        const double weight = std::pow(static_cast<double>(hers.size()), -2 * settings.person_exponent);
        for (const Item a : hers) {
            for (const Item b : hers) {
                const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
                const double product = weight * std::pow(people[i] * people[j], -settings.item_exponent);
                rows[i][j] += product;
                if (b == target) rows[i][count] += product;
            }
        }
    }
    const auto own = static_cast<std::size_t>(target);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i][i] += settings.penalty;
        if (i != own) rows[i][own] = rows[own][i] = 0;
    }
    rows[own][count] = 0;
    for (std::size_t pivot = 0; pivot < count; ++pivot) {
        for (std::size_t i = 0; i < count; ++i) {
            if (i == pivot) continue;
            const double factor = rows[i][pivot] / rows[pivot][pivot];
            for (std::size_t j = pivot; j <= count; ++j)
                rows[i][j] -= factor * rows[pivot][j];
        }
    }
    std::vector<double> weights(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
        if (people[i] > 0 && people[own] > 0)
            weights[i] = rows[i][count] / rows[i][i] * std::pow(people[i], -settings.item_exponent) *
                         std::pow(people[own], settings.item_exponent);
    }
    return weights;
}

// Sixty people and twelve items, of which the first ones are liked the most.
Interactions small_world() {
    Interactions all;
    std::uint32_t state = 1;
    for (int person = 0; person < 60; ++person) {
        std::vector<Item> hers;
        for (Item item = 0; item < 12; ++item) {
            state = state * 1664525 + 1013904223;
            if ((state >> 16) % 12 < static_cast<std::uint32_t>(12 - item)) hers.push_back(item);
        }
        all.add_person(hers);
    }
    return all;
}

TEST(Ridge, AgreesWithADenseSolve) {
    const Interactions all = small_world();
    for (const double penalty : {1.0, 14.0}) {
        // Training stops when a thousandth of the right side is left, hence the tolerance.
        const RidgeSettings settings{.neighbours = 50,
                                     .person_exponent = 0.2,
                                     .item_exponent = 0.15,
                                     .penalty = penalty,
                                     .steps = 10,
                                     .lift = 0};
        const Model model = train_ridge(all, settings, 2, {});
        for (Item target = 0; target < all.item_count(); ++target) {
            const std::vector<double> dense = dense_ridge(all, target, settings);
            for (Item item = 0; item < all.item_count(); ++item) {
                const std::vector<Item> hers = {item};
                const auto why = model.why(hers, target);
                const double weight = why.empty() ? 0 : why[0].score;
                EXPECT_NEAR(weight, std::max(dense[static_cast<std::size_t>(item)], 0.0), 3e-3)
                    << item << " for " << target << " at " << penalty;
            }
        }
    }
}

TEST(Ridge, IsTheSameOnAnyNumberOfThreadsAndTellsTwoTastesApart) {
    // People like items of their own half; each misses one, which is what should come first.
    std::vector<std::vector<Item>> lists;
    for (Item person = 0; person < 40; ++person) {
        const Item half = person % 2 == 0 ? 0 : 10;
        std::vector<Item> hers;
        for (Item item = 0; item < 10; ++item) {
            if (item != person / 2 % 10) hers.push_back(half + item);
        }
        lists.push_back(hers);
    }
    const Interactions all = of(lists);
    const RidgeSettings settings{.penalty = 1};
    const Model one = train_ridge(all, settings, 1, {});
    std::size_t told = 0;
    const Model two = train_ridge(all, settings, 2, [&](std::size_t done, std::size_t total) {
        told = std::max(told, done);
        EXPECT_EQ(total, 20U);
    });
    EXPECT_EQ(told, 20U);
    Scratch scratch;
    for (std::size_t person = 0; person < all.people(); ++person) {
        const auto best = one.best(all.of(person), 5, scratch);
        ASSERT_FALSE(best.empty());
        EXPECT_EQ(best[0].item, (person % 2 == 0 ? 0 : 10) + static_cast<Item>(person) / 2 % 10);
        EXPECT_EQ(two.best(all.of(person), 5, scratch), best);
    }
}

// How much i speaks for j in the leading directions, from the definition: all people by all items, the
// directions one after the other by power iteration, each taken out of the matrix before the next.
std::vector<std::vector<double>> dense_factors(const Interactions& all, const FactorSettings& settings) {
    const auto count = static_cast<std::size_t>(all.item_count());
    const Interactions turned = all.turned();
    const auto scaled = [&](std::size_t item, double exponent) {
        return std::pow(static_cast<double>(turned.of(item).size()), exponent);
    };
    std::vector<std::vector<double>> square(count, std::vector<double>(count, 0)), weights = square;
    for (std::size_t person = 0; person < all.people(); ++person) {
        const auto hers = all.of(person);
        for (const Item a : hers) {
            for (const Item b : hers) {
                const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
                square[i][j] += std::pow(static_cast<double>(hers.size()), -2 * settings.person_exponent) *
                                scaled(i, -settings.item_exponent) * scaled(j, -settings.item_exponent);
            }
        }
    }
    for (std::size_t direction = 0; direction < settings.rank; ++direction) {
        std::vector<double> v(count), next(count);
        for (std::size_t i = 0; i < count; ++i)
            v[i] = 1 + static_cast<double>(i * i % 7);
        double length = 0;
        for (int step = 0; step < 3000; ++step) {
            length = 0;
            for (std::size_t i = 0; i < count; ++i) {
                next[i] = 0;
                for (std::size_t j = 0; j < count; ++j)
                    next[i] += square[i][j] * v[j];
                length += next[i] * next[i];
            }
            length = std::sqrt(length);
            for (std::size_t i = 0; i < count; ++i)
                v[i] = next[i] / length;
        }
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < count; ++j) {
                square[i][j] -= length * v[i] * v[j];
                weights[i][j] +=
                    scaled(i, -settings.item_exponent) * v[i] * v[j] * scaled(j, settings.item_exponent);
            }
        }
    }
    return weights;
}

TEST(Blend, AddsTheLeadingFactorsToTheTies) {
    const Interactions all = small_world();
    for (const double exponent : {0.5, 0.3}) {
        BlendSettings settings;
        settings.factors = {.rank = 3, .person_exponent = 0.4, .item_exponent = exponent, .rounds = 60};
        settings.share = 0.7;
        settings.items_a_direction = 4;  // so three of twelve
        settings.people_a_direction = 1;
        settings.ridge.penalty = 3;
        const Model ridge = train_ridge(all, settings.ridge, 2, {});
        const Model blend = train_blend(all, settings, 2, {});
        const auto dense = dense_factors(all, settings.factors);
        double furthest = 0;
        for (Item target = 0; target < all.item_count(); ++target) {
            for (Item item = 0; item < all.item_count(); ++item) {
                if (item == target) continue;
                const std::vector<Item> hers = {item};
                const auto tie = ridge.why(hers, target), both = blend.why(hers, target);
                if (tie.empty() || both.empty()) continue;  // negative ones are not said
                const double factor =
                    0.7 * dense[static_cast<std::size_t>(item)][static_cast<std::size_t>(target)];
                EXPECT_NEAR(both[0].score, tie[0].score + factor, 1e-4) << item << " for " << target;
                furthest = std::max(furthest, std::abs(factor));
            }
        }
        EXPECT_GT(furthest, 0.01) << "the factors do count";
    }
}

TEST(Blend, SaysWhyAndIsTheSameOnAnyNumberOfThreads) {
    const Interactions all = small_world();
    BlendSettings settings;
    settings.items_a_direction = 3;
    settings.people_a_direction = 1;
    const Model one = train_blend(all, settings, 1, {}), three = train_blend(all, settings, 3, {});
    Scratch scratch;
    for (std::size_t person = 0; person < all.people(); ++person) {
        const auto best = one.best(all.of(person), 5, scratch);
        EXPECT_EQ(three.best(all.of(person), 5, scratch), best);
        for (const Scored& scored : best) {
            float sum = 0;
            bool all_speak_for_it = true;
            for (const Item item : all.of(person)) {
                const auto why = one.why(std::span(&item, 1), scored.item);
                all_speak_for_it = all_speak_for_it && !why.empty();
                if (!why.empty()) sum += why[0].score;
            }
            if (all_speak_for_it) {
                EXPECT_NEAR(scored.score, sum, 1e-4) << person << ", " << scored.item;
            } else {
                EXPECT_LE(scored.score, sum + 1e-4) << person << ", " << scored.item;
            }
        }
    }
}

TEST(Blend, IsRidgeWhereThereAreFewItems) {
    const Interactions all = small_world();
    const Model blend = train_blend(all, {}, 2, {}), ridge = train_ridge(all, BlendSettings{}.ridge, 2, {});
    Scratch scratch;
    for (std::size_t person = 0; person < all.people(); ++person)
        EXPECT_EQ(blend.best(all.of(person), 5, scratch), ridge.best(all.of(person), 5, scratch));
}

TEST(Blend, HasADirectionForEveryFiftyPeopleAtMost) {
    std::vector<std::vector<Item>> lists;
    for (Item person = 0; person < 199; ++person)
        lists.push_back({person % 7, person % 11, person % 13});
    BlendSettings settings;
    settings.items_a_direction = 1;
    EXPECT_EQ(train_blend(of(lists), settings, 2, {}).factors().rank, 3U);
    lists.resize(49);
    EXPECT_EQ(train_blend(of(lists), settings, 2, {}).factors().rank, 0U);
}

TEST(Blend, IsMadeOfAlmostNothing) {
    BlendSettings settings;
    settings.items_a_direction = 1;
    settings.people_a_direction = 1;
    for (const auto& lists : {std::vector<std::vector<Item>>{}, {{}}, {{0}}, {{0}, {0}}, {{0, 3}, {3}}}) {
        const Interactions all = of(lists);
        const Model model = train_blend(all, settings, 2, {});
        Scratch scratch;
        const std::vector<Item> hers = {0};
        for (const Scored& scored : model.best(hers, 5, scratch))
            EXPECT_TRUE(std::isfinite(scored.score) && scored.item == 3);
        EXPECT_THAT(model.why(hers, 17), IsEmpty());
    }
}

}  // namespace
}  // namespace braid::guidance
