// What every command shares: its arguments, and how it speaks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::server {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // a finding or a failure
inline constexpr int kUsage = 2;

// A wrong call: what is said goes to the terminal with exit code 2.
struct UsageError {
  std::string message;
};

struct Arguments {
  std::filesystem::path data = "data";
  std::filesystem::path configuration;                           // empty: DATA/muniment.conf when it is there
  std::multimap<std::string, std::string, std::less<>> options;  // "--limit" to its value, flags to ""
  std::vector<std::string> words;                                // what is not an option

  bool has(std::string_view option) const { return options.contains(option); }
  // The last one given.
  std::optional<std::string> value(std::string_view option) const;
  // All that were given, in order.
  std::vector<std::string> values(std::string_view option) const;
  // Throws UsageError.
  std::int64_t number(std::string_view option, std::int64_t fallback, std::int64_t least, std::int64_t most) const;
  std::vector<std::int64_t> numbers(std::string_view option, std::int64_t least, std::int64_t most) const;
  const std::string& word(std::size_t at, std::string_view what) const;
  void at_most_one(std::initializer_list<std::string_view> of) const;
};

inline constexpr std::size_t kAnyNumber = SIZE_MAX;

struct Command {
  std::string_view name;              // "user add"
  std::string_view usage;             // "[--json] [--limit N] QUERY"
  std::string_view help;              // one line
  std::set<std::string_view> flags;   // options without a value
  std::set<std::string_view> values;  // options with one
  int (*run)(const Arguments&);
  std::size_t most_words = 0;  // that are no options
};

int run_api(const Arguments& arguments);
int run_audit_checkpoint(const Arguments& arguments);
int run_audit_export(const Arguments& arguments);
int run_audit_verify(const Arguments& arguments);
int run_backup(const Arguments& arguments);
int run_config(const Arguments& arguments);
int run_get(const Arguments& arguments);
int run_import(const Arguments& arguments);
int run_ingest(const Arguments& arguments);
int run_inventory(const Arguments& arguments);
int run_reindex(const Arguments& arguments);
int run_report_classes(const Arguments& arguments);
int run_report_growth(const Arguments& arguments);
int run_report_years(const Arguments& arguments);
int run_restore(const Arguments& arguments);
int run_retention_due(const Arguments& arguments);
int run_retention_explain(const Arguments& arguments);
int run_role_add(const Arguments& arguments);
int run_role_change(const Arguments& arguments);
int run_role_delete(const Arguments& arguments);
int run_role_list(const Arguments& arguments);
int run_search(const Arguments& arguments);
int run_serve(const Arguments& arguments);
int run_show(const Arguments& arguments);
int run_sources(const Arguments& arguments);
int run_sources_retry(const Arguments& arguments);
int run_status(const Arguments& arguments);
int run_token_create(const Arguments& arguments);
int run_transfer_cancel(const Arguments& arguments);
int run_transfer_export(const Arguments& arguments);
int run_transfer_import(const Arguments& arguments);
int run_transfer_package(const Arguments& arguments);
int run_transfer_receipt(const Arguments& arguments);
int run_user_add(const Arguments& arguments);
int run_user_clearance(const Arguments& arguments);
int run_user_mail_address(const Arguments& arguments);
int run_user_reset_second_factor(const Arguments& arguments);
int run_verify(const Arguments& arguments);
int run_sweep(const Arguments& arguments);

// Shows how far long work is, on a terminal only. Ends its line on destruction.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void at(std::int64_t done, std::int64_t of);

 private:
  std::string what_;
  bool shown_ = false;
};

}  // namespace muniment::server
