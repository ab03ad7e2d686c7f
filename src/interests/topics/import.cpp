#include "interests/topics/import.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "interests/topics/folding.h"
#include "interests/topics/moved_labels.h"
#include "interests/topics/store.h"

namespace braid::topics {

namespace {

constexpr std::size_t kAtOnce = 200;
constexpr std::size_t kLongestLabel = 300;  // bytes

using LabelKey = std::tuple<std::string, LabelKind, std::string>;
using RelationKey = std::pair<Relation, std::int64_t>;

// What one topic has to change.
struct Plan {
    TopicRow topic;
    bool fresh = false;
    std::vector<LabelRow> put_labels, drop_labels;
    std::vector<RelationRow> put_relations, drop_relations;
    std::vector<NoteRow> notes;
    TopicId merge_into = {};
    [[nodiscard]] bool changes() const {
        return fresh || !put_labels.empty() || !drop_labels.empty() || !put_relations.empty() ||
               !drop_relations.empty() || !notes.empty() || merge_into;
    }
};

class Import {
  public:
    Import(sql::Database& database, IdMaker& ids, const ImportOptions& options)
        : ids_(ids), options_(options) {
        database.read([this](sql::Reader& reader) {
            for (TopicRow& row : store::topics(reader)) {
                by_uri_[row.uri] = row.id;
                there_[row.id.value].topic = std::move(row);
            }
            for (LabelRow& row : store::labels(reader)) {
                if (row.kind == LabelKind::pref) names_[{row.language, row.folded}].insert(row.topic.value);
                there_[row.topic.value].labels.push_back(std::move(row));
            }
            for (RelationRow& row : store::relations(reader)) {
                if (row.kind == Relation::broader) above_[row.topic.value].insert(row.other.value);
                there_[row.topic.value].relations.push_back(row);
            }
            for (NoteRow& row : store::notes(reader))
                there_[row.topic.value].notes.push_back(std::move(row));
            for (const store::ChangeRow& change : store::splits(reader)) {
                for (const LabelRow& row : moved_labels(change))
                    moved_[change.topic.value].insert({row.language, row.folded});
            }
        });
    }

    std::vector<Plan> plan(FileVocabulary& file, ImportReport& report) {
        report_ = &report;
        fold_together(file);
        std::vector<Plan> plans;
        for (const FileTopic& topic : file.topics) {
            Plan plan;
            const auto known = by_uri_.find(topic.uri);
            plan.fresh = known == by_uri_.end();
            plan.topic = plan.fresh ? TopicRow{ids_.make<TopicId>(), topic.uri, {}}
                                    : there_[known->second.value].topic;
            by_uri_[topic.uri] = plan.topic.id;
            plans.push_back(std::move(plan));
        }
        for (std::size_t i = 0; i < plans.size(); ++i) {
            labels(file.topics[i], plans[i]);
            relations(file.topics[i], plans[i]);
            notes(file.topics[i], plans[i]);
            if (!file.topics[i].replaced_by.empty()) replace(file.topics[i], plans[i]);
        }
        for (const Plan& one : plans)
            ++(one.fresh ? report.added : one.changes() ? report.updated : report.unchanged);
        return plans;
    }

  private:
    struct There {
        TopicRow topic;
        std::vector<LabelRow> labels;
        std::vector<RelationRow> relations;
        std::vector<NoteRow> notes;
    };

    void conflict(std::string what) { report_->conflicts.push_back(std::move(what)); }

    // A topic may be said in pieces.
    void fold_together(FileVocabulary& file) {
        std::map<std::string, std::size_t> first;
        std::vector<FileTopic> topics;
        for (FileTopic& topic : file.topics) {
            const auto [at, fresh] = first.try_emplace(topic.uri, topics.size());
            if (fresh) {
                topics.push_back(std::move(topic));
                continue;
            }
            FileTopic& whole = topics[at->second];
            const auto append = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
            append(whole.labels, topic.labels);
            append(whole.notes, topic.notes);
            append(whole.broader, topic.broader);
            append(whole.related, topic.related);
        }
        file.topics = std::move(topics);
    }

    static const LabelRow* staff_pref(const There& there, const std::string& language) {
        for (const LabelRow& row : there.labels)
            if (row.origin == Origin::staff && row.kind == LabelKind::pref && row.language == language)
                return &row;
        return nullptr;
    }

