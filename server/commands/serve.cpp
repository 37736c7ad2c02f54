// muniment serve
#include <csignal>
#include <iostream>

#include "core/error.h"
#include "server/commands/command.h"
#include "server/service.h"

namespace muniment::server {

int run_serve(const Arguments& arguments) {
  // Blocked in this thread and all that it makes, so that only sigwait below sees them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  Settings settings = load_settings(arguments.data, arguments.configuration);
  if (const auto listen = arguments.value("--listen")) {
    try {
      parse_listen(*listen);
    } catch (const core::Error& error) {
      throw UsageError{"--listen: " + error.message()};
    }
    settings.listen = *listen;
  }
  Service service(arguments.data, std::move(settings), std::cerr);
  service.start();
  std::cout << "listening on " << service.url() << std::endl;
  if (!service.setup_code().empty()) {
    std::cout << "To make the first account, open " << service.url() << "/setup and give the code "
              << service.setup_code() << std::endl;
  }
  int which = 0;
  ::sigwait(&ends, &which);
  service.stop();
  return kDone;
}

}  // namespace muniment::server
