// Resumable uploads (tus) and remembered answers (Idempotency-Key): what a client may come back to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

struct Upload {
  std::string id;  // unguessable, also the name of the file in DATA/tmp/uploads
  std::int64_t account_id = 0;
  std::uint64_t length = 0;
  std::uint64_t received = 0;  // bytes that are durable
  std::string metadata;        // JSON object of strings
  core::Time expires_at;
  std::optional<std::int64_t> document_id;  // once complete
  std::optional<std::int64_t> job_id;
};

void create_upload(Transaction& tx, const Upload& upload);
// Empty when there is none of that account, or it has expired.
std::optional<Upload> find_upload(Session& session, std::int64_t account_id, std::string_view id, core::Time now);
// After the bytes are durable.
void record_received(Transaction& tx, std::string_view id, std::uint64_t received, core::Time expires_at);
void record_upload_result(Transaction& tx, std::string_view id, std::int64_t document_id,
                          std::optional<std::int64_t> job_id);
void remove_upload(Transaction& tx, std::string_view id);
// The uploads that have expired; their files are to be removed, then the rows.
std::vector<std::string> expired_uploads(Session& session, core::Time now);

// Instead of an HTTP status: nothing is known to have been done, or only this much that it was.
inline constexpr int kRunning = 0;
inline constexpr int kCarriedOut = 1;
struct RememberedAnswer {
  std::string request_hash;
  int status = kRunning;
  std::string location;
  std::string body;
};
std::optional<RememberedAnswer> find_answer(Session& session, std::int64_t account_id, std::string_view key);
// For a request to this address. False when the key is in use already.
bool reserve_answer(Transaction& tx, std::int64_t account_id, std::string_view key, std::string_view request_hash,
                    std::string_view path);
// In the transaction that does what the request asks for. Nothing when its answer is known already.
void mark_carried_out(Transaction& tx, std::int64_t account_id, std::string_view key, std::string_view request_hash);
void remember_answer(Transaction& tx, std::int64_t account_id, std::string_view key, const RememberedAnswer& answer);
enum class Forget { in_any_case, unless_carried_out };
// When the request failed and may be tried again with the same key.
void forget_answer(Transaction& tx, std::int64_t account_id, std::string_view key, Forget which);
// Answers that name the document, or were given to a request that does, and so may quote it. Requests that still run
// keep their keys, and so do all others.
void forget_answers_about(Transaction& tx, std::int64_t document_id);
void remove_answers_before(Transaction& tx, core::Time moment);
// At start: requests that were running when the process ended, and had done nothing.
void remove_unfinished_answers(Transaction& tx);

}  // namespace muniment::storage
