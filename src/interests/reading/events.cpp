#include "interests/reading/events.h"

#include "platform/events/json.h"

namespace braid::events {

using namespace reading;

std::string Codec<ChapterFinished>::to_json(const ChapterFinished& event) {
    return JsonCodec<ChapterFinished>::to_json(event);
}
Result<ChapterFinished> Codec<ChapterFinished>::from_json(std::string_view json) {
    return JsonCodec<ChapterFinished>::from_json(json);
}
std::string Codec<WorkFinished>::to_json(const WorkFinished& event) {
    return JsonCodec<WorkFinished>::to_json(event);
}
Result<WorkFinished> Codec<WorkFinished>::from_json(std::string_view json) {
    return JsonCodec<WorkFinished>::from_json(json);
}

}  // namespace braid::events
