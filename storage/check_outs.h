// Who works on a document's next version. As long as somebody has it checked out, nobody else gives it one: neither by
// the page or the API nor through WebDAV, whose locks (file_locks.h) count the same way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

struct CheckOut {
  std::int64_t account_id = 0;
  std::string name;  // that people see
  core::Time since;
  std::string comment;  // what for
};
// Having the document is the proof that its reader may read it.
std::optional<CheckOut> find_check_out(Session& session, std::int64_t document_id);
// Those of the documents from the one identifier through the other, in one look.
std::map<std::int64_t, CheckOut> check_outs_between(Session& session, std::int64_t first, std::int64_t last);

// Doing it twice changes the comment at most. Error(not_found), (forbidden); (conflict) for a record, what is held or
// in the trash, and what somebody else has checked out or locked; (invalid_argument) for the system, which is no
// person.
void check_out(Transaction& tx, const Principal& who, std::int64_t document_id, std::string_view comment);
// Without a new version. What somebody else has checked out is broken off, which takes Permission::operate. False when
// nobody has it. Error(not_found), (forbidden).
bool end_check_out(Transaction& tx, const Principal& who, std::int64_t document_id);
// All that an account has, when it is disabled: what only that person could read nobody else could break off.
void end_check_outs_of(Transaction& tx, std::int64_t account_id);

}  // namespace muniment::storage
