#include "platform/events/json.h"

#include <boost/json.hpp>

namespace braid::events {

namespace {

namespace json = boost::json;

const json::value& value_of(const void* at) {
    return *static_cast<const json::value*>(at);
}

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

void JsonWriter::key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    put_text(name);
    out_ += ':';
}

void JsonWriter::put_text(std::string_view text) {
    out_ += json::serialize(view(text));
}

void JsonWriter::put_real(double value) {
    out_ += json::serialize(json::value(value));
}

struct JsonReader::Document {
    json::value root;
};

JsonReader::JsonReader() : document_(std::make_unique<Document>()) {}
JsonReader::~JsonReader() = default;

bool JsonReader::parse(std::string_view text) {
    json::error_code failed;
    document_->root = json::parse(view(text), failed);
    path_ = {&document_->root};
    return !failed;
}

bool JsonReader::enter(std::string_view name) {
    const json::value* member = value_of(path_.back()).as_object().if_contains(view(name));
    if (member != nullptr) path_.push_back(member);
    return member != nullptr;
}

bool JsonReader::enter(std::size_t index) {
    path_.push_back(&value_of(path_.back()).as_array()[index]);
    return true;
}

void JsonReader::fail(std::string_view name, std::string_view what) {
    if (problem_.empty()) problem_ = std::string(name) + " " + std::string(what);
}

bool JsonReader::is_object() const {
    return value_of(path_.back()).is_object();
}
bool JsonReader::is_null() const {
    return value_of(path_.back()).is_null();
}

std::optional<std::size_t> JsonReader::array_size() const {
    const auto* array = value_of(path_.back()).if_array();
    return array != nullptr ? std::optional(array->size()) : std::nullopt;
}

std::optional<std::int64_t> JsonReader::integer() const {
    const auto* number = value_of(path_.back()).if_int64();
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

std::optional<double> JsonReader::real() const {
    const json::value& value = value_of(path_.back());
    if (!value.is_number()) return std::nullopt;
    return value.to_number<double>();
}

std::optional<bool> JsonReader::boolean() const {
    const auto* flag = value_of(path_.back()).if_bool();
    return flag != nullptr ? std::optional(*flag) : std::nullopt;
}

std::optional<std::string_view> JsonReader::text() const {
    const auto* text = value_of(path_.back()).if_string();
    return text != nullptr ? std::optional(std::string_view(text->data(), text->size())) : std::nullopt;
}

}  // namespace braid::events
