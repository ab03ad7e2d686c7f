#include "app/demo.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "identity/accounts/api.h"
#include "identity/guardians/service.h"
#include "interests/feedback/service.h"
#include "interests/reading/service.h"
#include "interests/topics/formats.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"
#include "interests/works/module.h"
#include "platform/config/config.h"
#include "stewardship/moderation/service.h"

namespace braid::app {

namespace {

using access::Actor;
using std::chrono::hours;
using std::chrono::minutes;
using works::ChapterId;
using works::WorkId;

constexpr auto kDay = hours(24);
constexpr auto kJoined = 300 * kDay;  // when the cast came, before anything they wrote

// The data is ours and embedded: what is wrong with it is told by an exception inside this file, and becomes
// one Error at its edge.
[[noreturn]] void wrong(std::string_view file, const std::string& what) {
    throw std::runtime_error("demo/" + std::string(file) + ": " + what);
}

template <class T>
T need(std::string_view file, const toml::table& table, std::string_view key) {
    const auto value = table[key].value<T>();
    if (!value) wrong(file, "`" + std::string(key) + "` is missing or of another type");
    return *value;
}

std::vector<std::string> words(const toml::table& table, std::string_view key) {
    std::vector<std::string> all;
    if (const auto* list = table[key].as_array()) {
        for (const auto& one : *list) {
            if (const auto text = one.value<std::string>()) all.push_back(*text);
        }
    }
    return all;
}

std::string underscored(std::string text) {
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
}

// A use case that says no, with whose data it was.
template <class T>
T must(std::string_view file, const std::string& doing, Result<T> result) {
    if (!result.ok()) {
        std::string why = result.error().detail.empty() ? result.error().message_key : result.error().detail;
        for (const FieldError& field : result.error().fields)
            why += " " + field.field + ": " + field.message_key;
        wrong(file, doing + ": " + why);
    }
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// What a reader sees of sanitised HTML, enough to find a paragraph by how it begins.
std::string plain(std::string_view html) {
    static constexpr std::pair<std::string_view, std::string_view> kEntities[]{
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};
    std::string out;
    while (!html.empty()) {
        if (html.front() == '<') {
            html.remove_prefix(std::min(html.find('>'), html.size() - 1) + 1);
            continue;
        }
        const auto entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                         [&](const auto& e) { return html.starts_with(e.first); });
        if (entity != std::end(kEntities)) {
            out += entity->second;
            html.remove_prefix(entity->first.size());
        } else {
            out.push_back(html.front());
            html.remove_prefix(1);
        }
    }
    return out;
}

struct DemoChapter {
    std::string title, text;
    bool draft = false;
};
struct DemoWork {
    std::string name, author;  // name: of the file
    works::WorkForm form;
    std::vector<DemoChapter> chapters;
    int days_ago = 0, rhythm = 7;
    WorkId id;
    std::vector<ChapterId> published;
};

std::vector<DemoChapter> split_chapters(std::string_view file, std::string_view text) {
    std::vector<DemoChapter> chapters;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("# ") || line.starts_with("#! ")) {
            const bool draft = line.starts_with("#! ");
            chapters.push_back({std::string(trim(line.substr(draft ? 3 : 2))), {}, draft});
        } else if (!chapters.empty()) {
            chapters.back().text += std::string(line) + "\n";
        } else if (!trim(line).empty()) {
            wrong(file, "there is text before the first chapter");
        }
    }
    return chapters;
}

