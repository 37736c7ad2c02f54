// muniment ingest
#include <algorithm>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t kBatch = 256;

void collect(const fs::path& path, std::vector<std::string>& files) {
  if (!fs::exists(path)) throw UsageError{"there is no " + path.string()};
  if (!fs::is_directory(path)) {
    files.push_back(fs::absolute(path).string());
    return;
  }
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied)) {
    if (entry.is_regular_file()) found.push_back(fs::absolute(entry.path()).string());
  }
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

// What is said of all the files.
void describe(json& body, const Arguments& arguments) {
  const auto identifier = [&](std::string_view option) { return arguments.number(option, 0, 1, INT64_MAX); };
  if (const auto language = arguments.value("--language")) body["language"] = *language;
  if (arguments.has("--class")) body["class"] = identifier("--class");
  if (arguments.has("--type")) body["type"] = identifier("--type");
  if (arguments.has("--correspondent")) body["correspondent"] = identifier("--correspondent");
  if (arguments.has("--tag")) body["tags"] = arguments.numbers("--tag", 1, INT64_MAX);
  if (arguments.has("--folder")) body["folder"] = identifier("--folder");
}

struct Outcome {
  json receipt;
  std::string state;  // of the job, once it ended
  std::string problem;
};

// Asks for the jobs, the oldest first, until none is open. True when all ended well.
void wait_for(Archive& archive, std::vector<Outcome>& outcomes) {
  Progress progress("read");
  std::int64_t done = 0;
  for (Outcome& outcome : outcomes) {
    progress.at(++done, static_cast<std::int64_t>(outcomes.size()));
    if (!outcome.receipt.value("job", json()).is_number()) continue;
    const std::string path = "/api/v1/jobs/" + std::to_string(outcome.receipt["job"].get<std::int64_t>());
    for (std::chrono::milliseconds pause{5};; pause = std::min(pause * 2, std::chrono::milliseconds(500))) {
      const json job = archive.ask("GET", path);
      outcome.state = job.value("state", "");
      if (outcome.state != "queued" && outcome.state != "running") {
        const json problem = job.value("problem", json());
        if (problem.is_object()) outcome.problem = problem.value("detail", "");
        break;
      }
      std::this_thread::sleep_for(pause);
    }
  }
}

}  // namespace

int run_ingest(const Arguments& arguments) {
  if (arguments.words.empty()) throw UsageError{"missing: the files or folders to take in"};
  std::vector<std::string> files;
  for (const std::string& word : arguments.words) collect(word, files);
  Archive archive(arguments.data, arguments.configuration);
  std::vector<Outcome> outcomes;
  bool failed = false;
  {
    Progress progress("taken in");
    for (std::size_t begin = 0; begin < files.size(); begin += kBatch) {
      const auto end = std::min(files.size(), begin + kBatch);
      json body{{"paths", std::vector<std::string>(files.begin() + static_cast<std::ptrdiff_t>(begin),
                                                   files.begin() + static_cast<std::ptrdiff_t>(end))}};
      describe(body, arguments);
      const json answer = archive.ask("POST", "/api/v1/local/documents", body);
      for (const json& item : answer.at("items")) {
        Outcome outcome{item, item.value("duplicate", false) ? "duplicate" : "", item.value("problem", "")};
        failed = failed || !outcome.problem.empty();
        outcomes.push_back(std::move(outcome));
      }
      progress.at(static_cast<std::int64_t>(end), static_cast<std::int64_t>(files.size()));
    }
  }
  if (arguments.has("--wait")) wait_for(archive, outcomes);
  for (const Outcome& outcome : outcomes) {
    failed = failed || (!outcome.state.empty() && outcome.state != "done" && outcome.state != "duplicate");
    if (arguments.has("--json")) {
      json line = outcome.receipt;
      line["state"] = outcome.state;
      line["problem"] = outcome.problem;
      std::cout << line.dump() << "\n";
    } else if (!outcome.problem.empty()) {
      std::cerr << outcome.receipt.value("path", "") << ": " << outcome.problem << "\n";
    }
  }
  if (!arguments.has("--json")) {
    const auto those = [&](const char* mark) {
      return std::ranges::count_if(outcomes, [&](const Outcome& one) { return one.receipt.value(mark, false); });
    };
    const auto known = those("duplicate");
    const auto trashed = those("in_trash");
    const auto kept = std::count_if(outcomes.begin(), outcomes.end(),
                                    [](const Outcome& outcome) { return outcome.receipt.at("id").is_number(); });
    std::cout << kept - known << " taken in, " << known << " there already, ";
    if (trashed > 0) std::cout << trashed << " of them in the trash (restore what is to stay), ";
    std::cout << static_cast<std::ptrdiff_t>(outcomes.size()) - kept << " refused\n";
  }
  return failed ? kFailed : kDone;
}

}  // namespace muniment::server
