#include "scanners/mail_listener_setting.h"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/settings.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using Json = nlohmann::ordered_json;

namespace {

// storage/catalogue.cpp and records/file_plan.cpp look into it by this name, for what is filed as "filing" says.
constexpr std::string_view kMailListener = "mail.listener";
constexpr std::size_t kMostListed = 100;
constexpr std::size_t kLongestPattern = 200;  // bytes
constexpr std::size_t kLongestAddress = 100;  // bytes, with the name of an interface: "fe80::1%eth0"

// 16 bytes; empty when it is no address.
std::string address_bytes(const std::string& text) {
  if (text.size() > kLongestAddress || text.find('\0') != std::string::npos) return "";
  std::string bytes(16, '\0');
  std::array<char, 4> v4{};
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1) {
    bytes[10] = bytes[11] = '\xFF';
    std::ranges::copy(v4, bytes.begin() + 12);
    return bytes;
  }
  return ::inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), bytes.data()) == 1 ? bytes : std::string();
}

// Of all addresses that this machine has.
bool is_wildcard(const std::string& address) {
  const std::string bytes = address_bytes(address);
  return bytes == address_bytes("0.0.0.0") || bytes == address_bytes("::");
}

[[noreturn]] void refuse_terms(const std::string& pointer, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "nothing can listen for mail so: " + pointer.substr(1) + " " + right,
              {{pointer, right}});
}

void require_patterns(const std::string& pointer, const std::vector<std::string>& patterns) {
  if (patterns.size() > kMostListed) refuse_terms(pointer, "may be at most " + std::to_string(kMostListed));
  const bool all_right = std::ranges::all_of(patterns, [](const std::string& text) {
    return !core::trim(text).empty() && text.size() <= kLongestPattern && core::is_utf8(text) &&
           std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  });
  if (!all_right) {
    refuse_terms(pointer, "must each have 1 to " + std::to_string(kLongestPattern) + " bytes in one line");
  }
}

// Nobody signs in to send, so who may connect is all that keeps strangers out.
void require_closed_to_strangers(const MailListenerTerms& terms) {
  if (terms.networks.empty()) {
    refuse_terms("/networks", "must name the networks of the devices, like 192.168.0.0/16; nobody else is heard");
  }
  if (is_wildcard(terms.address) && std::ranges::any_of(terms.networks, &Network::is_everything)) {
    refuse_terms("/networks",
                 "must not let everybody in at an address that stands for all; name the networks of the devices, like "
                 "192.168.0.0/16, or listen at one private address of this machine");
  }
}

Json terms_detail(const MailListenerTerms& terms) {
  const auto number = [](const std::optional<std::int64_t>& id) { return id ? Json(*id) : Json(); };
  Json networks = Json::array();
  for (const Network& network : terms.networks) networks.push_back(network.text());
  return {{"enabled", terms.enabled},
          {"address", terms.address},
          {"port", terms.port},
          {"networks", std::move(networks)},
          {"senders", terms.senders},
          {"recipients", terms.recipients},
          {"max_bytes", terms.max_bytes},
          {"connections", terms.connections},
          {"takes", storage::take_name(terms.takes)},
          {"filing",
           {{"type_id", number(terms.filing.type_id)},
            {"correspondent_id", number(terms.filing.correspondent_id)},
            {"tag_ids", terms.filing.tag_ids},
            {"class_id", number(terms.filing.class_id)},
            {"folder_id", number(terms.filing.folder_id)}}}};
}

storage::PresetFiling filing_in(const Json& json) {
  const auto number = [&](const char* name) {
    const Json& value = json.at(name);
    return value.is_null() ? std::nullopt : std::optional(value.get<std::int64_t>());
  };
  return {number("type_id"), number("correspondent_id"), json.at("tag_ids").get<std::vector<std::int64_t>>(),
          number("class_id"), number("folder_id")};
}

MailListenerTerms terms_in(const Json& json) {
  MailListenerTerms terms;
  terms.enabled = json.at("enabled");
  terms.address = json.at("address");
  terms.port = json.at("port");
  for (const Json& network : json.at("networks")) {
    terms.networks.push_back(Network::parse(network.get<std::string>()));
  }
  terms.senders = json.at("senders").get<std::vector<std::string>>();
  terms.recipients = json.at("recipients").get<std::vector<std::string>>();
  terms.max_bytes = json.at("max_bytes");
  terms.connections = json.at("connections");
  terms.takes = storage::parse_take(json.at("takes").get<std::string>()).value();
  terms.filing = filing_in(json.at("filing"));
  return terms;
}

