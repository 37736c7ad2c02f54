// Stands in for muniment-scan: finds scanners named by what they do when they are to scan.
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include <poll.h>
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

// Its button is pressed by a file, which says which one.
[[noreturn]] void wait_for_press() {
  const std::string file = std::string(std::getenv("SANE_CONFIG_DIR")) + "/press";
  for (;;) {
    std::string button;
    if (std::getline(std::ifstream(file), button)) {
      ::unlink(file.c_str());
      tell(R"({"button":")" + button + R"("})");
      tell(R"({"end":"done","text":""})");
      std::exit(0);
    }
    pollfd watched{kSocket, POLLIN, 0};
    if (::poll(&watched, 1, 10) > 0) {
      tell(R"({"end":"stopped","text":""})");
      std::exit(0);
    }
    tell(R"({"alive":true})");
  }
}

void hear_line() {
  char byte = 0;
  while (::recv(kSocket, &byte, 1, 0) == 1 && byte != '\n') {
  }
}

// A file says how many pages come, and how that ends: "2 jammed". When it has more lines, the next time is as they say.
int deliver(std::int64_t first) {
  const std::string name = std::string(std::getenv("SANE_CONFIG_DIR")) + "/stack";
  std::ifstream file(name);
  std::int64_t pages = 0;
  std::string end;
  file >> pages >> end >> std::ws;
  const std::string rest{std::istreambuf_iterator<char>(file), {}};
  if (!rest.empty()) std::ofstream(name) << rest;
  hear_line();  // the settings
  for (std::int64_t number = first; number < first + pages; ++number) {
    tell(R"({"page":{"number":)" + std::to_string(number) +
         R"(,"extension":".jpg","width":10,"height":20,"resolution":75,"blank":false}})");
    hear_line();
  }
  tell(R"({"end":")" + end + R"(","text":""})");
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string task = count > 1 ? arguments[1] : "";
  const std::string name = count > 2 ? arguments[2] : "";
  if (task == "list") {
    tell(R"({"scanners":[{"name":"hang","vendor":"v","model":"m"},{"name":"hang-after-page","vendor":"v","model":"m"},)"
         R"({"name":"crash","vendor":"v","model":"m"},{"name":"babble","vendor":"v","model":"m"},)"
         R"({"name":"pressed","vendor":"v","model":"m"},{"name":"stack","vendor":"v","model":"m"}]})");
    tell(R"({"end":"done","text":""})");
    return 0;
  }
  if (task == "await-button") wait_for_press();
  if (name == "pressed") {
    tell(R"({"end":"no_paper","text":""})");
    return 0;
  }
  if (name == "stack") return deliver(std::atoll(arguments[4]));
  std::cerr << "the driver says something" << std::endl;
  if (name == "crash") std::raise(SIGSEGV);
  if (name == "babble") tell("<html>");
  if (name == "hang-after-page") {
    tell(R"({"page":{"number":1,"extension":".jpg","width":1,"height":1,"resolution":75,"blank":false}})");
  }
  hang();
}
