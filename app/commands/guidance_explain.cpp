// guidance explain, rebuild.
#include <cstdio>

#include <boost/json.hpp>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/plain_json.h"
#include "app/commands/words.h"
#include "app/program.h"
#include "app/progress.h"
#include "identity/accounts/api.h"
#include "interests/guidance/module.h"
#include "platform/i18n/i18n.h"

namespace braid::app::commands {

namespace {

namespace json = boost::json;

std::optional<accounts::PersonCard> person_of(sql::Session& session, const accounts::People& people,
                                              const std::string& text) {
    if (auto card = people.by_handle(session, text)) return card;
    const auto id = access::PersonId::parse(text);
    return id ? people.card(session, *id) : std::nullopt;
}

std::string says(guidance::Filter filter) {
    using guidance::Filter;
    switch (filter) {
        case Filter::passed:
            return "it passes every filter";
        case Filter::missing:
            return "there is no such work";
        case Filter::hidden:
            return "lists do not show it to her: its visibility, its rating, or a block";
        case Filter::own:
            return "it is her own";
        case Filter::begun:
            return "she has begun it, or read it";
        case Filter::taken_up:
            return "she gave it kudos or saved it";
        case Filter::declined:
            return "she said it is not for her";
        case Filter::beside:
            return "it is the one she is in";
        case Filter::language:
            return "she reads nothing in its language, and only topics speak for it";
    }
    return {};
}

json::object written(const guidance::Explanation& found, i18n::Language language) {
    json::array reasons;
    for (const guidance::Reason& reason : found.looked.reasons) {
        json::object one{{"says", guidance::clause(reason, language)}, {"amount", reason.amount}};
        if (reason.work) one["work"] = reason.work.text();
        if (reason.topic) one["topic"] = reason.topic.text();
        reasons.push_back(std::move(one));
    }
    json::object out{{"work", found.looked.facts.work.text()},
                     {"title", found.looked.facts.title},
                     {"filter", guidance::name(found.looked.filter)},
                     {"candidate", found.looked.candidate},
                     {"considered", found.looked.considered},
                     {"score", found.score},
                     {"readers", found.looked.facts.readers},
                     {"few_readers_below", found.few},
                     {"kept_place", found.kept_place},
                     {"reasons", std::move(reasons)}};
    out["place"] = found.place ? json::value(*found.place + 1) : json::value();
    out["model"] = json::object{{"version", found.model.version}, {"asked", found.asked_model},
                                {"recipe", found.model.recipe},   {"people", found.model.people},
                                {"items", found.model.items},     {"acts", found.model.acts},
                                {"weights", found.model.weights}, {"milliseconds", found.model.milliseconds}};
    return out;
}

void print(const guidance::Explanation& found, i18n::Language language) {
    const guidance::store::Facts& facts = found.looked.facts;
    std::printf("%s (%s)\n", facts.title.c_str(), facts.work.text().c_str());
    std::printf("filters    %s\n", says(found.looked.filter).c_str());
    if (!found.looked.candidate) {
        std::printf("score      none: neither the model nor a topic of hers leads to it\n");
    } else {
        if (!found.looked.considered) std::printf("           enough others come before it\n");
        std::printf("score      %.4f\n", found.score);
        for (const guidance::Reason& reason : found.looked.reasons)
            std::printf("  %.4f   %s\n", reason.amount, guidance::clause(reason, language).c_str());
    }
    if (found.place) {
        std::printf("place      %zu%s\n", *found.place + 1,
                    found.kept_place ? ", which is kept for works with few readers" : "");
    } else {
        std::printf("place      not in her list now\n");
    }
    std::printf("readers    %d%s (few: below %d)\n", facts.readers,
                facts.readers >= guidance::kMostFew ? " or more" : "", found.few);
    std::printf("model      %s, %s: %lld people, %lld items, %lld acts; %lld weights kept; %lld ms%s\n",
                found.model.version.c_str(), found.model.recipe.c_str(),
                static_cast<long long>(found.model.people), static_cast<long long>(found.model.items),
                static_cast<long long>(found.model.acts), static_cast<long long>(found.model.weights),
                static_cast<long long>(found.model.milliseconds), found.asked_model ? "" : "; not asked");
}

}  // namespace

int rebuild_guidance(const Settings& settings) {
    Program program(settings);
    program.migrate();
    {
        Progress progress("people");
        program.modules().guidance().service().rebuild([&](std::int64_t done, std::int64_t total) {
            progress.at(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
        });
    }
    const auto [people, extent] = program.database().read([](sql::Reader& reader) {
        return std::pair(guidance::store::count_people(reader), guidance::store::extent(reader));
    });
    std::printf("%lld acts of %lld people. Serving nodes learn from them within a minute.\n",
                static_cast<long long>(extent.acts), static_cast<long long>(people));
    return kOk;
}

// A model is in the memory of the nodes that serve; here it is made once more, from the same tables by the
// same code, so that its version says whether theirs is the same.
int explain_guidance(const Settings& settings, const ExplainGuidance& options) {
    Program program(settings);
    guidance::GuidanceModule& module = program.modules().guidance();
    const auto work = works::WorkId::parse(options.work);
    if (!work) return complain(not_found("“" + options.work + "” is no id of a work"));
    const auto card = program.database().read(
        [&](sql::Reader& reader) { return person_of(reader, program.modules().accounts(), options.person); });
    if (!card) return complain(not_found("there is nobody called “" + options.person + "”"));
    {
        Progress progress("model");
        module.models().learn([&](std::size_t done, std::size_t total) { progress.at(done, total); });
    }
    access::Actor actor;
    actor.person = card->id;
    actor.band = card->band;
    i18n::Language language = i18n::Language::en;
    i18n::parse_language(options.language, language);
    const auto [found, newest] = program.database().read([&](sql::Reader& reader) {
        return std::pair(module.service().explain(reader, actor, *work, language),
                         guidance::store::newest_model(reader));
    });
    if (options.json) {
        json::object out = written(found, language);
        out["person"] = card->handle;
        out["serving"] =
            newest ? json::value{{"version", newest->version}, {"learnt_at", to_rfc3339(newest->trained_at)}}
                   : json::value();
        std::printf("%s\n", plain_json(out).c_str());
        return found.looked.filter == guidance::Filter::missing ? kFailed : kOk;
    }
    if (found.looked.filter == guidance::Filter::missing)
        return complain(not_found("there is no work " + options.work));
    std::printf("for %s (@%s)\n", card->display_name.c_str(), card->handle.c_str());
    print(found, language);
    if (newest)
        std::printf("serving    %s, learnt %s%s\n", newest->version.c_str(),
                    to_rfc3339(newest->trained_at).c_str(),
                    newest->version == found.model.version ? ", the same" : "; acts have changed since");
    return kOk;
}

}  // namespace braid::app::commands
