// An archive with a pipeline for scans of FakeReader, whose pages bear barcodes.
#pragma once

#include <functional>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "ingest/intake.h"
#include "ingest/pipeline.h"
#include "storage/page_origins.h"
#include "storage/pages.h"
#include "storage/serial_numbers.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {

using storage::Document;

class StacksTest : public ::testing::Test {
 protected:
  static PipelineOptions options() {
    PipelineOptions options;
    options.slots = 2;
    options.poll_interval = std::chrono::milliseconds(10);
    options.barcodes.tags = {BarcodePattern::parse("TAG:*")};
    options.barcodes.types = {BarcodePattern::parse("TYPE:*")};
    options.barcodes.classes = {BarcodePattern::parse("CLASS:*")};
    options.barcodes.fields = {FieldPattern::parse("FIELD:*")};
    return options;
  }
  std::int64_t add(const std::string& name, const std::vector<std::string>& pages,
                   storage::NewDocument described = {}) {
    std::string text = "\x01" + name;
    for (const std::string& page : pages) text += "\n" + page;
    Arrival arrival;
    arrival.document = std::move(described);
    arrival.document.filename = name + ".pdf";
    arrival.document.source = "watch";
    bool given = false;
    return intake_
        .accept(staff_, arrival,
                [&](std::span<std::byte> buffer) -> std::size_t {
                  if (std::exchange(given, true)) return 0;
                  std::ranges::copy(std::as_bytes(std::span(text)), buffer.begin());
                  return text.size();
                })
        .document_id;
  }

  // Waits until the index alone has work.
  void settle() {
    const core::Deadline deadline(std::chrono::seconds(60));
    while (!deadline.passed()) {
      {
        auto session = archive_.database.read();
        const auto open = session.value<std::int64_t>(
            "SELECT count(*) FROM job WHERE state IN ('queued', 'waiting') OR (state = 'running' AND stage <> "
            "'indexing')");
        if (open == 0) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    FAIL() << "the pipeline does not come to an end";
  }

  Document document(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document(session, staff_, id).value();
  }
  std::vector<std::int64_t> parts_of(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::documents_made_of(session, staff_, id);
  }
  std::optional<storage::SerialNumber> serial(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::serial_number(session, id);
  }
  std::vector<std::int64_t> listed(bool replaced = false) {
    auto session = archive_.database.read();
    storage::DocumentFilter filter;
    filter.replaced = replaced;
    return storage::list_documents(session, staff_, filter, storage::DocumentOrder::oldest_first, 0, 100).ids;
  }
  std::string text(std::int64_t id, std::int64_t page) {
    auto session = archive_.database.read();
    const auto layer = storage::find_page(session, document(id), page);
    return layer ? layer->text() : "(none)";
  }
  static std::vector<std::string> tags(const Document& document) {
    std::vector<std::string> names;
    for (const auto& tag : document.tags) names.push_back(tag.name);
    return names;
  }

  testing::TestArchive archive_;
  testing::FakeReader reader_;
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_};
  core::EventStream events_{1000};
  Passwords passwords_;
  Renditions renditions_{archive_.data.renditions(), archive_.database, archive_.blobs, reader_, passwords_, log_};
  Pipeline pipeline_{archive_.database, archive_.blobs, reader_, renditions_, passwords_,
                     archive_.random,   log_,           events_, options()};
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [this] { pipeline_.wake(); }};
  storage::Principal staff_ = archive_.add_person("sara", storage::Role::staff);
};

}  // namespace muniment::ingest
