// Slows down whoever guesses passwords: each failure for a subject (an account name, a network) beyond the free ones
// doubles the time until the next attempt is looked at.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace muniment::storage {

// How long this subject must still wait; empty when an attempt is welcome.
std::optional<std::chrono::seconds> sign_in_wait(Session& session, std::string_view subject, core::Time now);
// Five failures are free; then 1 s, 2 s, 4 s ... up to 15 minutes. Failures are forgotten after an hour of quiet.
void note_sign_in_failure(Transaction& tx, std::string_view subject);
void forget_sign_in_failures(Transaction& tx, std::string_view subject);
// Those that count for nothing any more.
void remove_old_sign_in_failures(Transaction& tx);

}  // namespace muniment::storage
