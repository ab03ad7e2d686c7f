// topics import, export, resolve.
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "app/commands/words.h"
#include "app/program.h"
#include "app/progress.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"

namespace braid::app::commands {

namespace {

Result<std::string> contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return not_found(file.string() + ": it cannot be read");
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// What `--under` means: an id as the site shows it, or the words of a topic.
std::optional<topics::TopicId> topic_of(const topics::Vocabulary& vocabulary, const std::string& text,
                                        const std::string& language) {
    if (const auto id = topics::TopicId::parse(text); id && vocabulary.current(*id))
        return vocabulary.current(*id);
    const auto found = vocabulary.resolve(text, language);
    if (found.outcome != topics::Outcome::resolved) return std::nullopt;
    return found.topic;
}

}  // namespace

int import_topics(const Settings& settings, const ImportTopics& options) {
    Program program(settings);
    program.migrate();
    topics::TopicsModule& module = program.modules().topics();
    topics::ImportOptions import;
    import.run = options.dry ? topics::Run::dry : topics::Run::write;
    import.same_names = options.join ? topics::SameNames::join : topics::SameNames::apart;
    int code = kOk;
    for (const auto& file : options.files) {
        const auto text = contents(file);
        if (!text.ok()) return complain(text.error());
        auto read = topics::read_vocabulary(file.filename().string(), *text, options.language);
        if (!read.ok()) {
            std::fprintf(stderr, "%s: %s\n", file.c_str(), read.error().detail.c_str());
            code = kFailed;
            continue;
        }
        if (!options.under.empty()) {
            module.vocabularies().refresh();
            const auto under = topic_of(*module.vocabularies().current(), options.under, options.language);
            if (!under) {
                std::fprintf(stderr, "braid: there is no topic “%s”\n", options.under.c_str());
                return kFailed;
            }
            import.under = *under;
        }
        for (const std::string& left_out : read->left_out)
            std::fprintf(stderr, "left out: %s\n", left_out.c_str());
        const topics::ImportReport report = [&] {
            Progress progress("topics");
            return topics::import_vocabulary(
                program.database(), program.ids(), program.clock(), std::move(*read), import,
                [&](std::size_t done, std::size_t total) { progress.at(done, total); });
        }();
        for (const std::string& conflict : report.conflicts)
            std::fprintf(stderr, "conflict: %s\n", conflict.c_str());
        std::printf("%s: %d added, %d updated, %d unchanged, %zu conflicts%s.\n", file.filename().c_str(),
                    report.added, report.updated, report.unchanged, report.conflicts.size(),
                    options.dry ? "; nothing was written" : "");
    }
    return code;
}

int export_topics(const Settings& settings, const std::string& format) {
    Program program(settings);
    const auto exported = program.database().read(
        [&](sql::Reader& reader) { return topics::exported(reader, settings.public_url()); });
    const std::string text = format == "jsonld" ? topics::to_json_ld(exported) : topics::to_turtle(exported);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kOk;
}

int resolve_topic(const Settings& settings, const ResolveTopic& options) {
    namespace json = boost::json;
    Program program(settings);
    topics::Vocabularies& vocabularies = program.modules().topics().vocabularies();
    const auto vocabulary = vocabularies.current();
    std::vector<topics::TopicId> beside;
    for (const std::string& text : options.beside) {
        if (const auto topic = topic_of(*vocabulary, text, options.language)) beside.push_back(*topic);
    }
    const topics::Resolution found = vocabulary->resolve(options.text, options.language, beside);
    const char* outcome = found.outcome == topics::Outcome::resolved    ? "resolved"
                          : found.outcome == topics::Outcome::ambiguous ? "ambiguous"
                                                                        : "unknown";
    const auto quoted = [](std::string_view text) { return json::serialize(json::string(text)); };
    // Written by hand for the scores' sake: plain decimals, where the library would write 9.5E-1.
    std::string out =
        "{\"text\":" + quoted(options.text) + ",\"outcome\":" + quoted(outcome) +
        ",\"topic\":" + (found.outcome == topics::Outcome::resolved ? quoted(found.topic.text()) : "null") +
        ",\"candidates\":[";
    for (const topics::Candidate& one : found.candidates) {
        std::array<char, 32> score{};
        std::snprintf(score.data(), score.size(), "%.4g", one.score);
        out += (out.ends_with('[') ? "{\"id\":" : ",{\"id\":") + quoted(one.topic.text()) +
               ",\"label\":" + quoted(one.label) + ",\"matched\":" + quoted(one.matched) +
               ",\"score\":" + score.data() + ",\"reason\":" + quoted(topics::name(one.reason)) + "}";
    }
    std::printf("%s]}\n", out.c_str());
    return kOk;
}

}  // namespace braid::app::commands
