// safety scan.
#include <boost/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/cli.h"
#include "app/commands/commands.h"
#include "safety/contact/contact.h"

namespace braid::app::commands {

namespace {

// What is wrong with the line, or nothing; its spans go to standard output.
std::string scan_line(const std::string& line) {
    boost::system::error_code failure;
    const boost::json::value value = boost::json::parse(line, failure);
    if (failure) return "this is not JSON: " + failure.message();
    const auto* object = value.if_object();
    if (object == nullptr) return "expected an object with id and text";
    const auto* id = object->if_contains("id");
    if (id == nullptr || id->is_structured()) return "expected a member \"id\": a number or a text";
    const auto* member = object->if_contains("text");
    if (member == nullptr || !member->is_string()) return "expected a member \"text\": a text";
    const boost::json::string& text = member->get_string();
    const std::string_view whole(text.data(), text.size());
    for (const contact::Span& span : contact::find_contact(whole)) {
        const std::string_view kind = contact::kind_name(span.kind);
        const std::string_view part = whole.substr(span.begin_byte, span.end_byte - span.begin_byte);
        const boost::json::object out{{"id", *id},
                                      {"kind", boost::json::string_view(kind.data(), kind.size())},
                                      {"begin", span.begin},
                                      {"end", span.end},
                                      {"text", boost::json::string_view(part.data(), part.size())}};
        std::cout << boost::json::serialize(out) << '\n';
    }
    return {};
}

}  // namespace

int scan_contact(const std::filesystem::path& file) {
    const bool standard = file == "-";
    std::ifstream opened;
    if (!standard) {
        opened.open(file);
        if (!opened || std::filesystem::is_directory(file)) {
            std::fprintf(stderr, "braid: %s cannot be read\n", file.c_str());
            return kFailed;
        }
    }
    std::istream& in = standard ? std::cin : opened;
    int code = kOk;
    std::string line;
    for (long number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const std::string wrong = scan_line(line);
        if (wrong.empty()) continue;
        std::fprintf(stderr, "braid: %s:%ld: %s\n", standard ? "standard input" : file.c_str(), number,
                     wrong.c_str());
        code = kFailed;
    }
    std::cout.flush();
    if (in.bad() || !std::cout) {
        std::fprintf(stderr, "braid: reading or writing failed\n");
        return kFailed;
    }
    return code;
}

}  // namespace braid::app::commands
