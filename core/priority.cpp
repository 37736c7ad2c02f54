#include "core/priority.h"

#include <exception>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

namespace muniment::core {

namespace {

constexpr int kNice = 10;

}  // namespace

void give_way() {
  // Of Linux's threads each has a priority of its own. Where this is forbidden the work is done all the same.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

void run_giving_way(const std::function<void()>& work) {
  std::exception_ptr failure;
  std::thread thread([&] {
    give_way();
    try {
      work();
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
  });
  thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace muniment::core
