// guidance_bench [--acts N] [--works N] [--asked N] [--postgres 1]
//
// A made-up site on SQLite, or on a PostgreSQL started for it, in memory's reach of this machine: people with
// three tastes out of two hundred, works of one taste each, the popular ones far more popular (Zipf, exponent
// 1), one act in ten at random. The site learns, and then `asked` people ask what is for them. One line of
// JSON: how long learning took and what memory the process ever held; microseconds of processor time an
// answer took, in all and without the database, and by the clock; how many queries it asked; which share of
// what was shown was from the half of the works with the fewest readers, and what it would be if no place
// were kept for them.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "identity/blocks/api.h"
#include "interests/guidance/answer.h"
#include "platform/jobs/jobs.h"
#include "support/databases.h"

namespace braid::works {
std::span<const sql::Migration> migrations();
}
namespace braid::blobs {
std::span<const sql::Migration> migrations();
}
namespace braid::feedback {
std::span<const sql::Migration> migrations();
}
namespace braid::reading {
std::span<const sql::Migration> migrations();
}
namespace braid::topics {
std::span<const sql::Migration> migrations();
}
namespace braid::guidance {
std::span<const sql::Migration> migrations();
}

namespace {

using namespace braid;
using SteadyClock = std::chrono::steady_clock;

constexpr int kTastes = 200;
constexpr int kActsEach = 20;
constexpr std::int64_t kFirstWork = 1'000'000, kFirstPerson = 100'000'000;

const sql::Query kWork{
    "bench.insert_work",
    "INSERT INTO works (id, author, byline, title, language, rating, visibility, status, comments, licence, "
    "warnings_said, warnings, warnings_other, audience, chapters, words, cover, cover_small, cover_version, "
    "created_at, updated_at, touched_at, published_at, tags, summary_plain, sanitiser, summary_html, "
    "summary) "
    "VALUES ($1, $2, '', $3, 'en', 0, 'everyone', 'ongoing', 'open', 'cc_by', 'none', 0, '', 2, 1, 2000, '', "
    "'', 1, $4, $4, $4, $4, '', 'A summary.', 1, '', '')"};
const sql::Query kTopicWork{
    "bench.insert_topic_work",
    "INSERT INTO topic_works (topic, work, updated_at, direct) VALUES ($1, $2, $3, 1)"};
const sql::Query kAct{
    "bench.insert_act",
    "INSERT INTO guidance_acts (person, kind, item, act, at) VALUES ($1, $2, $3, $4, $5) ON "
    "CONFLICT (person, kind, item, act) DO NOTHING"};
const sql::Query kAnalyze{"bench.analyze", "ANALYZE"};

// Whose acts name one topic of theirs; the vocabulary is not what is measured.
class Interests final : public topics::Interests {
  public:
    std::vector<topics::TopicId> topics_of(sql::Session&, access::PersonId person) const override {
        return {topics::TopicId{1 + person.value % kTastes}};
    }
    std::vector<topics::ShownInterest> shown_to(sql::Session&, const access::Actor&, access::PersonId,
                                                std::string_view) const override {
        return {};
    }
    std::string label(topics::TopicId topic, std::string_view) const override {
        return "Topic " + topic.text();
    }
    std::vector<topics::NewInTopic> news(sql::Session&, const access::Actor&, std::string_view,
                                         std::size_t) const override {
        return {};
    }
    std::vector<topics::MeantTopic> meaning_of(sql::Session&, const access::Actor&, const works::Tag&,
                                               std::string_view, std::string_view) const override {
        return {};
    }
};

// This thread's processor time: the machine may have other things to do.
double processor_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Adds up the time inside the database.
class Timed final : public sql::Session {
  public:
    explicit Timed(sql::Session& inner) : inner_(inner) {}
    [[nodiscard]] sql::Engine engine() const override { return inner_.engine(); }
    std::int64_t execute(const sql::Query& query, std::span<const sql::Param> params,
                         const sql::RowCallback& on_row) override {
        const double start = processor_us();
        const auto changed = inner_.execute(query, params, on_row);
        spent += processor_us() - start;
        ++queries;
        return changed;
    }
    double spent = 0;
    int queries = 0;

