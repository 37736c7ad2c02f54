#include "webui/answered_once.h"

#include <memory>
#include <optional>

#include "core/error.h"
#include "core/hash.h"
#include "storage/uploads.h"
#include "webui/arrival.h"
#include "webui/fields.h"
#include "webui/multipart.h"
#include "webui/problem.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

std::string hash_with_form(const std::string& hash, std::string_view digest) {
  return core::Sha256::of(hash + std::string(digest)).hex();
}

void answer_again(const WebServices& services, Call& call, const storage::RememberedAnswer& answer, std::string hash,
                  bool is_form) {
  const bool runs = answer.status == storage::kRunning;
  if (is_form && !runs) hash = hash_with_form(hash, digest_of_form(services, call));
  if (answer.request_hash != hash && !(is_form && runs)) {
    throw Error(ErrorCode::invalid_argument, "this Idempotency-Key was used for another request",
                {{"Idempotency-Key", "must be new for every new request"}});
  }
  if (runs) throw Error(ErrorCode::conflict, "the first request with this Idempotency-Key still runs");
  if (answer.status == storage::kCarriedOut) {
    throw Error(
        ErrorCode::conflict,
        "the first request with this Idempotency-Key was carried out, but its answer is not known; look at what "
        "it did before it is sent with another key");
  }
  if (!answer.location.empty()) call.http.set_header("Location", answer.location);
  if (answer.body.empty()) return call.http.send_empty(answer.status);
  call.http.send(answer.status, "application/json", answer.body);
}

}  // namespace

void KeyedRequest::add_form(std::string_view digest) {
  hash_ = hash_with_form(hash_, digest);
}

void KeyedRequest::answer_in(storage::Transaction& tx, int status, const std::string& location,
                             const std::string& body) {
  storage::remember_answer(tx, account_id_, key_, {hash_, status, location, body});
  answered_ = true;
}

void KeyedRequest::carried_out_in(storage::Transaction& tx) const {
  storage::mark_carried_out(tx, account_id_, key_, hash_);
}

void answer_once(const WebServices& services, Call& call, storage::Principal& who, const Router::Route& route,
                 const std::string& key) {
  if (key.empty() || key.size() > 255) {
    throw Error(ErrorCode::invalid_argument, "an Idempotency-Key has 1 to 255 characters",
                {{"Idempotency-Key", "must have 1 to 255 characters"}});
  }
  const std::string type = call.http.header("Content-Type").value_or("");
  const bool is_json = type.find("json") != std::string::npos;
  const bool is_form = multipart_boundary(type).has_value();
  // The pieces of an upload and packages are known again by what they are.
  if (!type.empty() && !is_json && !is_form) return route.handler(call);
  std::string request = route.method + ' ' + call.http.target();
  if (is_json) request += '\n' + call.http.buffer_body(kMostJsonBytes);
  const storage::Actor actor = who.actor();
  const auto once = std::make_shared<KeyedRequest>(who.account_id, key, core::Sha256::of(request).hex());
  const auto known = [&] {
    auto tx = services.database.begin(actor);
    auto answer = storage::find_answer(tx, who.account_id, key);
    if (!answer) {
      storage::reserve_answer(tx, who.account_id, key, once->hash(), call.http.path());
      tx.commit();
    }
    return answer;
  }();
  if (known) return answer_again(services, call, *known, once->hash(), is_form);

  who.along =
      std::make_shared<const storage::Actor::Along>([once](storage::Transaction& tx) { once->carried_out_in(tx); });
  call.once = once.get();
  // Before the answer goes out: whoever repeats the request as soon as they have it finds it. Files and long lists are
  // made again instead, and what was refused may be tried again.
  bool done = false;
  call.http.before_sending([&](int status, std::string_view answered_as, std::string_view body) {
    if (status >= 400 || (!body.empty() && answered_as.find("json") == std::string_view::npos)) return;
    done = true;
    if (once->is_answered()) return;
    auto tx = services.database.begin(actor);
    once->answer_in(tx, status, call.http.sent_header("Location"), std::string(body));
    tx.commit();
  });
  const auto forget = [&](storage::Forget which) {
    call.http.before_sending({});
    if (done) return;  // also what could not be remembered stays reserved, so that it is not done twice
    auto tx = services.database.begin(actor);
    storage::forget_answer(tx, who.account_id, key, which);
    tx.commit();
  };
  try {
    route.handler(call);
  } catch (const Error& error) {
    // What failed for a reason of ours may have been done in part.
    forget(status_of(error.code()) < 500 ? storage::Forget::in_any_case : storage::Forget::unless_carried_out);
    throw;
  } catch (...) {
    forget(storage::Forget::unless_carried_out);
    throw;
  }
  forget(storage::Forget::in_any_case);
}

}  // namespace muniment::webui
