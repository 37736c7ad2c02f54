#include "ingest/office/confinement.h"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/files.h"
#include "ingest/office/layouts.h"
#include "ingest/worker/sandbox.h"

namespace muniment::ingest::office {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

[[noreturn]] void unavailable(const std::string& what) {
  throw Error(ErrorCode::unavailable, "LibreOffice cannot be confined here: " + what);
}

void must(bool worked, const std::string& what) {
  if (!worked) unavailable(what + ": " + core::system_error(what, errno).what());
}

void move_into_namespaces() {
  must(worker::enter_namespaces(), "enter namespaces");
  const pid_t inner = ::fork();
  must(inner >= 0, "start a process");
  if (inner > 0) {
    worker::close_descriptors_except({});
    int status = 0;
    while (::waitpid(inner, &status, 0) < 0 && errno == EINTR) {
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

// What LibreOffice reads besides its own folder. None of it tells anything about this machine but what is installed.
const std::vector<fs::path>& readable() {
  static const std::vector<fs::path> all = {
      "/usr/lib",        "/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/libreoffice", "/usr/share/liblangtag",
      "/usr/share/mime", "/etc/fonts",       "/etc/libreoffice",      "/etc/ld.so.cache",       "/var/cache/fontconfig",
      "/dev/null",       "/dev/urandom"};
  return all;
}

void show(const fs::path& root, const fs::path& path) {
  std::error_code none;
  if (!fs::exists(path, none)) return;
  const fs::path place = root / path.relative_path();
  if (fs::is_directory(path)) {
    fs::create_directories(place);
  } else {
    fs::create_directories(place.parent_path());
    core::FileDescriptor(::open(place.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  }
  must(::mount(path.c_str(), place.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0, "show " + path.string());
  // What the mount already forbids must be forbidden again, or the kernel refuses.
  struct statvfs state {};
  must(::statvfs(place.c_str(), &state) == 0, "look at " + path.string());
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
  if ((state.f_flag & ST_NOSUID) != 0) flags |= MS_NOSUID;
  if ((state.f_flag & ST_NODEV) != 0) flags |= MS_NODEV;
  if ((state.f_flag & ST_NOEXEC) != 0) flags |= MS_NOEXEC;
  if ((state.f_flag & ST_NOATIME) != 0) flags |= MS_NOATIME;
  if ((state.f_flag & ST_RELATIME) != 0) flags |= MS_RELATIME;
  must(::mount("none", place.c_str(), nullptr, flags, nullptr) == 0, "make " + path.string() + " read-only");
}

// Adds the layouts that Debian's packages for machines without a screen leave out, where they are missing.
void complete(const fs::path& root, const fs::path& libreoffice) {
  int number = 0;
  for (const Layout& layout : kMissingLayouts) {
    const fs::path folder = root / (libreoffice / "share/config/soffice.cfg" / layout.folder).relative_path();
    std::error_code none;
    if (!fs::is_directory(folder, none) || fs::exists(folder / layout.file, none)) continue;
    const fs::path complete = root / ("layouts-" + std::to_string(++number));
    fs::copy(folder, complete, fs::copy_options::recursive);
    std::ofstream(complete / layout.file) << layout.text;
    must(::mount(complete.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0, "add a layout");
  }
}

void replace_root(const Confinement& confinement) {
  const fs::path root = "/tmp";
  must(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "keep mounts apart");
  must(::mount("none", root.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=8m,mode=0755") == 0, "make a root");
  for (const fs::path& path : readable()) show(root, path);
  if (!confinement.libreoffice.string().starts_with("/usr/lib/")) show(root, confinement.libreoffice);
  for (const char* name : {"lib", "lib64"}) {
    std::error_code none;
    if (fs::is_symlink(fs::path("/") / name, none)) {
      fs::create_symlink(std::string("usr/") + name, root / name);
    } else {
      show(root, fs::path("/") / name);
    }
  }
  show(root, "/usr/lib64");
  complete(root, confinement.libreoffice);
  const fs::path scratch = root / fs::path(kScratch).relative_path();
  fs::create_directories(scratch);
  const std::string size = "mode=0700,size=" + std::to_string(2 * confinement.output_bytes);
  must(::mount("none", scratch.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, size.c_str()) == 0,
       "make a folder for LibreOffice");
  must(::chdir(root.c_str()) == 0 && ::syscall(SYS_pivot_root, ".", ".") == 0 && ::umount2(".", MNT_DETACH) == 0 &&
           ::chdir("/") == 0,
       "change the root");
  must(::mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr) == 0,
       "make the root read-only");
}

// Refused with EPERM rather than deadly: a document that names a picture in the network is to be read without it.
constexpr int kRefused[] = {
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(setrlimit),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(memfd_secret),
    SCMP_SYS(shmget),
    SCMP_SYS(msgget),
    SCMP_SYS(semget),
    SCMP_SYS(personality),
    SCMP_SYS(syslog),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(inotify_init),
    SCMP_SYS(inotify_init1),
    SCMP_SYS(clock_settime),
    SCMP_SYS(settimeofday),
    SCMP_SYS(adjtimex),
};

void enter_filter() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) unavailable("no system call filter");
  int error = 0;
  const auto keep_first = [&error](int result) { error = error != 0 ? error : result; };
  for (const int call : kRefused) keep_first(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0));
  // Threads, but no processes; clone3 hides its flags in memory, and the C library then uses clone.
  const scmp_arg_cmp no_thread{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  keep_first(::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &no_thread));
  keep_first(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
  if (error == 0) error = ::seccomp_load(filter);
  ::seccomp_release(filter);
  if (error != 0) unavailable("no system call filter");
}

void enter_limits(const Confinement& confinement) {
  const auto limit = [](__rlimit_resource resource, std::uint64_t value) {
    const rlimit wanted{value, value};
    must(::setrlimit(resource, &wanted) == 0, "set a limit");
  };
  constexpr std::uint64_t kLibraries = 1ULL << 30;
  if (!worker::kSanitized) limit(RLIMIT_AS, kLibraries + confinement.memory_bytes);
  limit(RLIMIT_FSIZE, confinement.output_bytes);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 256);
}

void prove() {
  const auto opens = [](const char* path, int flags) {
    return static_cast<bool>(core::FileDescriptor(::open(path, flags | O_CLOEXEC, 0600)));
  };
  if (opens("/etc/passwd", O_RDONLY) || opens("/proc/self/mem", O_RDONLY)) unavailable("files can be read");
  if (opens("/written", O_WRONLY | O_CREAT) || opens("/usr/lib/written", O_WRONLY | O_CREAT)) {
    unavailable("files can be written");
  }
  for (const int family : {AF_INET, AF_INET6, AF_UNIX}) {
    if (core::FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0))) unavailable("sockets can be made");
  }
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  if (child > 0) unavailable("processes can be started");
}

}  // namespace

void confine(const Confinement& confinement) {
  worker::drop_root();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  move_into_namespaces();
  try {
    replace_root(confinement);
  } catch (const fs::filesystem_error& error) {
    unavailable(error.what());
  }
  enter_limits(confinement);
  worker::give_up_privileges();
  enter_filter();
  prove();
}

}  // namespace muniment::ingest::office
