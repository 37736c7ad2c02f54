#include "storage/network_scanners.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/internal/named_values.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array kScannerProtocols{std::pair{ScannerProtocol::escl, std::string_view("escl")},
                                       std::pair{ScannerProtocol::wsd, std::string_view("wsd")},
                                       std::pair{ScannerProtocol::saned, std::string_view("saned")}};
constexpr std::size_t kLongestScannerName = 100;
constexpr std::size_t kLongestScannerAddress = 250;
constexpr std::string_view kUsualPath = "/eSCL";

[[noreturn]] void refuse_scanner(const std::string& field, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "the scanner's " + field + " " + right, {{"/" + field, right}});
}

bool is_only_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string checked_scanner_name(const std::string& name) {
  std::string clean(core::trim(core::to_nfc(name)));
  const bool is_plain =
      std::ranges::none_of(clean, [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '"' || c == '\\'; });
  if (clean.empty() || clean.size() > kLongestScannerName || !is_plain) {
    refuse_scanner("name", "must have 1 to 100 bytes, without quotation marks and backslashes");
  }
  return clean;
}

bool is_url(std::string_view address) {
  const bool is_http = address.starts_with("http://") || address.starts_with("https://");
  const std::string_view rest = is_http ? address.substr(address.find("://") + 3) : "";
  return !rest.empty() && !rest.starts_with('/') && is_only_of(rest, ".-_~:/%[]");
}

std::string checked_wsd_url(std::string address) {
  const auto path = address.find('/', address.find("://") + 3);
  if (!is_url(address) || path == std::string::npos || path + 1 == address.size()) {
    refuse_scanner("address", "must be like http://192.168.1.20:5358/WSDScanner");
  }
  return address;
}

std::string checked_escl_url(std::string address) {
  if (address.find("://") == std::string::npos) {
    address = "http://" + address;
    if (address.find('/', std::string_view("http://").size()) == std::string::npos) address += kUsualPath;
  }
  if (!is_url(address)) {
    refuse_scanner("address", "must be like 192.168.1.20 or http://192.168.1.20:8080/eSCL");
  }
  return address;
}

std::string checked_host(std::string address) {
  if (!is_only_of(address, ".-:")) refuse_scanner("address", "must be the name or address of a machine");
  return address;
}

std::string checked_address(ScannerProtocol protocol, const std::string& address) {
  switch (protocol) {
    case ScannerProtocol::escl:
      return checked_escl_url(address);
    case ScannerProtocol::wsd:
      return checked_wsd_url(address);
    case ScannerProtocol::saned:
      break;
  }
  return checked_host(address);
}

}  // namespace

std::string_view scanner_protocol_name(ScannerProtocol protocol) {
  return name_in(kScannerProtocols, protocol);
}

std::optional<ScannerProtocol> parse_scanner_protocol(std::string_view name) {
  return value_in(kScannerProtocols, name);
}

std::vector<NetworkScanner> list_network_scanners(Session& session) {
  std::vector<NetworkScanner> scanners;
  for (const auto& [id, protocol, name, address] : session.rows<std::int64_t, std::string, std::string, std::string>(
           "SELECT id, protocol, name, address FROM network_scanner ORDER BY name, id")) {
    scanners.push_back({id, parse_scanner_protocol(protocol).value(), name, address});
  }
  return scanners;
}

std::optional<NetworkScanner> find_network_scanner(Session& session, std::int64_t id) {
  for (NetworkScanner& scanner : list_network_scanners(session)) {
    if (scanner.id == id) return std::move(scanner);
  }
  return std::nullopt;
}

std::int64_t create_network_scanner(Transaction& tx, const NetworkScanner& scanner) {
  const std::string name = checked_scanner_name(scanner.name);
  std::string address(core::trim(scanner.address));
  if (address.empty() || address.size() > kLongestScannerAddress) refuse_scanner("address", "must have 1 to 250 bytes");
  address = checked_address(scanner.protocol, address);
  if (tx.value<std::int64_t>("SELECT id FROM network_scanner WHERE address = $1", address)) {
    throw Error(ErrorCode::conflict, "this address is there already", {{"/address", "choose another"}});
  }
  const std::int64_t id = tx.insert("INSERT INTO network_scanner (protocol, name, address) VALUES ($1, $2, $3)",
                                    scanner_protocol_name(scanner.protocol), name, address);
  tx.audit({"network_scanner.created", "network_scanner", id, "",
            nlohmann::ordered_json{
                {"protocol", scanner_protocol_name(scanner.protocol)}, {"name", name}, {"address", address}}
                .dump()});
  return id;
}

void delete_network_scanner(Transaction& tx, std::int64_t id) {
  const auto before = find_network_scanner(tx, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such scanner");
  tx.execute("DELETE FROM network_scanner WHERE id = $1", id);
  tx.audit({"network_scanner.deleted", "network_scanner", id,
            nlohmann::ordered_json{{"name", before->name}, {"address", before->address}}.dump()});
}

}  // namespace muniment::storage
