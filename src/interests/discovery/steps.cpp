#include "interests/discovery/steps.h"

#include "platform/i18n/i18n.h"

namespace braid::discovery {

using Kind = NextStep::Kind;

std::vector<NextStep> next_steps(const Situation& s) {
    std::vector<NextStep> steps;
    if (s.draft != nullptr) {
        steps.push_back(
            {.kind = Kind::go_on_writing,
             .strand = shell::Strand::interest,
             .url = "/works/" + s.draft->work.text() + "/chapters/" + s.draft->chapter.text() + "/edit",
             .title = s.draft->title,
             .name = s.draft->work_title,
             .number = s.draft->place,
             .words = static_cast<int>(s.draft->words)});
    } else if (!s.writes) {
        steps.push_back(
            {.kind = Kind::begin_writing, .strand = shell::Strand::interest, .url = "/works/new"});
    }
    if (s.answer != nullptr) {
        const std::string chapter =
            "/works/" + s.answer->work.text() + "/chapters/" + s.answer->chapter.text() + "/comments";
        const std::string where =
            s.answer->paragraph.empty() ? "?on=chapter" : "?paragraph=" + s.answer->paragraph;
        steps.push_back({.kind = Kind::answer,
                         .strand = shell::Strand::relation,
                         .url = chapter + where + "#c-" + s.answer->id.text(),
                         .title = s.answer->work_title,
                         .name = s.answered_by,
                         .number = s.answer->chapter_number});
    } else if (s.newest != nullptr) {
        steps.push_back({.kind = Kind::be_first,
                         .strand = shell::Strand::relation,
                         .url = "/works/" + s.newest->card.id.text(),
                         .title = s.newest->card.title,
                         .name = s.newest->author});
    }
    if (s.finished != nullptr && !s.finished->tags.empty()) {
        const works::Tag& tag = s.finished->tags.front();
        steps.push_back({.kind = Kind::more_like_it,
                         .strand = shell::Strand::interest,
                         .url = "/tags/" + percent_encode(tag.key),
                         .title = s.finished->title,
                         .tag = tag.label});
    }
    return steps;
}

std::string_view greeting_key(int hour) {
    if (hour < 5) return _msg("discovery.hello_late");
    if (hour < 12) return _msg("discovery.good_morning");
    if (hour < 18) return _msg("discovery.good_afternoon");
    return _msg("discovery.good_evening");
}

std::string_view step_label(const NextStep& step) {
    return step.strand == shell::Strand::relation ? _msg("discovery.strand_relation")
                                                  : _msg("discovery.strand_interest");
}

std::string rib_class(const NextStep& step) {
    return step.strand == shell::Strand::relation ? "card rib relation" : "card rib interest";
}

std::string step_heading(const NextStep& step, i18n::Language language) {
    switch (step.kind) {
        case Kind::go_on_writing:
            return i18n::format(language, _msg("discovery.go_on_with"), {{"title", step.title}});
        case Kind::begin_writing:
            return i18n::format(language, _msg("discovery.begin_title"));
        case Kind::answer:
            return i18n::format(language, _msg("discovery.answer_title"), {{"name", step.name}});
        case Kind::be_first:
            return i18n::format(language, _msg("discovery.be_first_title"), {{"name", step.name}});
        case Kind::more_like_it:
            return i18n::format(language, _msg("discovery.more_title"), {{"tag", step.tag}});
    }
    return {};
}

std::string step_text(const NextStep& step, i18n::Language language) {
    switch (step.kind) {
        case Kind::go_on_writing:
            return i18n::format_plural(language, _msg("discovery.go_on_text"), step.words,
                                       {{"work", step.name}, {"words", i18n::number(language, step.words)}});
        case Kind::begin_writing:
            return i18n::format(language, _msg("discovery.begin_text"));
        case Kind::answer:
            return i18n::format(language, _msg("discovery.answer_text"),
                                {{"title", step.title}, {"number", std::to_string(step.number)}});
        case Kind::be_first:
            return i18n::format(language, _msg("discovery.be_first_text"), {{"title", step.title}});
        case Kind::more_like_it:
            return i18n::format(language, _msg("discovery.more_text"), {{"tag", step.tag}});
    }
    return {};
}

std::string_view step_action(const NextStep& step) {
    switch (step.kind) {
        case Kind::go_on_writing:
            return _msg("discovery.go_on_writing");
        case Kind::begin_writing:
            return _msg("discovery.begin_a_work");
        case Kind::answer:
            return _msg("discovery.read_and_answer");
        case Kind::be_first:
            return _msg("discovery.read_it");
        case Kind::more_like_it:
            return _msg("discovery.show_me");
    }
    return {};
}

std::string step_reason(const NextStep& step, i18n::Language language) {
    switch (step.kind) {
        case Kind::go_on_writing:
            return i18n::format(language, _msg("discovery.because_last_written"));
        case Kind::begin_writing:
            return i18n::format(language, _msg("discovery.because_nothing_yet"));
        case Kind::answer:
            return i18n::format(language, _msg("discovery.because_your_work"));
        case Kind::be_first:
            return i18n::format(language, _msg("discovery.because_newest"));
        case Kind::more_like_it:
            return i18n::format(language, _msg("discovery.because_finished"), {{"title", step.title}});
    }
    return {};
}

}  // namespace braid::discovery
