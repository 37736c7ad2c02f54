// What came in within something else: the attachments of a mail, the files of an archive. Each is a document of its
// own; a file that is in two mails is one document in two places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/access.h"
#include "storage/database.h"
#include "storage/message_header.h"

namespace muniment::storage {

// Where a container stands among those that it came in, and what they hold together.
struct ContainerPlace {
  std::int64_t root = 0;   // the outermost container; itself when it came in by itself
  std::int64_t depth = 0;  // 0: it came in by itself
  std::int64_t count = 0;  // files in all containers of that root, but for those in this document
  std::uint64_t bytes = 0;
};
ContainerPlace container_place(Session& session, std::int64_t container_id);

struct NewMember {
  std::int64_t container_id = 0;
  std::int64_t component_id = 0;  // the container's file
  std::int64_t position = 0;      // from 1, always the same for the same bytes
  std::string path;               // as the container names it: for showing only
  std::optional<std::int64_t> document_id;
  std::uint64_t size = 0;
  std::string problem;  // why it did not come in; empty when it did
};
void record_member(Transaction& tx, const ContainerPlace& place, const NewMember& member);
// Those that were taken from this file before, whatever became of them since.
std::set<std::int64_t> member_positions(Session& session, std::int64_t component_id);

// The oldest document with these bytes under exactly this access list, out of the trash and in no disposition batch:
// whoever reads the container reads it too.
std::optional<std::int64_t> find_equal_document(Session& session, const core::Sha256& hash, std::int64_t access_list);

// The accounts that brought in the document, or the stacks, mails and archives that it was in; none for what a machine
// brought in.
std::vector<std::int64_t> senders_of(Session& session, std::int64_t document_id);

struct Member {
  std::int64_t position = 0;
  std::string path;
  std::optional<std::int64_t> document_id;  // empty when it did not come in
  std::string title;
  std::string problem;
};
struct MemberList {
  std::vector<Member> members;  // the first few, by position
  std::int64_t total = 0;
};
// What came in from this file: what `who` may read and was not destroyed, and those that did not come in. The caller
// has made sure that `who` may read the container.
MemberList members(Session& session, const Principal& who, std::int64_t component_id, std::size_t most);

struct Container {
  std::int64_t document_id = 0;
  std::string title;
};
// What the document came in; only what `who` may read.
std::vector<Container> containers(Session& session, const Principal& who, std::int64_t document_id);

// A mail's own. Replaces what is there; for what is no mail, those of its carrier stay.
void record_message_headers(Transaction& tx, std::int64_t document_id, const std::vector<MessageHeader>& headers);
// Of the mail that it was attached to and that is no document itself. To be called in the transaction that makes it.
void record_carrier_headers(Transaction& tx, std::int64_t document_id, const std::vector<MessageHeader>& headers);
// In their order, a mail's own, else those of its carrier; empty for what has to do with no mail.
std::vector<MessageHeader> message_headers(Session& session, std::int64_t document_id);

}  // namespace muniment::storage
