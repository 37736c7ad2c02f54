// To be preloaded into the service: writes down, in order, every call that makes files or their names durable, every
// file that is removed and every password that is tried, into the file that IO_TRACE names. While the file
// IO_TRACE.fail is there, making durable what has its content in its path fails, as on a broken disk. While the file
// IO_TRACE.kill is there, its lines are waited for in their order, as parts of what would be written down; the call
// that the last of them is part of is not made: the service ends with whatever it started, as if it had been killed
// just before.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

void note(const std::string& line) {
  static const int trace = ::open(std::getenv("IO_TRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string whole = line + "\n";
  if (::write(trace, whole.data(), whole.size()) < 0) std::abort();
}

// Before a call that would be written down so.
void end_before(const std::string& line) {
  static std::mutex mutex;
  static std::size_t met = 0;
  std::ifstream file(std::string(std::getenv("IO_TRACE")) + ".kill");
  std::vector<std::string> awaited;
  for (std::string part; std::getline(file, part);) awaited.push_back(part);
  const std::lock_guard lock(mutex);
  if (met >= awaited.size() || line.find(awaited[met]) == std::string::npos) return;
  if (++met == awaited.size()) ::kill(0, SIGKILL);
}

std::string path_of(int descriptor) {
  char path[4096];
  const ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof path);
  return std::string(path, size < 0 ? 0 : static_cast<std::size_t>(size));
}

bool is_broken(const std::string& path) {
  std::ifstream file(std::string(std::getenv("IO_TRACE")) + ".fail");
  std::string part;
  return std::getline(file, part) && path.find(part) != std::string::npos;
}

// What fsync and fdatasync answer.
int synced(int descriptor, int (*original)(int)) {
  const std::string path = path_of(descriptor);
  if (is_broken(path)) {
    errno = EIO;
    return -1;
  }
  end_before("sync " + path);
  const int result = original(descriptor);
  note("sync " + path);
  return result;
}

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  static auto* const original = next<int(int)>("fsync");
  return synced(descriptor, original);
}

int fdatasync(int descriptor) {
  static auto* const original = next<int(int)>("fdatasync");
  return synced(descriptor, original);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const original = next<int(const char*, const char*)>("rename");
  const std::string line = "rename " + std::string(from) + " " + to;
  end_before(line);
  const int result = original(from, to);
  note(line);
  return result;
}

int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) noexcept {
  static auto* const original = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  const std::string line = "rename " + std::string(from) + " " + to;
  end_before(line);
  const int result = original(from_directory, from, to_directory, to, flags);
  note(line);
  return result;
}

int unlinkat(int directory, const char* name, int flags) noexcept {
  static auto* const original = next<int(int, const char*, int)>("unlinkat");
  const std::string line = "remove " + std::string(name);
  end_before(line);
  const int result = original(directory, name, flags);
  note(line);
  return result;
}

int crypto_pwhash_str_verify(const char* against, const char* password, unsigned long long size) {
  static auto* const original = next<int(const char*, const char*, unsigned long long)>("crypto_pwhash_str_verify");
  note("password tried");
  return original(against, password, size);
}

}  // extern "C"
