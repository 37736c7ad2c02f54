// What barcodes on the pages of a scan mean: where one document ends and the next begins, and what each is filed as.
// Pure functions of what was read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/page_layer.h"

namespace muniment::ingest {

// "TAG:*": what stands for the star is the value. "INV-*=Invoice": the value is always Invoice. Letters of ASCII match
// in either case. No regular expressions, because strangers write what they would be matched against.
class BarcodePattern {
 public:
  // Error(invalid_argument) for more than one star, and for a pattern without star and without "=".
  static BarcodePattern parse(std::string_view text);
  // Empty when `barcode` is something else, or when nothing stands for the star.
  std::optional<std::string> value_of(std::string_view barcode) const;
  const std::string& text() const { return text_; }  // as it was parsed

 private:
  std::string text_;
  std::string before_;
  std::string after_;
  bool star_ = false;
  std::string value_;
};

// "FIELD:*": what stands for the star is KEY=VALUE. "CC-* > cost-centre": it is the value of that custom field.
struct FieldPattern {
  BarcodePattern pattern;
  std::string key;  // of the custom field; empty: the value says it

  // Error(invalid_argument) as BarcodePattern.
  static FieldPattern parse(std::string_view text);
  std::string text() const { return key.empty() ? pattern.text() : pattern.text() + " > " + key; }
};

struct BarcodeRules {
  bool read = true;
  std::vector<std::string> separators = {"PATCHT"};  // each the whole of a barcode
  bool keep_separators = false;                      // as first page of the next document; else they are left out
  std::string serial_prefix = "ASN";                 // empty: there are no serial numbers
  std::vector<BarcodePattern> tags;                  // a comma stands between several
  std::vector<BarcodePattern> types;
  std::vector<BarcodePattern> classes;  // by their codes
  std::vector<FieldPattern> fields;
  bool tags_start_documents = false;
  bool drop_blank_pages = false;
};

struct SerialLabel {
  std::string label;
  std::optional<std::int64_t> number;  // empty: too large
  bool operator==(const SerialLabel&) const = default;
};

struct BarcodeMeaning {
  std::optional<SerialLabel> serial;  // the first that has a number, else the first
  std::vector<std::string> tags;
  std::string type;                                         // empty: none
  std::string class_code;                                   // the same
  std::vector<std::pair<std::string, std::string>> fields;  // custom fields by their keys, each once
};
// Of one document's barcodes.
BarcodeMeaning meaning_of(std::span<const storage::Barcode> barcodes, const BarcodeRules& rules);

// Whether a sheet with it stands between two documents.
bool is_separator(std::string_view barcode, const BarcodeRules& rules);

struct PageMarks {
  std::vector<storage::Barcode> barcodes;
  bool blank = false;
};
// The pages of each document that a stack holds, from 1; empty when it is one document, all of whose pages stay.
// A separator sheet ends a document, a serial number or (by rule) a tag starts one; the same number again does not. A
// blank page behind a sheet that is left out is its back. A stack of nothing but sheets stays what it is.
std::vector<std::vector<std::int32_t>> documents_in_stack(std::span<const PageMarks> pages, const BarcodeRules& rules);

}  // namespace muniment::ingest