DemoWork read_work(const DemoFile& file) {
    constexpr std::string_view kFence = "+++\n";
    const auto end = file.text.find("\n+++\n", kFence.size());
    if (!file.text.starts_with(kFence) || end == std::string_view::npos)
        wrong(file.path, "it begins with what the form asks for, between +++ lines");
    const toml::table head = toml::parse(file.text.substr(kFence.size(), end + 1 - kFence.size()), file.path);
    DemoWork work;
    work.name = file.path.substr(6, file.path.size() - 9);  // works/….md
    work.author = need<std::string>(file.path, head, "author");
    work.days_ago = static_cast<int>(need<std::int64_t>(file.path, head, "days_ago"));
    work.rhythm = static_cast<int>(need<std::int64_t>(file.path, head, "rhythm"));
    works::WorkForm& form = work.form;
    form.title = need<std::string>(file.path, head, "title");
    form.summary = need<std::string>(file.path, head, "summary");
    form.language = need<std::string>(file.path, head, "language");
    for (const std::string& tag : words(head, "tags"))
        form.tags += (form.tags.empty() ? "" : ", ") + tag;
    form.rating = need<std::string>(file.path, head, "rating");
    form.licence = underscored(need<std::string>(file.path, head, "licence"));
    form.visibility = underscored(need<std::string>(file.path, head, "visibility"));
    form.status = need<std::string>(file.path, head, "status");
    form.comments = "open";
    form.warnings = words(head, "warnings");
    for (std::string& warning : form.warnings)
        warning = underscored(warning);
    form.warnings_said = form.warnings.empty()             ? "not_said"
                         : form.warnings.front() == "none" ? "none"
                                                           : "some";
    if (form.warnings_said != "some") form.warnings.clear();
    work.chapters = split_chapters(file.path, file.text.substr(end + 5));
    return work;
}

class Loading {
  public:
    Loading(Program& program, FakeClock& clock, Timestamp now)
        : program_(program), clock_(clock), now_(now) {}

    DemoLoaded run(std::span<const DemoFile> files, const DemoProgress& progress) {
        const DemoFile* answers = nullptr;
        for (const DemoFile& file : files) {
            if (file.path == "people.toml") plan_people(file);
            if (file.path == "answers.toml") answers = &file;
            if (file.path == "guardians.toml") plan_guardians(file);
            if (file.path == "topics.ttl") plan_topics(file);
        }
        for (const DemoFile& file : files) {
            if (file.path.starts_with("works/")) plan_work(file);
        }
        if (answers != nullptr) plan_answers(*answers);
        for (const DemoFile& file : files) {
            if (file.path == "moderation.toml") plan_reports(file);
        }
        // Stable: what has one time happens in the order it was written down.
        std::stable_sort(steps_.begin(), steps_.end(),
                         [](const Step& a, const Step& b) { return a.at < b.at; });
        std::size_t done = 0;
        for (const Step& step : steps_) {
            clock_.set(step.at);
            step.act();
            if (progress) progress(++done, steps_.size());
        }
        clock_.set(now_);
        while (program_.jobs().run_pending() > 0) {
        }
        return loaded_;
    }

  private:
    struct Step {
        Timestamp at;
        std::function<void()> act;
    };
    void at(Timestamp when, std::function<void()> act) {
        steps_.push_back({std::min(when, now_ - minutes(1)), std::move(act)});
    }

    // The vocabulary is there before anybody comes.
    void plan_topics(const DemoFile& file) {
        at(now_ - kJoined - kDay, [this, &file] {
            auto vocabulary = must(file.path, "the vocabulary", topics::read_turtle(file.text));
            const auto report = topics::import_vocabulary(program_.database(), program_.ids(), clock_,
                                                          std::move(vocabulary), {});
            for (const std::string& conflict : report.conflicts)
                wrong(file.path, conflict);
        });
    }

    void plan_people(const DemoFile& file) {
        const toml::table data = toml::parse(file.text, file.path);
        const auto* people = data["person"].as_array();
        if (people == nullptr) wrong(file.path, "there is no [[person]]");
        for (const auto& node : *people) {
            const toml::table& one = *node.as_table();
            accounts::NewPerson person;
            person.handle = need<std::string>(file.path, one, "handle");
            person.display_name = need<std::string>(file.path, one, "name");
            person.bio = need<std::string>(file.path, one, "bio");
            person.password = std::string(kDemoPassword);
            person.email = person.handle + "@harbour.example";
            const auto born = birth_month_of(need<std::int64_t>(file.path, one, "age"));
            person.birth_year = static_cast<int>(born.year());
            person.birth_month = static_cast<int>(static_cast<unsigned>(born.month()));
            if (const auto language = one["language"].value<std::string>())
                i18n::parse_language(*language, person.language);
            for (const std::string& name : words(one, "roles"))
                person.roles.push_back(role(file.path, name));
            person.listed = true;
            at(now_ - kJoined, [this, file_path = std::string(file.path), person] {
                const auto id =
                    must(file_path, person.handle,
                         program_.modules().accounts().create_person(accounts::operator_actor(), person));
                clock_.set(now_);  // how old she is, is how old she is today
                const auto card = program_.database().read(
                    [&](sql::Reader& reader) { return program_.modules().accounts().card(reader, id); });
                Actor actor;
                actor.person = id;
                actor.band = card->band;
                for (const access::Role role : person.roles)
                    actor.roles |= 1U << static_cast<unsigned>(role);
                people_[person.handle] = actor;
                ++loaded_.people;
            });
        }
    }

