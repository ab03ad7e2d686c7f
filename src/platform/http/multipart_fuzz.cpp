// A multipart body, whole and cut as the first byte says: no crash, the same form both times, no file left
// behind.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "platform/http/form.h"

using namespace braid;
using namespace braid::http;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

std::string read(std::string_view body, std::size_t piece, const std::filesystem::path& folder) {
    Request request;
    MultipartReader reader("B", folder, {.max_fields = 8, .max_name_bytes = 40, .max_field_bytes = 400},
                           request.form);
    for (std::size_t at = 0; at < body.size(); at += piece) {
        if (!reader.feed(body.substr(at, piece)).ok()) return "error";
    }
    if (!reader.finish().ok()) return "error";
    std::string seen;
    for (const auto& [name, value] : request.form.fields.items()) {
        require(is_valid_utf8(name) && is_valid_utf8(value) && value.size() <= 400);
        seen += name + "=" + value + "\n";
    }
    for (const Upload& upload : request.form.uploads) {
        require(is_valid_utf8(upload.filename) && upload.filename.find('/') == std::string::npos &&
                !upload.filename.empty());
        std::ifstream file(upload.path, std::ios::binary);
        const std::string content((std::istreambuf_iterator<char>(file)), {});
        require(static_cast<std::int64_t>(content.size()) == upload.size);
        seen += upload.field + "<" + upload.filename + ">" + content + "\n";
    }
    return seen;
}

const std::filesystem::path& folder() {
    static const std::filesystem::path kFolder = [] {
        std::string name = (std::filesystem::temp_directory_path() / "braid-multipart-fuzz-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        return std::filesystem::path(name);
    }();
    return kFolder;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = read(body, body.size() + 1, folder());
    const std::string pieces = read(body, data[0] % 32 + 1, folder());
    // An error may be noticed before or after the text that is wrong is complete, but an error it is.
    require(whole == pieces);
    require(std::filesystem::is_empty(folder()));
    return 0;
}
