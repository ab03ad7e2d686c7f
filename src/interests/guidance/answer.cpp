#include "interests/guidance/answer.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace braid::guidance {

namespace {

constexpr int kMostTastes = 500;
constexpr int kMostTasteTopics = 3000;
constexpr std::size_t kMostFollowed = 12;
constexpr std::size_t kMostThrough = 8;
constexpr int kOfTopic = 40;
constexpr std::size_t kOfModel = 100;
constexpr int kOfLanguage = 20;
constexpr std::size_t kMostLooked = 60;  // of those that something speaks for
constexpr std::size_t kEnough = 24;      // of them that pass: more would not come into six places
constexpr std::size_t kEnoughQuiet = 8;  // for the place that is kept for works with few readers
constexpr std::size_t kEnoughNew = 8;    // likewise, of those that are only new

// What speaks for a work, before anything is asked about it.
struct Evidence {
    double model = 0;
    std::vector<std::size_t> topics;  // in Gathering::matched_
    [[nodiscard]] bool any() const { return model > 0 || !topics.empty(); }
};

class Gathering {
  public:
    Gathering(sql::Session& session, const Question& question, const SiteModel& model,
              const topics::Interests& interests, Timestamp now)
        : session_(session), question_(question), model_(model), interests_(interests), now_(now) {}

    Answer run(std::size_t most) {
        Answer answer;
        answer.asked_model = model_.erasures() == store::state(session_).erasures;
        answer.few = few_readers(model_.median_readers());
        learn_tastes();
        if (tastes_.empty() && topics_.empty()) {
            look_at_asked(answer);
            return answer;
        }
        ask_topics();
        if (answer.asked_model) ask_model();
        ask_newest();
        look(answer);
        look_at_asked(answer);
        choose_from(answer, most);
        return answer;
    }

  private:
    // ---- what she cares about

    void learn_tastes() {
        languages_.emplace_back(i18n::tag(question_.language));
        if (question_.beside) {
            if (const auto& work = facts_of(*question_.beside)) {
                tastes_.push_back({work->work, Act::read, now_, work->title, work->language});
                languages_ = {work->language};
            }
            for (const auto topic : store::topics_of_work(session_, *question_.beside))
                through_[topic] = {act_weight(Act::finished), 0};
        } else if (question_.actor.person) {
            learn_acts();
            const auto followed = interests_.topics_of(session_, *question_.actor.person);
            for (const auto topic : followed) {
                if (topics_.size() == kMostFollowed) break;
                topics_.push_back({topic, kFollowed, {}, {}});
                through_.erase(topic);
            }
        }
        take_strongest();
    }

    void learn_acts() {
        for (store::Taste& one : store::tastes(session_, question_.actor, kMostTastes)) {
            if (std::ranges::find(languages_, one.language) == languages_.end())
                languages_.push_back(one.language);
            const auto [at, fresh] = index_.try_emplace(one.work.value, tastes_.size());
            if (fresh) {
                tastes_.push_back(std::move(one));
            } else {
                store::Taste& there = tastes_[at->second];
                there.act = std::max(there.act, one.act);
            }
        }
        for (const store::TasteTopic& one :
             store::topics_of_tastes(session_, *question_.actor.person, kMostTasteTopics)) {
            const auto at = index_.find(one.work.value);
            if (at == index_.end()) continue;  // not to be seen now: it speaks for nothing
            const double weight = act_weight(tastes_[at->second].act);
            const auto [topic, fresh] = through_.try_emplace(one.topic, Through{0, at->second});
            topic->second.weight += weight;
            // Named by the work that says most, of equals the newest.
            const store::Taste& named = tastes_[topic->second.taste];
            const store::Taste& other = tastes_[at->second];
            if (std::pair(act_weight(other.act), other.at.micros) >
                std::pair(act_weight(named.act), named.at.micros))
                topic->second.taste = at->second;
        }
    }

    void take_strongest() {
        struct Of {
            topics::TopicId topic;
            Through through;
        };
        std::vector<Of> list;
        for (const auto& [topic, through] : through_)
            list.push_back({topic, through});
        std::ranges::stable_sort(list, std::greater(), [](const Of& one) { return one.through.weight; });
        if (list.size() > kMostThrough) list.resize(kMostThrough);
        for (const Of& one : list) {
            const store::Taste* taste =
                one.through.taste < tastes_.size() ? &tastes_[one.through.taste] : nullptr;
            if (taste == nullptr) continue;
            topics_.push_back({one.topic, strength_through(one.through.weight), taste->work, taste->title});
        }
    }

    // ---- works that something speaks for

    void ask_topics() {
        std::vector<store::OfTopic> wanted;
        // What she follows includes what is below it; of what she read, the topic itself is meant.
        for (const TopicTaste& one : topics_)
            wanted.push_back({one.topic, one.through ? store::Below::does_not : store::Below::counts});
        const auto lists = store::newest_in(session_, question_.actor, wanted, kOfTopic);
        for (std::size_t i = 0; i < lists.size(); ++i) {
            for (const auto work : lists[i])
                evidence_[work].topics.push_back(i);
        }
    }

