#include "core/diff.h"

#include <algorithm>
#include <unordered_map>

namespace muniment::core {

namespace {

// Between anchors, more changes than this are not told apart: it also bounds the memory of Myers' trace (4 MB).
constexpr std::ptrdiff_t kMostChanges = 1000;

struct Range {
  std::size_t a_begin, a_end, b_begin, b_end;
};
struct Match {
  std::size_t a, b;
};

class Comparison {
 public:
  Comparison(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::size_t effort)
      : a_(a), b_(b), effort_(effort) {}

  Diff run() {
    std::vector<Range> left{{0, a_.size(), 0, b_.size()}};
    while (!left.empty()) {
      const Range range = left.back();
      left.pop_back();
      compare(range, left);
    }
    std::ranges::sort(matches_, {}, &Match::a);
    return {runs(), complete_};
  }

 private:
  bool spend(std::size_t steps) {
    if (steps > effort_) {
      complete_ = false;
      return false;
    }
    effort_ -= steps;
    return true;
  }

  // Keeps what is the same at both ends, and leaves the rest to be compared in `left` or compares it.
  void compare(Range r, std::vector<Range>& left) {
    while (r.a_begin < r.a_end && r.b_begin < r.b_end && a_[r.a_begin] == b_[r.b_begin]) {
      matches_.push_back({r.a_begin++, r.b_begin++});
    }
    while (r.a_begin < r.a_end && r.b_begin < r.b_end && a_[r.a_end - 1] == b_[r.b_end - 1]) {
      matches_.push_back({--r.a_end, --r.b_end});
    }
    if (r.a_begin == r.a_end || r.b_begin == r.b_end) return;
    if (!spend((r.a_end - r.a_begin) + (r.b_end - r.b_begin))) return;
    const std::vector<Match> anchors = rising(unique_in_both(r));
    if (anchors.empty()) return myers(r);
    Range gap = r;
    for (const Match& anchor : anchors) {
      matches_.push_back(anchor);
      left.push_back({gap.a_begin, anchor.a, gap.b_begin, anchor.b});
      gap.a_begin = anchor.a + 1;
      gap.b_begin = anchor.b + 1;
    }
    left.push_back(gap);
  }

  // By their place in `a`.
  std::vector<Match> unique_in_both(const Range& r) const {
    struct Seen {
      std::size_t in_a = 0, in_b = 0, at_b = 0;
    };
    std::unordered_map<std::uint32_t, Seen> seen;
    for (std::size_t i = r.a_begin; i < r.a_end; ++i) ++seen[a_[i]].in_a;
    for (std::size_t i = r.b_begin; i < r.b_end; ++i) {
      const auto found = seen.find(b_[i]);
      if (found == seen.end()) continue;
      ++found->second.in_b;
      found->second.at_b = i;
    }
    std::vector<Match> unique;
    for (std::size_t i = r.a_begin; i < r.a_end; ++i) {
      const Seen& one = seen.at(a_[i]);
      if (one.in_a == 1 && one.in_b == 1) unique.push_back({i, one.at_b});
    }
    return unique;
  }

  // The longest part that rises in `b` too.
  static std::vector<Match> rising(const std::vector<Match>& all) {
    std::vector<std::size_t> piles;  // index of the last match of the best row of each length
    std::vector<std::size_t> before(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto pile = std::ranges::lower_bound(piles, all[i].b, {}, [&](std::size_t index) { return all[index].b; });
      before[i] = pile == piles.begin() ? all.size() : *(pile - 1);
      if (pile == piles.end()) {
        piles.push_back(i);
      } else {
        *pile = i;
      }
    }
    std::vector<Match> row;
    for (std::size_t i = piles.empty() ? all.size() : piles.back(); i != all.size(); i = before[i])
      row.push_back(all[i]);
    std::ranges::reverse(row);
    return row;
  }