  private:
    sql::Session& inner_;
};

struct Size {
    std::int64_t acts = 100'000, works = 10'000, asked = 2000;
    std::int64_t postgres = 0;  // 1: there
    [[nodiscard]] std::int64_t people() const { return std::max<std::int64_t>(1, acts / kActsEach); }
};

// Work i has taste i % kTastes; within a taste the first is the most popular.
std::int64_t pick(std::mt19937_64& dice, const std::vector<double>& popularity, std::int64_t works,
                  int taste) {
    const std::int64_t of_taste = (works - 1 - taste) / kTastes + 1;
    const double most = popularity[static_cast<std::size_t>(of_taste - 1)];
    const double at = std::uniform_real_distribution<double>(0, most)(dice);
    const auto rank =
        std::lower_bound(popularity.begin(), popularity.begin() + of_taste, at) - popularity.begin();
    return kFirstWork + taste + rank * kTastes;
}

template <class Each>
void in_batches(sql::Database& database, std::int64_t count, Each each) {
    for (std::int64_t from = 0; from < count; from += 20'000) {
        const auto done = database.write([&](sql::Tx& tx) -> Result<void> {
            for (std::int64_t i = from; i < std::min(count, from + 20'000); ++i)
                each(tx, i);
            return success();
        });
        if (!done.ok()) std::abort();
    }
}

void furnish(sql::Database& database, const Size& size, Timestamp now) {
    std::mt19937_64 dice(1);
    in_batches(database, size.works, [&](sql::Tx& tx, std::int64_t i) {
        // As old as chance has it, whatever its popularity.
        const Timestamp at = now - std::chrono::minutes(static_cast<int>(dice() % 1'000'000));
        // Forty works an author, of different tastes.
        tx.run(kWork, kFirstWork + i, i % std::max<std::int64_t>(1, size.works / 40),
               "Work " + std::to_string(i), at);
        tx.run(kTopicWork, 1 + i % kTastes, kFirstWork + i, at);
    });
    std::vector<double> popularity;
    double sum = 0;
    for (std::int64_t rank = 0; rank <= size.works / kTastes; ++rank)
        popularity.push_back(sum += 1 / static_cast<double>(rank + 1));
    in_batches(database, size.people(), [&](sql::Tx& tx, std::int64_t i) {
        const std::int64_t person = kFirstPerson + i;
        const int tastes[3] = {static_cast<int>(person % kTastes), static_cast<int>(dice() % kTastes),
                               static_cast<int>(dice() % kTastes)};
        for (int act = 0; act < kActsEach; ++act) {
            const bool random = dice() % 10 == 0;
            const auto work =
                random
                    ? kFirstWork + static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(size.works))
                    : pick(dice, popularity, size.works, tastes[dice() % 3]);
            tx.run(kAct, person, "work", work, "finished", now - std::chrono::minutes(act * 60 + i % 60));
        }
        tx.run(kAct, person, "topic", 1 + person % kTastes, "follow", now);
    });
}

double megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The works that half of all works have more readers than.
std::set<std::int64_t> quiet_half(sql::Database& database, const Size& size) {
    std::vector<std::pair<int, std::int64_t>> readers(static_cast<std::size_t>(size.works));
    for (std::int64_t i = 0; i < size.works; ++i)
        readers[static_cast<std::size_t>(i)].second = kFirstWork + i;
    database.read([&](sql::Reader& reader) {
        guidance::store::each_pair(reader, [&](const guidance::store::Pair& pair) {
            if (pair.kind == guidance::Kind::work)
                ++readers[static_cast<std::size_t>(pair.item - kFirstWork)].first;
        });
    });
    std::sort(readers.begin(), readers.end());
    std::set<std::int64_t> quiet;
    for (std::size_t i = 0; i < readers.size() / 2; ++i)
        quiet.insert(readers[i].second);
    return quiet;
}

struct Shown {
    std::int64_t all = 0, quiet = 0, plain = 0, plain_quiet = 0;
};

// What would have been shown if no place were kept.
void count_shown(const guidance::Answer& answer, std::int64_t person, Timestamp now,
                 const std::set<std::int64_t>& quiet, Shown& shown) {
    std::vector<guidance::Candidate> candidates;
    for (const guidance::Looked& one : answer.looked) {
        if (one.filter == guidance::Filter::passed && one.considered)
            candidates.push_back(
                {one.facts.work, one.facts.author, guidance::score_of(one.reasons), one.fits, false});
    }
    for (const guidance::Chosen& one : answer.chosen) {
        ++shown.all;
        shown.quiet += quiet.contains(answer.looked[one.index].facts.work.value) ? 1 : 0;
    }
    for (const guidance::Chosen& one : guidance::choose(candidates, guidance::kMostForYou, person, now)) {
        ++shown.plain;
        shown.plain_quiet += quiet.contains(candidates[one.index].work.value) ? 1 : 0;
    }
}

double at(std::vector<double>& values, double share) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

int measure(const Size& size) {
    const FakeClock clock;
    IdMaker ids(clock, 1);
    braid::testing::TestDatabase database(
        size.postgres != 0 ? sql::Engine::postgres : sql::Engine::sqlite,
        {jobs::migrations(), blobs::migrations(), works::migrations(), blocks::migrations(),
         feedback::migrations(), reading::migrations(), topics::migrations(), guidance::migrations()});
    furnish(*database, size, clock.now());
    // As its own housekeeping soon would.
    if (size.postgres != 0) in_batches(*database, 1, [](sql::Tx& tx, std::int64_t) { tx.run(kAnalyze); });
    const double furnished = megabytes();
    guidance::Models models(*database, clock, ids);
    const auto start = SteadyClock::now();
    models.learn();
    const double learning = std::chrono::duration<double>(SteadyClock::now() - start).count();
    const double learnt = megabytes();
    const auto quiet = quiet_half(*database, size);
    const Interests interests;
    std::vector<double> all, own, clocked;
    std::int64_t queries = 0;
    Shown shown;
    for (std::int64_t i = 0; i < size.asked; ++i) {
        access::Actor actor;
        actor.person = access::PersonId{kFirstPerson + i * size.people() / size.asked};
        actor.band = access::AgeBand::teen;
        database->read([&](sql::Reader& reader) {
            Timed timed(reader);
            const auto model = models.current();
            const auto started = SteadyClock::now();
            const double begin = processor_us();
            const auto answer = guidance::answer(timed, {.actor = actor}, *model, interests,
                                                 guidance::kMostForYou, clock.now());
            const double spent = processor_us() - begin;
            clocked.push_back(
                std::chrono::duration<double, std::micro>(SteadyClock::now() - started).count());
            queries += timed.queries;
            all.push_back(spent);
            own.push_back(spent - timed.spent);
            count_shown(answer, actor.person->value, clock.now(), quiet, shown);
        });
    }
    const auto& row = models.current()->row();
    std::printf(
        "{\"acts\":%lld,\"works\":%lld,\"people\":%lld,\"items\":%lld,\"weights\":%lld,"
        "\"learning_seconds\":%.2f,\"megabytes_before\":%.0f,\"megabytes\":%.0f,\"answer_us\":%.0f,"
        "\"answer_p99_us\":%.0f,\"own_us\":%.0f,\"own_p99_us\":%.0f,\"clocked_us\":%.0f,"
        "\"clocked_p99_us\":%.0f,\"queries\":%.1f,\"shown\":%.2f,\"quiet_share\":%.4f,"
        "\"quiet_share_without\":%.4f}\n",
        static_cast<long long>(row.acts), static_cast<long long>(size.works),
        static_cast<long long>(row.people), static_cast<long long>(row.items),
        static_cast<long long>(row.weights), learning, furnished, learnt, at(all, 0.5), at(all, 0.99),
        at(own, 0.5), at(own, 0.99), at(clocked, 0.5), at(clocked, 0.99),
        static_cast<double>(queries) / static_cast<double>(size.asked),
        static_cast<double>(shown.all) / static_cast<double>(size.asked),
        static_cast<double>(shown.quiet) / static_cast<double>(std::max<std::int64_t>(1, shown.all)),
        static_cast<double>(shown.plain_quiet) / static_cast<double>(std::max<std::int64_t>(1, shown.plain)));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Size size;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::int64_t value = std::atoll(argv[i + 1]);
        if (value <= 0) return std::fprintf(stderr, "%s: a number above 0\n", argv[i]), 2;
        if (std::strcmp(argv[i], "--acts") == 0) {
            size.acts = value;
        } else if (std::strcmp(argv[i], "--works") == 0) {
            size.works = value;
        } else if (std::strcmp(argv[i], "--asked") == 0) {
            size.asked = value;
        } else if (std::strcmp(argv[i], "--postgres") == 0) {
            size.postgres = value;
        } else {
            return std::fprintf(stderr, "guidance_bench [--acts N] [--works N] [--asked N] [--postgres 1]\n"),
                   2;
        }
    }
    size.works = std::max<std::int64_t>(size.works, kTastes);
    return measure(size);
}