    void ask_model() {
        for (std::size_t i = 0; i < tastes_.size(); ++i)
            know({Kind::work, tastes_[i].work.value}, i);
        for (std::size_t i = 0; i < topics_.size(); ++i) {
            if (!topics_[i].through) know({Kind::topic, topics_[i].topic.value}, tastes_.size() + i);
        }
        if (items_.empty()) return;
        // Kept from one answer of this thread to the next.
        thread_local Scratch scratch;
        double best = 0;
        for (const Scored& one : model_.model().best(items_, kOfModel, scratch)) {
            const ItemKey key = model_.key(one.item);
            if (key.kind != Kind::work) continue;
            best = std::max(best, static_cast<double>(one.score));
            evidence_[works::WorkId{key.id}].model = one.score / best;
        }
    }
    void know(ItemKey key, std::size_t from) {
        const auto item = model_.find(key);
        if (!item) return;
        items_.push_back(*item);
        of_item_[*item] = from;
    }

    void ask_newest() {
        for (const auto work : store::newest(session_, question_.actor, languages_, kOfLanguage))
            evidence_.try_emplace(work);
    }

    // ---- each of them, by what the tables say now

    void look(Answer& answer) {
        std::vector<works::WorkId> order, rest;
        for (const auto& [work, evidence] : evidence_)
            (evidence.any() ? order : rest).push_back(work);
        std::ranges::stable_sort(order, std::greater(),
                                 [this](works::WorkId work) { return rough(evidence_.at(work)); });
        if (order.size() > kMostLooked) order.resize(kMostLooked);
        std::ranges::reverse(rest);  // ids are in the order of creation
        // Mostly no more than these are looked at: one query.
        const std::vector<works::WorkId> quiet = quiet_ones();
        std::vector<works::WorkId> likely = quiet;
        if (likely.size() > kEnoughQuiet) likely.resize(kEnoughQuiet);
        add_first(likely, rest, kEnoughNew);
        add_first(likely, order, store::kFactsAtOnce - likely.size());
        learn_facts(likely);
        look_until(answer, order, kEnough);
        look_until(answer, not_yet(answer, quiet), kEnoughQuiet);
        look_until(answer, rest, kEnoughNew);
    }
    static void add_first(std::vector<works::WorkId>& list, const std::vector<works::WorkId>& more,
                          std::size_t most) {
        list.insert(list.end(), more.begin(),
                    more.begin() + static_cast<std::ptrdiff_t>(std::min(most, more.size())));
    }

    // Works that something speaks for, and the model does not know, since too few have read them: for the
    // kept place, whatever else fits better. By turns, as there.
    [[nodiscard]] std::vector<works::WorkId> quiet_ones() const {
        const std::int64_t person = question_.actor.person.value_or(PersonId{}).value;
        std::vector<std::pair<double, works::WorkId>> list;
        for (const auto& [work, evidence] : evidence_) {
            if (!evidence.any() || model_.find({Kind::work, work.value})) continue;
            list.emplace_back(rough(evidence) * (0.6 + 0.4 * turn(person, work, now_)), work);
        }
        std::ranges::sort(list, std::greater());
        std::vector<works::WorkId> order;
        for (const auto& [score, work] : list)
            order.push_back(work);
        return order;
    }
    static std::vector<works::WorkId> not_yet(const Answer& answer, std::vector<works::WorkId> works) {
        std::erase_if(works, [&](works::WorkId work) {
            return std::ranges::any_of(answer.looked,
                                       [&](const Looked& one) { return one.facts.work == work; });
        });
        return works;
    }

    void look_until(Answer& answer, const std::vector<works::WorkId>& order, std::size_t enough) {
        std::size_t passed = 0;
        for (auto at = order.begin(); at != order.end() && passed < enough; ++at) {
            if (!facts_.contains(*at)) {
                std::vector<works::WorkId> following;
                add_first(following, {at, order.end()}, store::kFactsAtOnce);
                learn_facts(following);
            }
            look_at(answer, *at);
            if (answer.looked.back().filter == Filter::passed) ++passed;
        }
    }

    void learn_facts(const std::vector<works::WorkId>& works) {
        for (store::Facts& one : store::facts(session_, question_.actor, works)) {
            const works::WorkId work = one.work;
            facts_.insert_or_assign(work, std::move(one));
        }
        for (const auto work : works)
            facts_.try_emplace(work);
    }
    // Nothing: there is no such work.
    const std::optional<store::Facts>& facts_of(works::WorkId work) {
        if (!facts_.contains(work)) learn_facts({work});
        return facts_.at(work);
    }

    void look_at(Answer& answer, works::WorkId work) {
        Looked looked;
        const auto& facts = facts_of(work);
        looked.facts.work = work;
        if (facts) looked.facts = *facts;
        const auto evidence = evidence_.find(work);
        looked.candidate = evidence != evidence_.end();
        looked.fits = looked.candidate && evidence->second.any();
        looked.filter =
            facts ? filter_of(*facts, looked.candidate ? evidence->second : Evidence{}) : Filter::missing;
        if (facts && looked.candidate &&
            (looked.filter == Filter::passed || question_.about == works::WorkId(work)))
            looked.reasons = reasons(*facts, evidence->second);
        answer.looked.push_back(std::move(looked));
    }

