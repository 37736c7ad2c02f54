// The second factor of signing in: codes that an authenticator application makes (core/totp.h), and ten recovery codes
// for when it is lost. The secret is sealed, the recovery codes are kept as hashes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "storage/database.h"
#include "storage/sealing_key.h"

namespace muniment::storage {

struct SecondFactor {
  core::Time since;
  std::int64_t recovery_codes_left = 0;
};
// Empty unless a code has confirmed it.
std::optional<SecondFactor> find_second_factor(Session& session, std::int64_t account_id);

// A new secret (20 bytes), which counts for nothing until a code confirms it. Error(conflict) when there is a confirmed
// one already.
std::string begin_second_factor(Transaction& tx, core::Random& random, const SealingKey& key, std::int64_t account_id);
// From now on a code is asked for. Answers the recovery codes, the only time that they are known; empty when the code
// is wrong. Error(conflict) unless it was begun and not confirmed.
std::optional<std::vector<std::string>> confirm_second_factor(Transaction& tx, core::Random& random,
                                                              const SealingKey& key, std::int64_t account_id,
                                                              std::string_view code, std::string_view kept_cookie = {});
// Whether this is a code of the present step or its neighbours, or a recovery code; neither is taken twice. Spaces and
// hyphens count for nothing. False for an account without a second factor.
bool take_second_factor_code(Transaction& tx, const SealingKey& key, std::int64_t account_id, std::string_view code);
// New ones; the old are no longer good. Error(conflict) without a second factor.
std::vector<std::string> renew_recovery_codes(Transaction& tx, core::Random& random, std::int64_t account_id);
// False when there was none that counted.
// All sessions of the account end, but the one of `kept_cookie`.
bool remove_second_factor(Transaction& tx, std::int64_t account_id, std::string_view kept_cookie = {});

}  // namespace muniment::storage
