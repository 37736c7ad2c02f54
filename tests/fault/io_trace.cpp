// To be preloaded into the service: writes down, in order, every call that makes files or their names durable and every
// password that is tried, into the file that IO_TRACE names. While the file IO_TRACE.fail is there, making durable what
// has its content in its path fails, as on a broken disk.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

void note(const std::string& line) {
  static const int trace = ::open(std::getenv("IO_TRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string whole = line + "\n";
  if (::write(trace, whole.data(), whole.size()) < 0) std::abort();
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
  const int result = original(from, to);
  note("rename " + std::string(from) + " " + to);
  return result;
}

int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) noexcept {
  static auto* const original = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  const int result = original(from_directory, from, to_directory, to, flags);
  note("rename " + std::string(from) + " " + to);
  return result;
}

int crypto_pwhash_str_verify(const char* against, const char* password, unsigned long long size) {
  static auto* const original = next<int(const char*, const char*, unsigned long long)>("crypto_pwhash_str_verify");
  note("password tried");
  return original(against, password, size);
}

}  // extern "C"
