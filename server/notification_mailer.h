// Tells people by mail what they would find under the bell, if they chose that.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/log.h"
#include "server/mail_sender.h"
#include "storage/database.h"

namespace muniment::server {

// What came within a few minutes is one mail. It says who did what and gives links; of documents no more than the
// title, and that only where the receiver may read the document and nothing keeps it from being passed on. What was
// sent is noted after the mail server took it: a kill in between sends it again, under the same identifier.
// Thread-safe.
class NotificationMailer {
 public:
  // `address` is the page's, for links. Everything outlives this object.
  NotificationMailer(std::string address, storage::Database& database, const MailSender& mail, core::Log& log);
  ~NotificationMailer();

  void start();
  void stop();

  // Sends what is due; what the thread does every half minute. Nothing while no mail server is configured.
  void work(const std::stop_token& stop);

 private:
  const std::string address_;
  storage::Database& database_;
  const MailSender& mail_;
  core::Log& log_;
  std::map<std::int64_t, core::Time> resting_;  // accounts that got a mail, or could not get it, and until when
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace muniment::server
