// How long a change of a schedule takes over many records, whether it keeps readers waiting, and how fast the due list
// opens before, during and after.
//   retention_bench FOLDER [RECORDS]     an empty folder for the database, or one that an earlier run has filled
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "records/calculation.h"
#include "records/disposition.h"
#include "records/file_plan.h"
#include "records/plan_preview.h"
#include "records/records.h"
#include "records/schedules.h"
#include "storage/database.h"
#include "storage/documents.h"

namespace {

using namespace muniment;

constexpr std::size_t kAtOnce = 2000;
constexpr std::string_view kCode = "A2";
const core::Date kDay = core::parse_iso_date("2040-01-01").value();

void report(nlohmann::ordered_json figure) {
  std::cout << figure.dump() << std::endl;
}

// A tenth of them in folders of a hundred, the rest in the class alone.
void declare_many(storage::Database& database, std::int64_t node, std::int64_t records) {
  const core::Stopwatch watch;
  for (std::int64_t made = 0; made < records;) {
    auto tx = database.begin(storage::Actor::system("bench"));
    const auto system = storage::system_principal(tx, "bench");
    std::int64_t folder = 0;
    for (std::int64_t end = std::min<std::int64_t>(records, made + 1000); made < end; ++made) {
      storage::NewDocument document;
      document.filename = "invoice " + std::to_string(made) + ".pdf";
      document.hash = core::Sha256::of(std::to_string(made));
      document.size = 1000;
      document.source = "bench";
      document.class_id = node;
      if (made % 1000 == 0) folder = records::create_folder(tx, node, "Case " + std::to_string(made), std::nullopt);
      if (made % 10 == 0) document.folder_id = folder;
      const std::int64_t id = storage::create_document(tx, document);
      storage::record_reading(tx, id, {});
      records::declare(tx, system, id);
    }
    tx.commit();
  }
  report(
      {{"figure", "declare"}, {"records", records}, {"seconds", static_cast<double>(watch.elapsed().count()) / 1e6}});
}

std::int64_t open_due_list(storage::Database& database) {
  const core::Stopwatch watch;
  auto session = database.read();
  const auto page = records::list_due(session, storage::system_principal(session, "bench"), kDay, {}, 0, 50);
  if (page.records.empty()) throw std::runtime_error("nothing is due");
  return watch.elapsed().count();
}

void report_openings(const char* when, std::vector<std::int64_t> times) {
  std::sort(times.begin(), times.end());
  report({{"figure", "due list"},
          {"when", when},
          {"openings", times.size()},
          {"median_ms", static_cast<double>(times[times.size() / 2]) / 1e3},
          {"slowest_ms", static_cast<double>(times.back()) / 1e3}});
}

void open_often(storage::Database& database, const char* when) {
  std::vector<std::int64_t> times;
  for (int i = 0; i < 50; ++i) times.push_back(open_due_list(database));
  report_openings(when, std::move(times));
}

std::optional<records::Schedule> find_schedule(storage::Database& database) {
  auto session = database.read();
  return records::find_schedule(session, kCode);
}

void fill(storage::Database& database, const records::ScheduleTerms& terms, std::int64_t records) {
  auto tx = database.begin(storage::Actor::system("bench"));
  records::NewClass made{std::nullopt, "3.1", "Invoices"};
  made.schedule = records::create_schedule(tx, kCode, terms);
  const std::int64_t node = records::create_class(tx, made);
  tx.commit();
  declare_many(database, node, records);
  while (records::recalculate(database, kAtOnce) > 0) continue;
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) {
    std::cerr << "retention_bench FOLDER [RECORDS]\n";
    return 2;
  }
  const std::int64_t records = count > 2 ? std::atoll(values[2]) : 1'000'000;
  const core::SystemClock clock;
  core::SystemRandom random;
  storage::Database database(std::filesystem::path(values[1]) / "muniment.db", clock, random);
  records::ScheduleTerms terms;
  terms.title = "Accounts";
  terms.triggers = {{records::TriggerKind::captured}};
  terms.cutoff = records::Cutoff::calendar_year;
  terms.period = records::parse_period("2 years");
  terms.authority = "A decision";
  if (!find_schedule(database)) fill(database, terms, records);
  const records::Schedule schedule = find_schedule(database).value();
  open_often(database, "before");

  const bool longer = schedule.terms.period == records::parse_period("2 years");
  terms.period = records::parse_period(longer ? "3 years" : "2 years");
  {
    const core::Stopwatch watch;
    auto session = database.read();
    const auto preview = records::preview_change(session, storage::system_principal(session, "bench"),
                                                 records::OtherTerms{schedule.id, terms}, kDay, {});
    report({{"figure", "preview"},
            {"moved", preview.figures->moved},
            {"seconds", static_cast<double>(watch.elapsed().count()) / 1e6}});
  }
  std::atomic<bool> over = false;
  std::vector<std::int64_t> during;
  std::jthread reader([&] {
    while (!over) during.push_back(open_due_list(database));
  });
  const core::Stopwatch watch;
  {
    auto tx = database.begin(storage::Actor::system("bench"));
    records::change_schedule(tx, schedule.id, schedule.version, terms, "another period");
    tx.commit();
  }
  const auto changed = watch.elapsed();
  while (records::recalculate(database, kAtOnce) > 0) continue;
  const auto all = watch.elapsed();
  over = true;
  reader.join();
  report({{"figure", "change of the schedule"},
          {"records", records},
          {"until_saved_seconds", static_cast<double>(changed.count()) / 1e6},
          {"until_calculated_seconds", static_cast<double>(all.count()) / 1e6}});
  report_openings("during", std::move(during));
  open_often(database, "after");
}
