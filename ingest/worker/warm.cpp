#include "ingest/worker/warm.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>
#include <string>
#include <vector>

#include <mupdf/fitz.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/worker/child.h"
#include "ingest/worker/libarchive.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/probe.h"
#include "ingest/worker/recogniser.h"
#include "ingest/worker/sandbox.h"

namespace muniment::ingest::worker {

namespace {

constexpr int kControl = 3;

struct Arguments {
  std::string tessdata;
  std::vector<std::string> languages;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
    constexpr std::string_view kTessdata = "--tessdata=";
    constexpr std::string_view kLanguages = "--languages=";
    if (argument.starts_with(kTessdata)) {
      arguments.tessdata = argument.substr(kTessdata.size());
    } else if (argument.starts_with(kLanguages)) {
      for (const auto language : core::split(argument.substr(kLanguages.size()), ',')) {
        arguments.languages.emplace_back(language);
      }
    } else {
      throw core::Error(core::ErrorCode::invalid_argument,
                        "muniment-extract is started by muniment; it knows --tessdata=DIR and --languages=A,B only");
    }
  }
  return arguments;
}

std::uint64_t address_space() {
  unsigned long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "re"); file != nullptr) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void die_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

// Goes on in the init of new namespaces, where there are any; the process that was is left waiting outside.
bool move_into_namespaces() {
  if (!enter_namespaces()) return false;
  const pid_t inner = ::fork();
  if (inner < 0) throw core::system_error("start the warm process", errno);
  if (inner > 0) {
    close_descriptors_except({});
    int status = 0;
    while (::waitpid(inner, &status, 0) < 0 && errno == EINTR) {
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  die_with_parent();
  return true;
}

class Server {
 public:
  Server(const Tools& tools, std::span<const Format* const> formats, const SystemCallFilter& filter, bool filter_holds,
         std::uint64_t memory)
      : tools_(tools), formats_(formats), filter_(filter), filter_holds_(filter_holds), memory_in_use_(memory) {}

  // Until the control socket is closed.
  void run() {
    while (wait()) {
    }
  }

 private:
  struct Running {
    pid_t id;
    core::FileDescriptor handle;  // pidfd
    core::FileDescriptor reply;
  };

  bool wait() {
    std::vector<pollfd> watched{{kControl, POLLIN, 0}};
    for (const auto& child : children_) watched.push_back({child.handle.get(), POLLIN, 0});
    if (::poll(watched.data(), watched.size(), -1) < 0) return errno == EINTR;
    std::size_t position = 1;
    for (auto child = children_.begin(); child != children_.end(); ++position) {
      child = watched[position].revents != 0 ? finish(child) : std::next(child);
    }
    return watched[0].revents == 0 || accept();
  }

  bool accept() {
    bool ended = false;
    auto packet = receive_packet(kControl, kMaxFilesPerRequest + 2, 0, &ended);
    if (!packet) return !ended;
    Assignment assignment;
    assignment.request = decode_request(packet->bytes);
    const Task task = assignment.request.task;
    const bool writes = task == Task::write_archive || task == Task::assemble || task == Task::add_notes;
    if (packet->descriptors.size() != assignment.request.files.size() + (writes ? 2 : 1)) {
      throw core::Error(core::ErrorCode::internal, "a request came with the wrong number of descriptors");
    }
    assignment.reply = std::move(packet->descriptors.front());
    for (std::size_t i = 1; i <= assignment.request.files.size(); ++i) {
      assignment.files.push_back(std::move(packet->descriptors[i]));
    }
    if (writes) assignment.output = std::move(packet->descriptors.back());
    start(std::move(assignment));
    return true;
  }

  void start(Assignment assignment) {
    const pid_t id = ::fork();
    if (id == 0) run_child(std::move(assignment), tools_, formats_, filter_, filter_holds_, memory_in_use_);
    if (id < 0) return;  // the client sees the end of the reply socket without `started`
    core::FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
    if (!handle) throw core::system_error("watch a child", errno);
    const int descriptor = handle.get();
    // The socket is empty, or as full as a child could make it in this moment: it never blocks for long.
    send_message(assignment.reply.get(), MessageKind::started, "", std::span(&descriptor, 1));
    children_.push_back({id, std::move(handle), std::move(assignment.reply)});
  }

  std::list<Running>::iterator finish(std::list<Running>::iterator child) {
    int status = 0;
    while (::waitpid(child->id, &status, 0) < 0 && errno == EINTR) {
    }
    tell_exit(child->reply.get(), status);
    return children_.erase(child);
  }

  // Without waiting: a client that does not read must not hold up the others; it sees the end of the stream.
  static void tell_exit(int reply, int status) {
    const std::string packet = packets_of(MessageKind::exited, encode(static_cast<std::int32_t>(status))).front();
    [[maybe_unused]] const auto sent = ::send(reply, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  const Tools tools_;
  std::span<const Format* const> formats_;
  const SystemCallFilter& filter_;
  const bool filter_holds_;
  const std::uint64_t memory_in_use_;
  std::list<Running> children_;
};

void start_and_serve(const Arguments& arguments, std::span<const Format* const> formats) {
  drop_root();
  die_with_parent();
  const SystemCallFilter filter;
  SandboxReport report = probe(filter);
  const bool in_namespaces = move_into_namespaces();
  const MupdfContext mupdf;
  const MailEncodings mail_encodings;
  if (utf8_locale() == nullptr) throw core::Error(core::ErrorCode::internal, "the locale C.UTF-8 is missing");
  Recogniser recogniser(arguments.tessdata, arguments.languages);
  const std::uint64_t memory = address_space();
  if (in_namespaces && !empty_the_root()) throw core::system_error("take away the file system", errno);
  give_up_privileges();
  lower(report, in_namespaces, enter_landlock());
  send_message(kControl, MessageKind::ready, encode(report));
  Server({mupdf.get(), recogniser}, formats, filter, report.level != SandboxLevel::none, memory).run();
}

}  // namespace

int serve(int argc, char** argv, std::span<const Format* const> formats) {
  try {
    start_and_serve(parse(argc, argv), formats);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muniment-extract: %s\n", error.what());
    return 1;
  }
}

}  // namespace muniment::ingest::worker
