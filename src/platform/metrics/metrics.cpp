#include "platform/metrics/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace braid::metrics {

namespace {

using LabelList = std::vector<std::pair<std::string, std::string>>;

bool is_name(std::string_view name, bool colon) {
    const auto letter = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colon && c == ':');
    };
    if (name.empty() || !letter(name.front())) return false;
    for (const char c : name) {
        if (!letter(c) && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}

struct Family {
    prometheus::MetricType type = prometheus::MetricType::Counter;
    // unique_ptr: callers keep references to the series while the map grows.
    std::map<LabelList, std::unique_ptr<Counter>> counters;
    std::map<LabelList, std::unique_ptr<Histogram>> histograms;
    std::function<double()> gauge;
};

std::vector<prometheus::ClientMetric::Label> labels_of(const LabelList& labels) {
    std::vector<prometheus::ClientMetric::Label> out;
    for (const auto& [name, value] : labels)
        out.push_back({name, value});
    return out;
}

prometheus::ClientMetric metric_of(const LabelList& labels, const Counter& counter) {
    prometheus::ClientMetric metric;
    metric.label = labels_of(labels);
    metric.counter.value = static_cast<double>(counter.value());
    return metric;
}

prometheus::ClientMetric metric_of(const LabelList& labels, const Histogram& histogram) {
    prometheus::ClientMetric metric;
    metric.label = labels_of(labels);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i <= Histogram::kBounds.size(); ++i) {
        total += histogram.count(i);
        const bool last = i == Histogram::kBounds.size();
        metric.histogram.bucket.push_back({total, last ? HUGE_VAL : Histogram::kBounds[i]});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum = histogram.sum_seconds();
    return metric;
}

}  // namespace

std::size_t Counter::shard() {
    static std::atomic<std::size_t> threads{0};
    static thread_local const std::size_t mine = threads.fetch_add(1) % kShards;
    return mine;
}

std::uint64_t Counter::value() const {
    std::uint64_t sum = 0;
    for (const Shard& shard : shards_)
        sum += shard.value.load(std::memory_order_relaxed);
    return sum;
}

void Histogram::observe(double seconds) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket])
        ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    nanos_.fetch_add(static_cast<std::uint64_t>(std::max(0.0, seconds) * 1e9), std::memory_order_relaxed);
}

struct Registry::Impl {
    mutable std::mutex mutex;  // guards the maps, never the series
    std::map<std::string, Family, std::less<>> families;
    std::map<std::string, std::string, std::less<>> help;

    Family& family(std::string_view name, prometheus::MetricType type) {
        auto found = families.find(name);
        if (found == families.end()) {
            if (!is_name(name, true)) throw std::logic_error("metric name: " + std::string(name));
            found = families.emplace(std::string(name), Family{}).first;
            found->second.type = type;
        }
        if (found->second.type != type)
            throw std::logic_error("metric used as two kinds: " + std::string(name));
        return found->second;
    }

    template <class Series>
    static Series& series(std::map<LabelList, std::unique_ptr<Series>>& all, Labels labels) {
        LabelList key;
        for (const auto& [name, value] : labels) {
            if (!is_name(name, false)) throw std::logic_error("label name: " + std::string(name));
            key.emplace_back(name, value);
        }
        auto& place = all[std::move(key)];
        if (!place) place = std::make_unique<Series>();
        return *place;
    }
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string_view name, Labels labels) {
    const std::lock_guard lock(impl_->mutex);
    return Impl::series(impl_->family(name, prometheus::MetricType::Counter).counters, labels);
}

Histogram& Registry::histogram(std::string_view name, Labels labels) {
    const std::lock_guard lock(impl_->mutex);
    return Impl::series(impl_->family(name, prometheus::MetricType::Histogram).histograms, labels);
}

void Registry::count(std::string_view name, Labels labels, double by) {
    counter(name, labels).add(static_cast<std::uint64_t>(by));
}

void Registry::observe(std::string_view name, Labels labels, double seconds) {
    histogram(name, labels).observe(seconds);
}

void Registry::gauge(std::string_view name, std::function<double()> read) {
    const std::lock_guard lock(impl_->mutex);
    impl_->family(name, prometheus::MetricType::Gauge).gauge = std::move(read);
}

void Registry::remove_gauge(std::string_view name) {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->families.find(name); found != impl_->families.end())
        impl_->families.erase(found);
}

void Registry::describe(std::string_view name, std::string_view help) {
    const std::lock_guard lock(impl_->mutex);
    impl_->help.insert_or_assign(std::string(name), std::string(help));
}

std::string Registry::scrape() const {
    std::vector<prometheus::MetricFamily> out;
    {
        const std::lock_guard lock(impl_->mutex);
        for (const auto& [name, family] : impl_->families) {
            auto& written = out.emplace_back();
            written.name = name;
            written.type = family.type;
            if (const auto help = impl_->help.find(name); help != impl_->help.end())
                written.help = help->second;
            for (const auto& [labels, counter] : family.counters)
                written.metric.push_back(metric_of(labels, *counter));
            for (const auto& [labels, histogram] : family.histograms)
                written.metric.push_back(metric_of(labels, *histogram));
            if (family.gauge) {
                written.metric.emplace_back().gauge.value = family.gauge();
            }
        }
    }
    return prometheus::TextSerializer{}.prometheus::Serializer::Serialize(out);
}

}  // namespace braid::metrics
