// The two passes of a stack through a feeder that reads one side: documents that become one when both are read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace muniment::storage {

struct StackPasses {
  std::int64_t fronts = 0;  // documents
  std::int64_t backs = 0;   // from last to first

  std::int64_t other(std::int64_t document_id) const { return document_id == fronts ? backs : fronts; }
};

// In the transaction that makes both documents.
void record_stack_passes(Transaction& tx, const StackPasses& passes);
// What the document is one pass of, and still is to be put together; empty: nothing.
std::optional<StackPasses> stack_passes_of(Session& session, std::int64_t document_id);
// They are put together now.
void end_stack_passes(Transaction& tx, const StackPasses& passes);
// They stay two documents, whose histories say why; nothing when that was said already.
void give_up_stack_passes(Transaction& tx, const StackPasses& passes, std::string_view why);
// The document came as one pass, and is taken for a whole stack: its history says why.
void record_lone_pass(Transaction& tx, std::int64_t document_id, std::string_view why);

// By whom passes come one by one, and to where: of one such sender they go two and two.
struct PassSender {
  std::int64_t account_id = 0;
  std::string drop_folder;
};
// In the transaction that makes a document, which is a pass that came by itself: with the one that `sender` sent before
// it makes a stack. Without such a one, or when that is in the trash, it is the first: it is not read before the other
// has come, or `wait` is over.
void record_sent_pass(Transaction& tx, std::int64_t document_id, const PassSender& sender,
                      std::chrono::milliseconds wait);
// Whether it is such a first one, whose other has not come.
bool awaits_other_pass(Session& session, std::int64_t document_id);
// It is taken for a whole stack, and its history says so; nothing when it does not wait.
void give_up_other_pass(Transaction& tx, std::int64_t document_id);

}  // namespace muniment::storage
