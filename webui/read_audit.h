// Reading leaves traces too: who looked at a document, and who took a copy.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"
#include "storage/share_links.h"

namespace muniment::webui {

// Thread-safe.
class ReadAudit {
 public:
  explicit ReadAudit(storage::Database& database) : database_(database) {}

  // Pages were looked at: one entry a person, document and ten minutes.
  void viewed(const storage::Principal& who, std::int64_t document_id);
  // A copy was taken: `what` is "original", "archive", "text", or names an older version. An entry each time, before
  // the first byte goes out.
  void downloaded(const storage::Principal& who, std::int64_t document_id, const std::string& what);
  // Pages of it were sent to a printer, from the first to the last of them.
  void printed(const storage::Principal& who, std::int64_t document_id, const std::vector<std::int64_t>& pages);
  // The page of a share link was looked at: one entry a link, address and ten minutes.
  void opened(const storage::Actor& stranger, const storage::SharedDocument& shared);
  // Text of documents was shown in the answer to a search: one entry a person and ten minutes, without what was
  // searched for.
  void snippets_shown(const storage::Principal& who);
  // Only where searches are to be audited.
  void searched(const storage::Principal& who, const std::string& query);

 private:
  storage::Database& database_;
  std::mutex mutex_;
  std::map<std::pair<std::int64_t, std::int64_t>, core::Time> viewed_;
  std::map<std::pair<std::int64_t, std::string>, core::Time> opened_;  // by link and address
  std::map<std::int64_t, core::Time> snippets_shown_;
};

}  // namespace muniment::webui
