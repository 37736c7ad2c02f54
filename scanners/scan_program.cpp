#include "scanners/scan_program.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "scanners/internal/scan_protocol.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using Json = nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr auto kGlance = 100ms;    // how soon a wish to stop is noticed
constexpr auto kStopWithin = 20s;  // a sheet on its way through comes to its end
const std::string kSystemConfiguration = "/etc/sane.d";
constexpr auto kEndWithin = 5s;  // the program, after its last word

Error unavailable(const std::string& code, const std::string& cause) {
  if (code == "busy") return Error(ErrorCode::conflict, "somebody else uses the scanner; try again");
  if (code == "not_found") return Error(ErrorCode::not_found, "there is no such scanner, or it is switched off");
  return Error(ErrorCode::unavailable, "the scanner does not answer; look whether it is switched on").because(cause);
}

}  // namespace

// The scanner belongs to one call as long as this lives.
class ScanProgram::InUse {
 public:
  // Ends the wait for a button, which `waiting` would be itself.
  InUse(const ScanProgram& program, const std::string& scanner, std::optional<std::stop_source> waiting = {})
      : program_(program), scanner_(scanner) {
    std::unique_lock lock(program_.mutex_);
    if (const auto awaited = program_.awaited_.find(scanner_); awaited != program_.awaited_.end() && !waiting) {
      awaited->second.request_stop();
      program_.released_.wait(lock, [&] { return !program_.awaited_.contains(scanner_); });
    }
    mine_ = program_.in_use_.insert(scanner_).second;
    if (mine_ && waiting) program_.awaited_.emplace(scanner_, *waiting);
  }
  ~InUse() {
    if (!mine_) return;
    const std::scoped_lock lock(program_.mutex_);
    program_.in_use_.erase(scanner_);
    program_.awaited_.erase(scanner_);
    program_.released_.notify_all();
  }
  InUse(const InUse&) = delete;
  bool mine() const { return mine_; }

 private:
  const ScanProgram& program_;
  const std::string scanner_;
  bool mine_ = false;
};

// One run of the program.
class ScanProgram::Run {
 public:
  Run(const ScanProgram& program, std::vector<std::string> arguments)
      : silence_(program.options_.silence), log_(program.log_) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      throw core::system_error("create a socket", errno);
    }
    socket_ = core::FileDescriptor(ends[0]);
    const core::FileDescriptor theirs(ends[1]);
    errors_ = core::FileDescriptor(::memfd_create("scan-stderr", MFD_CLOEXEC));
    core::ProcessOptions process;
    process.arguments = std::move(arguments);
    process.arguments.insert(process.arguments.begin(), program.options_.program.string());
    process.environment = program.environment();
    process.descriptors = {{theirs.get(), kSocketInChild}, {errors_.get(), 2}};
    process_ = core::Process::start(process);
  }

  void send(std::string_view line) {
    std::string text(line);
    text += '\n';
    // What does not arrive is noticed by what does not come back.
    [[maybe_unused]] const auto sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }

  // The next message but those of being alive. {"end": "crashed" or "not_responding"} when none comes.
  Json next(std::stop_token stop) {
    std::optional<core::Deadline> stopping;
    core::Deadline quiet(silence_);
    for (;;) {
      if (const auto end = received_.find('\n'); end != std::string::npos) {
        const Json message = Json::parse(received_.substr(0, end), nullptr, false);
        received_.erase(0, end + 1);
        quiet = core::Deadline(silence_);
        if (!message.is_object()) return fail("crashed");
        if (!message.contains("alive")) return message;
        continue;
      }
      if (stop.stop_requested() && !stopping) {
        send(kStop);
        stopping.emplace(kStopWithin);
      }
      if (stopping && stopping->passed()) return fail("stopped");
      if (quiet.passed()) return fail("not_responding");
      pollfd watched{socket_.get(), POLLIN, 0};
      const int ready = ::poll(&watched, 1, static_cast<int>(kGlance.count()));
      if (ready <= 0) continue;
      char buffer[8192];
      const ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || received_.size() > kLongestLine) return fail("crashed");
      received_.append(buffer, static_cast<std::size_t>(got));
    }
  }

  // Its last words are said.
  void finish() {
    if (!process_->wait(kEndWithin)) process_->signal(SIGKILL);
  }

 private:
  Json fail(const char* code) {
    process_->signal(SIGKILL);
    process_->wait(kEndWithin);
    std::string printed(1000, '\0');
    printed.resize(core::read_at(errors_, 0, std::as_writable_bytes(std::span(printed))));
    const std::string text = core::collapse_space(core::to_utf8(printed));
    log_.warning("scanner_failed", {{"code", code}, {"printed", text}});
    return {{"end", code}, {"text", text}};
  }

  const std::chrono::milliseconds silence_;
  core::Log& log_;
  core::FileDescriptor socket_;
  core::FileDescriptor errors_;
  std::optional<core::Process> process_;
  std::string received_;
};

