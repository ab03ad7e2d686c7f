// Any bytes as what a browser brings: refused calmly.
#include <cstdint>
#include <string_view>

#include "identity/factors/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace braid::factors;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const RelyingParty site{"braid.test", "https://braid.test"};
    (void)challenge_of(all, Ceremony::create, site).ok();
    (void)check_attestation(all, site, UserVerification::preferred).ok();
    (void)key_is_good(all);
    const auto half = all.substr(0, size / 2);
    (void)check_assertion(half, 0, all.substr(size / 2), "{}", half, site, UserVerification::required).ok();
    return 0;
}
