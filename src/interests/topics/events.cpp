#include "interests/topics/events.h"

#include "platform/events/json.h"

namespace braid::events {

using namespace topics;

std::string Codec<TopicFollowed>::to_json(const TopicFollowed& event) {
    return JsonCodec<TopicFollowed>::to_json(event);
}
Result<TopicFollowed> Codec<TopicFollowed>::from_json(std::string_view json) {
    return JsonCodec<TopicFollowed>::from_json(json);
}
std::string Codec<TopicUnfollowed>::to_json(const TopicUnfollowed& event) {
    return JsonCodec<TopicUnfollowed>::to_json(event);
}
Result<TopicUnfollowed> Codec<TopicUnfollowed>::from_json(std::string_view json) {
    return JsonCodec<TopicUnfollowed>::from_json(json);
}

}  // namespace braid::events
