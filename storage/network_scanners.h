// Scanners on the network that are not found by themselves, by the addresses that people gave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

enum class ScannerProtocol {
  escl,   // the scanner's own, also called AirScan or Mopria
  wsd,    // the scanner's own, of Microsoft's kind (WS-Scan)
  saned,  // of a machine that shares its scanners by SANE
};
std::string_view scanner_protocol_name(ScannerProtocol protocol);
std::optional<ScannerProtocol> parse_scanner_protocol(std::string_view name);

struct NetworkScanner {
  std::int64_t id = 0;
  ScannerProtocol protocol = ScannerProtocol::escl;
  std::string name;
  std::string address;  // eSCL and WSD: a URL; saned: the name or address of a machine
};
std::vector<NetworkScanner> list_network_scanners(Session& session);  // by name
std::optional<NetworkScanner> find_network_scanner(Session& session, std::int64_t id);
// An eSCL scanner may be given by its machine alone; of WSD port and path differ from one make to the next. Neither
// name nor address has a character by which a line of SANE's configuration could mean something else.
// Error(invalid_argument) names what is wrong; Error(conflict) when the address is there already.
std::int64_t create_network_scanner(Transaction& tx, const NetworkScanner& scanner);
void delete_network_scanner(Transaction& tx, std::int64_t id);  // Error(not_found)

}  // namespace muniment::storage
