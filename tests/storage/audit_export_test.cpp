// Tampering with an exported log: whatever is done to it is found, and the first bad entry named.
#include "storage/audit_export.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "core/text.h"
#include "storage/audit.h"
#include "storage/audit_checkpoint.h"
#include "storage/internal/audit_format.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using Json = nlohmann::ordered_json;
using testing::TestArchive;

constexpr std::int64_t kEntries = 34;              // over a full tree, and few enough to be changed in every way
constexpr std::int64_t kCheckpoints[] = {10, 23};  // besides the one at the end
constexpr std::int64_t kErased = 12;

// An archive with a log of kEntries entries and checkpoints at some of them.
struct LoggedArchive {
  TestArchive archive;
  AuditCheckpoints checkpoints{archive.database, archive.random, archive.data.keys(), archive.directory.path() / "out"};
  std::vector<AuditCheckpoint> made;

  LoggedArchive() { log_until(kEntries); }

  std::int64_t entries() {
    auto session = archive.database.read();
    return audit_tree_head(session).size;
  }
  void log_until(std::int64_t size) {
    for (std::int64_t next = entries() + 1; next <= size; ++next) {
      auto tx = archive.database.begin({next % 3, "test"});
      if (next == kErased + 5) {
        erase_audit_detail(tx, kErased, "a decision");
      } else {
        tx.audit({"thing.changed", "thing", next, R"({"name":"old"})", R"({"name":"new å"})", "because"});
      }
      tx.commit();
      if (next == kCheckpoints[0] || next == kCheckpoints[1] || next == size) made.push_back(checkpoints.make());
    }
  }
  std::vector<std::string> lines() {
    std::vector<std::string> result;
    auto session = archive.database.read();
    export_audit(session, system_principal(session, "test"), made.back().size, checkpoints.public_keys(),
                 [&](std::string_view line) {
                   result.emplace_back(line);
                   return true;
                 });
    return result;
  }
};

AuditVerdict verdict_on(const std::vector<std::string>& lines, const std::vector<PublicKey>& keys,
                        const std::vector<AuditCheckpoint>& kept = {}) {
  std::vector<AuditExportVerifier::Checkpoint> expected;
  for (const AuditCheckpoint& checkpoint : kept) {
    expected.push_back({"checkpoint " + std::to_string(checkpoint.size), checkpoint.note});
  }
  AuditExportVerifier verifier(keys, std::move(expected));
  for (const std::string& line : lines) verifier.add(line);
  return verifier.finish();
}

std::int64_t first_bad(const AuditVerdict& verdict) {
  return verdict.sound() ? -1 : verdict.findings.front().entry;
}

// The entry in the line; 0 when it is another kind of line.
std::int64_t entry_in(const std::string& line) {
  return Json::parse(line).value("sequence", std::int64_t{0});
}

std::vector<std::size_t> entry_lines(const std::vector<std::string>& lines) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (entry_in(lines[i]) > 0) places.push_back(i);
  }
  return places;
}

void set_header(std::vector<std::string>& lines, const char* key, std::int64_t value) {
  Json header = Json::parse(lines.front());
  header[key] = value;
  lines.front() = header.dump() + "\n";
}

// What a forger does who knows the format: from line `from` on every hash is made anew.
void chain_anew(std::vector<std::string>& lines, std::size_t from) {
  std::string previous;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (entry_in(lines[i]) == 0) continue;
    Json line = Json::parse(lines[i]);
    if (i >= from) {
      line["hash"] = audit_chain_hash(previous, line["entry"].get<std::string>());
      lines[i] = line.dump() + "\n";
    }
    previous = line["hash"];
  }
}

void alter_entry(std::string& text) {
  Json line = Json::parse(text);
  std::string entry = line["entry"];
  entry.replace(entry.find("\"succeeded\":true"), 16, "\"succeeded\":false");
  line["entry"] = entry;
  text = line.dump() + "\n";
}

TEST(AuditExport, AnUntouchedExportVerifies) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  ASSERT_EQ(entry_lines(lines).size(), static_cast<std::size_t>(kEntries));
  const AuditVerdict verdict = verdict_on(lines, logged.checkpoints.public_keys(), logged.made);
  EXPECT_TRUE(verdict.sound()) << verdict.findings.front().what;
  EXPECT_EQ(verdict.entries, kEntries);
  EXPECT_EQ(verdict.root, logged.made.back().root);
  EXPECT_EQ(verdict.checkpoints, 6);
  EXPECT_EQ(verdict.erased, std::vector<std::int64_t>{kErased});
  EXPECT_TRUE(verdict_on(lines, {}).sound()) << "with the keys in the export";
  // In pieces of any size.
  std::string all;
  for (const std::string& line : lines) all += line;
  for (const std::size_t piece : {1U, 7U, 1000U}) {
    AuditExportVerifier verifier(logged.checkpoints.public_keys(), {});
    for (std::size_t i = 0; i < all.size(); i += piece) verifier.add(std::string_view(all).substr(i, piece));
    EXPECT_TRUE(verifier.finish().sound());
  }
}

