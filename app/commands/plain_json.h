// JSON as commands print it: numbers that anybody can read.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace braid::app::commands {

// On one line. Numbers are plain decimals ("0.0316899", never "3.16899E-2"), the shortest that read back as
// the same; what is no number is null.
std::string plain_json(const boost::json::value& value);

}  // namespace braid::app::commands
