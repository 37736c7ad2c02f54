// muniment report classes, report years, report growth: figures as CSV
#include <fstream>
#include <iostream>

#include "core/clock.h"
#include "core/error.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

namespace {

int write_csv(const Arguments& arguments, const std::string& path) {
  Archive archive(arguments.data, arguments.configuration);
  const auto target = arguments.value("-o");
  std::ofstream file;
  if (target) {
    file.open(*target, std::ios::binary);
    if (!file) throw core::Error(core::ErrorCode::io, "could not write " + *target);
  }
  std::ostream& out = target ? file : std::cout;
  archive.download(path, [&](std::string_view piece) { out << piece; });
  out.flush();
  if (!out) throw core::Error(core::ErrorCode::io, "could not write " + target.value_or("the output"));
  return kDone;
}

}  // namespace

int run_report_classes(const Arguments& arguments) {
  const auto day = arguments.value("--on");
  if (day && !core::parse_iso_date(*day)) throw UsageError{"--on takes a date, YYYY-MM-DD"};
  return write_csv(arguments, "/api/v1/reports/classes.csv" + (day ? "?on=" + *day : ""));
}

int run_report_years(const Arguments& arguments) {
  return write_csv(arguments, "/api/v1/reports/years.csv");
}

int run_report_growth(const Arguments& arguments) {
  return write_csv(arguments,
                   "/api/v1/reports/growth.csv?months=" + std::to_string(arguments.number("--months", 24, 1, 120)));
}

}  // namespace muniment::server