TEST(AuditExport, EverySingleEntryChangeIsFoundAndNamed) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  for (const std::size_t place : entry_lines(lines)) {
    const std::int64_t entry = entry_in(lines[place]);
    for (const char* field : {"entry", "hash", "salt", "detail"}) {
      auto changed = lines;
      Json line = Json::parse(changed[place]);
      std::string text = line[field];
      text.empty() ? text = "x" : text.replace(text.size() / 2, 1, text[text.size() / 2] == 'a' ? "b" : "a");
      line[field] = text;
      changed[place] = line.dump() + "\n";
      EXPECT_EQ(first_bad(verdict_on(changed, {})), entry) << field;
    }
    for (std::size_t byte = static_cast<std::size_t>(entry) % 11; byte < lines[place].size(); byte += 11) {
      auto changed = lines;
      changed[place][byte] ^= 1;
      EXPECT_EQ(first_bad(verdict_on(changed, {})), entry) << byte << " in " << changed[place];
    }
    auto spaced = lines;
    spaced[place].insert(1, " ");
    EXPECT_EQ(first_bad(verdict_on(spaced, {})), entry);
    auto without_detail = lines;
    Json line = Json::parse(lines[place]);
    line["salt"] = line["detail"] = "";
    without_detail[place] = line.dump() + "\n";
    EXPECT_EQ(first_bad(verdict_on(without_detail, {})), entry == kErased ? -1 : entry);
  }
}

TEST(AuditExport, EveryCutIsFoundAndNamed) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  for (std::size_t from = 0; from < lines.size(); ++from) {
    std::int64_t expected = 0;  // the first entry that is missing
    for (std::size_t to = from + 1; to <= lines.size(); ++to) {
      if (expected == 0) expected = entry_in(lines[to - 1]);
      auto cut = lines;
      cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(from), cut.begin() + static_cast<std::ptrdiff_t>(to));
      const AuditVerdict verdict = verdict_on(cut, {});
      ASSERT_FALSE(verdict.sound()) << from << " to " << to;
      if (from > 0 && expected > 0) {
        EXPECT_EQ(first_bad(verdict), expected) << from << " to " << to;
      }
    }
  }
}

TEST(AuditExport, EverySwapIsFoundAndNamed) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  const auto places = entry_lines(lines);
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = i + 1; j < places.size(); ++j) {
      auto swapped = lines;
      std::swap(swapped[places[i]], swapped[places[j]]);
      ASSERT_EQ(first_bad(verdict_on(swapped, {})), entry_in(lines[places[i]])) << i << " and " << j;
    }
  }
}

TEST(AuditExport, EveryInsertionIsFoundAndNamed) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  const auto places = entry_lines(lines);
  for (const std::size_t place : places) {
    for (const std::size_t copied : places) {
      if (entry_in(lines[copied]) == entry_in(lines[place]) + 1)
        continue;  // the next one may come twice: it is the second that is wrong
      auto longer = lines;
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(place) + 1, lines[copied]);
      ASSERT_EQ(first_bad(verdict_on(longer, {})), entry_in(lines[place]) + 1) << copied << " after " << place;
    }
  }
  // A new entry with the right hash, which no checkpoint covers.
  auto longer = lines;
  Json last = Json::parse(lines[places.back()]);
  std::string entry = last["entry"];
  entry.replace(entry.find("\"sequence\":34"), 13, "\"sequence\":35");
  last["sequence"] = kEntries + 1;
  last["entry"] = entry;
  longer.push_back(last.dump() + "\n");
  chain_anew(longer, longer.size() - 1);
  EXPECT_EQ(first_bad(verdict_on(longer, {})), kEntries + 1);
  set_header(longer, "entries", kEntries + 1);
  EXPECT_EQ(first_bad(verdict_on(longer, {})), kEntries + 1);
}

