#include "platform/http/problem.h"

#include <array>
#include <cstdio>

#include "base/text.h"

namespace braid::http {

namespace {

void append_json(std::string& out, std::string_view text) {
    // RFC 8259 section 7. Text of an error may quote what a client sent: bytes that are no UTF-8 are
    // replaced.
    out += '"';
    const bool valid = is_valid_utf8(text);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            std::array<char, 8> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\u%04x", byte);
            out += escaped.data();
        } else if (byte >= 0x80 && !valid) {
            out += "\\ufffd";
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed:
            return 400;
        case ErrorCode::invalid:
            return 422;
        case ErrorCode::unauthenticated:
            return 401;
        case ErrorCode::forbidden:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::gone:
            return 410;
        case ErrorCode::too_large:
            return 413;
        case ErrorCode::unsupported:
            return 415;
        case ErrorCode::too_many_requests:
            return 429;
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::internal:
            return 500;
    }
    return 500;
}

std::string_view code_name(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed:
            return "malformed";
        case ErrorCode::invalid:
            return "invalid";
        case ErrorCode::unauthenticated:
            return "unauthenticated";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::gone:
            return "gone";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::too_many_requests:
            return "too_many_requests";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

std::string_view reason_of(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

Response problem(const Request& request, const Error& error, const MessageText& text) {
    const bool refused = request.refusal && request.refusal->status != 0;
    const int status = refused ? request.refusal->status : status_of(error.code);
    std::string body = R"({"type":"about:blank","title":)";
    append_json(body, reason_of(status));
    body += ",\"status\":" + std::to_string(status) + ",\"code\":";
    append_json(body, code_name(error.code));
    body += ",\"detail\":";
    append_json(body, text(error.message_key, error.arguments));
    body += ",\"instance\":";
    append_json(body, request.path);
    body += ",\"request_id\":";
    append_json(body, request.id);
    if (!error.fields.empty()) {
        body += ",\"errors\":[";
        bool first = true;
        for (const FieldError& field : error.fields) {
            if (!first) body += ',';
            first = false;
            body += "{\"field\":";
            append_json(body, field.field);
            body += ",\"code\":";
            append_json(body, field.message_key);
            body += ",\"detail\":";
            append_json(body, text(field.message_key, field.arguments));
            body += '}';
        }
        body += ']';
    }
    body += '}';
    Response response = Response::json(status, std::move(body));
    response.set("Content-Type", "application/problem+json");
    if (error.retry_after_seconds > 0) response.set("Retry-After", std::to_string(error.retry_after_seconds));
    return response;
}

}  // namespace braid::http