    static access::Role role(std::string_view file, const std::string& name) {
        for (int i = 0; i <= static_cast<int>(access::Role::administrator); ++i) {
            if (access::name(static_cast<access::Role>(i)) == name) return static_cast<access::Role>(i);
        }
        wrong(file, "there is no role " + name);
    }

    guardians::Service& guardians() { return program_.modules().guardians(); }

    void plan_guardians(const DemoFile& file) {
        const toml::table data = toml::parse(file.text, file.path);
        each(data, "company", [&](const toml::table& one) {
            at(ago(file, one), [this, child = need<std::string>(file.path, one, "child"),
                                guardian = need<std::string>(file.path, one, "guardian")] {
                const auto invitation =
                    must("guardians.toml", child,
                         guardians().invite(who(child), *who(child).person, guardian + "@harbour.example"));
                must("guardians.toml", guardian,
                     guardians().accept(who(guardian), guardians().invitation_token(invitation)));
                must("guardians.toml", guardian,
                     guardians().choose(who(guardian), *who(child).person,
                                        access::Choices{}.with(access::Choice::mentors)));
            });
        });
        each(data, "consent", [&](const toml::table& one) {
            access::Choices choices;
            for (const std::string& name : words(one, "choices"))
                choices = choices.with(choice(file.path, name));
            const auto age = need<std::int64_t>(file.path, one, "age");
            at(ago(file, one), [this, choices, age, child = need<std::string>(file.path, one, "child"),
                                name = need<std::string>(file.path, one, "name"),
                                guardian = need<std::string>(file.path, one, "guardian")] {
                const auto asked = ask(child, guardian);
                const auto born = birth_month_of(age);
                const auto year = std::to_string(static_cast<int>(born.year()));
                const auto month = std::to_string(static_cast<unsigned>(born.month()));
                must("guardians.toml", child,
                     guardians().consent(who(guardian), guardians().link_token(asked),
                                         {year, month, choices}));
                const auto card = program_.database().read([&](sql::Reader& reader) {
                    return program_.modules().accounts().by_handle(reader, child);
                });
                must("guardians.toml", child,
                     guardians().correct(who(guardian), card->id, name, year, month));
                ++loaded_.people;
            });
        });
        each(data, "waiting", [&](const toml::table& one) {
            at(ago(file, one),
               [this, child = need<std::string>(file.path, one, "child"),
                guardian = need<std::string>(file.path, one, "guardian")] { ask(child, guardian); });
        });
    }

    template <class Body>
    static void each(const toml::table& data, std::string_view key, Body body) {
        if (const auto* list = data[key].as_array()) {
            for (const auto& node : *list)
                body(*node.as_table());
        }
    }

    guardians::ConsentId ask(const std::string& child, const std::string& guardian) {
        return must("guardians.toml", child,
                    guardians().ask({}, access::AgeBand::child,
                                    {child, std::string(kDemoPassword), guardian + "@harbour.example"}))
            .id;
    }

