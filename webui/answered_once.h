// Requests with an Idempotency-Key (draft httpapi-idempotency-key-header-07): what one asks for is done once, however
// often it is sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/database.h"
#include "webui/router.h"
#include "webui/services.h"

namespace muniment::webui {

// Such a request while it is answered the first time.
class KeyedRequest {
 public:
  // `hash` tells it from others that are sent with the same key.
  KeyedRequest(std::int64_t account_id, std::string key, std::string hash)
      : account_id_(account_id), key_(std::move(key)), hash_(std::move(hash)) {}

  // What its form holds belongs to the request, but is known only when it was read.
  void add_form(std::string_view digest);
  // The answer, in the very transaction that makes the change: it is given again even when the process ends before it
  // was sent. Whatever is changed without it is only known to have been done.
  void answer_in(storage::Transaction& tx, int status, const std::string& location, const std::string& body);
  void carried_out_in(storage::Transaction& tx) const;
  bool is_answered() const { return answered_; }
  const std::string& hash() const { return hash_; }

 private:
  std::int64_t account_id_;
  std::string key_;
  std::string hash_;
  bool answered_ = false;
};

// Lets the route's handler answer the first request with this key, and gives its answer again to others of `who`, whom
// `call` refers to. Error(invalid_argument) for a key that was sent with another request, Error(conflict) while the
// first one runs, or when only this much is known of it that it was done.
void answer_once(const WebServices& services, Call& call, storage::Principal& who, const Router::Route& route,
                 const std::string& key);

}  // namespace muniment::webui
