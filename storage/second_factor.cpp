#include "storage/second_factor.h"

#include <array>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "core/totp.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kSecretBytes = 20;  // RFC 4226 section 4: as long as SHA-1's output
constexpr int kRecoveryCodes = 10;
constexpr std::size_t kRecoveryBytes = 10;  // 80 bits, 16 characters
constexpr std::int64_t kStepsAside = 1;

std::string purpose_of(std::int64_t account_id) {
  return "second factor of account " + std::to_string(account_id);
}

std::string random_bytes(core::Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

// As people type it.
std::string bare(std::string_view code) {
  std::string text;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

// The step whose code this is, later than `after`.
std::optional<std::int64_t> step_of(std::string_view secret, const std::string& code, core::Time now,
                                    std::int64_t after) {
  const std::int64_t present = core::totp_step(now);
  for (std::int64_t step = present - kStepsAside; step <= present + kStepsAside; ++step) {
    if (step > after && core::Sha256::of(core::totp_code(secret, step)) == core::Sha256::of(code)) return step;
  }
  return std::nullopt;
}

std::vector<std::string> write_recovery_codes(Transaction& tx, core::Random& random, std::int64_t account_id) {
  tx.execute("DELETE FROM recovery_code WHERE account_id = $1", account_id);
  std::vector<std::string> codes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    const std::string code = core::to_base32(random_bytes(random, kRecoveryBytes));
    tx.execute("INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)", account_id, core::Sha256::of(code));
    codes.push_back(code.substr(0, 4) + "-" + code.substr(4, 4) + "-" + code.substr(8, 4) + "-" + code.substr(12));
  }
  return codes;
}

struct Kept {
  std::string secret;
  std::int64_t last_step = 0;
  bool confirmed = false;
};

std::optional<Kept> read_kept(Session& session, const SealingKey& key, std::int64_t account_id) {
  const auto row = session.row<Blob, std::int64_t, bool>(
      "SELECT sealed_secret, last_step, confirmed_at IS NOT NULL FROM second_factor WHERE account_id = $1", account_id);
  if (!row) return std::nullopt;
  const auto& [sealed, last_step, confirmed] = *row;
  return Kept{key.open(sealed, purpose_of(account_id)), last_step, confirmed};
}

// Whoever signed in by what was enough before is not to stay. An empty cookie is of no session.
void end_other_sessions(Transaction& tx, std::int64_t account_id, std::string_view kept_cookie) {
  tx.execute("DELETE FROM browser_session WHERE account_id = $1 AND token_hash <> $2", account_id,
             core::Sha256::of(kept_cookie));
}

}  // namespace

std::optional<SecondFactor> find_second_factor(Session& session, std::int64_t account_id) {
  const auto since = session.value<core::Time>(
      "SELECT confirmed_at FROM second_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL", account_id);
  if (!since) return std::nullopt;
  return SecondFactor{
      *since,
      session.value<std::int64_t>("SELECT count(*) FROM recovery_code WHERE account_id = $1", account_id).value()};
}

std::string begin_second_factor(Transaction& tx, core::Random& random, const SealingKey& key, std::int64_t account_id) {
  if (find_second_factor(tx, account_id)) {
    throw Error(ErrorCode::conflict, "there is a second factor already; turn it off first");
  }
  const std::string secret = random_bytes(random, kSecretBytes);
  tx.execute(
      "INSERT INTO second_factor (account_id, sealed_secret) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET "
      "sealed_secret = excluded.sealed_secret, last_step = 0",
      account_id, key.seal(secret, purpose_of(account_id)));
  return secret;
}

std::optional<std::vector<std::string>> confirm_second_factor(Transaction& tx, core::Random& random,
                                                              const SealingKey& key, std::int64_t account_id,
                                                              std::string_view code, std::string_view kept_cookie) {
  const auto kept = read_kept(tx, key, account_id);
  if (!kept || kept->confirmed) throw Error(ErrorCode::conflict, "there is nothing to confirm; begin it first");
  const auto step = step_of(kept->secret, bare(code), tx.now(), kept->last_step);
  if (!step) return std::nullopt;
  tx.execute("UPDATE second_factor SET confirmed_at = $1, last_step = $2 WHERE account_id = $3", tx.now(), *step,
             account_id);
  auto codes = write_recovery_codes(tx, random, account_id);
  end_other_sessions(tx, account_id, kept_cookie);
  tx.audit({"second_factor.turned_on", "account", account_id});
  return codes;
}

bool take_second_factor_code(Transaction& tx, const SealingKey& key, std::int64_t account_id, std::string_view code) {
  const auto kept = read_kept(tx, key, account_id);
  if (!kept || !kept->confirmed) return false;
  const std::string given = bare(code);
  if (const auto step = step_of(kept->secret, given, tx.now(), kept->last_step)) {
    tx.execute("UPDATE second_factor SET last_step = $1 WHERE account_id = $2", *step, account_id);
    return true;
  }
  if (tx.execute("DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2", account_id,
                 core::Sha256::of(given)) == 0) {
    return false;
  }
  tx.audit({"second_factor.recovery_code_used", "account", account_id});
  return true;
}

std::vector<std::string> renew_recovery_codes(Transaction& tx, core::Random& random, std::int64_t account_id) {
  if (!find_second_factor(tx, account_id)) throw Error(ErrorCode::conflict, "there is no second factor");
  tx.audit({"second_factor.recovery_codes_renewed", "account", account_id});
  return write_recovery_codes(tx, random, account_id);
}

bool remove_second_factor(Transaction& tx, std::int64_t account_id, std::string_view kept_cookie) {
  const bool counted = find_second_factor(tx, account_id).has_value();
  tx.execute("DELETE FROM second_factor WHERE account_id = $1", account_id);
  if (!counted) return false;
  end_other_sessions(tx, account_id, kept_cookie);
  tx.audit({"second_factor.turned_off", "account", account_id});
  return true;
}

}  // namespace muniment::storage
