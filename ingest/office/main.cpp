// muniment-office: LibreOffice, loaded once, that turns one office file after another into PDF. It runs no macros,
// updates no links and has no way to anything outside (confinement.h).
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#define LOK_USE_UNSTABLE_API
#include <LibreOfficeKit/LibreOfficeKitEnums.h>
#include <LibreOfficeKit/LibreOfficeKitInit.h>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/internal/office_protocol.h"
#include "ingest/office/confinement.h"

namespace muniment::ingest::office {

namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

const std::string kProfile = std::string(kScratch) + "/profile";
const std::string kWork = std::string(kScratch) + "/document";
// Slides that are not to be shown are part of what is kept.
constexpr const char* kPdf = R"({"ExportHiddenSlides": {"type": "boolean", "value": "true"}})";

// The settings that matter for safety; LibreOffice's own defaults are laxer.
void write_profile() {
  fs::create_directories(kProfile + "/user");
  std::ofstream(kProfile + "/user/registrymodifications.xcu") << R"(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="CheckDocumentEvents" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Java/VirtualMachine"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="OfficeRestartInProgress" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
)";
}

class Converter {
 public:
  explicit Converter(const std::string& installation)
      : kit_(::lok_init_2((installation + "/program").c_str(), ("file://" + kProfile).c_str())) {
    if (kit_ == nullptr) throw Error(ErrorCode::unavailable, "LibreOffice does not start");
    kit_->pClass->registerCallback(kit_, &Converter::notice, this);
    kit_->pClass->setOptionalFeatures(kit_, LOK_FEATURE_DOCUMENT_PASSWORD | LOK_FEATURE_DOCUMENT_PASSWORD_TO_MODIFY);
  }

  std::string_view convert(const OfficeRequest& request, const core::FileDescriptor& input,
                           const core::FileDescriptor& output) {
    fs::remove_all(kWork);
    fs::create_directories(kWork);
    const std::string in = kWork + "/in." + request.extension;
    const std::string out = kWork + "/out.pdf";
    copy(input, core::FileDescriptor(::open(in.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)));
    password_ = request.password;
    asked_ = 0;
    LibreOfficeKitDocument* document = kit_->pClass->documentLoad(kit_, ("file://" + in).c_str());
    if (document == nullptr) {
      if (asked_ > 0) return kOfficeLocked;
      if (char* problem = kit_->pClass->getError(kit_); problem != nullptr) {
        std::fprintf(stderr, "%s\n", problem);
        std::free(problem);
      }
      return kOfficeFailed;
    }
    const bool written = document->pClass->saveAs(document, ("file://" + out).c_str(), "pdf", kPdf) != 0;
    document->pClass->destroy(document);
    if (!written || !fs::exists(out)) return kOfficeFailed;
    copy(core::open_for_reading(out), output);
    fs::remove_all(kWork);
    return kOfficeDone;
  }

 private:
  static void copy(const core::FileDescriptor& from, const core::FileDescriptor& to) {
    std::array<std::byte, 1 << 16> buffer;
    std::uint64_t done = 0;
    while (const std::size_t size = core::read_at(from, done, buffer)) {
      core::write_all(to, std::span(buffer).first(size));
      done += size;
    }
  }

  static void notice(int kind, const char* payload, void* data) {
    auto& self = *static_cast<Converter*>(data);
    if (kind != LOK_CALLBACK_DOCUMENT_PASSWORD && kind != LOK_CALLBACK_DOCUMENT_PASSWORD_TO_MODIFY) return;
    const std::string url = payload == nullptr ? "" : payload;
    // One to modify is not needed to read: nothing is how that is said.
    if (kind == LOK_CALLBACK_DOCUMENT_PASSWORD_TO_MODIFY) {
      self.kit_->pClass->setDocumentPassword(self.kit_, url.c_str(), "");
      return;
    }
    const bool try_it = self.asked_++ == 0 && self.password_.has_value();
    self.kit_->pClass->setDocumentPassword(self.kit_, url.c_str(), try_it ? self.password_->c_str() : nullptr);
  }

  LibreOfficeKit* kit_;
  std::optional<std::string> password_;
  int asked_ = 0;
};

void serve(const std::string& installation) {
  write_profile();
  Converter converter(installation);
  const auto say = [](std::string_view word) { return send_packet(kOfficeSocket, word); };
  say(kOfficeReady);
  bool ended = false;
  while (!ended) {
    const auto packet = receive_packet(kOfficeSocket, 2, 0, &ended);
    if (!packet || packet->descriptors.size() != 2) continue;
    say(converter.convert(decode_office_request(packet->bytes), packet->descriptors[0], packet->descriptors[1]));
  }
}

}  // namespace

}  // namespace muniment::ingest::office

int main(int argc, char** argv) {
  using namespace muniment;
  try {
    const auto memory = argc == 4 ? core::parse_integer(argv[2]) : std::nullopt;
    const auto output = argc == 4 ? core::parse_integer(argv[3]) : std::nullopt;
    if (!memory || !output) {
      throw core::Error(
          core::ErrorCode::invalid_argument,
          "muniment-office is started by muniment, with LibreOffice's folder, memory and output in bytes");
    }
    ingest::office::confine({argv[1], static_cast<std::uint64_t>(*memory), static_cast<std::uint64_t>(*output)});
    ingest::office::serve(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muniment-office: %s\n", error.what());
    ::_exit(1);
  }
  // LibreOffice's own threads are not waited for.
  ::_exit(0);
}
