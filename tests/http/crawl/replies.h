// Whether two answers tell apart what the asker may not know apart.
#pragma once

#include <map>
#include <string>

#include "support/http_client.h"

namespace braid::testing::crawl {

// The ids and words that stand in an address, by the parameter: {"work", "1c4gzk0e5m"}.
using Things = std::map<std::string, std::string>;

// What one is told: status, headers and body, without what differs from answer to answer by itself (the
// moment, the request's number, nonces, form tokens) and with the things of the address replaced by their
// names.
std::string told(const test::Reply& reply, const Things& things);

// Where two answers first differ, with what stands around it, for the message of a failed test.
std::string difference(const std::string& one, const std::string& other);

// She did not get it: sent to where one comes in, refused, or told that it is not there.
bool refused(const test::Reply& reply);

}  // namespace braid::testing::crawl
