// Every operation of scanning, once, with SANE's own test scanner.
#pragma once

#include <string>

namespace muniment::testing {

class RunningServer;

// `admin` is the token of an administrator.
void tour_scanning(RunningServer& server, const std::string& admin);

}  // namespace muniment::testing
