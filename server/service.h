// The whole service in one process: everything is made in the order in which it needs each other, and stopped the other
// way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "server/settings.h"

namespace muniment::server {

class Service {
 public:
  // Takes the data directory's lock: Error(unavailable) while another process has it. Migrates older data.
  Service(const std::filesystem::path& data, Settings settings, std::ostream& log);
  // Stops.
  ~Service();

  // Begins to listen, read and index, and writes DATA/service.json. Error(unavailable) when the address is taken.
  void start();
  // Takes no more requests, finishes or gives back what is being read, and leaves everything durable.
  void stop();

  std::string url() const;  // "http://127.0.0.1:8420"
  // For making the first account; empty when there is one.
  const std::string& setup_code() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::server
