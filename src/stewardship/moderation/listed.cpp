#include "stewardship/moderation/listed.h"

#include "base/text.h"
#include "identity/accounts/events.h"
#include "interests/feedback/events.h"
#include "interests/works/events.h"

namespace braid::moderation {

namespace {

constexpr std::string_view kFindWords = "moderation.find_words";
constexpr std::size_t kAround = 60;  // bytes before and after, to the next whole character

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view around(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t from = begin > kAround ? begin - kAround : 0;
    std::size_t to = std::min(text.size(), end + kAround);
    // Not beyond the paragraph: another written next to it makes no news of this one.
    if (const auto line = text.substr(from, begin - from).rfind('\n'); line != std::string_view::npos)
        from += line + 1;
    if (const auto line = text.substr(end, to - end).find('\n'); line != std::string_view::npos)
        to = end + line;
    while (from > 0 && continues(text[from]))
        --from;
    while (to < text.size() && continues(text[to]))
        ++to;
    return text.substr(from, to - from);
}

// A job per thing; the payload is "kind:id".
template <class Event>
void look_at(events::Subscribers& subscribers, std::string_view name, jobs::Queue& queue,
             std::string_view kind, std::string Event::*thing) {
    subscribers.on<Event>(
        name, [=, &queue](sql::Tx& tx, const Event& event, const events::Envelope&) -> Result<void> {
            queue.enqueue(tx, kFindWords, std::string(kind) + ":" + event.*thing);
            return success();
        });
}

Result<void> find_words(Service& service, const jobs::Job& job) {
    const std::string_view payload = job.payload;
    const auto colon = payload.find(':');
    if (colon == std::string_view::npos) return success();
    if (const auto id = id_from_text(payload.substr(colon + 1)))
        service.flag_listed(payload.substr(0, colon), *id);
    return success();
}

}  // namespace

std::vector<Listed> listed_in(const words::Lists& lists, const Passages& passages, std::size_t limit) {
    std::vector<Listed> found;
    for (const Passage& passage : passages.texts) {
        for (const words::Hit& hit : lists.find(passages.language, passage.text)) {
            if (found.size() == limit) return found;
            const std::string_view text = passage.text;
            Listed one{.where = passage.where,
                       .word = std::string(text.substr(hit.begin_byte, hit.end_byte - hit.begin_byte)),
                       .around = std::string(around(text, hit.begin_byte, hit.end_byte)),
                       .mark = {}};
            one.mark = accounts::token_hash(one.word + "\n" + one.around);
            found.push_back(std::move(one));
        }
    }
    return found;
}

void add_word_lists(Service& service, jobs::Queue& queue, events::Subscribers& subscribers,
                    jobs::Runner& runner) {
    // Always: jobs made before the lists were taken out of the options are done away with.
    runner.handle(kFindWords, [&service](const jobs::Job& job) { return find_words(service, job); });
    if (service.settings().lists.empty()) return;
    look_at<works::WorkPublished>(subscribers, "moderation.words_in_new_work", queue, "work",
                                  &works::WorkPublished::work);
    look_at<works::WorkChanged>(subscribers, "moderation.words_in_changed_work", queue, "work",
                                &works::WorkChanged::work);
    look_at<works::ChapterPublished>(subscribers, "moderation.words_in_new_chapter", queue, "work",
                                     &works::ChapterPublished::work);
    look_at<works::ChapterRevised>(subscribers, "moderation.words_in_revised_chapter", queue, "work",
                                   &works::ChapterRevised::work);
    look_at<feedback::CommentPosted>(subscribers, "moderation.words_in_new_comment", queue, "comment",
                                     &feedback::CommentPosted::comment);
    look_at<feedback::CommentChanged>(subscribers, "moderation.words_in_changed_comment", queue, "comment",
                                      &feedback::CommentChanged::comment);
    look_at<accounts::PersonJoined>(subscribers, "moderation.words_in_new_profile", queue, kProfile,
                                    &accounts::PersonJoined::person_id);
    look_at<accounts::ProfileChanged>(subscribers, "moderation.words_in_profile", queue, kProfile,
                                      &accounts::ProfileChanged::person_id);
}

}  // namespace braid::moderation
