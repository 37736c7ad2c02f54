// Takes a folder of files in and reads them, all the way to the text in the catalogue; the index is not part of it.
//   read_files MUNIMENT_EXTRACT DATA_DIRECTORY FOLDER [FILES_PER_BATCH]
// DATA_DIRECTORY is made and must not exist. Prints the rates of intake and of reading, and what became of the files.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "core/error.h"
#include "ingest/extractor.h"
#include "ingest/intake.h"
#include "ingest/pipeline.h"
#include "storage/data_directory.h"
#include "storage/jobs.h"

namespace {

using namespace muniment;

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

ingest::Intake::BatchItem item_for(const std::filesystem::path& path, int priority) {
  ingest::Intake::BatchItem item;
  item.arrival.document.filename = path.filename().string();
  item.arrival.document.source = "command";
  item.arrival.priority = priority;
  item.source = [path, file = std::make_shared<core::FileDescriptor>(),
                 offset = std::uint64_t{0}](std::span<std::byte> buffer) mutable {
    if (!*file) *file = core::open_for_reading(path);
    const std::size_t got = core::read_at(*file, offset, buffer);
    offset += got;
    if (got == 0) file->reset();
    return got;
  };
  return item;
}

double seconds(const core::Stopwatch& watch) {
  return std::chrono::duration<double>(watch.elapsed()).count();
}

double cpu_seconds(int who) {
  struct rusage usage {};
  ::getrusage(who, &usage);
  const auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + time.tv_usec / 1e6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

int run(const std::vector<std::string>& arguments) {
  const storage::DataDirectory data(arguments.at(1));
  const auto files = files_in(arguments.at(2));
  const std::size_t per_batch = arguments.size() > 3 ? std::stoul(arguments.at(3)) : 256;
  const core::SystemClock clock;
  core::SystemRandom random;
  core::Log log(clock, std::cerr, core::LogLevel::warning);
  core::EventStream events(1000);
  storage::Database database(data.database(), clock, random);
  const storage::BlobStore blobs(data.blobs(), data.temp());
  ingest::ExtractorOptions extractor_options;
  extractor_options.program = arguments.at(0);
  extractor_options.minimum_level = ingest::SandboxLevel::limits;
  const ingest::Extractor extractor(extractor_options, log);
  ingest::Passwords passwords;
  ingest::Renditions renditions(data.renditions(), database, blobs, extractor, passwords, log);
  ingest::Pipeline pipeline(database, blobs, extractor, renditions, passwords, random, log, events);
  const ingest::Intake intake(database, blobs, {}, [&] { pipeline.wake(); });
  const storage::Principal who = [&] {
    auto session = database.read();
    return storage::system_principal(session, "bench");
  }();
  extractor.sandbox();

  core::Stopwatch watch;
  for (std::size_t first = 0; first < files.size(); first += per_batch) {
    std::vector<ingest::Intake::BatchItem> items;
    for (std::size_t i = first; i < std::min(files.size(), first + per_batch); ++i) {
      items.push_back(item_for(files[i], storage::kBulk));
    }
    intake.accept_batch(who, std::move(items));
  }
  const double taking_in = seconds(watch);
  const double taking_in_cpu = cpu_seconds(RUSAGE_SELF);

  watch = core::Stopwatch();
  pipeline.start();
  const auto unread = [&] {
    auto session = database.read();
    std::int64_t total = 0;
    for (const auto state : {storage::DocumentState::received, storage::DocumentState::reading}) {
      storage::DocumentFilter filter;
      filter.state = state;
      total += storage::list_documents(session, who, filter, storage::DocumentOrder::oldest_first, 0, 1).total;
    }
    return total;
  };
  while (unread() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double reading = seconds(watch);
  pipeline.stop();

  const auto count = static_cast<double>(files.size());
  nlohmann::ordered_json result{{"figure", "read_files"},
                                {"files", files.size()},
                                {"taken_in_per_second", count / taking_in},
                                {"read_per_second", count / reading},
                                {"both_per_second", count / (taking_in + reading)},
                                {"intake_cpu_seconds", taking_in_cpu},
                                {"service_cpu_seconds", cpu_seconds(RUSAGE_SELF)}};
  auto session = database.read();
  for (const auto state :
       {storage::DocumentState::ready, storage::DocumentState::needs_password, storage::DocumentState::quarantined}) {
    storage::DocumentFilter filter;
    filter.state = state;
    result[std::string(storage::state_name(state))] =
        storage::list_documents(session, who, filter, storage::DocumentOrder::oldest_first, 0, 1).total;
  }
  std::cout << result.dump() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: read_files MUNIMENT_EXTRACT DATA_DIRECTORY FOLDER [FILES_PER_BATCH]\n";
    return 2;
  }
  try {
    return run({argv + 1, argv + argc});
  } catch (const muniment::core::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