    void labels(const FileTopic& topic, Plan& plan) {
        const There& there = there_[plan.topic.id.value];
        std::map<LabelKey, LabelRow> wanted;
        std::set<std::string> preferred;
        for (const FileLabel& label : topic.labels) {
            LabelRow row{plan.topic.id, label.language,   label.kind,
                         label.text,    fold(label.text), Origin::file};
            if (row.folded.empty() || row.label.size() > kLongestLabel) {
                conflict(topic.uri + ": “" + label.text.substr(0, 60) + "” is no label");
                continue;
            }
            if (row.kind != LabelKind::pref && was_moved(row)) {
                conflict(topic.uri + ": moderators gave “" + row.label + "” to a topic of its own");
                continue;
            }
            if (row.kind == LabelKind::pref) {
                const LabelRow* chosen = staff_pref(there, row.language);
                if (chosen != nullptr && chosen->label != row.label) {
                    conflict(topic.uri + ": moderators call it “" + chosen->label + "”, the file “" +
                             row.label + "”");
                    row.kind = LabelKind::alt;
                } else if (!preferred.insert(row.language).second) {
                    conflict(topic.uri + ": two preferred labels in “" + row.language + "”; “" + row.label +
                             "” becomes an alias");
                    row.kind = LabelKind::alt;
                }
            }
            if (row.kind == LabelKind::pref) same_name(topic, row, plan);
            wanted.try_emplace({row.language, row.kind, row.label}, row);
        }
        for (const LabelRow& row : there.labels) {
            const auto found = wanted.find({row.language, row.kind, row.label});
            if (found != wanted.end()) {
                wanted.erase(found);
            } else if (row.origin == Origin::file) {
                plan.drop_labels.push_back(row);
            }
        }
        for (auto& [key, row] : wanted)
            plan.put_labels.push_back(std::move(row));
    }

    // A split took the name from this topic: it is not the file's to bring back.
    [[nodiscard]] bool was_moved(const LabelRow& row) const {
        const auto moved = moved_.find(row.topic.value);
        return moved != moved_.end() && moved->second.contains({row.language, row.folded});
    }

    void same_name(const FileTopic& topic, const LabelRow& row, Plan& plan) {
        auto& others = names_[{row.language, row.folded}];
        for (const std::int64_t other : others) {
            if (other == plan.topic.id.value || there_[other].topic.merged_into || plan.topic.merged_into)
                continue;
            const std::string& its = there_[other].topic.uri;
            if (options_.same_names == SameNames::join && plan.fresh && !plan.merge_into) {
                plan.merge_into = TopicId{other};
            } else if (!plan.merge_into) {
                conflict(topic.uri + ": “" + row.label + "” (" + row.language + ") is also the name of " +
                         (its.empty() ? "another topic" : its));
            }
            break;
        }
        others.insert(plan.topic.id.value);
        if (plan.fresh) there_[plan.topic.id.value].topic = plan.topic;
    }

    [[nodiscard]] bool leads_to(std::int64_t from, std::int64_t to, std::set<std::int64_t>& seen) {
        if (from == to) return true;
        if (!seen.insert(from).second) return false;
        for (const std::int64_t up : above_[from])
            if (leads_to(up, to, seen)) return true;
        return false;
    }

    void relations(const FileTopic& topic, Plan& plan) {
        const There& there = there_[plan.topic.id.value];
        std::map<RelationKey, RelationRow> wanted;
        const auto want = [&](Relation kind, const std::string& uri) {
            const auto other = by_uri_.find(uri);
            if (other == by_uri_.end()) return conflict(topic.uri + ": " + uri + " is nowhere");
            add(topic, plan, kind, other->second, wanted);
        };
        for (const std::string& uri : topic.broader)
            want(Relation::broader, uri);
        for (const std::string& uri : topic.related)
            want(Relation::related, uri);
        if (topic.broader.empty() && options_.under)
            add(topic, plan, Relation::broader, options_.under, wanted);
        for (const RelationRow& row : there.relations) {
            const auto found = wanted.find({row.kind, row.other.value});
            if (found != wanted.end()) {
                wanted.erase(found);
            } else if (row.origin == Origin::file) {
                plan.drop_relations.push_back(row);
            }
        }
        for (auto& [key, row] : wanted)
            plan.put_relations.push_back(row);
    }

