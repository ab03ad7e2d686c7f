#include "identity/oidc/jose.h"

#include <gtest/gtest.h>

#include "identity/oidc/signer_test.h"

namespace braid::oidc {
namespace {

constexpr Timestamp kNow{1'800'000'000'000'000};

std::string claims(std::string_view change = {}, std::string_view value = {}) {
    std::vector<std::pair<std::string, std::string>> all{{"iss", R"("https://school.example")"},
                                                         {"aud", R"("braid")"},
                                                         {"sub", R"("42")"},
                                                         {"exp", "1800000300"},
                                                         {"iat", "1799999990"},
                                                         {"nonce", R"("n-1")"},
                                                         {"preferred_username", R"("ada.l")"}};
    std::string out = "{";
    bool found = false;
    for (auto& [name, text] : all) {
        if (name == change) {
            text = value;
            found = true;
        }
        if (!text.empty())
            out.append(out.size() > 1 ? "," : "").append("\"").append(name).append("\":").append(text);
    }
    if (!found && !change.empty()) out.append(",\"").append(change).append("\":").append(value);
    return out + "}";
}

const Expected kExpected{"https://school.example", "braid", "n-1", kNow};

class IdToken : public ::testing::Test {
  protected:
    Checked check(const std::string& token) {
        return check_id_token(token, *parse_keys(signer_.key_set()), kExpected);
    }
    Signer signer_{"k1"};
};

// RFC 7515, appendix A.2 (RS256) and A.3 (ES256): their keys are read, their signatures hold and their claims
// are not ours.
TEST(Jose, TakesTheSignaturesOfTheStandard) {
    const auto rsa = parse_keys(
        R"({"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]})");
    ASSERT_TRUE(rsa);
    ASSERT_EQ(rsa->size(), 1U);
    const std::string rs256 =
        "eyJhbGciOiJSUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
        "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
        "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
        "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
        "IoypGlUPQGe77Rw";
    EXPECT_EQ(check_id_token(rs256, *rsa, kExpected).refusal, Refusal::wrong_claims);
    const auto ec = parse_keys(
        R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
    ASSERT_TRUE(ec);
    const std::string es256 =
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    EXPECT_EQ(check_id_token(es256, *ec, kExpected).refusal, Refusal::wrong_claims);
    std::string changed = es256;
    changed[changed.size() - 3] = changed[changed.size() - 3] == 'A' ? 'B' : 'A';
    EXPECT_EQ(check_id_token(changed, *ec, kExpected).refusal, Refusal::bad_signature);
    EXPECT_EQ(check_id_token(es256, *rsa, kExpected).refusal, Refusal::unknown_key)
        << "a key of another kind";
}

TEST_F(IdToken, IsTakenWhenEverythingHolds) {
    const Checked checked = check(signer_.sign(claims()));
    ASSERT_TRUE(checked.claims) << checked.detail;
    EXPECT_EQ(checked.claims->subject, "42");
    EXPECT_EQ(checked.claims->username, "ada.l");
    EXPECT_TRUE(check(signer_.sign(claims("aud", R"(["braid"])"))).claims);
    EXPECT_TRUE(check(signer_.sign(claims("exp", "1799999950"))).claims) << "a minute between two clocks";
}

TEST_F(IdToken, IsRefusedForEachClaim) {
    const std::pair<const char*, const char*> wrong[] = {
        {"iss", R"("https://school.example/")"},
        {"iss", ""},
        {"aud", R"("other")"},
        {"aud", R"(["braid","other"])"},
        {"aud", "[]"},
        {"aud", ""},
        {"azp", R"("other")"},
        {"exp", "1799999900"},
        {"exp", ""},
        {"exp", R"("soon")"},
        {"iat", "1800000100"},
        {"iat", "1799000000"},
        {"iat", ""},
        {"nonce", R"("n-2")"},
        {"nonce", ""},
        {"sub", R"("")"},
        {"sub", "42"},
        {"sub", ""},
    };
    for (const auto& [name, value] : wrong) {
        const Checked checked = check(signer_.sign(claims(name, value)));
        EXPECT_FALSE(checked.claims) << name << " = " << value;
        EXPECT_EQ(checked.refusal, Refusal::wrong_claims) << name << " = " << value;
    }
    EXPECT_FALSE(check(signer_.sign(claims("sub", "\"" + std::string(256, 'x') + "\""))).claims);
}

TEST_F(IdToken, IsRefusedForItsForm) {
    const std::string good = signer_.sign(claims());
    EXPECT_EQ(check(signer_.sign(claims(), R"({"alg":"none"})")).refusal, Refusal::malformed);
    EXPECT_EQ(check(signer_.sign(claims(), R"({"alg":"HS256","kid":"k1"})")).refusal, Refusal::malformed);
    EXPECT_EQ(check(signer_.sign(claims(), R"({"alg":"ES256","kid":"k1","crit":["exp"]})")).refusal,
              Refusal::malformed);
    EXPECT_EQ(check(signer_.sign(claims(), R"({"alg":"ES256","kid":"k2"})")).refusal, Refusal::unknown_key);
    EXPECT_TRUE(check(signer_.sign(claims(), R"({"alg":"ES256"})")).claims) << "no kid: any key of the kind";
    EXPECT_EQ(check(Signer("k1").sign(claims())).refusal, Refusal::bad_signature)
        << "another's key of that name";
    EXPECT_EQ(check(good.substr(0, good.rfind('.') + 1)).refusal, Refusal::bad_signature) << "no signature";
    for (const std::string& text : {std::string(), std::string("."), std::string(".."), std::string("a.b"),
                                    good + ".x", "!" + good, std::string(100'000, 'a')}) {
        EXPECT_FALSE(check(text).claims) << text.substr(0, 40);
    }
}

TEST(Jose, LeavesOutKeysItCannotTake) {
    const auto keys = parse_keys(
        R"({"keys":[{"kty":"oct","k":"c2VjcmV0"},{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},
        7,{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"},
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"e"}]})");
    ASSERT_TRUE(keys);
    ASSERT_EQ(keys->size(), 1U);
    EXPECT_EQ(keys->front().id, "e");
    EXPECT_FALSE(parse_keys("[]"));
    EXPECT_FALSE(parse_keys("nothing"));
    EXPECT_FALSE(parse_keys(R"({"keys":{}})"));
}

}  // namespace
}  // namespace braid::oidc
