// How long the audit log takes: appending, a checkpoint, a proof, the whole verification.
//   audit_log FOLDER [ENTRIES]     an empty folder for the database
#include <cstdlib>
#include <iostream>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "storage/audit.h"
#include "storage/audit_checkpoint.h"
#include "storage/audit_verifier.h"

int main(int count, char** values) {
  using namespace muniment;
  if (count < 2) {
    std::cerr << "audit_log FOLDER [ENTRIES]\n";
    return 2;
  }
  const std::filesystem::path folder = values[1];
  const std::int64_t entries = count > 2 ? std::atoll(values[2]) : 1'000'000;
  const core::SystemClock clock;
  core::SystemRandom random;
  storage::Database database(folder / "muniment.db", clock, random);
  storage::AuditCheckpoints checkpoints(database, random, folder, folder);
  const auto report = [](const char* what, std::int64_t of, std::chrono::microseconds took) {
    std::cout << nlohmann::ordered_json{{"figure", what},
                                        {"entries", of},
                                        {"microseconds", took.count()},
                                        {"microseconds_each",
                                         static_cast<double>(took.count()) / static_cast<double>(of)}}
                     .dump()
              << std::endl;
  };
  constexpr std::int64_t kBatch = 1000;
  for (std::int64_t done = 0; done < entries;) {
    const core::Stopwatch appending;
    for (std::int64_t goal = done + entries / 4; done < goal;) {
      auto tx = database.begin(storage::Actor::system("bench"));
      for (std::int64_t i = 0; i < kBatch; ++i) tx.audit({"thing.changed", "thing", ++done, "", R"({"name":"new"})"});
      tx.commit();
    }
    report("append", entries / 4, appending.elapsed());
    const core::Stopwatch signing;
    checkpoints.make();
    report("checkpoint", 1, signing.elapsed());
  }
  auto session = database.read();
  const core::Stopwatch proving;
  for (std::int64_t i = 1; i <= kBatch; ++i) storage::audit_inclusion_proof(session, i * entries / kBatch, entries);
  report("inclusion proof", kBatch, proving.elapsed());
  const core::Stopwatch verifying;
  const auto verdict = storage::verify_audit(session, checkpoints.public_keys());
  report("verify", verdict.entries, verifying.elapsed());
  return verdict.sound() ? 0 : 1;
}
