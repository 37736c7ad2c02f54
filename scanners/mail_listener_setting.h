// Where devices may send mail, and which: as people set it, else as the configuration says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/mailboxes.h"
#include "storage/preset_filing.h"

namespace muniment::scanners {

// Addresses that begin alike: "192.168.0.0/16", "fe80::/10", "127.0.0.1". IPv4 in IPv6 counts as IPv4.
class Network {
 public:
  // Error(invalid_argument) for anything else.
  static Network parse(const std::string& text);
  // `address` as inet_ntop writes it; false for anything else.
  bool contains(const std::string& address) const;
  // Every address of its kind, IPv4 or IPv6.
  bool is_everything() const;
  const std::string& text() const { return text_; }  // as it was parsed

 private:
  std::string text_;
  std::string bytes_;  // 16
  unsigned bits_ = 0;
};

inline constexpr std::int64_t kLeastMailBytes = 1024;
inline constexpr std::int64_t kMostMailConnections = 100;

struct MailListenerTerms {
  bool enabled = false;
  std::string address = "127.0.0.1";  // without brackets
  std::uint16_t port = 2525;          // 0: any that is free
  std::vector<Network> networks;      // that may connect
  std::vector<std::string> senders;   // patterns as of storage::MailRule; empty: any
  std::vector<std::string> recipients;
  std::uint64_t max_bytes = 64ULL << 20;
  std::size_t connections = 10;  // at once
  storage::MailTake takes = storage::MailTake::attachments;
  storage::PresetFiling filing = {};
};

// "0.0.0.0:2525", "[::1]:2525".
std::string place_name(const std::string& address, std::uint16_t port);

// What must hold of terms wherever they come from, but for what they file as. Error(invalid_argument) names the field
// that is wrong and what would be right.
void require_sound(const MailListenerTerms& terms);

struct MailListenerSetting {
  MailListenerTerms terms;
  std::int64_t version = 0;  // rises with each change
  bool is_set = false;       // by people, whatever the configuration says
};

MailListenerSetting mail_listener_setting(storage::Session& session, const MailListenerTerms& configured);
// How what comes is filed now: entries may have been merged or removed since the terms were set. The configuration says
// nothing of it.
storage::PresetFiling mail_listener_filing(storage::Session& session);
// Whoever listens has to be told (scanners/mail_listening.h). Error(stale); Error(invalid_argument) names the field
// that is wrong.
void set_mail_listener(storage::Transaction& tx, const MailListenerTerms& configured, std::int64_t expected_version,
                       const MailListenerTerms& terms);
// Back to the configuration's. Error(stale).
void forget_mail_listener(storage::Transaction& tx, const MailListenerTerms& configured, std::int64_t expected_version);

}  // namespace muniment::scanners
