// Keeps muniment-office running, and has it turn office files into PDF.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>

#include "core/log.h"
#include "core/process.h"
#include "ingest/extractor.h"

namespace muniment::ingest {

// Thread-safe; one document at a time.
class OfficeProcess {
 public:
  OfficeProcess(const ExtractorOptions& options, core::Log& log) : options_(options), log_(log) {}

  // Whether LibreOffice is there and was not found unable to run. Asked for each document, so that it can be installed
  // while the service runs.
  bool usable() const;

  // Writes the PDF to `output`, which is empty. The process is started when none runs, and ended after some documents
  // and after each that did not go well. Errors: those of Extractor; unsupported_type when it cannot be started.
  void convert(const Source& source, std::string_view extension, const core::FileDescriptor& output,
               std::stop_token stop);

 private:
  struct Run {
    core::FileDescriptor socket;
    core::FileDescriptor errors;
    std::optional<core::Process> process;
    int documents = 0;
  };
  void start(std::stop_token stop);
  std::string answer(const Run& run, std::chrono::milliseconds within, std::stop_token stop) const;

  const ExtractorOptions options_;
  core::Log& log_;
  std::mutex mutex_;
  std::optional<Run> run_;
};

}  // namespace muniment::ingest