    void look_at_asked(Answer& answer) {
        if (!question_.about) return;
        const auto there = std::ranges::find_if(
            answer.looked, [this](const Looked& one) { return one.facts.work == *question_.about; });
        if (there != answer.looked.end()) return;
        look_at(answer, *question_.about);
        answer.looked.back().considered = false;
    }

    [[nodiscard]] Filter filter_of(const store::Facts& facts, const Evidence& evidence) const {
        if (question_.beside == facts.work) return Filter::beside;
        if (!facts.listed) return Filter::hidden;
        if (question_.actor.is(facts.author)) return Filter::own;
        if (facts.begun) return Filter::begun;
        if (facts.taken_up) return Filter::taken_up;
        if (facts.declined) return Filter::declined;
        if (evidence.model <= 0 && std::ranges::find(languages_, facts.language) == languages_.end())
            return Filter::language;
        return Filter::passed;
    }

    [[nodiscard]] double rough(const Evidence& evidence) const {
        double left = 1;
        for (const std::size_t topic : evidence.topics)
            left *= 1 - topics_[topic].strength;
        return kModelShare * evidence.model + kTopicShare * (1 - left);
    }

    [[nodiscard]] std::vector<Reason> reasons(const store::Facts& facts, const Evidence& evidence) const {
        std::vector<ModelPart> parts;
        if (evidence.model > 0) {
            const auto target = model_.find({Kind::work, facts.work.value});
            for (const Scored& one : model_.model().why(items_, *target))
                parts.push_back({reason_of(of_item_.at(one.item)), one.score});
        }
        std::vector<TopicTaste> matched;
        for (const std::size_t topic : evidence.topics)
            matched.push_back(topics_[topic]);
        auto reasons = reasons_of(evidence.model, parts, matched, facts.updated_at, now_);
        for (Reason& one : reasons) {
            if (one.topic) one.label = interests_.label(one.topic, i18n::tag(question_.language));
        }
        return reasons;
    }

    // `from`: in her works, then in her topics.
    [[nodiscard]] Reason reason_of(std::size_t from) const {
        Reason reason;
        if (from < tastes_.size()) {
            reason.source = question_.beside ? Reason::Source::reading : Reason::Source::act;
            reason.work = tastes_[from].work;
            reason.act = tastes_[from].act;
            reason.title = tastes_[from].title;
        } else {
            reason.source = Reason::Source::topic;
            reason.topic = topics_[from - tastes_.size()].topic;
        }
        return reason;
    }

    void choose_from(Answer& answer, std::size_t most) const {
        std::vector<Candidate> candidates;
        std::vector<std::size_t> index;
        for (std::size_t i = 0; i < answer.looked.size(); ++i) {
            const Looked& one = answer.looked[i];
            if (one.filter != Filter::passed || !one.considered) continue;
            candidates.push_back({.work = one.facts.work,
                                  .author = one.facts.author,
                                  .score = score_of(one.reasons),
                                  .fits = one.fits,
                                  .quiet = one.facts.readers < answer.few});
            index.push_back(i);
        }
        const std::int64_t person = question_.actor.person.value_or(PersonId{}).value;
        for (const Chosen& one : choose(candidates, most, person, now_)) {
            answer.chosen.push_back({index[one.index], one.kept_place});
            if (!one.kept_place) continue;
            Reason few;
            few.source = Reason::Source::few_readers;
            answer.looked[index[one.index]].reasons.push_back(few);
        }
    }

    struct Through {
        double weight = 0;
        std::size_t taste = 0;
    };

    sql::Session& session_;
    const Question& question_;
    const SiteModel& model_;
    const topics::Interests& interests_;
    const Timestamp now_;
    std::vector<store::Taste> tastes_;                     // one a work, with its strongest act
    std::unordered_map<std::int64_t, std::size_t> index_;  // work → in tastes_
    std::map<topics::TopicId, Through> through_;
    std::vector<TopicTaste> topics_;
    std::vector<std::string> languages_;
    std::map<works::WorkId, Evidence> evidence_;
    std::unordered_map<works::WorkId, std::optional<store::Facts>> facts_;  // that were asked for
    std::vector<Item> items_;
    std::unordered_map<Item, std::size_t> of_item_;
};

}  // namespace

std::string_view name(Filter filter) {
    static constexpr std::array<std::string_view, 9> kNames{
        "passed", "missing", "hidden", "own", "begun", "taken_up", "declined", "beside", "language"};
    return kNames[static_cast<std::size_t>(filter)];
}

Answer answer(sql::Session& session, const Question& question, const SiteModel& model,
              const topics::Interests& interests, std::size_t most, Timestamp now) {
    return Gathering(session, question, model, interests, now).run(most);
}

}  // namespace braid::guidance
