// Bytes of a connection, cut into pieces as the first byte says, through the parser and the router. Whatever
// comes: no crash, the same requests whole or in pieces, paths that are what they promise.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "platform/http/request_reader.h"
#include "platform/http/router.h"
#include "platform/http/target.h"

using namespace braid;
using namespace braid::http;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

class Collect final : public BodySink {
  public:
    explicit Collect(std::string& out) : out_(out) {}
    Result<void> on_body(std::string_view piece) override {
        out_.append(piece);
        return {};
    }

  private:
    std::string& out_;
};

const Router& router() {
    static const Router kRouter = [] {
        Router made;
        const auto nothing = [](const Request&) -> Result<Response> { return Response::no_content(); };
        constexpr ActionRef kAny{"fuzz.any"};
        for (const auto* pattern :
             {"/", "/works/{work:id}", "/works/new", "/works/{work:id}/chapters/{n:int}", "/tags/{key:text}",
              "/assets/{rest:path}"}) {
            made.get(pattern, kAny, nothing);
        }
        made.post("/works/{work:id}/{slug:text}", kAny, nothing);
        return made;
    }();
    return kRouter;
}

// What the requests on one connection were, as text; ends at the first failure, or where bytes are missing:
// which of the two a malformed request is that never ends depends on how it was cut.
std::string read_all(std::string_view bytes, std::size_t piece) {
    static const TrustedProxies kProxies({"127.0.0.0/8"});
    std::string seen, buffer;
    RequestReader reader(4096, {});
    std::size_t fed = 0;
    for (int request_number = 0; request_number < 8; ++request_number) {
        Request request;
        Collect sink(request.body);
        reader.start(request);
        for (;;) {
            std::size_t consumed = 0;
            const auto status = reader.read(buffer, consumed);
            require(consumed <= buffer.size());
            buffer.erase(0, consumed);
            if (status == RequestReader::Status::failed) return seen;
            if (status == RequestReader::Status::header) {
                reader.set_sink(&sink);
                continue;
            }
            if (status == RequestReader::Status::done) break;
            if (buffer.size() > 8192) return seen;
            if (fed == bytes.size()) return seen;
            const std::string_view next = bytes.substr(fed, piece);
            buffer += next;
            fed += next.size();
        }
        require(request.path == "*" || request.path.starts_with('/'));
        require(is_valid_utf8(request.path));
        require(request.path.find("/../") == std::string::npos && !request.path.ends_with("/.."));
        for (const auto& [name, value] : request.headers) {
            require(name == ascii_lower(name) && name.find_first_of("\r\n :") == std::string::npos);
            require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
        }
        for (const auto& [name, value] : request.query.items())
            require(is_valid_utf8(name) && is_valid_utf8(value));
        (void)request.cookie("a");
        (void)request.wants_json();
        request.remote_address = "127.0.0.1";
        kProxies.apply(request);
        const Router::Match match = router().find(request.method, request.path);
        if (match.route != nullptr) {
            for (const auto& [name, value] : match.parameters.items())
                require(is_valid_utf8(value));
        }
        const std::string next = local_path(request.query.get("next"), "/");
        require(next.starts_with('/') && !next.starts_with("//") && next.find('\\') == std::string::npos);
        seen += request.target + "\n" + request.body + "\n";
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1 || size > 6000) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = read_all(bytes, bytes.size() + 1);
    const std::string pieces = read_all(bytes, data[0] % 64 + 1);
    require(whole == pieces);
    return 0;
}
