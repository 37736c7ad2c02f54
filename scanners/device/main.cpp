// muniment-scan: libsane in a process of its own, one for each thing that is asked of a scanner. Back ends crash and
// hang; the service does not.
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "scanners/device/barcodes.h"
#include "scanners/device/sane_device.h"
#include "scanners/internal/scan_protocol.h"

namespace muniment::scanners::device {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kJpegQuality = 90;
constexpr int kSmallQuality = 75;
constexpr int kSmallResolution = 75;
constexpr std::chrono::milliseconds kAliveEvery{500};
constexpr std::chrono::milliseconds kLookEvery{250};  // a finger rests on a button for longer
const Refusal kDone{"done", ""};

// The service at the other end. When it is gone there is nobody to scan for: every wait ends with "stop".
class Service {
 public:
  void tell(const Json& message) {
    const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::string_view left = line;
    while (!left.empty()) {
      const ssize_t sent = ::send(kSocketInChild, left.data(), left.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return;
      left.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::string line() {
    for (;;) {
      const auto end = received_.find('\n');
      if (end != std::string::npos) {
        std::string line = received_.substr(0, end);
        received_.erase(0, end + 1);
        return line;
      }
      char buffer[4096];
      const ssize_t got = ::recv(kSocketInChild, buffer, sizeof buffer, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::string(kStop);
      received_.append(buffer, static_cast<std::size_t>(got));
    }
  }

  // Whether it says to stop within the time.
  bool says_stop(std::chrono::milliseconds within = {}) {
    pollfd watched{kSocketInChild, POLLIN, 0};
    const bool said = received_.find('\n') != std::string::npos;
    return (said || ::poll(&watched, 1, static_cast<int>(within.count())) > 0) && line() == kStop;
  }

  void alive() {
    if (since_alive_.elapsed() < kAliveEvery) return;
    since_alive_ = core::Stopwatch();
    tell({{"alive", true}});
  }

  // Once: what is said later is about cleaning up. It is said before that, in which some drivers hang.
  void end(const Refusal& reason) {
    if (!std::exchange(ended_, true)) tell({{"end", reason.code}, {"text", reason.text}});
  }

 private:
  bool ended_ = false;
  std::string received_;
  core::Stopwatch since_alive_;
};

// Writes the page's files; the one that makes it a page comes last.
ScannedPage keep(const SaneDevice::Page& scanned, const fs::path& folder, std::int64_t number, int asked_resolution) {
  const Raster& picture = scanned.picture;
  ScannedPage page;
  page.number = number;
  page.extension = picture.black_white ? ".png" : ".jpg";
  page.width = picture.width;
  page.height = picture.height;
  page.resolution = scanned.resolution > 0 ? scanned.resolution : asked_resolution;
  page.blank = is_blank(picture, page.resolution);
  if (!page.blank) page.barcodes = read_barcodes(picture, page.resolution);
  const std::string stem = std::to_string(number);
  core::write_durably(folder / (stem + page.extension), picture.black_white
                                                            ? png_of(picture, page.resolution)
                                                            : jpeg_of(picture, page.resolution, kJpegQuality));
  const Raster small = reduced(picture, page.resolution / kSmallResolution);
  core::write_durably(folder / (stem + ".small.jpg"), jpeg_of(small, kSmallResolution, kSmallQuality));
  core::write_durably(folder / (stem + ".json"), to_json(page) + "\n");
  return page;
}

void scan(Service& service, const std::string& name, const fs::path& folder, std::int64_t first, std::int64_t most) {
  const ScanSettings settings = settings_from_json(service.line());
  SaneDevice device(name);
  service.alive();
  device.set(settings);
  if (settings.source == PaperSource::flatbed) most = 1;
  for (std::int64_t number = first; number < first + most; ++number) {
    SaneDevice::Page page;
    try {
      page = device.read_page([&] {
        service.alive();
        if (service.says_stop()) throw Refusal{"stopped", ""};
      });
    } catch (const Refusal& refusal) {
      const bool stack_ends = refusal.code == "no_paper" && number > first;
      service.end(stack_ends ? kDone : refusal);
      device.cancel();
      return;
    } catch (const std::bad_alloc&) {
      service.end({"no_memory", "the page is larger than there is memory"});
      device.cancel();
      return;
    }
    // Of a scanner that has no such mode.
    if (settings.mode == ColourMode::black_white && !page.picture.black_white) {
      page.picture = black_and_white(page.picture);
    }
    service.tell({{"page", Json::parse(to_json(keep(page, folder, number, settings.resolution)))}});
    if (service.line() != kNext) {
      service.end({"stopped", ""});
      break;
    }
  }
  service.end(kDone);
  device.cancel();
}

// Until a button goes down that was up.
void await_button(Service& service, const std::string& name) {
  SaneDevice device(name);
  for (std::string before = device.pressed_button();;) {
    if (service.says_stop(kLookEvery)) throw Refusal{"stopped", ""};
    service.alive();
    const std::string now = device.pressed_button();
    if (!now.empty() && now != before) {
      service.tell({{"button", now}});
      service.end(kDone);
      return;
    }
    before = now;
  }
}

void serve(Service& service, int count, char** arguments) {
  const std::string_view task = count > 1 ? arguments[1] : "";
  const Sane sane;
  if (task == "list" && count == 2) {
    Json scanners = Json::array();
    for (const Scanner& each : sane.list()) {
      scanners.push_back({{"name", each.name}, {"vendor", each.vendor}, {"model", each.model}});
    }
    service.tell({{"scanners", scanners}});
    service.end(kDone);
    return;
  }
  if (task == "describe" && count == 3) {
    SaneDevice device(arguments[2]);
    service.tell({{"capabilities", Json::parse(to_json(device.capabilities()))}});
    service.end(kDone);
    return;
  }
  if (task == "await-button" && count == 3) {
    await_button(service, arguments[2]);
    return;
  }
  if (task == "scan" && count == 6) {
    scan(service, arguments[2], arguments[3], core::parse_integer(arguments[4]).value_or(1),
         core::parse_integer(arguments[5]).value_or(1));
    return;
  }
  throw Refusal{"failed", "muniment-scan is started by muniment"};
}

void run(int count, char** arguments) {
  Service service;
  try {
    serve(service, count, arguments);
  } catch (const Refusal& refusal) {
    service.end(refusal);
  } catch (const core::Error& error) {
    service.end({error.code() == core::ErrorCode::storage_full ? "storage_full" : "failed", error.what()});
  }
}

}  // namespace

}  // namespace muniment::scanners::device

int main(int count, char** arguments) {
  muniment::scanners::device::run(count, arguments);
  return 0;
}
