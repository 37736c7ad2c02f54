// How much of the audit log somebody who may read it sees. An entry quotes what it is about, and not everybody who may
// read the log may read that.
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class AuditSight {
  all,
  entry,  // when, who, what was done to what; not its detail: what was before and after, from where and why
  place,  // only that an entry stands there
};

// Also of confidential holds: that a disposition passed a record over, does not let it go, or has none left, has no
// other common reason.
bool tells_of_holds(std::string_view action);

// The detail is for those who may know it elsewhere: of a document or folder who may read it; of what is gone, of many
// records at once and of what people search for who may read everything; of other things who may look at such things
// (docs/audit.md has them all). What is about a thing of no known kind is for the service alone. What tells of holds is
// for those with Permission::manage_holds, and of documents that they may read. For one session.
class AuditSights {
 public:
  AuditSights(Session& session, const Principal& who);

  AuditSight of(std::string_view action, std::string_view object, std::int64_t object_id) const;
  bool sees_all() const { return who_.is_system() && reads_everything_ && knows_holds_; }

 private:
  bool may_know(std::string_view action, std::string_view object, std::int64_t id) const;
  bool may_read_document(std::int64_t id) const;
  bool may_read_folder(std::int64_t id) const;
  bool may_see_view(std::int64_t id) const;

  Session& session_;
  const Principal& who_;
  bool reads_everything_ = false;
  bool knows_holds_ = false;
};

}  // namespace muniment::storage
