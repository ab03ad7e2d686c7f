#include "platform/http/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>

#include "base/text.h"
#include "platform/http/problem.h"
#include "platform/http/target.h"

namespace braid::http {

namespace beast = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kMaxHeaderFields = 100;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

Refusal refuse(int status, std::string_view key, std::string detail) {
    const ErrorCode code =
        status == 413 || status == 431 || status == 414 ? ErrorCode::too_large : ErrorCode::invalid;
    return {Error{code, std::string(key), std::move(detail), {}, {}, 0}, status, {}};
}

constexpr std::size_t kLeastOfChunks = 5;

// Straight from Beast's callbacks into our request: nothing is stored twice.
class Parser final : public beast::basic_parser<true> {
  public:
    Parser(Request& request, const FormLimits& limits) : request_(request), limits_(limits) {}

    // The bytes that are being parsed, to tell a folded line: Beast unfolds those into a buffer of its own.
    void expect_within(std::string_view input) { input_ = input; }

    std::optional<Refusal> refusal;
    BodySink* sink = nullptr;
    bool keep = false, old = false, header_done = false, in_form = false;

  private:
    void fail(error_code& failure, int status, std::string_view key, std::string detail) {
        refusal = refuse(status, key, std::move(detail));
        failure = beast::error::bad_value;
    }
    void bad(error_code& failure, std::string detail) {
        fail(failure, 400, message_keys::kBadRequest, std::move(detail));
    }

    void on_request_impl(beast::verb, boost::beast::string_view method, boost::beast::string_view target,
                         int version, error_code& failure) override {
        old = version == 10;
        if (version != 10 && version != 11) return fail(failure, 505, message_keys::kBadRequest, "version");
        const auto known = method_from_name(view(method));
        if (!known)
            return fail(failure, 501, message_keys::kWrongMethod, "method " + std::string(view(method)));
        request_.method = *known;
        auto parsed = http::parse_target(request_, view(target), limits_);
        if (!parsed.ok()) {
            refusal = Refusal{std::move(parsed).error(), 400, {}};
            failure = beast::error::bad_target;
        }
    }

    void on_response_impl(int, boost::beast::string_view, int, error_code& failure) override {
        failure = beast::error::bad_version;
    }

    void on_field_impl(beast::field field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code& failure) override {
        if (header_done) return;  // a trailer: nothing here needs one, and none may pass for a header
        const bool folded =
            !value.empty() && (value.data() < input_.data() || value.data() >= input_.data() + input_.size());
        if (folded) return bad(failure, "a folded header line");
        if (request_.headers.size() >= kMaxHeaderFields)
            return fail(failure, 431, message_keys::kTooLarge, "header fields");
        if (field == beast::field::content_length) {
            if (has_length_ || value.find_first_not_of("0123456789") != boost::beast::string_view::npos) {
                return bad(failure, "Content-Length");
            }
            has_length_ = true;
        } else if (field == beast::field::transfer_encoding) {
            if (has_coding_ || !ascii_iequals(view(value), "chunked"))
                return bad(failure, "Transfer-Encoding");
            has_coding_ = true;
        } else if (field == beast::field::host) {
            if (has_host_) return bad(failure, "a second Host");
            has_host_ = true;
            if (!is_authority(view(value)) && !value.empty()) return bad(failure, "Host");
            // The target's own authority wins (RFC 9112 section 3.2.2).
            if (request_.host.empty()) request_.host = view(value);
        }
        request_.headers.emplace_back(ascii_lower(view(name)), view(value));
    }

    void on_header_impl(error_code& failure) override {
        header_done = true;
        keep = keep_alive();
        if (!has_host_ && !old) return bad(failure, "Host is missing");
        if (has_coding_ && (has_length_ || old))
            return bad(failure, "Transfer-Encoding beside Content-Length, or in HTTP/1.0");
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t on_body_impl(boost::beast::string_view body, error_code& failure) override {
        if (sink != nullptr) {
            if (auto taken = sink->on_body(view(body)); !taken.ok()) {
                in_form = true;
                refusal = Refusal{std::move(taken).error(), 0, {}};
                if (refusal->error.code == ErrorCode::invalid) refusal->status = 400;
                failure = beast::error::body_limit;
            }
        }
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body,
                                   error_code& failure) override {
        return on_body_impl(body, failure);
    }
    void on_finish_impl(error_code&) override {}

    Request& request_;
    const FormLimits& limits_;
    std::string_view input_;
    bool has_length_ = false, has_coding_ = false, has_host_ = false;
};

}  // namespace

struct RequestReader::Impl {
    std::size_t max_header_bytes;
    FormLimits limits;
    std::optional<Parser> parser;
    Refusal failure;
};

RequestReader::RequestReader(std::size_t max_header_bytes, FormLimits limits)
    : impl_(std::make_unique<Impl>(Impl{max_header_bytes, limits, std::nullopt, {}})) {}
RequestReader::~RequestReader() = default;

void RequestReader::start(Request& request) {
    impl_->parser.emplace(request, impl_->limits);
    impl_->parser->header_limit(static_cast<std::uint32_t>(impl_->max_header_bytes));
    impl_->parser->body_limit(boost::none);  // the sink counts
}

RequestReader::Status RequestReader::read(std::string_view input, std::size_t& consumed) {
    Parser& parser = *impl_->parser;
    consumed = 0;
    const bool in_header = !parser.header_done;
    while (!parser.is_done()) {
        const std::string_view rest = input.substr(consumed);
        if (rest.empty()) return Status::need_more;
        // Whatever of a chunked body is still to come ends in "0", CRLF, CRLF. Beast 1.81 takes for granted
        // that it is never given less, and asserts it when an empty body comes in pieces.
        if (parser.header_done && parser.chunked() && rest.size() < kLeastOfChunks) return Status::need_more;
        parser.expect_within(rest);
        error_code failure;
        const std::size_t used = parser.put(boost::asio::const_buffer(rest.data(), rest.size()), failure);
        consumed += used;
        if (failure == beast::error::need_more) {
            if (used == 0) return Status::need_more;
            continue;
        }
        if (failure) {
            if (parser.refusal) {
                impl_->failure = std::move(*parser.refusal);
            } else if (failure == beast::error::header_limit) {
                impl_->failure = refuse(431, message_keys::kTooLarge, "header");
            } else {
                impl_->failure = refuse(400, message_keys::kBadRequest, failure.message());
            }
            return Status::failed;
        }
        if (in_header && parser.header_done) return Status::header;
    }
    return Status::done;
}

bool RequestReader::has_body() const {
    return !impl_->parser->is_done();
}
std::optional<std::uint64_t> RequestReader::content_length() const {
    const auto length = impl_->parser->content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}
bool RequestReader::keep_alive() const {
    return impl_->parser && impl_->parser->keep;
}
bool RequestReader::old_version() const {
    return impl_->parser && impl_->parser->old;
}
bool RequestReader::in_body() const {
    return impl_->parser && impl_->parser->header_done;
}
void RequestReader::set_sink(BodySink* sink) {
    impl_->parser->sink = sink;
}
bool RequestReader::failed_in_form() const {
    return impl_->parser && impl_->parser->in_form;
}
const Refusal& RequestReader::failure() const {
    return impl_->failure;
}

}  // namespace braid::http
