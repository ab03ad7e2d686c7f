#include "platform/mail/mail.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/text.h"
#include "platform/mail/coding.h"

namespace braid::mail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const Mailbox kFrom{"Braid", "hello@example.org"};
const Timestamp kWhen{1'772'384'709'250'000};

std::string rendered(const Message& message) {
    auto text = to_rfc5322(message, kFrom, kWhen, "abc");
    EXPECT_TRUE(text.ok());
    return text.ok() ? *text : std::string();
}

// A mail server that accepts everything on a loopback port and remembers what it was told.
class TinySmtpServer {
  public:
    explicit TinySmtpServer(std::string answer_to_data = "250 2.0.0 taken")
        : answer_to_data_(std::move(answer_to_data)) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        socklen_t size = sizeof address;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        ::listen(socket_, 1);
        thread_ = std::jthread([this] { serve(); });
    }
    ~TinySmtpServer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    [[nodiscard]] std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
    std::string commands, data;

  private:
    void serve() {
        const int client = ::accept(socket_, nullptr, nullptr);
        if (client < 0) return;
        const auto say = [&](const std::string& line) {
            (void)!::write(client, (line + "\r\n").data(), line.size() + 2);
        };
        say("220 tiny");
        std::string pending;
        bool in_data = false;
        for (char buffer[4096];;) {
            const auto count = ::read(client, buffer, sizeof buffer);
            if (count <= 0) break;
            pending.append(buffer, static_cast<std::size_t>(count));
            for (std::size_t end; (end = pending.find("\r\n")) != std::string::npos;
                 pending.erase(0, end + 2)) {
                const std::string line = pending.substr(0, end);
                if (in_data) {
                    if (line != ".") {
                        data += line + "\n";
                        continue;
                    }
                    in_data = false;
                    say(answer_to_data_);
                    continue;
                }
                commands += line + "\n";
                in_data = line == "DATA";
                say(in_data ? "354 go on" : line == "QUIT" ? "221 bye" : "250 fine");
            }
        }
        ::close(client);
    }

    std::string answer_to_data_;
    int socket_ = -1, port_ = 0;
    std::jthread thread_;
};

class Folder : public ::testing::Test {
  protected:
    Folder() { std::filesystem::remove_all(path); }
    ~Folder() override { std::filesystem::remove_all(path); }
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("braid-mail-" + std::to_string(getpid()));
};

TEST(MailAddress, follows_rfc_5321) {
    for (const char* good : {"a@b.example", "first.last+tag@sub.example.org", "o'neil@example.org",
                             "x@localhost", "1@2.example"}) {
        EXPECT_TRUE(is_address(good)) << good;
    }
    for (const std::string& bad :
         {std::string("a"), std::string("@b"), std::string("a@"), std::string("a@@b"), std::string(".a@b"),
          std::string("a.@b"), std::string("a..b@c"), std::string("a b@c"), std::string("a@b c"),
          std::string("a@-b"), std::string("a@b-"), std::string("a@b..c"), std::string("a@[127.0.0.1]"),
          std::string("\"a\"@b"), std::string("a@b\r\nBcc: c@d"), std::string("a@b\0", 4), std::string("ñ@b"),
          std::string("a@") + std::string(64, 'b'), std::string(65, 'a') + "@b"}) {
        EXPECT_FALSE(is_address(bad)) << bad;
    }
}

TEST(MailAddress, reads_a_mailbox_with_a_name) {
    EXPECT_EQ(parse_mailbox("Braid <hello@example.org>")->name, "Braid");
    EXPECT_EQ(parse_mailbox("\"Braid, the site\" <hello@example.org>")->name, "Braid, the site");
    EXPECT_EQ(parse_mailbox("hello@example.org")->address, "hello@example.org");
    EXPECT_FALSE(parse_mailbox("Braid"));
    EXPECT_FALSE(parse_mailbox("Braid <nobody>"));
    EXPECT_FALSE(parse_mailbox("Braid\r\nBcc: x@y <hello@example.org>"));
}

TEST(MailMessage, has_the_headers_of_rfc_5322) {
    EXPECT_EQ(rendered({"ana@example.org", "Welcome", "Hello.\n"}),
              "Date: Sun, 01 Mar 2026 17:05:09 +0000\r\n"
              "From: \"Braid\" <hello@example.org>\r\n"
              "To: ana@example.org\r\n"
              "Subject: Welcome\r\n"
              "Message-ID: <abc@example.org>\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "\r\n"
              "Hello.\r\n");
}

TEST(MailMessage, cannot_be_given_another_header) {
    const std::string text = rendered({"ana@example.org", "Hello\r\nBcc: evil@example.org\r\n\r\nbody", "x"});
    EXPECT_THAT(text, Not(HasSubstr("\nBcc:")));
    EXPECT_THAT(text, HasSubstr("Subject: Hello  Bcc: evil@example.org"));
    EXPECT_FALSE(to_rfc5322({"ana@example.org\r\nBcc: evil@example.org", "x", "y"}, kFrom, kWhen, "a").ok());
}