std::vector<std::pair<std::string, std::string>> ScanProgram::environment() const {
  // The last: seconds that a machine which shares its scanners, but is switched off, holds others up.
  std::vector<std::pair<std::string, std::string>> environment{
      {"LC_ALL", "C.UTF-8"}, {"HOME", "/"}, {"PATH", "/usr/bin:/bin"}, {"SANE_NET_TIMEOUT", "5"}};
  std::string devices, hosts;
  for (const storage::NetworkScanner& scanner :
       options_.network ? options_.network() : std::vector<storage::NetworkScanner>()) {
    if (scanner.protocol != storage::ScannerProtocol::saned) {
      const bool is_escl = scanner.protocol == storage::ScannerProtocol::escl;
      devices += "\"" + scanner.name + "\" = " + scanner.address + (is_escl ? ", eSCL\n" : ", WSD\n");
    } else {
      const bool is_ipv6 = scanner.address.find(':') != std::string::npos;
      hosts += (hosts.empty() ? "" : ":") + (is_ipv6 ? "[" + scanner.address + "]" : scanner.address);
    }
  }
  std::string folders = options_.configuration.string();
  if (!devices.empty()) {
    const std::filesystem::path folder = options_.own_folder / "airscan.d";
    core::create_directories_durably(folder);
    core::write_durably(folder / "network.conf", "[devices]\n" + devices);
    folders = options_.own_folder.string() + ":" + (folders.empty() ? kSystemConfiguration : folders);
  }
  if (!folders.empty()) environment.emplace_back("SANE_CONFIG_DIR", folders);
  if (!hosts.empty()) environment.emplace_back("SANE_NET_HOSTS", hosts);
  return environment;
}

std::vector<Scanner> ScanProgram::list(bool anew) const {
  {
    const std::scoped_lock lock(mutex_);
    if (found_ && !anew) return *found_;
  }
  Run run(*this, {"list"});
  const Json answer = run.next({});
  if (!answer.contains("scanners")) throw unavailable(answer.value("end", ""), answer.value("text", ""));
  std::vector<Scanner> scanners;
  for (const Json& each : answer.at("scanners")) {
    scanners.push_back({each.at("name"), each.at("vendor"), each.at("model")});
  }
  run.next({});
  run.finish();
  const std::scoped_lock lock(mutex_);
  found_ = scanners;
  return scanners;
}

std::vector<Scanner> ScanProgram::found() const {
  const std::scoped_lock lock(mutex_);
  return found_.value_or(std::vector<Scanner>());
}

void ScanProgram::forget() const {
  const std::scoped_lock lock(mutex_);
  found_.reset();
}

bool ScanProgram::is_in_use(const std::string& scanner) const {
  const std::scoped_lock lock(mutex_);
  return in_use_.contains(scanner) && !awaited_.contains(scanner);
}

bool ScanProgram::is_known(const std::string& scanner) const {
  const auto among = [&](const std::vector<Scanner>& scanners) {
    return std::ranges::find(scanners, scanner, &Scanner::name) != scanners.end();
  };
  return among(list(false)) || among(list(true));
}

ScannerCapabilities ScanProgram::describe(const std::string& scanner) const {
  if (!is_known(scanner)) throw unavailable("not_found", "");
  const InUse use(*this, scanner);
  if (!use.mine()) throw unavailable("busy", "");
  Run run(*this, {"describe", scanner});
  const Json answer = run.next({});
  if (!answer.contains("capabilities")) throw unavailable(answer.value("end", ""), answer.value("text", ""));
  const auto capabilities = capabilities_from_json(answer.at("capabilities").dump());
  run.next({});
  run.finish();
  return capabilities;
}

ScanProgram::Press ScanProgram::await_button(const std::string& scanner, std::stop_token stop) const {
  if (!is_known(scanner)) return {"", "not_found"};
  std::stop_source ending;
  const std::stop_callback passed_on(stop, [&] { ending.request_stop(); });
  const InUse use(*this, scanner, ending);
  if (!use.mine()) return {"", "busy"};
  Run run(*this, {"await-button", scanner});
  const Json message = run.next(ending.get_token());
  const auto button = message.find("button");
  if (button == message.end() || !button->is_string()) {
    run.finish();
    return {"", message.value("end", "failed")};
  }
  run.next({});
  run.finish();
  return {*button, ""};
}

std::string ScanProgram::scan(const std::string& scanner, const ScanSettings& settings,
                              const std::filesystem::path& folder, std::int64_t first, std::int64_t most,
                              const OnPage& on_page, std::stop_token stop) const {
  if (!is_known(scanner)) return "not_found";
  const InUse use(*this, scanner);
  if (!use.mine()) return "busy";
  Run run(*this, {"scan", scanner, folder.string(), std::to_string(first), std::to_string(most)});
  run.send(to_json(settings));
  for (;;) {
    const Json message = run.next(stop);
    if (message.contains("page")) {
      const bool more = on_page(page_from_json(message.at("page").dump()));
      run.send(more && !stop.stop_requested() ? kNext : kStop);
      continue;
    }
    run.finish();
    const std::string code = message.value("end", "failed");
    if (code == "done") return "";
    log_.info("scanner_refused", {{"scanner", scanner}, {"code", code}, {"cause", message.value("text", "")}});
    return code;
  }
}

}  // namespace muniment::scanners
