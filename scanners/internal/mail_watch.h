// Listens to the mailboxes whose servers tell of new mails as they come (IMAP IDLE, RFC 2177), so that they are visited
// then and not only at intervals.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/log.h"
#include "storage/database.h"
#include "storage/mailboxes.h"
#include "storage/sealing_key.h"

namespace muniment::scanners {

// Not thread-safe, but for the threads of its own: one for each mailbox, whose first folder is listened to.
class MailWatch {
 public:
  // `news` is called on another thread when there may be new mails. Everything outlives this object.
  using News = std::function<void(std::int64_t mailbox_id)>;
  MailWatch(std::filesystem::path ca_file, storage::Database& database, const storage::SealingKey& key, News news,
            core::Log& log)
      : ca_file_(std::move(ca_file)), database_(database), key_(key), news_(std::move(news)), log_(log) {}

  // These are the mailboxes now, of which the first few are listened to: new and changed ones from now on, those that
  // are gone no more. One whose last visit failed is left alone until a visit went well; a server that cannot tell,
  // until its mailbox is changed or was failing.
  void follow(const std::vector<storage::Mailbox>& mailboxes);

 private:
  struct Listener {
    std::int64_t mailbox_id = 0;
    std::int64_t version = 0;
    std::jthread thread;
  };
  void listen(const storage::Mailbox& mailbox, const std::stop_token& stop) const;
  // Until the connection breaks; `heard` becomes true when it held. False when there is no use in trying again.
  bool listen_once(const storage::Mailbox& mailbox, const std::stop_token& stop, bool& heard) const;

  const std::filesystem::path ca_file_;
  storage::Database& database_;
  const storage::SealingKey& key_;
  const News news_;
  core::Log& log_;
  std::list<Listener> listeners_;
};

}  // namespace muniment::scanners