TEST(AuditExport, ARewrittenHistoryContradictsItsCheckpoints) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  const auto& keys = logged.checkpoints.public_keys();
  for (const std::size_t place : entry_lines(lines)) {
    const std::int64_t entry = entry_in(lines[place]);
    auto changed = lines;
    alter_entry(changed[place]);
    chain_anew(changed, place);
    const std::int64_t last_good = entry > kCheckpoints[1]   ? kCheckpoints[1]
                                   : entry > kCheckpoints[0] ? kCheckpoints[0]
                                                             : 0;
    EXPECT_EQ(first_bad(verdict_on(changed, keys)), last_good + 1) << entry;
    // Without the checkpoints that give it away, those kept elsewhere do, and the missing signature at the end.
    std::erase_if(changed, [](const std::string& line) { return Json::parse(line).contains("checkpoint"); });
    set_header(changed, "checkpoints", 0);
    EXPECT_EQ(first_bad(verdict_on(changed, keys)), 1);
    const AuditVerdict verdict = verdict_on(changed, keys, logged.made);
    const auto named = [&](const AuditFinding& finding) { return finding.entry == last_good + 1; };
    EXPECT_TRUE(std::any_of(verdict.findings.begin(), verdict.findings.end(), named)) << entry;
  }
}

TEST(AuditExport, TruncationToAnEarlierCheckpointAndRollbackShowAgainstACheckpointKeptElsewhere) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  const auto& keys = logged.checkpoints.public_keys();
  std::vector<std::string> older;
  {
    auto session = logged.archive.database.read();
    export_audit(session, system_principal(session, "test"), kCheckpoints[1], keys, [&](std::string_view line) {
      older.emplace_back(line);
      return true;
    });
  }
  EXPECT_TRUE(verdict_on(older, keys, {logged.made[0], logged.made[1]}).sound()) << "it is a sound log of its time";
  EXPECT_EQ(first_bad(verdict_on(older, keys, logged.made)), kCheckpoints[1] + 1);
}

TEST(AuditExport, AForkShowsAgainstACheckpointOfTheOtherBranch) {
  LoggedArchive logged;
  const auto kept = logged.made;
  // The same database as it was with the entries of the second checkpoint, and the same key, going on otherwise.
  const auto lines = logged.lines();
  constexpr std::size_t kForked = kCheckpoints[1] + 3;
  auto forked = lines;
  const auto places = entry_lines(lines);
  for (std::size_t i = kForked; i < places.size(); ++i) alter_entry(forked[places[i]]);
  chain_anew(forked, places[kForked]);
  MerkleFrontier frontier;
  for (const std::size_t place : places)
    frontier.add(merkle_leaf(Json::parse(forked[place])["entry"].get<std::string>()));
  const auto key = SigningKey::parse(core::trim(core::read_file(logged.archive.data.keys() / "audit.key", 1000)));
  const std::string note = key->sign(CheckpointText{key->public_key().name, kEntries, frontier.root()}.text());
  forked.back() = Json{{"checkpoint", note}}.dump() + "\n";
  const auto& keys = logged.checkpoints.public_keys();
  EXPECT_TRUE(verdict_on(forked, keys).sound()) << "who has the key can write another history";
  EXPECT_EQ(first_bad(verdict_on(forked, keys, kept)), kCheckpoints[1] + 1)
      << "but not against a checkpoint kept elsewhere";
}

TEST(AuditExport, CheckpointsMustBeSignedByAKeyThatIsTrusted) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  core::SystemRandom random;
  const SigningKey other = SigningKey::generate("muniment-other", random);
  EXPECT_FALSE(verdict_on(lines, {other.public_key()}).sound());
  auto altered = logged.made;
  altered[1].note[altered[1].note.size() - 10] ^= 1;
  EXPECT_FALSE(verdict_on(lines, logged.checkpoints.public_keys(), altered).sound());
  auto foreign = logged.made;
  foreign[1].note = other.sign(CheckpointText{"muniment-other", kCheckpoints[1], foreign[1].root}.text());
  EXPECT_FALSE(verdict_on(lines, logged.checkpoints.public_keys(), foreign).sound());
  auto no_note = logged.made;
  no_note[1].note = "nothing";
  EXPECT_FALSE(verdict_on(lines, logged.checkpoints.public_keys(), no_note).sound());
}

TEST(AuditExport, ChangedHeadersAndCheckpointsAreFound) {
  LoggedArchive logged;
  const auto lines = logged.lines();
  const auto& keys = logged.checkpoints.public_keys();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (entry_in(lines[i]) > 0) continue;
    for (std::size_t byte = 0; byte < lines[i].size(); byte += 3) {
      auto changed = lines;
      changed[i][byte] ^= 1;
      EXPECT_FALSE(verdict_on(changed, i == 0 ? std::vector<PublicKey>() : keys).sound()) << changed[i];
    }
  }
  EXPECT_FALSE(verdict_on({}, {}).sound());
  EXPECT_FALSE(verdict_on({"{}\n"}, {}).sound());
}

}  // namespace
}  // namespace muniment::storage
