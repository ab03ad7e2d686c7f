#include "identity/accounts/events.h"

#include <boost/json.hpp>

namespace braid::accounts {

namespace {

namespace json = boost::json;

Error malformed(std::string_view type) {
    Error error;
    error.detail = "malformed event " + std::string(type);
    return error;
}

// The object in `text`, or nothing.
std::optional<json::object> object_of(std::string_view text) {
    boost::system::error_code failed;
    json::value value = json::parse(text, failed);
    if (failed || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

bool read(const json::object& object, std::string_view key, std::string& out) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return false;
    out = std::string(value->as_string());
    return true;
}

bool read(const json::object& object, std::string_view key, bool& out) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_bool()) return false;
    out = value->as_bool();
    return true;
}

}  // namespace

}  // namespace braid::accounts

namespace braid::events {

using namespace braid::accounts;

std::string Codec<PersonJoined>::to_json(const PersonJoined& event) {
    return json::serialize(json::object{{"person_id", event.person_id}, {"by_herself", event.by_herself}});
}
Result<PersonJoined> Codec<PersonJoined>::from_json(std::string_view text) {
    PersonJoined event;
    const auto object = object_of(text);
    if (!object || !read(*object, "person_id", event.person_id) ||
        !read(*object, "by_herself", event.by_herself)) {
        return malformed(PersonJoined::kType);
    }
    return event;
}

std::string Codec<ProfileChanged>::to_json(const ProfileChanged& event) {
    return json::serialize(json::object{{"person_id", event.person_id}});
}
Result<ProfileChanged> Codec<ProfileChanged>::from_json(std::string_view text) {
    ProfileChanged event;
    const auto object = object_of(text);
    if (!object || !read(*object, "person_id", event.person_id)) return malformed(ProfileChanged::kType);
    return event;
}

std::string Codec<RolesChanged>::to_json(const RolesChanged& event) {
    return json::serialize(
        json::object{{"person_id", event.person_id}, {"role", event.role}, {"granted", event.granted}});
}
Result<RolesChanged> Codec<RolesChanged>::from_json(std::string_view text) {
    RolesChanged event;
    const auto object = object_of(text);
    if (!object || !read(*object, "person_id", event.person_id) || !read(*object, "role", event.role) ||
        !read(*object, "granted", event.granted)) {
        return malformed(RolesChanged::kType);
    }
    return event;
}

std::string Codec<PasswordChanged>::to_json(const PasswordChanged& event) {
    return json::serialize(json::object{{"person_id", event.person_id}, {"by_reset", event.by_reset}});
}
Result<PasswordChanged> Codec<PasswordChanged>::from_json(std::string_view text) {
    PasswordChanged event;
    const auto object = object_of(text);
    if (!object || !read(*object, "person_id", event.person_id) ||
        !read(*object, "by_reset", event.by_reset)) {
        return malformed(PasswordChanged::kType);
    }
    return event;
}

}  // namespace braid::events
