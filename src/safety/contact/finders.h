// The finders, one per family of details. Each appends what it finds; spans may overlap and be found twice.
#pragma once

#include <string_view>
#include <vector>

#include "safety/contact/reading.h"

namespace braid::contact {

void find_emails(const Reading& reading, std::vector<Span>& found);
void find_urls(const Reading& reading, std::vector<Span>& found);
void find_handles(const Reading& reading, std::vector<Span>& found);
void find_phones(const Reading& reading, std::vector<Span>& found);
void find_addresses(const Reading& reading, std::vector<Span>& found);
void find_school_times(const Reading& reading, std::vector<Span>& found);

// domains.cpp
enum class Tld { none, weak, strong };  // weak: also a word or the ending of a file
Tld tld_of(std::string_view label);
bool is_mail_provider(std::string_view name);  // "gmail", without its top level
bool is_known_host(std::string_view host);     // short links and platforms: "discord.gg"
// The platform a word names ("insta", "snap", "discord"), for the words around a handle.
bool is_platform(std::string_view word);

}  // namespace braid::contact