    void add(const FileTopic& topic, const Plan& plan, Relation kind, TopicId other,
             std::map<RelationKey, RelationRow>& wanted) {
        if (other == plan.topic.id) return conflict(topic.uri + ": it is related to itself");
        if (kind == Relation::broader) {
            std::set<std::int64_t> seen;
            if (leads_to(other.value, plan.topic.id.value, seen))
                return conflict(topic.uri + ": to stand below " + there_[other.value].topic.uri +
                                " would make a circle");
            above_[plan.topic.id.value].insert(other.value);
        }
        wanted.try_emplace({kind, other.value}, RelationRow{plan.topic.id, kind, other, Origin::file});
    }

    void notes(const FileTopic& topic, Plan& plan) {
        std::map<std::string, std::string> wanted;
        for (const FileNote& note : topic.notes) {
            std::string& text = wanted[note.language];
            text += (text.empty() ? "" : "\n") + note.text;
        }
        for (const NoteRow& row : there_[plan.topic.id.value].notes)
            if (const auto at = wanted.find(row.language); at != wanted.end() && at->second == row.note)
                wanted.erase(at);
        for (auto& [language, text] : wanted)
            plan.notes.push_back({plan.topic.id, language, text});
    }

    void replace(const FileTopic& topic, Plan& plan) {
        const auto other = by_uri_.find(topic.replaced_by);
        if (other == by_uri_.end()) return conflict(topic.uri + ": it is replaced by what is nowhere");
        if (other->second == plan.topic.id) return conflict(topic.uri + ": it is replaced by itself");
        if (plan.topic.merged_into == other->second) return;
        if (plan.topic.merged_into) return conflict(topic.uri + ": it was merged into another topic here");
        for (TopicId at = other->second; at; at = there_[at.value].topic.merged_into)
            if (at == plan.topic.id) return conflict(topic.uri + ": replacing it would make a circle");
        plan.merge_into = other->second;
    }

    IdMaker& ids_;
    const ImportOptions& options_;
    ImportReport* report_ = nullptr;
    std::unordered_map<std::string, TopicId> by_uri_;
    std::unordered_map<std::int64_t, There> there_;
    std::unordered_map<std::int64_t, std::set<std::int64_t>> above_;
    std::map<std::pair<std::string, std::string>, std::set<std::int64_t>> names_;
    // By topic: language and folded text of the names that splits took from it.
    std::unordered_map<std::int64_t, std::set<std::pair<std::string, std::string>>> moved_;
};

void write(sql::Tx& tx, const Plan& plan) {
    for (const LabelRow& row : plan.drop_labels)
        store::delete_label(tx, row);
    for (const LabelRow& row : plan.put_labels)
        store::put_label(tx, row);
    for (const NoteRow& row : plan.notes)
        store::put_note(tx, row.topic, row.language, row.note);
}

void relate(sql::Tx& tx, const Plan& plan) {
    for (const RelationRow& row : plan.drop_relations)
        store::delete_relation(tx, row);
    for (const RelationRow& row : plan.put_relations)
        store::put_relation(tx, row);
    if (plan.merge_into) store::set_merged(tx, plan.topic.id, plan.merge_into);
}

}  // namespace

ImportReport import_vocabulary(sql::Database& database, IdMaker& ids, const Clock& clock, FileVocabulary file,
                               const ImportOptions& options,
                               const std::function<void(std::size_t, std::size_t)>& told) {
    ImportReport report;
    Import import(database, ids, options);
    std::vector<Plan> plans = import.plan(file, report);
    if (options.run == Run::dry) return report;
    std::erase_if(plans, [](const Plan& plan) { return !plan.changes(); });
    const Timestamp now = clock.now();
    // Relations come after all topics they lead to.
    for (const bool relations : {false, true}) {
        for (std::size_t from = 0; from < plans.size(); from += kAtOnce) {
            const std::size_t end = std::min(from + kAtOnce, plans.size());
            const auto done = database.write([&](sql::Tx& tx) -> Result<void> {
                for (std::size_t i = from; i < end; ++i) {
                    if (relations) {
                        relate(tx, plans[i]);
                        continue;
                    }
                    if (plans[i].fresh) store::insert_topic(tx, plans[i].topic, now);
                    write(tx, plans[i]);
                }
                store::grow_version(tx);
                return success();
            });
            if (!done.ok()) throw std::runtime_error("topics were not written: " + done.error().detail);
            if (told) told(relations ? plans.size() + end : end, 2 * plans.size());
        }
    }
    return report;
}

}  // namespace braid::topics
