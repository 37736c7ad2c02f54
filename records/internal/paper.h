// What all that deals with paper shares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/barcodes.h"
#include "records/physical_items.h"

namespace muniment::records {

// The document's paper, for somebody who may read it and has the permission. Error(not_found), Error(forbidden);
// Error(conflict) when it has no paper, or none any more.
PhysicalItem require_paper(storage::Session& session, const storage::Principal& who, std::int64_t document_id,
                           storage::Permission permission);
void require_version(const PhysicalItem& item, std::int64_t expected_version);
// Error(invalid_argument) unless there is such a place.
void require_location(storage::Session& session, std::optional<std::int64_t> id, const char* pointer);
std::optional<Place> place_of(storage::Session& session, std::optional<std::int64_t> location_id);

// Puts the paper where it is now, or nowhere, and writes down that it went there.
void set_current(storage::Transaction& tx, std::int64_t document_id, std::optional<std::int64_t> to,
                 std::string_view why);
void note_movement(storage::Transaction& tx, const CodeBearer& what, std::optional<std::int64_t> from,
                   std::optional<std::int64_t> to, std::string_view why);
// Puts a place into another, or nowhere, and writes that down; labels that say where it stands are true no more.
void put_location(storage::Transaction& tx, std::int64_t id, std::optional<std::int64_t> from,
                  std::optional<std::int64_t> to, std::string_view why);
// The first who waits for it is told that it is there.
void tell_next_in_line(storage::Transaction& tx, std::int64_t document_id);

}  // namespace muniment::records
