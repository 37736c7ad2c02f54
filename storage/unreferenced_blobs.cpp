#include "storage/unreferenced_blobs.h"

#include <nlohmann/json.hpp>

namespace muniment::storage {

namespace {

// So that others can write in between.
constexpr std::size_t kNotedAtOnce = 200;

Actor sweeper() {
  return Actor::system("sweep");
}

void note(Database& database, const BlobStore& blobs, const std::vector<BlobRecord>& found) {
  if (found.empty()) return;
  auto tx = database.begin(sweeper());
  for (const auto& [hash, size] : found) {
    // Meanwhile it may have got its row, or have been purged with it.
    if (is_recorded(tx, hash) || !blobs.has(hash)) continue;
    tx.execute(
        "INSERT INTO unreferenced_blob (sha256, size, found_at) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING",
        hash, size, tx.now());
  }
  tx.commit();
}

}  // namespace

void note_unreferenced_blobs(Database& database, const BlobStore& blobs, const std::function<void()>& progress) {
  std::vector<BlobRecord> found;
  blobs.for_each([&](const core::Sha256& hash, std::uint64_t size) {
    progress();
    {
      auto session = database.read();
      if (is_recorded(session, hash)) return;
    }
    found.push_back({hash, size});
    if (found.size() < kNotedAtOnce) return;
    note(database, blobs, found);
    found.clear();
  });
  note(database, blobs, found);
}

UnreferencedBlobs unreferenced_blobs(Session& session) {
  const auto [count, bytes] =
      session.row<std::int64_t, std::uint64_t>("SELECT count(*), coalesce(sum(size), 0) FROM unreferenced_blob")
          .value();
  return {count, bytes};
}

UnreferencedBlobs remove_unreferenced_blobs(Database& database, const BlobStore& blobs, core::Time cutoff,
                                            std::size_t limit) {
  UnreferencedBlobs removed;
  auto tx = database.begin(sweeper());
  nlohmann::ordered_json hashes = nlohmann::ordered_json::array();
  // Nobody can come to refer to these files between here and the commit: whoever has stored the same bytes waits for
  // this lock, and looks whether they are there once it has it.
  for (const auto& [hash, size] :
       tx.rows<core::Sha256, std::uint64_t>("SELECT sha256, size FROM unreferenced_blob u WHERE found_at < $1 AND NOT "
                                            "EXISTS (SELECT 1 FROM blob b WHERE "
                                            "b.sha256 = u.sha256) ORDER BY found_at, sha256 LIMIT $2",
                                            cutoff, limit)) {
    blobs.remove(hash);
    tx.execute("DELETE FROM unreferenced_blob WHERE sha256 = $1", hash);
    hashes.push_back(hash.hex());
    ++removed.count;
    removed.bytes += size;
  }
  if (removed.count == 0) return removed;
  AuditEvent event{"blobs.removed", "archive", 0};
  event.after = nlohmann::ordered_json{{"count", removed.count}, {"bytes", removed.bytes}, {"sha256", hashes}}.dump();
  tx.audit(event);
  tx.commit();
  return removed;
}

void forget_unreferenced_blobs(Transaction& tx) {
  tx.execute("DELETE FROM unreferenced_blob");
}

}  // namespace muniment::storage
