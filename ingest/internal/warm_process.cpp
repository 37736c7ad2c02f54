#include "ingest/internal/warm_process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/process.h"
#include "core/text.h"
#include "ingest/internal/extract_protocol.h"

namespace muniment::ingest {

namespace {

using namespace std::chrono_literals;

constexpr int kControlInChild = 3;
constexpr auto kStartDeadline = 60s;
constexpr auto kLongestPause = 30'000ms;
constexpr auto kGoodRun = 10s;  // a run at least this long makes the next start immediate

// For glibc's allocator (https://sourceware.org/glibc/manual/2.36/html_node/Memory-Allocation-Tunables.html): huge
// pages, and nothing given back before the child ends. Page faults took a fifth of a page's processor time; with
// tcmalloc instead a page took 1.1 times as long.
constexpr const char* kAllocation =
    "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=2000000000:glibc.malloc.trim_threshold=4000000000:"
    "glibc.malloc.top_pad=67108864";

core::ProcessOptions process_options(const ExtractorOptions& options, int control, int errors) {
  core::ProcessOptions process;
  process.arguments = {options.program.string(), "--tessdata=" + options.tessdata.string(),
                       "--languages=" + core::joined(options.languages, ",")};
  process.environment = {{"GLIBC_TUNABLES", kAllocation}, {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC0"}};
  process.descriptors = {{control, kControlInChild}, {errors, 2}};
  return process;
}

std::string printed(const core::FileDescriptor& file) {
  std::string text(1000, '\0');
  text.resize(core::read_at(file, 0, std::as_writable_bytes(std::span(text))));
  return core::collapse_space(core::to_utf8(text));
}

}  // namespace

WarmProcess::WarmProcess(const ExtractorOptions& options, core::Log& log)
    : options_(options), log_(log), keeper_([this](std::stop_token stop) { keep_running(stop); }) {}

WarmProcess::~WarmProcess() {
  keeper_.request_stop();
  keeper_.join();
}

bool WarmProcess::Connection::broken(std::chrono::milliseconds patience) const {
  pollfd watch{socket.get(), 0, 0};
  return ::poll(&watch, 1, static_cast<int>(patience.count())) > 0;
}

std::shared_ptr<const WarmProcess::Connection> WarmProcess::connection() const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kStartDeadline, [this] { return connection_ != nullptr || !problem_.empty(); });
  if (connection_ != nullptr) return connection_;
  throw core::Error(core::ErrorCode::unavailable, "files cannot be read now: muniment-extract does not run")
      .because(problem_.empty() ? "it is still starting" : problem_);
}

void WarmProcess::set_state(std::shared_ptr<const Connection> connection, std::string problem) {
  const std::scoped_lock lock(mutex_);
  connection_ = std::move(connection);
  problem_ = std::move(problem);
  changed_.notify_all();
}

void WarmProcess::keep_running(std::stop_token stop) {
  auto pause = 0ms;
  while (!stop.stop_requested()) {
    const core::Stopwatch run;
    bool was_ready = false;
    try {
      was_ready = run_once(stop);
    } catch (const core::Error& error) {
      log_.error("extractor_not_started", {{"cause", error.what()}});
      set_state(nullptr, error.what());
    }
    pause = was_ready && run.elapsed() >= kGoodRun
                ? 0ms
                : std::min<std::chrono::milliseconds>(2 * pause + 100ms, kLongestPause);
    std::unique_lock lock(mutex_);
    std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
  }
}

bool WarmProcess::run_once(std::stop_token stop) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw core::system_error("create a socket", errno);
  auto connection = std::make_shared<Connection>();
  connection->socket = core::FileDescriptor(ends[0]);
  core::FileDescriptor theirs(ends[1]);
  const core::FileDescriptor errors(::memfd_create("extractor-stderr", MFD_CLOEXEC));
  auto process = core::Process::start(process_options(options_, theirs.get(), errors.get()));
  theirs.reset();
  const timeval patience{std::chrono::seconds(kStartDeadline).count(), 0};
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  // The end of the socket is the program's sign to stop.
  const std::stop_callback hang_up(stop, [&] { ::shutdown(ends[0], SHUT_RDWR); });

  MessageReader reader;
  const auto packet = receive_packet(ends[0], 0, 0);
  const auto message = packet ? reader.add(packet->bytes) : std::nullopt;
  const bool ready = message && message->kind == MessageKind::ready;
  if (ready) {
    connection->report = decode_report(message->body);
    log_.info("extractor_started",
              {{"process", process.id()}, {"sandbox_level", static_cast<int>(connection->report.level)}});
    set_state(connection, "");
    while (!process.wait(1h)) {
    }
  } else {
    process.signal(SIGKILL);
  }
  const auto status = process.wait(5s);
  if (stop.stop_requested()) {
    set_state(nullptr, "the service is stopping");
    return ready;
  }
  log_.error("extractor_ended", {{"status", status.value_or(-1)}, {"printed", printed(errors)}});
  set_state(nullptr, ready ? "" : "it ended while starting: " + printed(errors));
  return ready;
}

}  // namespace muniment::ingest
