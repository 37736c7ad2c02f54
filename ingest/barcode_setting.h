// The rules for barcodes that hold: those that people set, else those of the configuration.
#pragma once

#include <cstdint>
#include <string>

#include "ingest/barcode_rules.h"
#include "storage/database.h"

namespace muniment::ingest {

struct BarcodeSetting {
  BarcodeRules rules;
  std::int64_t version = 0;  // rises with each change
  bool is_set = false;       // by people, whatever the configuration says
};

BarcodeSetting barcode_setting(storage::Session& session, const BarcodeRules& configured);
// For what is read from now on. Error(stale); Error(invalid_argument) names the field that is wrong.
void set_barcode_rules(storage::Transaction& tx, const BarcodeRules& configured, std::int64_t expected_version,
                       const BarcodeRules& rules);
// Back to the configuration's. Error(stale).
void forget_barcode_rules(storage::Transaction& tx, const BarcodeRules& configured, std::int64_t expected_version);

}  // namespace muniment::ingest
