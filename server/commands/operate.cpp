// muniment status, verify, sweep, reindex, backup, restore
#include <iostream>
#include <thread>

#include "core/error.h"
#include "server/archive.h"
#include "server/backup.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

// Waits for a job; its result, or its problem as an Error.
json finished(Archive& archive, const json& started, const std::string& what) {
  const std::string path = "/api/v1/jobs/" + std::to_string(started.at("job").get<std::int64_t>());
  Progress progress(what);
  for (;;) {
    const json job = archive.ask("GET", path);
    const std::string state = job.value("state", "");
    if (job.value("pages", 0) > 0) progress.at(job.value("page", 0), job.value("pages", 0));
    if (state == "done") return job.value("result", json::object());
    if (state != "queued" && state != "running") {
      const json problem = job.value("problem", json());
      throw core::Error(core::ErrorCode::internal,
                        problem.is_object() ? problem.value("detail", "it failed") : what + " ended as " + state);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void print(const json& value, const Arguments& arguments) {
  std::cout << (arguments.has("--json") ? value.dump() : value.dump(2)) << "\n";
}

}  // namespace

int run_status(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  print(archive.ask("GET", "/api/v1/admin/status"), arguments);
  return kDone;
}

int run_verify(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  const json result = finished(archive, archive.ask("POST", "/api/v1/admin/verify"), "checked");
  const bool sound = result.value("sound", false);
  if (arguments.has("--json")) {
    print(result, arguments);
  } else {
    for (const json& finding : result.value("findings", json::array())) std::cout << finding.get<std::string>() << "\n";
    std::cout << (sound ? "sound: " : "NOT SOUND: ") << result.value("blobs", 0) << " originals, "
              << result.value("documents", 0) << " documents, " << result.value("audit_entries", 0)
              << " audit entries, " << result.value("finding_count", 0) << " findings\n";
  }
  return sound ? kDone : kFailed;
}

int run_sweep(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  print(finished(archive, archive.ask("POST", "/api/v1/admin/sweep"), "looked at"), arguments);
  return kDone;
}

int run_reindex(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  print(finished(archive, archive.ask("POST", "/api/v1/admin/reindex"), "indexed"), arguments);
  return kDone;
}

int run_backup(const Arguments& arguments) {
  const auto directory = std::filesystem::absolute(arguments.word(0, "the directory for the backup"));
  Archive archive(arguments.data, arguments.configuration);
  print(finished(archive, archive.ask("POST", "/api/v1/admin/backup", {{"directory", directory.string()}}), "copied"),
        arguments);
  return kDone;
}

int run_restore(const Arguments& arguments) {
  const auto tombstones = arguments.value("--tombstones");
  RestoreResult restored;
  {
    Progress progress("restored");
    restored = restore(arguments.word(0, "the directory of the backup"), arguments.data, tombstones.value_or(""),
                       [&](std::int64_t done, std::int64_t of) { progress.at(done, of); });
  }
  if (restored.missing > 0) {
    std::cout << "originals that the backup was made without: " << restored.missing
              << "; \"muniment verify\" names them\n";
  }
  const records::KnownDestroyed& destroyed = restored.destroyed;
  std::cout << "destroyed documents that are known: " << destroyed.documents;
  if (destroyed.newest) std::cout << ", the last of them purged at " << core::to_rfc3339(*destroyed.newest);
  std::cout << "\n";
  std::cout
      << "holds that were placed, and records that were restored, after the backup was made are not known any more: "
         "enter them anew; for thirty days nothing else is destroyed\n";
  if (!tombstones) {
    std::cout << "no --tombstones FILE was given: what the backup holds and was destroyed after that comes back\n";
  }
  return kDone;
}

}  // namespace muniment::server
