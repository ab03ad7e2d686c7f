// guidance evaluate.
#include <sys/resource.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/plain_json.h"
#include "app/commands/words.h"
#include "app/progress.h"
#include "interests/guidance/evaluation.h"
#include "interests/guidance/training.h"

namespace braid::app::commands {

namespace {

guidance::RidgeSettings changed(guidance::RidgeSettings settings, const EvaluateGuidance& options) {
    if (options.neighbours > 0) settings.neighbours = options.neighbours;
    if (options.person_exponent >= 0) settings.person_exponent = options.person_exponent;
    if (options.item_exponent >= 0) settings.item_exponent = options.item_exponent;
    if (options.penalty >= 0) settings.penalty = options.penalty;
    if (options.lift >= 0) settings.lift = options.lift;
    return settings;
}

guidance::Model train(const EvaluateGuidance& options, const guidance::Interactions& interactions) {
    Progress progress("training");
    const guidance::Told told = [&](std::size_t done, std::size_t total) { progress.at(done, total); };
    if (options.model == "popular") return guidance::train_popular(interactions);
    if (options.model == "neighbours") {
        guidance::NeighbourSettings settings;
        if (options.neighbours > 0) settings.neighbours = options.neighbours;
        if (options.person_exponent >= 0) settings.person_exponent = options.person_exponent;
        return guidance::train_neighbours(interactions, settings, options.threads, told);
    }
    if (options.model == "itemknn") {
        guidance::ItemKnnSettings settings;
        if (options.neighbours > 0) settings.neighbours = options.neighbours;
        if (options.shrinkage >= 0) settings.shrinkage = options.shrinkage;
        return guidance::train_item_knn(interactions, settings, options.threads, told);
    }
    if (options.model == "ridge")
        return guidance::train_ridge(interactions, changed({}, options), options.threads, told);
    guidance::BlendSettings settings;
    settings.ridge = changed(settings.ridge, options);
    if (options.rank > 0) settings.factors.rank = options.rank;
    if (options.share >= 0) settings.share = options.share;
    return guidance::train_blend(interactions, settings, options.threads, told);
}

// The most memory this process ever held.
double peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string test_name(const EvaluateGuidance& options) {
    if (options.hold_out) return "holdout";
    return options.hold_out_last ? "holdout-last" : options.test.string();
}

Result<guidance::Split> read_split(const EvaluateGuidance& options) {
    if (options.hold_out_last) return guidance::read_holding_out_last(options.train);
    auto train = TRY(guidance::read_interactions(options.train));
    if (options.hold_out) return guidance::hold_out(train);
    auto test = TRY(guidance::read_interactions(options.test));
    train.widen(test.item_count());
    return guidance::Split{std::move(train), std::move(test)};
}

struct Measured {
    guidance::Quality quality;
    std::size_t items = 0, train = 0, test = 0, weights = 0;
    double training_seconds = 0;
};

void print_json(const EvaluateGuidance& options, const Measured& measured) {
    const guidance::Quality& quality = measured.quality;
    const boost::json::object out = {
        {"model", options.model},
        {"test", test_name(options)},
        {"people", quality.people},
        {"items", measured.items},
        {"train_interactions", measured.train},
        {"test_interactions", measured.test},
        {"recall_at_20", quality.recall},
        {"ndcg_at_20", quality.ndcg},
        {"precision_at_20", quality.precision},
        {"coverage", quality.coverage},
        {"quiet_share", quality.quiet},
        {"training_seconds", measured.training_seconds},
        {"microseconds_per_person", quality.microseconds_per_person},
        {"peak_megabytes", peak_megabytes()},
        {"weights", measured.weights},
        {"threads", options.threads},
    };
    std::printf("%s\n", plain_json(out).c_str());
}

void print_table(const EvaluateGuidance& options, const Measured& measured) {
    const guidance::Quality& quality = measured.quality;
    const auto row = [](const char* what, const char* format, double value) {
        std::printf("%-28s", what);
        std::printf(format, value);
        std::printf("\n");
    };
    std::printf("%-28s%s\n", "model", options.model.c_str());
    std::printf("%-28s%s\n", "test", test_name(options).c_str());
    row("people", "%.0f", static_cast<double>(quality.people));
    row("items", "%.0f", static_cast<double>(measured.items));
    row("Recall@20", "%.7f", quality.recall);
    row("NDCG@20", "%.7f", quality.ndcg);
    row("Precision@20", "%.7f", quality.precision);
    row("items ever shown", "%.1f %%", 100 * quality.coverage);
    row("of the quiet half", "%.1f %% of what is shown", 100 * quality.quiet);
    row("training", "%.1f s", measured.training_seconds);
    row("an answer", "%.0f µs", quality.microseconds_per_person);
    row("peak memory", "%.0f MB", peak_megabytes());
}

}  // namespace

int evaluate_guidance(const EvaluateGuidance& options) {
    if (options.test.empty() && !options.hold_out && !options.hold_out_last) {
        std::fprintf(stderr, "braid: name a --test file, or take --holdout or --holdout-last\n");
        return kUsage;
    }
    const auto read = read_split(options);
    if (!read.ok()) return complain(read.error());
    const guidance::Split& split = *read;
    Measured measured;
    measured.items = static_cast<std::size_t>(split.train.item_count());
    measured.train = split.train.size();
    measured.test = split.held_out.size();
    const auto start = std::chrono::steady_clock::now();
    const guidance::Model model = train(options, split.train);
    measured.training_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    measured.weights = model.weights();
    {
        Progress progress("answering");
        measured.quality =
            guidance::evaluate(model, split.train, split.held_out, options.threads,
                               [&](std::size_t done, std::size_t total) { progress.at(done, total); });
    }
    if (options.json) {
        print_json(options, measured);
    } else {
        print_table(options, measured);
    }
    return kOk;
}

}  // namespace braid::app::commands