// `terms` null: those of the configuration hold.
void put_terms(storage::Transaction& tx, const MailListenerTerms& configured, std::int64_t expected_version,
               Json terms) {
  const MailListenerSetting before = mail_listener_setting(tx, configured);
  storage::require_as_seen(before.version, expected_version, "mail listener");
  const Json after = terms.is_null() ? terms_detail(configured) : terms;
  storage::put_setting(tx, kMailListener, Json{{"version", before.version + 1}, {"terms", std::move(terms)}}.dump());
  tx.audit({"mail_listener.set", "mail_listener", 0, terms_detail(before.terms).dump(), after.dump()});
}

}  // namespace

Network Network::parse(const std::string& text) {
  const auto slash = text.find('/');
  Network network;
  network.text_ = text;
  network.bytes_ = address_bytes(text.substr(0, slash));
  const bool is_v4 = text.find(':') == std::string::npos;
  const std::int64_t most = is_v4 ? 32 : 128;
  const auto bits = slash == std::string::npos ? most : core::parse_integer(text.substr(slash + 1)).value_or(-1);
  if (network.bytes_.empty() || bits < 0 || bits > most) {
    throw Error(ErrorCode::invalid_argument,
                "\"" + text + "\" is no network; use one like 192.168.0.0/16 or fe80::/10");
  }
  network.bits_ = static_cast<unsigned>(is_v4 ? bits + 96 : bits);
  return network;
}

bool Network::contains(const std::string& address) const {
  const std::string bytes = address_bytes(address);
  if (bytes.empty()) return false;
  for (unsigned bit = 0; bit < bits_; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if (((static_cast<unsigned char>(bytes[bit / 8]) ^ static_cast<unsigned char>(bytes_[bit / 8])) & mask) != 0) {
      return false;
    }
  }
  return true;
}

bool Network::is_everything() const {
  return bits_ == 0 || (bits_ <= 96 && contains("0.0.0.0"));
}

std::string place_name(const std::string& address, std::uint16_t port) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

void require_sound(const MailListenerTerms& terms) {
  if (address_bytes(terms.address).empty()) {
    refuse_terms("/address",
                 "must be an address of this machine, like 192.168.1.10; 127.0.0.1 is for what runs on it, 0.0.0.0 "
                 "for every network that it is in");
  }
  if (terms.networks.size() > kMostListed) {
    refuse_terms("/networks", "may be at most " + std::to_string(kMostListed));
  }
  if (terms.enabled) require_closed_to_strangers(terms);
  require_patterns("/senders", terms.senders);
  require_patterns("/recipients", terms.recipients);
  if (terms.max_bytes < static_cast<std::uint64_t>(kLeastMailBytes)) {
    refuse_terms("/max_bytes", "must be at least " + std::to_string(kLeastMailBytes));
  }
  if (terms.connections < 1 || terms.connections > static_cast<std::size_t>(kMostMailConnections)) {
    refuse_terms("/connections", "must be 1 to " + std::to_string(kMostMailConnections));
  }
  if (terms.takes == storage::MailTake::nothing) refuse_terms("/takes", "must be attachments, mail or joined");
}

MailListenerSetting mail_listener_setting(storage::Session& session, const MailListenerTerms& configured) {
  const auto kept = storage::find_setting(session, kMailListener);
  if (!kept) return {configured, 1, false};
  const Json json = Json::parse(*kept);
  const auto version = json.at("version").get<std::int64_t>();
  if (json.at("terms").is_null()) return {configured, version, false};
  MailListenerTerms terms = terms_in(json.at("terms"));
  storage::leave_out_missing(session, terms.filing);
  return {std::move(terms), version, true};
}

storage::PresetFiling mail_listener_filing(storage::Session& session) {
  return mail_listener_setting(session, {}).terms.filing;
}

void set_mail_listener(storage::Transaction& tx, const MailListenerTerms& configured, std::int64_t expected_version,
                       const MailListenerTerms& wanted) {
  MailListenerTerms terms = wanted;
  require_sound(terms);
  if (const std::string missing = storage::put_in_order(tx, terms.filing); !missing.empty()) {
    refuse_terms(missing, "does not exist");
  }
  put_terms(tx, configured, expected_version, terms_detail(terms));
}

void forget_mail_listener(storage::Transaction& tx, const MailListenerTerms& configured,
                          std::int64_t expected_version) {
  put_terms(tx, configured, expected_version, Json());
}

}  // namespace muniment::scanners
