#include "platform/web/assets.h"

#include <stdexcept>
#include <string>
#include <unordered_map>

namespace braid::web {

namespace {

constexpr std::string_view kFolder = "/assets/";

using Index = std::unordered_map<std::string_view, const Asset*>;

const Index& by_name() {
    static const Index index = [] {
        Index made;
        for (const Asset& asset : assets())
            made.emplace(asset.name, &asset);
        return made;
    }();
    return index;
}

const Index& by_file() {
    static const Index index = [] {
        Index made;
        for (const Asset& asset : assets())
            made.emplace(asset.url.substr(kFolder.size()), &asset);
        return made;
    }();
    return index;
}

// The part of the file name that is its hash: app.1a2b3c4d.css.
std::string_view hash_of(const Asset& asset) {
    const auto end = asset.url.rfind('.');
    const auto start = asset.url.rfind('.', end - 1) + 1;
    return asset.url.substr(start, end - start);
}

http::Response response(const Asset& asset, std::string cache_control) {
    http::Response answer;
    answer.set("content-type", std::string(asset.media_type));
    answer.set("cache-control", std::move(cache_control));
    answer.etag(hash_of(asset));
    answer.body = http::StaticBody{asset.identity, asset.gzip, asset.brotli};
    return answer;
}

}  // namespace

const Asset* find(std::string_view name) {
    const auto found = by_name().find(name);
    return found == by_name().end() ? nullptr : found->second;
}

std::string_view url(std::string_view name) {
    if (const Asset* asset = find(name)) return asset->url;
    throw std::logic_error("no asset named " + std::string(name));
}

std::string_view icon(std::string_view name) {
    static const auto index = [] {
        std::unordered_map<std::string_view, std::string_view> made;
        for (const Icon& icon : icons())
            made.emplace(icon.name, icon.markup);
        return made;
    }();
    const auto found = index.find(name);
    if (found == index.end())
        throw std::logic_error("no icon named " + std::string(name) + " in web/icons.txt");
    return found->second;
}

std::optional<http::Response> serve(std::string_view file) {
    const auto found = by_file().find(file);
    if (found == by_file().end()) return std::nullopt;
    return response(*found->second, "public, max-age=31536000, immutable");
}

http::Response serve_fresh(std::string_view name) {
    const Asset* asset = find(name);
    if (asset == nullptr) throw std::logic_error("no asset named " + std::string(name));
    return response(*asset, "no-cache");
}

}  // namespace braid::web
