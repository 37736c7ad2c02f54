// A pipeline over FakeReader, which reads what the test says.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "ingest/intake.h"
#include "ingest/pipeline.h"
#include "storage/index_queue.h"
#include "storage/pages.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {

class PipelineTest : public ::testing::Test {
 protected:
  static PipelineOptions quick() {
    PipelineOptions options;
    options.slots = 2;
    options.poll_interval = std::chrono::milliseconds(10);
    options.unavailable_pause = std::chrono::milliseconds(10);
    options.stop_patience = std::chrono::milliseconds(20);
    options.intake = testing::roomy_intake();
    return options;
  }
  // Enters a file for FakeReader.
  std::int64_t add(std::string text, int priority = storage::kInteractive) {
    Arrival arrival;
    arrival.document.filename = "scan.pdf";
    arrival.document.source = "test";
    arrival.priority = priority;
    std::size_t at = 0;
    return intake_
        .accept(staff_, arrival,
                [&](std::span<std::byte> buffer) {
                  const std::size_t count = std::min(buffer.size(), text.size() - at);
                  std::memcpy(buffer.data(), text.data() + at, count);
                  at += count;
                  return count;
                })
        .document_id;
  }

  // A first byte that no text has keeps it out of the batches of small texts.
  static std::string scan(const std::string& name, const std::vector<std::string>& pages,
                          const std::string& flags = "") {
    std::string text = "\x01" + name + " " + flags;
    for (const std::string& page : pages) text += "\n" + page;
    return text;
  }

  storage::Document document(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document(session, archive_.system(), id).value();
  }
  storage::Job job(std::int64_t document_id) {
    auto session = archive_.database.read();
    return storage::find_document_job(session, document_id).value();
  }
  std::string page_text(std::int64_t id, std::int64_t page) {
    auto session = archive_.database.read();
    const auto layer = storage::find_page(session, document(id), page);
    return layer ? layer->text() : "(no such page)";
  }

  [[nodiscard]] bool eventually(const std::function<bool()>& condition) {
    const core::Deadline deadline(std::chrono::seconds(60));
    while (!condition()) {
      if (deadline.passed()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  [[nodiscard]] bool reaches(std::int64_t id, storage::DocumentState state) {
    return eventually([&] { return document(id).state == state; });
  }
  // Read, and only its index entry is missing.
  [[nodiscard]] bool awaits_index(std::int64_t id) {
    return eventually([&] { return job(id).stage == "indexing"; });
  }

  void index_all() {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }

  std::unique_ptr<Pipeline> make_pipeline(PipelineOptions options) {
    return std::make_unique<Pipeline>(archive_.database, archive_.blobs, reader_, renditions_, passwords_,
                                      archive_.random, log_, events_, options);
  }

  testing::TestArchive archive_;
  testing::FakeReader reader_;
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_};
  core::EventStream events_{1000};
  Passwords passwords_;
  Renditions renditions_{archive_.data.renditions(), archive_.database, archive_.blobs, reader_, passwords_, log_};
  std::unique_ptr<Pipeline> pipeline_ = make_pipeline(quick());
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [this] { pipeline_->wake(); }};
  storage::Principal staff_ = archive_.add_person("sara", storage::Role::staff);
};

}  // namespace muniment::ingest