    // Two months before this one: so many whole years old, whatever the day.
    [[nodiscard]] std::chrono::year_month birth_month_of(std::int64_t age) const {
        const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(
            std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(now_.micros))));
        return std::chrono::year_month(today.year(), today.month()) - std::chrono::months(2) -
               std::chrono::years(age);
    }

    static access::Choice choice(std::string_view file, const std::string& name) {
        const auto& names = sql::EnumNames<access::Choice>::names;
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) wrong(file, "there is no choice " + name);
        return static_cast<access::Choice>(found - names.begin());
    }

    void plan_work(const DemoFile& file) {
        works_.push_back(std::make_unique<DemoWork>(read_work(file)));
        DemoWork& work = *works_.back();
        const int published = static_cast<int>(std::count_if(work.chapters.begin(), work.chapters.end(),
                                                             [](const auto& c) { return !c.draft; }));
        const Timestamp last = now_ - work.days_ago * kDay - time_of_day(work.name);
        const Timestamp first = last - std::max(published - 1, 0) * work.rhythm * kDay;
        at(first - kDay, [this, &work] {
            work.id = must("works/" + work.name + ".md", "the work",
                           writing().create_work(who(work.author), work.form));
            ++loaded_.works;
        });
        int n = 0;
        for (const DemoChapter& chapter : work.chapters) {
            const Timestamp when =
                chapter.draft ? std::max(last + kDay, now_ - kDay) : first + n++ * work.rhythm * kDay;
            at(when, [this, &work, &chapter] { write(work, chapter); });
        }
    }

    // Not everybody publishes at the same hour.
    static minutes time_of_day(const std::string& name) {
        return minutes(std::hash<std::string>{}(name) % 600);
    }

    void write(DemoWork& work, const DemoChapter& chapter) {
        const std::string file = "works/" + work.name + ".md";
        const Actor& author = who(work.author);
        const ChapterId id = must(file, chapter.title, writing().add_chapter(author, work.id));
        const auto editing = must(file, chapter.title, writing().editing(author, work.id, id));
        const works::ChapterDraft draft{chapter.title, std::string(trim(chapter.text)), {}, {}};
        if (chapter.draft) {
            must(file, chapter.title,
                 writing().save_draft(author, work.id, id, draft, editing.chapter.version, "demo"));
            return;
        }
        must(file, chapter.title,
             writing().publish_chapter(author, work.id, id, draft, editing.chapter.version, "demo"));
        work.published.push_back(id);
        ++loaded_.chapters;
    }

    void plan_answers(const DemoFile& file) {
        const toml::table data = toml::parse(file.text, file.path);
        if (const auto* comments = data["comment"].as_array()) {
            for (const auto& node : *comments)
                plan_comment(file, *node.as_table());
        }
        if (const auto* kudos = data["kudos"].as_table()) {
            for (const auto& [name, list] : *kudos) {
                DemoWork& work = work_named(file, name.str());
                int i = 0;
                for (const std::string& by : words(*kudos, name.str())) {
                    at(now_ - work.days_ago * kDay + hours(5 * ++i), [this, &work, by] {
                        must("answers.toml", "kudos of " + by,
                             program_.modules().feedback().give_kudos(who(by), work.id));
                    });
                }
            }
        }
        if (const auto* bookmarks = data["bookmarks"].as_table()) {
            int i = 0;
            for (const auto& [by, list] : *bookmarks) {
                for (const std::string& name : words(*bookmarks, by.str())) {
                    at(now_ - kDay + minutes(7 * ++i),
                       [this, &work = work_named(file, name), person = std::string(by.str())] {
                           must("answers.toml", "bookmark of " + person,
                                program_.modules().feedback().add_bookmark(who(person), work.id));
                       });
                }
            }
        }
        plan_interests(data);
        if (const auto* progress = data["progress"].as_array()) {
            int i = 0;
            for (const auto& node : *progress) {
                const toml::table& one = *node.as_table();
                const auto chapter = need<std::int64_t>(file.path, one, "chapter");
                const auto percent = static_cast<int>(need<std::int64_t>(file.path, one, "percent"));
                at(now_ - hours(6) + minutes(11 * ++i),
                   [this, &work = work_named(file, need<std::string>(file.path, one, "on")), chapter, percent,
                    by = need<std::string>(file.path, one, "by")] {
                       must("answers.toml", "progress of " + by,
                            program_.modules().reading().record_progress(
                                who(by), work.id, chapter_of(work, chapter), {}, percent));
                   });
            }
        }
    }

    void plan_interests(const toml::table& data) {
        const auto* interests = data["interests"].as_table();
        if (interests == nullptr) return;
        for (const auto& [by, list] : *interests) {
            for (const std::string& typed : words(*interests, by.str())) {
                at(now_ - kJoined + kDay, [this, typed, person = std::string(by.str())] {
                    program_.modules().topics().vocabularies().refresh();
                    const auto added =
                        must("answers.toml", "interest of " + person,
                             program_.modules().topics().service().add(who(person), typed, "en"));
                    if (!added.interest) wrong("answers.toml", "\"" + typed + "\" may mean several topics");
                });
            }
        }
    }

    Timestamp ago(const DemoFile& file, const toml::table& table) {
        const auto text = need<std::string>(file.path, table, "ago");
        const auto duration = config::parse_duration(text);
        if (!duration) wrong(file.path, "ago = \"" + text + "\" is no duration");
        return now_ - *duration;
    }

    void plan_comment(const DemoFile& file, const toml::table& one) {
        DemoWork& work = work_named(file, need<std::string>(file.path, one, "on"));
        const auto chapter = need<std::int64_t>(file.path, one, "chapter");
        const auto id =
            std::make_shared<feedback::CommentId>();  // shared: the replies learn it when the comment is made
        at(ago(file, one), [this, &work, chapter, id, by = need<std::string>(file.path, one, "by"),
                            text = need<std::string>(file.path, one, "text"),
                            begins = need<std::string>(file.path, one, "at")] {
            const ChapterId on = chapter_of(work, chapter);
            *id = post(work, on, by, text, paragraph(work, on, begins), std::nullopt);
        });
        if (const auto name = one["name"].value<std::string>()) named_comments_[*name] = id;
        if (const auto* replies = one["reply"].as_array()) {
            for (const auto& node : *replies) {
                const toml::table& reply = *node.as_table();
                at(ago(file, reply),
                   [this, &work, chapter, id, by = need<std::string>(file.path, reply, "by"),
                    text = need<std::string>(file.path, reply, "text")] {
                       post(work, chapter_of(work, chapter), by, text, {}, *id);
                   });
            }
        }
    }

    // ---- moderation.toml

    void plan_reports(const DemoFile& file) {
        const toml::table data = toml::parse(file.text, file.path);
        if (const auto* comments = data["comment"].as_array()) {
            for (const auto& node : *comments)
                plan_comment(file, *node.as_table());
        }
        if (const auto* reports = data["report"].as_array()) {
            for (const auto& node : *reports)
                plan_report(file, *node.as_table());
        }
    }

    // The thing a report is about; known once it is made.
    std::function<std::int64_t()> thing(const DemoFile& file, const toml::table& one,
                                        const std::string& kind) {
        if (kind == "comment") {
            const auto name = need<std::string>(file.path, one, "comment");
            const auto found = named_comments_.find(name);
            if (found == named_comments_.end()) wrong(file.path, "there is no comment named " + name);
            return [id = found->second] { return id->value; };
        }
        if (kind == "profile")
            return [this, person = need<std::string>(file.path, one, "person")] {
                return who(person).person->value;
            };
        DemoWork& work = work_named(file, need<std::string>(file.path, one, "on"));
        if (kind == "work") return [&work] { return work.id.value; };
        return [&work, chapter = need<std::int64_t>(file.path, one, "chapter")] {
            return chapter_of(work, chapter).value;
        };
    }

    void plan_report(const DemoFile& file, const toml::table& one) {
        const auto kind = need<std::string>(file.path, one, "kind");
        const auto about = thing(file, one, kind);
        const auto by = need<std::string>(file.path, one, "by");
        const std::string doing = "the report by " + by;
        const auto open =
            std::make_shared<moderation::CaseId>();  // shared: later steps learn it when it is opened
        at(ago(file, one),
           [this, kind, about, by, doing, open, category = need<std::string>(file.path, one, "category"),
            words = need<std::string>(file.path, one, "words")] {
               must("moderation.toml", doing,
                    desk().report(by.empty() ? Actor{} : who(by), {kind, about(), category, words, {}}));
               *open = program_.database().read([&](sql::Reader& reader) {
                   return moderation::store::open_case(reader, kind, about())->id;
               });
           });
        if (const auto* note = one["note"].as_table())
            at(ago(file, *note), [this, doing, open, by = need<std::string>(file.path, *note, "by"),
                                  text = need<std::string>(file.path, *note, "text")] {
                must("moderation.toml", doing, desk().claim_case(who(by), *open));
                must("moderation.toml", doing, desk().add_note(who(by), *open, text));
            });
        const auto* decide = one["decide"].as_table();
        if (decide == nullptr) return;
        const auto decided = std::make_shared<moderation::DecisionRow>();
        moderation::DecisionForm form{.measure = need<std::string>(file.path, *decide, "measure"),
                                      .reason = need<std::string>(file.path, *decide, "reason"),
                                      .days = (*decide)["days"].value_or(std::int64_t{0})};
        at(ago(file, *decide),
           [this, doing, open, decided, form, by = need<std::string>(file.path, *decide, "by")] {
               *decided = must("moderation.toml", doing, desk().decide_case(who(by), *open, form));
           });
        if (const auto* appeal = one["appeal"].as_table())
            at(ago(file, *appeal),
               [this, doing, decided, words = need<std::string>(file.path, *appeal, "words")] {
                   Actor subject;
                   subject.person = decided->subject;
                   must("moderation.toml", doing, desk().appeal(subject, decided->id, words));
               });
    }

    moderation::Service& desk() { return program_.modules().moderation(); }

    feedback::CommentId post(const DemoWork& work, ChapterId chapter, const std::string& by,
                             const std::string& text, const std::string& paragraph,
                             std::optional<feedback::CommentId> reply_to) {
        feedback::NewCommentForm form;
        form.work = work.id;
        form.chapter = chapter;
        form.paragraph = paragraph;
        form.reply_to = reply_to;
        form.text = text;
        const auto answered = must("answers.toml", "\"" + ellipsis(text, 40) + "\" by " + by,
                                   program_.modules().feedback().post_comment(who(by), form));
        ++loaded_.comments;
        return answered.comment.id;
    }

    std::string paragraph(const DemoWork& work, ChapterId chapter, const std::string& begins) {
        if (begins.empty()) return {};
        const auto view = program_.database().read([&](sql::Reader& reader) {
            return program_.modules().works().library().chapter(reader, who(work.author), work.id, chapter);
        });
        std::string words = begins;
        std::erase(words, '*');  // the data quotes the Markdown, a reader sees emphasis
        for (const works::Paragraph& paragraph : must("answers.toml", work.name, view).text.paragraphs) {
            if (plain(paragraph.html).starts_with(words)) return paragraph.key;
        }
        wrong("answers.toml",
              "no paragraph of that chapter of " + work.name + " begins with \"" + begins + "\"");
    }

    works::Writing& writing() { return program_.modules().works().writing(); }
    const Actor& who(const std::string& handle) {
        const auto found = people_.find(handle);
        if (found == people_.end()) throw std::runtime_error("demo: there is nobody called " + handle);
        return found->second;
    }
    DemoWork& work_named(const DemoFile& file, std::string_view name) {
        for (const auto& work : works_) {
            if (work->name == name) return *work;
        }
        wrong(file.path, "there is no work " + std::string(name));
    }
    static ChapterId chapter_of(const DemoWork& work, std::int64_t number) {
        if (number < 1 || number > static_cast<std::int64_t>(work.published.size())) {
            throw std::runtime_error("demo: " + work.name + " has no chapter " + std::to_string(number) +
                                     " at that time");
        }
        return work.published[static_cast<std::size_t>(number - 1)];
    }

    Program& program_;
    FakeClock& clock_;
    const Timestamp now_;
    std::vector<Step> steps_;
    std::map<std::string, Actor> people_;
    std::vector<std::unique_ptr<DemoWork>> works_;  // steps point into them
    std::map<std::string, std::shared_ptr<feedback::CommentId>> named_comments_;
    DemoLoaded loaded_;
};

}  // namespace

Result<DemoLoaded> load_demo(Program& program, FakeClock& clock, Timestamp now,
                             std::span<const DemoFile> files, const DemoProgress& progress) {
    try {
        return Loading(program, clock, now).run(files, progress);
    } catch (const toml::parse_error& failure) {
        Error error = invalid("demo", "error.invalid");
        error.detail = "demo/" + (failure.source().path ? *failure.source().path : std::string("?")) + ":" +
                       std::to_string(failure.source().begin.line) + ": " +
                       std::string(failure.description());
        return error;
    } catch (const std::runtime_error& failure) {
        Error error = invalid("demo", "error.invalid");
        error.detail = failure.what();
        return error;
    }
}

}  // namespace braid::app
