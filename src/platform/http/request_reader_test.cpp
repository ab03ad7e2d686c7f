#include "platform/http/request_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace braid::http {
namespace {

class Collect final : public BodySink {
  public:
    Result<void> on_body(std::string_view piece) override {
        body.append(piece);
        return {};
    }
    std::string body;
};

struct Seen {
    RequestReader::Status status = RequestReader::Status::need_more;
    std::string body;
};

// One request that comes in pieces of `piece` bytes, the first of them after `head` bytes.
Seen read_in_pieces(std::string_view bytes, std::size_t head, std::size_t piece) {
    RequestReader reader(4096, {});
    Request request;
    Collect sink;
    reader.start(request);
    std::string buffer;
    std::size_t fed = 0;
    Seen seen;
    while (fed < bytes.size()) {
        const std::size_t next = std::min(fed == 0 ? head : piece, bytes.size() - fed);
        buffer.append(bytes.substr(fed, next));
        fed += next;
        for (;;) {
            std::size_t used = 0;
            seen.status = reader.read(buffer, used);
            buffer.erase(0, used);
            if (seen.status != RequestReader::Status::header) break;
            reader.set_sink(&sink);
        }
        if (seen.status != RequestReader::Status::need_more) break;
    }
    seen.body = sink.body;
    return seen;
}

// An empty chunked body whose end came in pieces once ended the whole program: three packets from anybody.
TEST(RequestReader, ReadsAChunkedBodyHoweverItIsCut) {
    constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::pair<std::string_view, std::string_view> bodies[] = {
        {"0\r\n\r\n", ""},
        {"0;name=value\r\n\r\n", ""},
        {"0\r\nLate: yes\r\n\r\n", ""},
        {"1\r\na\r\n0\r\n\r\n", "a"},
        {"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: x\r\n\r\n", "abcde"},
        {"000\r\n\r\n", ""},
    };
    for (const auto& [body, text] : bodies) {
        const std::string whole = std::string(kHead) + std::string(body);
        for (std::size_t head = 1; head <= whole.size(); ++head) {
            for (const std::size_t piece : {1U, 2U, 3U, 4U, 5U, 7U, 64U}) {
                const Seen seen = read_in_pieces(whole, head, piece);
                ASSERT_EQ(seen.status, RequestReader::Status::done)
                    << body << " cut at " << head << " by " << piece;
                ASSERT_EQ(seen.body, text) << body << " cut at " << head << " by " << piece;
            }
        }
    }
}

TEST(RequestReader, RefusesABodyThatIsNotChunksHoweverItIsCut) {
    const std::string whole = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n";
    for (std::size_t head = 1; head <= whole.size(); ++head)
        EXPECT_EQ(read_in_pieces(whole, head, 1).status, RequestReader::Status::failed) << head;
}

}  // namespace
}  // namespace braid::http