  // E. Myers, An O(ND) difference algorithm (1986). furthest[k] is the furthest place in `a` on diagonal k.
  void myers(const Range& r) {
    const auto n = static_cast<std::ptrdiff_t>(r.a_end - r.a_begin);
    const auto m = static_cast<std::ptrdiff_t>(r.b_end - r.b_begin);
    const std::ptrdiff_t most = std::min(n + m, kMostChanges);
    std::vector<std::vector<std::int32_t>> trace;  // of each number of changes, diagonals -d to d in steps of two
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      std::vector<std::int32_t> furthest(static_cast<std::size_t>(d) + 1);
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = d == 0 ? 0 : start(trace.back(), d, k);
        const std::ptrdiff_t from = x;
        while (x < n && x - k < m && x - k >= 0 && element_a(r, x) == element_b(r, x - k)) ++x;
        if (!spend(static_cast<std::size_t>(x - from) + 1)) return;
        furthest[static_cast<std::size_t>((k + d) / 2)] = static_cast<std::int32_t>(x);
        if (x >= n && x - k >= m) {
          trace.push_back(std::move(furthest));
          return walk_back(r, trace, k);
        }
      }
      trace.push_back(std::move(furthest));
    }
    complete_ = false;
  }

  // Where diagonal k begins with d changes, before what is equal there: `last` is of d - 1.
  static std::ptrdiff_t start(const std::vector<std::int32_t>& last, std::ptrdiff_t d, std::ptrdiff_t k) {
    const auto at = [&](std::ptrdiff_t diagonal) -> std::ptrdiff_t {
      return last[static_cast<std::size_t>((diagonal + d - 1) / 2)];
    };
    return is_insertion(last, d, k) ? at(k + 1) : at(k - 1) + 1;
  }
  static bool is_insertion(const std::vector<std::int32_t>& last, std::ptrdiff_t d, std::ptrdiff_t k) {
    const auto at = [&](std::ptrdiff_t diagonal) { return last[static_cast<std::size_t>((diagonal + d - 1) / 2)]; };
    return k == -d || (k != d && at(k - 1) < at(k + 1));
  }

  void walk_back(const Range& r, const std::vector<std::vector<std::int32_t>>& trace, std::ptrdiff_t k) {
    for (auto d = static_cast<std::ptrdiff_t>(trace.size()) - 1; d >= 0; --d) {
      std::ptrdiff_t x = trace[static_cast<std::size_t>(d)][static_cast<std::size_t>((k + d) / 2)];
      const auto* const last = d == 0 ? nullptr : &trace[static_cast<std::size_t>(d) - 1];
      const std::ptrdiff_t from = last == nullptr ? 0 : start(*last, d, k);
      for (; x > from; --x) {
        matches_.push_back(
            {r.a_begin + static_cast<std::size_t>(x) - 1, r.b_begin + static_cast<std::size_t>(x - k) - 1});
      }
      if (last != nullptr) k += is_insertion(*last, d, k) ? 1 : -1;
    }
  }

  std::uint32_t element_a(const Range& r, std::ptrdiff_t x) const {
    return a_[r.a_begin + static_cast<std::size_t>(x)];
  }
  std::uint32_t element_b(const Range& r, std::ptrdiff_t y) const {
    return b_[r.b_begin + static_cast<std::size_t>(y)];
  }

  std::vector<DiffRun> runs() const {
    std::vector<DiffRun> runs;
    const auto add = [&](DiffRun::Kind kind, std::size_t count) {
      if (count == 0) return;
      if (!runs.empty() && runs.back().kind == kind) {
        runs.back().count += count;
      } else {
        runs.push_back({kind, count});
      }
    };
    std::size_t a = 0, b = 0;
    for (const Match& match : matches_) {
      add(DiffRun::Kind::deleted, match.a - a);
      add(DiffRun::Kind::inserted, match.b - b);
      add(DiffRun::Kind::equal, 1);
      a = match.a + 1;
      b = match.b + 1;
    }
    add(DiffRun::Kind::deleted, a_.size() - a);
    add(DiffRun::Kind::inserted, b_.size() - b);
    return runs;
  }

  const std::span<const std::uint32_t> a_;
  const std::span<const std::uint32_t> b_;
  std::size_t effort_;
  bool complete_ = true;
  std::vector<Match> matches_;
};

}  // namespace

Diff diff(std::span<const std::uint32_t> before, std::span<const std::uint32_t> after, std::size_t effort) {
  return Comparison(before, after, effort).run();
}

}  // namespace muniment::core
