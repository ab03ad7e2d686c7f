#include "identity/sessions/events.h"

#include <boost/json.hpp>

namespace braid::events {

using sessions::SignedIn;

std::string Codec<SignedIn>::to_json(const SignedIn& event) {
    return boost::json::serialize(
        boost::json::object{{"person_id", event.person_id}, {"session_id", event.session_id}});
}

Result<SignedIn> Codec<SignedIn>::from_json(std::string_view text) {
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(text, failed);
    const boost::json::object* object = failed ? nullptr : value.if_object();
    const boost::json::value* person = object != nullptr ? object->if_contains("person_id") : nullptr;
    const boost::json::value* session = object != nullptr ? object->if_contains("session_id") : nullptr;
    if (person == nullptr || session == nullptr || !person->is_string() || !session->is_string()) {
        Error error;
        error.detail = "malformed event " + std::string(SignedIn::kType);
        return error;
    }
    return SignedIn{std::string(person->as_string()), std::string(session->as_string())};
}

}  // namespace braid::events
