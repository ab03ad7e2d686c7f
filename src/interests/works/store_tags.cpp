// How often tags are used, for whom. The rest of the tables' SQL is in store.cpp.
#include <algorithm>
#include <unordered_map>

#include "interests/works/store.h"

namespace braid::works::store {

namespace {

const sql::Query kPopularTags{
    "works.list_popular_tags",
    "SELECT tag, label, works FROM tag_counts WHERE circle = $1 ORDER BY works DESC, tag DESC LIMIT $2"};
const sql::Query kTagCount{"works.find_tag",
                           "SELECT tag, label, works FROM tag_counts WHERE circle = $1 AND tag = $2"};

// What a viewer does not see of the counts above, because she is apart from its authors.
const sql::Query kTagsApart{
    "works.list_tags_apart",
    "SELECT t.tag, COUNT(*) FROM works w JOIN work_tags t ON t.work = w.id WHERE w.author IN " BRAID_APART_FROM(
        "$1") " AND t.audience > 0 AND t.audience >= $2 AND t.rating <= $3 GROUP BY t.tag ORDER BY t.tag LIMIT 10000"};

// Takes off the counts what the actor, apart from its authors, does not see. The order by works stays to be
// made again.
std::unordered_map<std::string, int> tags_apart(sql::Session& session, const Actor& actor) {
    std::unordered_map<std::string, int> apart;
    if (!actor.signed_in() || !actor.may_be_apart) return apart;
    for (auto& [tag, works] : session.all<std::tuple<std::string, int>>(
             kTagsApart, blocks::viewer_of(actor), least_audience(actor),
             static_cast<int>(actor.rating_ceiling())))
        apart.emplace(std::move(tag), works);
    return apart;
}

}  // namespace

std::vector<Library::TagCount> popular_tags(sql::Session& session, const Actor& actor, int limit) {
    const auto apart = tags_apart(session, actor);
    const auto wanted = static_cast<std::size_t>(std::clamp(limit, 1, 200));
    // Only those of `apart` can fall: with as many more, the first ones are among them.
    auto tags = session.all<Library::TagCount>(kPopularTags, static_cast<int>(circle_of(actor)),
                                               static_cast<std::int64_t>(wanted + apart.size()));
    if (apart.empty()) return tags;
    for (Library::TagCount& tag : tags) {
        if (const auto less = apart.find(tag.key); less != apart.end()) tag.works -= less->second;
    }
    std::erase_if(tags, [](const Library::TagCount& tag) { return tag.works <= 0; });
    std::ranges::sort(tags, [](const Library::TagCount& one, const Library::TagCount& other) {
        return one.works != other.works ? one.works > other.works : one.key > other.key;
    });
    if (tags.size() > wanted) tags.resize(wanted);
    return tags;
}

std::optional<Library::TagCount> tag(sql::Session& session, const Actor& actor, std::string_view key) {
    auto tag = session.maybe<Library::TagCount>(kTagCount, static_cast<int>(circle_of(actor)), key);
    if (!tag) return tag;
    const auto apart = tags_apart(session, actor);
    if (const auto less = apart.find(tag->key); less != apart.end()) tag->works -= less->second;
    if (tag->works <= 0) return std::nullopt;
    return tag;
}

}  // namespace braid::works::store
