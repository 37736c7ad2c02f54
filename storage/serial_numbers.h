// Numbers from labels on paper ("ASN00123"): each belongs to one document at most.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

inline constexpr std::int64_t kLargestSerialNumber = 4'294'967'295;

struct SerialNumber {
  std::optional<std::int64_t> number;  // empty: the label's could not be had, for the reason in `problem`
  std::string label;                   // the barcode as it was read; empty for one that a person gave
  std::string problem;                 // "too_large", "taken"
  bool operator==(const SerialNumber&) const = default;
};

std::optional<SerialNumber> serial_number(Session& session, std::int64_t document_id);

// One more than the largest that a document has, or is known to have had when it was destroyed.
std::int64_t next_serial_number(Session& session);

// What a label says becomes the document's number, unless it has one; what cannot be had is noted instead. `number` is
// empty when the label's is larger than kLargestSerialNumber. A number that a document in the trash has is taken.
void record_serial_label(Transaction& tx, std::int64_t document_id, std::string_view label,
                         std::optional<std::int64_t> number);

// The number of a document whose pages went into the others `to`: that of them gets it whose page bears the label, or,
// where none does, the one with its first page there. A document that has a number already keeps it; then this one
// does, too, and the other's history tells of the number that it left out.
void hand_on_serial_number(Transaction& tx, const Document& from, std::span<const std::int64_t> to);

struct LeftOutNumber {
  std::int64_t document_id = 0;  // whose pages it has, and which kept it
  std::int64_t number = 0;
};
// Numbers of other labels on the paper that a document is made of: a document has but one.
std::vector<LeftOutNumber> left_out_numbers(Session& session, std::int64_t document_id);

// And back from those that were made of its pages. One that had none gets what was found on the pages of documents that
// have no others.
void take_back_serial_number(Transaction& tx, std::int64_t document_id);

}  // namespace muniment::storage
