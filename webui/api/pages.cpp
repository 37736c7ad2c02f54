// Pages put together anew, and the sheets and labels that part paper before it is scanned.
#include <algorithm>
#include <span>

#include "core/error.h"
#include "core/text.h"
#include "ingest/barcode_setting.h"
#include "printing/label_sheet.h"
#include "printing/separator_sheet.h"
#include "storage/serial_numbers.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

using Wanted = ingest::PageOrganiser::Wanted;

storage::PageOrigin page_of(Fields& body) {
  storage::PageOrigin page;
  page.document_id = body.number("document");
  page.page = body.number("page");
  const std::int64_t turn = body.maybe_number("turn").value_or(0);
  body.finish();
  if (turn != 0 && turn != 90 && turn != 180 && turn != 270) {
    throw Error(ErrorCode::invalid_argument, "pages are turned by quarters", {{"/turn", "must be 0, 90, 180 or 270"}});
  }
  page.turn = static_cast<std::int32_t>(turn);
  return page;
}

void send_made(Call& call, Api& api, std::span<const Wanted> wanted) {
  const std::vector<std::int64_t> made = api.services.organiser.put_together(call.who, wanted);
  Json left_out = Json::array();
  auto session = api.services.database.read();
  for (const std::int64_t id : made) {
    for (const storage::LeftOutNumber& each : storage::left_out_numbers(session, id)) {
      left_out.push_back({{"document", id}, {"number", each.number}, {"stays_with", each.document_id}});
    }
  }
  send_json(call.http, 201, {{"documents", made}, {"left_out_numbers", std::move(left_out)}});
}

void put_together(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  std::vector<Wanted> documents;
  for (Fields& each : body.objects("documents")) {
    Wanted wanted{each.maybe_text("title").value_or(""), {}};
    for (Fields& page : each.objects("pages")) wanted.pages.push_back(page_of(page));
    each.finish();
    documents.push_back(std::move(wanted));
  }
  body.finish();
  send_made(call, api, documents);
}

void collate(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t fronts = body.number("fronts");
  const std::int64_t backs = body.number("backs");
  body.finish();
  Wanted wanted;
  {
    auto session = api.services.database.read();
    const auto front = storage::find_document(session, call.who, fronts);
    const auto back = storage::find_document(session, call.who, backs);
    if (!front || !back || fronts == backs) throw Error(ErrorCode::not_found, "there are no two such documents");
    wanted.pages = ingest::PageOrganiser::collated(*front, *back);
  }
  send_made(call, api, std::span(&wanted, 1));
}

void undo_assembly(Call& call, Api& api) {
  send_json(call.http, 200, {{"documents", api.services.organiser.undo(call.who, call.number("id"))}});
}

ingest::BarcodeRules barcode_rules(Api& api) {
  auto session = api.services.database.read();
  return ingest::barcode_setting(session, api.options.barcodes).rules;
}

void send_separator_sheets(Call& call, Api& api) {
  const bool swedish = language_of(call) == records::Language::swedish;
  const std::vector<std::string> known = barcode_rules(api).separators;
  if (known.empty()) throw Error(ErrorCode::invalid_argument, "no barcode of separator sheets is set");
  const std::string code = call.http.query("code").value_or(known.front());
  if (std::ranges::find(known, code) == known.end()) {
    throw Error(ErrorCode::invalid_argument, "a sheet with this barcode would part nothing",
                {{"code", "must be one of the configured separators: " + core::joined(known, ", ")}});
  }
  const printing::SeparatorSheet sheet{
      code, swedish ? "Skiljeblad" : "Separator sheet",
      swedish ? "Lägg bladet mellan två dokument i skannern." : "Put this sheet between two documents in the scanner."};
  send_attachment(
      call.http, "application/pdf", "separator-sheets.pdf",
      printing::print_separator_sheets(sheet, static_cast<std::size_t>(call.number_query("count", 1, 1, 100))));
}

void send_serial_labels(Call& call, Api& api) {
  const auto sheet = printing::find_label_sheet(call.http.query("sheet").value_or("a4-3x8"));
  if (!sheet) {
    throw Error(ErrorCode::invalid_argument, "there is no such sheet",
                {{"sheet", "must be a4-3x8, a4-2x7 or label-62x29"}});
  }
  std::int64_t next = 1;
  {
    auto session = api.services.database.read();
    next = storage::next_serial_number(session);
  }
  constexpr std::int64_t kMost = 1000;
  const std::int64_t first = call.number_query("first", next, 0, storage::kLargestSerialNumber);
  const std::int64_t count = call.number_query("count", static_cast<std::int64_t>(sheet->per_page()), 1, kMost);
  if (first > storage::kLargestSerialNumber - count) {
    throw Error(ErrorCode::invalid_argument, "the numbers end at 4294967295", {{"first", "is too large"}});
  }
  const std::string prefix = barcode_rules(api).serial_prefix;
  constexpr std::size_t kDigits = 5;
  std::vector<printing::Label> labels;
  for (std::int64_t number = first; number < first + count; ++number) {
    std::string digits = std::to_string(number);
    if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
    labels.push_back({prefix + digits, digits, ""});
  }
  const bool qr = call.http.query("symbol").value_or("qr") != "code128";
  send_attachment(call.http, "application/pdf", "serial-labels.pdf",
                  printing::print_labels(labels, *sheet, qr ? printing::Symbol::qr : printing::Symbol::code128, 0));
}

}  // namespace

void add_pages(Router& router, Api& api) {
  const auto add = [&](const char* method, const char* pattern, Permission needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("POST", "/api/v1/pages/assemble", Permission::edit_documents, put_together);
  add("POST", "/api/v1/pages/collate", Permission::edit_documents, collate);
  add("POST", "/api/v1/documents/{id}/undo-assembly", Permission::edit_documents, undo_assembly);
  add("GET", "/api/v1/separator-sheets.pdf", Permission::capture, send_separator_sheets);
  add("GET", "/api/v1/serial-labels.pdf", Permission::capture, send_serial_labels);
}

}  // namespace muniment::webui::api
