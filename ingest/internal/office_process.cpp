#include "ingest/internal/office_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/internal/office_protocol.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using namespace std::chrono_literals;

namespace {

constexpr auto kStartDeadline = 60s;
constexpr auto kGlance = 50ms;  // how soon a wish to stop is noticed
// What one document may have done to LibreOffice ends with the process. A start costs a second of processor time.
constexpr int kDocumentsPerRun = 20;

std::string printed(const core::FileDescriptor& file) {
  std::string text(1000, '\0');
  text.resize(core::read_at(file, 0, std::as_writable_bytes(std::span(text))));
  return core::collapse_space(core::to_utf8(text));
}

}  // namespace

bool OfficeProcess::usable() const {
  return !options_.libreoffice.empty() && std::filesystem::exists(options_.libreoffice / "program" / "libmergedlo.so");
}

void OfficeProcess::start(std::stop_token stop) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw core::system_error("create a socket", errno);
  }
  Run run;
  run.socket = core::FileDescriptor(ends[0]);
  core::FileDescriptor theirs(ends[1]);
  run.errors = core::FileDescriptor(::memfd_create("office-stderr", MFD_CLOEXEC));
  core::ProcessOptions process;
  process.arguments = {options_.office_program.string(), options_.libreoffice.string(),
                       std::to_string(options_.memory_bytes), std::to_string(options_.output_bytes)};
  process.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC0"}, {"HOME", "/tmp"}, {"SAL_USE_VCLPLUGIN", "svp"}};
  process.descriptors = {{theirs.get(), kOfficeSocket}, {run.errors.get(), 2}};
  run.process = core::Process::start(process);
  theirs.reset();
  const core::Stopwatch watch;
  std::string said;
  try {
    said = answer(run, kStartDeadline, stop);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
  }
  if (said != kOfficeReady) {
    // Not `unavailable`, for which the pipeline would stop reading other files too.
    throw Error(ErrorCode::unsupported_type, "office files cannot be read here: LibreOffice does not start confined")
        .because(printed(run.errors));
  }
  log_.info("office_started",
            {{"process", run.process->id()},
             {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(watch.elapsed()).count()}});
  run_ = std::move(run);
}

// Empty when the process has ended.
std::string OfficeProcess::answer(const Run& run, std::chrono::milliseconds within, std::stop_token stop) const {
  const core::Deadline deadline(within);
  for (;;) {
    pollfd watched{run.socket.get(), POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(kGlance.count()));
    if (ready < 0 && errno != EINTR) throw core::system_error("wait for muniment-office", errno);
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "reading the file was stopped");
    if (ready <= 0) {
      if (deadline.passed()) throw Error(ErrorCode::timed_out, "LibreOffice took too much time for the file");
      continue;
    }
    std::array<char, 64> packet{};
    const auto size = ::recv(run.socket.get(), packet.data(), packet.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    return size <= 0 ? std::string() : std::string(packet.data(), static_cast<std::size_t>(size));
  }
}

void OfficeProcess::convert(const Source& source, std::string_view extension, const core::FileDescriptor& output,
                            std::stop_token stop) {
  const std::scoped_lock lock(mutex_);
  if (run_ && run_->process->wait(0ms)) run_.reset();
  if (!run_) start(stop);
  OfficeRequest request{std::string(extension), source.password};
  if (request.password && request.password->size() > kMostOfficePassword) request.password.reset();
  const std::array<int, 2> descriptors{source.file.get(), output.get()};
  std::string said;
  try {
    if (send_packet(run_->socket.get(), encode(request), descriptors)) {
      said = answer(*run_, options_.page_deadline, stop);
    }
  } catch (const Error&) {
    run_.reset();
    throw;
  }
  const std::string problem = printed(run_->errors);
  const bool well = said == kOfficeDone || said == kOfficeLocked;
  if (!well || ++run_->documents >= kDocumentsPerRun) run_.reset();
  if (said == kOfficeDone) return;
  if (said == kOfficeLocked) {
    throw Error(ErrorCode::password_needed, source.password
                                                ? "this is not the file's password"
                                                : "the file is encrypted; its password is needed to read it");
  }
  if (said == kOfficeFailed) {
    throw Error(ErrorCode::bad_file, "LibreOffice cannot read the file; it may be damaged or encrypted")
        .because(problem);
  }
  throw Error(ErrorCode::bad_file, "the file makes LibreOffice crash").because(problem);
}

}  // namespace muniment::ingest
