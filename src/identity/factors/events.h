// Facts about second factors. None of them says a secret.
#pragma once

#include <string>
#include <string_view>

#include "platform/events/json.h"

namespace braid::factors {

struct FactorChanged {
    static constexpr std::string_view kType = "factors.factor_changed.v1";
    std::string person_id;
    std::string factor;  // app, passkey, recovery_codes, all
    std::string change;  // added, removed, renewed, used
    template <class F>
    void fields(F& f) {
        f("person_id", person_id);
        f("factor", factor);
        f("change", change);
    }
};

}  // namespace braid::factors

namespace braid::events {

template <class Event>
struct Codec;
template <>
struct Codec<braid::factors::FactorChanged> : JsonCodec<braid::factors::FactorChanged> {};

}  // namespace braid::events
