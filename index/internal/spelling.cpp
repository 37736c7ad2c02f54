#include "index/internal/spelling.h"

#include "index/internal/tokens.h"

namespace muniment::index {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostWords = 500'000;
constexpr Xapian::doccount kSmallIndex = 1000;

}  // namespace

Spelling::Spelling(fs::path directory) : directory_(std::move(directory)) {}

void Spelling::learn(const Xapian::Database& database) {
  const std::lock_guard one_at_a_time(learning_);
  const fs::path fresh = directory_.string() + ".new";
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
  {
    Xapian::WritableDatabase words(fresh.string(), Xapian::DB_CREATE_OR_OVERWRITE);
    const Xapian::doccount least = database.get_doccount() < kSmallIndex ? 1 : 2;
    std::size_t learnt = 0;
    for (auto term = database.allterms_begin(); term != database.allterms_end() && learnt < kMostWords; ++term) {
      const std::string word = *term;
      if (word.size() < 3 || (word[0] >= 'A' && word[0] <= 'Z') || has_digit(word)) continue;
      if (term.get_termfreq() < least) continue;
      words.add_spelling(word, term.get_termfreq());
      ++learnt;
    }
    words.commit();
  }
  const std::lock_guard lock(mutex_);
  fs::remove_all(directory_, ignored);
  fs::rename(fresh, directory_, ignored);
}

std::string Spelling::suggest(const std::string& word) {
  const std::lock_guard lock(mutex_);
  if (!fs::exists(directory_)) return "";
  try {
    return Xapian::Database(directory_.string()).get_spelling_suggestion(word, 2);
  } catch (const Xapian::DatabaseError&) {
    // Damaged: better no suggestion than no answer; it will be learnt anew.
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
    return "";
  }
}

}  // namespace muniment::index