TEST(MailMessage, subjects_of_any_length_and_script_come_back) {
    for (const std::string& subject :
         {std::string("Una señal"), std::string("ñ") + std::string(300, 'x') + "é",
          std::string("=?utf-8?B?AAAA?="), std::string("word ") + std::string(120, 'y'),
          std::string("тринадцать историй о море и ветре, рассказанных вполголоса"),
          std::string(
              "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"),
          std::string(" spaces  kept "), std::string()}) {
        const std::string encoded = encode_header(subject);
        EXPECT_EQ(decode_header(encoded), subject);
        for (const auto line : split(encoded, '\n'))
            EXPECT_LE(line.size(), 78U);
        EXPECT_TRUE(std::all_of(encoded.begin(), encoded.end(),
                                [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    }
}

TEST(QuotedPrintable, any_text_comes_back_in_short_lines) {
    for (const std::string& text :
         {std::string("plain\r\n"), std::string("tab\t\r\nspace \r\n"), std::string("=3D\r\n"),
          std::string(1000, 'a') + "\r\n", std::string("señal — “quoted”\r\n.\r\n..\r\nFrom here\r\n"),
          std::string(75, 'a') + "ñ\r\n", std::string(76, 'b') + "\r\n", std::string(77, 'c') + "\r\n",
          std::string("\x01\x7f\r\n")}) {
        const std::string encoded = quoted_printable(text);
        EXPECT_EQ(from_quoted_printable(encoded).size() + std::count(text.begin(), text.end(), '\r'),
                  text.size())
            << encoded;
        for (const auto line : split(encoded, '\n'))
            EXPECT_LE(line.size(), 77U);  // 76 and the carriage return
    }
}

TEST_F(Folder, keeps_mails_newest_first) {
    FakeClock clock;
    const auto sender = folder_sender(path, "Braid <hello@example.org>", clock);
    ASSERT_TRUE(sender
                    ->send({"ana@example.org", "Primera señal",
                            "Hola.\nUna línea — y " + std::string(100, 'x') + "\n"})
                    .ok());
    clock.advance(std::chrono::seconds(5));
    ASSERT_TRUE(sender->send({"ben@example.org", "Second", "Two"}).ok());
    std::ofstream(path / "note.eml") << "not a mail";

    const auto mails = stored_mails(path, 10);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_EQ(mails[0].to, "ben@example.org");
    EXPECT_EQ(mails[0].at, clock.now());
    EXPECT_EQ(mails[1].subject, "Primera señal");
    EXPECT_EQ(mails[1].text, "Hola.\nUna línea — y " + std::string(100, 'x') + "\n");
    EXPECT_THAT(stored_mails(path, 1), SizeIs(1));
    EXPECT_THAT(stored_mails(path / "none", 1), SizeIs(0));
}

TEST_F(Folder, an_unwritable_folder_is_an_error_and_not_a_crash) {
    FakeClock clock;
    const auto sender = folder_sender("/proc/none", "hello@example.org", clock);
    EXPECT_EQ(sender->send({"ana@example.org", "x", "y"}).error().code, ErrorCode::unavailable);
    EXPECT_THROW(folder_sender(path, "nobody", clock), std::invalid_argument);
}

TEST(Smtp, hands_the_mail_over) {
    FakeClock clock;
    SeededRandom random(1);
    TinySmtpServer server;
    const auto sender = smtp_sender({.url = server.url(),
                                     .user = {},
                                     .password = {},
                                     .from = "Braid <hello@example.org>",
                                     .certificate_authorities = {}},
                                    clock, random);
    const auto sent = sender->send({"ana@example.org", "Hello", "One\n.\nTwo\n"});
    ASSERT_TRUE(sent.ok()) << sent.error().detail;
    EXPECT_THAT(server.commands, HasSubstr("MAIL FROM:<hello@example.org>"));
    EXPECT_THAT(server.commands, HasSubstr("RCPT TO:<ana@example.org>"));
    EXPECT_THAT(server.data, HasSubstr("Subject: Hello\n"));
    EXPECT_THAT(server.data, HasSubstr("\nOne\n..\nTwo\n"));  // RFC 5321 section 4.5.2
}

TEST(Smtp, a_refusal_is_an_error_with_the_answer) {
    FakeClock clock;
    SeededRandom random(1);
    TinySmtpServer server("554 5.7.1 no");
    const auto sender = smtp_sender({.url = server.url(),
                                     .user = {},
                                     .password = {},
                                     .from = "hello@example.org",
                                     .certificate_authorities = {}},
                                    clock, random);
    const auto sent = sender->send({"ana@example.org", "Hello", "x"});
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().code, ErrorCode::unavailable);
    EXPECT_THAT(sent.error().detail, HasSubstr("554"));
}

TEST(Smtp, refuses_settings_that_cannot_work) {
    FakeClock clock;
    SeededRandom random(1);
    for (const char* url : {"http://mail.example", "smtp://", "smtp://user:secret@mail.example"}) {
        EXPECT_THROW(smtp_sender({.url = url,
                                  .user = {},
                                  .password = {},
                                  .from = "a@b.example",
                                  .certificate_authorities = {}},
                                 clock, random),
                     std::invalid_argument)
            << url;
    }
}

}  // namespace
}  // namespace braid::mail
