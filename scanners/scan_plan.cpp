#include "scanners/scan_plan.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using storage::ScanPage;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::array<std::string_view, 3> kPartings{"none", "count", "blank"};
constexpr int kMostPagesPerDocument = 1000;

Json nullable(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json();
}
// What the barcodes on a page say of it.
struct Sheet {
  bool starts = false;
  bool left_out = false;
};

std::vector<Sheet> sheets_of(std::span<const ScanPage> pages, const ingest::BarcodeRules& rules) {
  std::vector<Sheet> sheets(pages.size());
  if (!rules.read) return sheets;
  std::vector<ingest::PageMarks> marks;
  for (const ScanPage& page : pages) {
    marks.push_back({{}, page.blank});
    for (const std::string& text : page.barcodes) marks.back().barcodes.push_back({"", text});
  }
  const auto documents = ingest::documents_in_stack(marks, rules);
  if (documents.empty()) return sheets;
  for (Sheet& sheet : sheets) sheet.left_out = true;
  for (const std::vector<std::int32_t>& numbers : documents) {
    for (const std::int32_t number : numbers) sheets[static_cast<std::size_t>(number - 1)].left_out = false;
    sheets[static_cast<std::size_t>(numbers.front() - 1)].starts = true;
  }
  return sheets;
}

std::optional<std::int64_t> number_or_none(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::int64_t>());
}

}  // namespace

std::string_view parting_name(Parting parting) {
  return kPartings[static_cast<std::size_t>(parting)];
}
std::optional<Parting> parse_parting(std::string_view name) {
  const auto found = std::find(kPartings.begin(), kPartings.end(), name);
  if (found == kPartings.end()) return std::nullopt;
  return static_cast<Parting>(found - kPartings.begin());
}

void require_sound(const ScanPlan& plan) {
  require_sound(plan.settings);
  if (plan.pages_per_document < 1 || plan.pages_per_document > kMostPagesPerDocument) {
    throw Error(ErrorCode::invalid_argument, "a document has 1 to 1000 pages",
                {{"/pages_per_document", "must be 1 to 1000"}});
  }
  if (plan.file_at_once && plan.settings.source == PaperSource::feeder_turned) {
    throw Error(ErrorCode::invalid_argument, "the backs come last, so nothing is complete before",
                {{"/file_at_once", "must be false when the stack is turned by hand"}});
  }
}

std::string to_json(const ScanPlan& plan) {
  return Json{{"settings", Json::parse(to_json(plan.settings))},
              {"parting", parting_name(plan.parting)},
              {"pages_per_document", plan.pages_per_document},
              {"drop_blank", plan.drop_blank},
              {"backs_upside_down", plan.backs_upside_down},
              {"file_at_once", plan.file_at_once},
              {"class", nullable(plan.class_id)},
              {"folder", nullable(plan.folder_id)},
              {"type", nullable(plan.type_id)},
              {"tags", plan.tag_ids}}
      .dump();
}

ScanPlan plan_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    ScanPlan plan;
    plan.settings = settings_from_json(json.at("settings").dump());
    plan.parting = parse_parting(json.at("parting").get<std::string>()).value_or(Parting::none);
    plan.pages_per_document = json.at("pages_per_document");
    plan.drop_blank = json.at("drop_blank");
    plan.backs_upside_down = json.at("backs_upside_down");
    plan.file_at_once = json.at("file_at_once");
    plan.class_id = number_or_none(json.at("class"));
    plan.folder_id = number_or_none(json.at("folder"));
    plan.type_id = number_or_none(json.at("type"));
    plan.tag_ids = json.at("tags").get<std::vector<std::int64_t>>();
    return plan;
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::bad_file, "the plan of a scan cannot be read").because(error.what());
  }
}

std::vector<DocumentPages> documents_of(std::span<const ScanPage> pages, const ScanPlan& plan,
                                        const ingest::BarcodeRules& rules, bool all_there) {
  std::vector<DocumentPages> documents;
  const auto full = [&] {
    return plan.parting == Parting::count &&
           documents.back().spent.size() >= static_cast<std::size_t>(plan.pages_per_document);
  };
  const std::vector<Sheet> sheets = sheets_of(pages, rules);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const ScanPage& page = pages[i];
    const bool parts = plan.parting == Parting::blank && page.blank && !page.starts;
    if (documents.empty() || page.starts.value_or(parts || sheets[i].starts || full())) documents.emplace_back();
    documents.back().spent.push_back(page.id);
    if (page.starts.has_value() || page.kept == true) documents.back().parted_by_hand = true;
    const bool stays = !parts && !sheets[i].left_out && !(plan.drop_blank && page.blank);
    if (page.kept.value_or(stays)) documents.back().pages.push_back(page);
  }
  if (!all_there && !documents.empty() && !full()) documents.pop_back();
  // Blank pages and separator sheets alone are no document; they go with the one before, else with the next.
  std::vector<DocumentPages> kept;
  std::vector<std::int64_t> ahead;
  for (DocumentPages& document : documents) {
    if (!document.pages.empty()) {
      document.spent.insert(document.spent.begin(), ahead.begin(), ahead.end());
      ahead.clear();
      kept.push_back(std::move(document));
    } else {
      std::vector<std::int64_t>& with = kept.empty() ? ahead : kept.back().spent;
      with.insert(with.end(), document.spent.begin(), document.spent.end());
    }
  }
  return kept;
}

std::vector<std::int64_t> collated(std::span<const ScanPage> pages) {
  std::vector<std::int64_t> fronts, backs, order;
  for (const ScanPage& page : pages) (page.pass == 1 ? fronts : backs).push_back(page.id);
  if (backs.size() > fronts.size()) {
    order = fronts;
    order.insert(order.end(), backs.begin(), backs.end());
    return order;
  }
  for (std::size_t sheet = 0; sheet < fronts.size(); ++sheet) {
    order.push_back(fronts[sheet]);
    if (sheet < backs.size()) order.push_back(backs[backs.size() - 1 - sheet]);
  }
  return order;
}

}  // namespace muniment::scanners
