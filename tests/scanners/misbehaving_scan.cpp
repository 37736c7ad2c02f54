// Stands in for muniment-scan: finds scanners named by what they do when they are to scan.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int kSocket = 3;

void tell(const std::string& line) {
  [[maybe_unused]] const auto sent = ::send(kSocket, (line + "\n").data(), line.size() + 1, MSG_NOSIGNAL);
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

}  // namespace

int main(int count, char** arguments) {
  const std::string task = count > 1 ? arguments[1] : "";
  const std::string name = count > 2 ? arguments[2] : "";
  if (task == "list") {
    tell(R"({"scanners":[{"name":"hang","vendor":"v","model":"m"},{"name":"hang-after-page","vendor":"v","model":"m"},)"
         R"({"name":"crash","vendor":"v","model":"m"},{"name":"babble","vendor":"v","model":"m"}]})");
    tell(R"({"end":"done","text":""})");
    return 0;
  }
  std::cerr << "the driver says something" << std::endl;
  if (name == "crash") std::raise(SIGSEGV);
  if (name == "babble") tell("<html>");
  if (name == "hang-after-page") {
    tell(R"({"page":{"number":1,"extension":".jpg","width":1,"height":1,"resolution":75,"blank":false}})");
  }
  hang();
}
