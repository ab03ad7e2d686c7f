#include "interests/reading/policy.h"

namespace braid::reading {

Decision decide(const ReadWork&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const ReadChapter&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const ReportProgress&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const KeepPlace&, const Actor&, const std::monostate&) {
    return Decision::allow();
}
Decision decide(const OpenLibrary&, const Actor&, const std::monostate&) {
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    book.add<ReadWork>({{"a work she may see", nothing}});
    book.add<ReadChapter>({{"a chapter she may see", nothing}});
    book.add<ReportProgress>({{"in a chapter she may see", nothing}});
    book.add<KeepPlace>({{"her own, in a chapter she may see", nothing}});
    book.add<OpenLibrary>({{"her own", nothing}});
}

}  // namespace braid::reading
