#include "storage/uploads.h"

#include <cctype>

namespace muniment::storage {

namespace {

// Whether the number stands in the text, and not only as a part of another or of a name ("v1").
bool has_number(std::string_view text, std::string_view number) {
  const auto is_part = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  for (std::size_t at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1)) {
    if (!(at > 0 && is_part(at - 1)) && !is_part(at + number.size())) return true;
  }
  return false;
}

}  // namespace

void create_upload(Transaction& tx, const Upload& upload) {
  tx.execute(
      "INSERT INTO upload (id, account_id, length, metadata, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
      upload.id, upload.account_id, upload.length, upload.metadata, tx.now(), upload.expires_at);
}

std::optional<Upload> find_upload(Session& session, std::int64_t account_id, std::string_view id, core::Time now) {
  const auto found = session.row<std::uint64_t, std::uint64_t, std::string, core::Time, std::optional<std::int64_t>,
                                 std::optional<std::int64_t>>(
      "SELECT length, received, metadata, expires_at, document_id, job_id FROM upload "
      "WHERE id = $1 AND account_id = $2 AND expires_at > $3",
      id, account_id, now);
  if (!found) return std::nullopt;
  const auto& [length, received, metadata, expires_at, document_id, job_id] = *found;
  return Upload{std::string(id), account_id, length, received, metadata, expires_at, document_id, job_id};
}

void record_received(Transaction& tx, std::string_view id, std::uint64_t received, core::Time expires_at) {
  tx.execute("UPDATE upload SET received = $1, expires_at = $2 WHERE id = $3", received, expires_at, id);
}

void record_upload_result(Transaction& tx, std::string_view id, std::int64_t document_id,
                          std::optional<std::int64_t> job_id) {
  tx.execute("UPDATE upload SET received = length, document_id = $1, job_id = $2 WHERE id = $3", document_id, job_id,
             id);
}

void remove_upload(Transaction& tx, std::string_view id) {
  tx.execute("DELETE FROM upload WHERE id = $1", id);
}

std::vector<std::string> expired_uploads(Session& session, core::Time now) {
  std::vector<std::string> ids;
  for (const auto& [id] : session.rows<std::string>("SELECT id FROM upload WHERE expires_at <= $1", now))
    ids.push_back(id);
  return ids;
}

std::optional<RememberedAnswer> find_answer(Session& session, std::int64_t account_id, std::string_view key) {
  const auto found = session.row<std::string, int, std::string, std::string>(
      "SELECT request_hash, status, location, body FROM idempotency WHERE account_id = $1 AND key = $2", account_id,
      key);
  if (!found) return std::nullopt;
  const auto& [request_hash, status, location, body] = *found;
  return RememberedAnswer{request_hash, status, location, body};
}

bool reserve_answer(Transaction& tx, std::int64_t account_id, std::string_view key, std::string_view request_hash,
                    std::string_view path) {
  return tx.execute(
             "INSERT INTO idempotency (account_id, key, request_hash, status, created_at, path) "
             "VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (account_id, key) DO NOTHING",
             account_id, key, request_hash, tx.now(), path) > 0;
}

void mark_carried_out(Transaction& tx, std::int64_t account_id, std::string_view key, std::string_view request_hash) {
  tx.execute("UPDATE idempotency SET request_hash = $1, status = $2 WHERE account_id = $3 AND key = $4 AND status = $5",
             request_hash, kCarriedOut, account_id, key, kRunning);
}

void remember_answer(Transaction& tx, std::int64_t account_id, std::string_view key, const RememberedAnswer& answer) {
  tx.execute(
      "UPDATE idempotency SET request_hash = $1, status = $2, location = $3, body = $4 "
      "WHERE account_id = $5 AND key = $6",
      answer.request_hash, answer.status, answer.location, answer.body, account_id, key);
}

void forget_answer(Transaction& tx, std::int64_t account_id, std::string_view key, Forget which) {
  tx.execute("DELETE FROM idempotency WHERE account_id = $1 AND key = $2 AND ($3 OR status <> $4)", account_id, key,
             which == Forget::in_any_case, kCarriedOut);
}

void forget_answers_about(Transaction& tx, std::int64_t document_id) {
  const std::string number = std::to_string(document_id);
  for (const auto& [account, key, path, text] : tx.rows<std::int64_t, std::string, std::string, std::string>(
           "SELECT account_id, key, path, path || ' ' || location || ' ' || body FROM idempotency "
           "WHERE status > $1 AND (path = '' OR instr(path || ' ' || location || ' ' || body, $2) > 0)",
           kCarriedOut, number)) {
    if (path.empty() || has_number(text, number)) forget_answer(tx, account, key, Forget::in_any_case);
  }
}

void remove_answers_before(Transaction& tx, core::Time moment) {
  tx.execute("DELETE FROM idempotency WHERE created_at < $1", moment);
}

void remove_unfinished_answers(Transaction& tx) {
  tx.execute("DELETE FROM idempotency WHERE status = $1", kRunning);
}

}  // namespace muniment::storage
