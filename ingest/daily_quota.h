// How much one account may bring in a day, of the time zone of this machine.
#pragma once

#include <cstdint>

#include "core/clock.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::ingest {

// Counts whole files, also those whose bytes are here already where somebody else reads them: otherwise the count would
// tell that they are. What has no account (the command line, watched folders, mail) has no quota either. Thread-safe.
class DailyQuota {
 public:
  // 0: there is none, and nothing is counted.
  explicit DailyQuota(std::uint64_t bytes) : bytes_(bytes) {}

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t used(storage::Session& session, const storage::Principal& who) const;
  // The most that they may still bring in today.
  std::uint64_t left(storage::Session& session, const storage::Principal& who) const;
  // When the count begins anew.
  static core::Time ends(storage::Session& session);

  // Error(quota_exceeded), which says how much is used and when there is more again. Others may come in between.
  void require(storage::Session& session, const storage::Principal& who, std::uint64_t bytes) const;
  // The same, and counts them: in the transaction that makes the document, of which there is but one at a time, so that
  // no two together come over it.
  void charge(storage::Transaction& tx, const storage::Principal& who, std::uint64_t bytes) const;

 private:
  bool holds_for(const storage::Principal& who) const { return bytes_ > 0 && !who.is_system(); }
  const std::uint64_t bytes_;
};

}  // namespace muniment::ingest
