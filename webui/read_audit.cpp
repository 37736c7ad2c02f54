#include "webui/read_audit.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace muniment::webui {

namespace {

constexpr std::chrono::minutes kOneView{10};
constexpr std::size_t kMostRemembered = 100'000;

// Whether there is an entry that still stands for this reading.
template <typename Key>
bool is_noted(const std::map<Key, core::Time>& noted, const Key& key, core::Time now) {
  const auto found = noted.find(key);
  return found != noted.end() && now - found->second < kOneView;
}

template <typename Key>
void remember(std::map<Key, core::Time>& noted, const Key& key, core::Time now) {
  if (noted.size() >= kMostRemembered) {
    std::erase_if(noted, [&](const auto& entry) { return now - entry.second >= kOneView; });
  }
  noted[key] = now;
}

}  // namespace

void ReadAudit::viewed(const storage::Principal& who, std::int64_t document_id) {
  const core::Time now = database_.clock().now();
  const std::pair key(who.account_id, document_id);
  {
    const std::lock_guard lock(mutex_);
    if (is_noted(viewed_, key, now)) return;
  }
  auto tx = database_.begin(who.actor());
  tx.audit({"document.viewed", "document", document_id});
  tx.commit();
  const std::lock_guard lock(mutex_);
  remember(viewed_, key, now);
}

void ReadAudit::opened(const storage::Actor& stranger, const storage::SharedDocument& shared) {
  const core::Time now = database_.clock().now();
  const std::pair key(shared.link_id, stranger.client);
  {
    const std::lock_guard lock(mutex_);
    if (is_noted(opened_, key, now)) return;
  }
  auto tx = database_.begin(stranger);
  storage::note_share_opened(tx, shared);
  tx.commit();
  const std::lock_guard lock(mutex_);
  remember(opened_, key, now);
}

void ReadAudit::downloaded(const storage::Principal& who, std::int64_t document_id, const std::string& what) {
  auto tx = database_.begin(who.actor());
  tx.audit({"document.downloaded", "document", document_id, "", nlohmann::json{{"what", what}}.dump()});
  tx.commit();
}

void ReadAudit::printed(const storage::Principal& who, std::int64_t document_id,
                        const std::vector<std::int64_t>& pages) {
  const auto [first, last] = std::minmax_element(pages.begin(), pages.end());
  auto tx = database_.begin(who.actor());
  tx.audit({"document.printed", "document", document_id, "",
            nlohmann::ordered_json{{"pages", pages.size()}, {"first", *first}, {"last", *last}}.dump()});
  tx.commit();
}

void ReadAudit::snippets_shown(const storage::Principal& who) {
  const core::Time now = database_.clock().now();
  {
    const std::lock_guard lock(mutex_);
    if (is_noted(snippets_shown_, who.account_id, now)) return;
  }
  auto tx = database_.begin(who.actor());
  tx.audit({"search.snippets_shown", "search", 0});
  tx.commit();
  const std::lock_guard lock(mutex_);
  remember(snippets_shown_, who.account_id, now);
}

void ReadAudit::searched(const storage::Principal& who, const std::string& query) {
  auto tx = database_.begin(who.actor());
  tx.audit({"search.made", "search", 0, "", nlohmann::json{{"query", query}}.dump()});
  tx.commit();
}

}  // namespace muniment::webui
