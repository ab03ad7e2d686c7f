#include "shell/mailbox.h"

#include <gtest/gtest.h>

namespace braid::shell {
namespace {

std::string shown(std::string_view line) {
    std::string out;
    for (const MailPiece& piece : pieces_of(line))
        out += piece.link ? "[" + piece.text + "]" : piece.text;
    return out;
}

TEST(Mailbox, finds_the_links_of_a_line) {
    EXPECT_EQ(shown("Follow http://127.0.0.1:8080/password/reset/abc."),
              "Follow [http://127.0.0.1:8080/password/reset/abc].");
    EXPECT_EQ(shown("https://a.example/x and (http://b.example)"),
              "[https://a.example/x] and ([http://b.example])");
    EXPECT_EQ(shown("nothing here"), "nothing here");
    EXPECT_EQ(shown(""), "");
}

}  // namespace
}  // namespace braid::shell
