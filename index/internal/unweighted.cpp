#include "index/internal/unweighted.h"

#include <utility>
#include <vector>

namespace muniment::index {

using Xapian::Query;

namespace {

// The documents that have a term.
class Having : public Xapian::PostingSource {
 public:
  explicit Having(std::string term) : term_(std::move(term)) {}

  Having* clone() const override { return new Having(term_); }  // Xapian deletes it
  void init(const Xapian::Database& shard) override {
    shard_ = shard;
    frequency_ = shard.get_termfreq(term_);
    begun_ = false;
  }
  Xapian::doccount get_termfreq_min() const override { return frequency_; }
  Xapian::doccount get_termfreq_est() const override { return frequency_; }
  Xapian::doccount get_termfreq_max() const override { return frequency_; }

  void next(double /*least_weight*/) override {
    if (!begin()) ++at_;
  }
  void skip_to(Xapian::docid id, double /*least_weight*/) override {
    begin();
    if (!at_end()) at_.skip_to(id);
  }
  bool at_end() const override { return at_ == shard_.postlist_end(term_); }
  Xapian::docid get_docid() const override { return *at_; }

 private:
  bool begin() {
    if (begun_) return false;
    begun_ = true;
    at_ = shard_.postlist_begin(term_);
    return true;
  }

  const std::string term_;
  Xapian::Database shard_;
  Xapian::doccount frequency_ = 0;
  bool begun_ = false;
  Xapian::PostingIterator at_;
};

}  // namespace

Query condition(const Query& query) {
  const auto type = query.get_type();
  if (type == Query::LEAF_TERM) return Query((new Having(*query.get_terms_begin()))->release());
  if (type != Query::OP_OR && type != Query::OP_AND) return query;  // asks for positions, or has no term
  std::vector<Query> parts;
  for (std::size_t i = 0; i < query.get_num_subqueries(); ++i) parts.push_back(condition(query.get_subquery(i)));
  return Query(type, parts.begin(), parts.end());
}

}  // namespace muniment::index
