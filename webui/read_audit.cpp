#include "webui/read_audit.h"

#include <nlohmann/json.hpp>

namespace muniment::webui {

namespace {

constexpr std::chrono::minutes kOneView{10};
constexpr std::size_t kMostRemembered = 100'000;

}  // namespace

void ReadAudit::viewed(const storage::Principal& who, std::int64_t document_id) {
  const core::Time now = database_.clock().now();
  const std::pair key(who.account_id, document_id);
  {
    const std::lock_guard lock(mutex_);
    const auto found = viewed_.find(key);
    if (found != viewed_.end() && now - found->second < kOneView) return;
  }
  auto tx = database_.begin(who.actor());
  tx.audit({"document.viewed", "document", document_id});
  tx.commit();
  const std::lock_guard lock(mutex_);
  if (viewed_.size() >= kMostRemembered) {
    std::erase_if(viewed_, [&](const auto& entry) { return now - entry.second >= kOneView; });
  }
  viewed_[key] = now;
}

void ReadAudit::downloaded(const storage::Principal& who, std::int64_t document_id, const std::string& what) {
  auto tx = database_.begin(who.actor());
  tx.audit({"document.downloaded", "document", document_id, "", nlohmann::json{{"what", what}}.dump()});
  tx.commit();
}

void ReadAudit::searched(const storage::Principal& who, const std::string& query) {
  auto tx = database_.begin(who.actor());
  tx.audit({"search.made", "search", 0, "", nlohmann::json{{"query", query}}.dump()});
  tx.commit();
}

}  // namespace muniment::webui
