#include "storage/signed_note.h"

#include <gtest/gtest.h>

#include "core/base64.h"

namespace muniment::storage {
namespace {

// The published example of the format (golang.org/x/mod/sumdb/note): other implementations read and write the same.
constexpr std::string_view kPublic = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPrivate = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr std::string_view kSignature =
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(SignedNote, AgreesWithThePublishedExample) {
  const auto key = SigningKey::parse(kPrivate);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->text(), kPrivate);
  EXPECT_EQ(key->public_key().text(), kPublic);
  const std::string note = key->sign(kText);
  EXPECT_EQ(note, std::string(kText) + std::string(kSignature));
  const auto parsed = SignedNote::parse(note);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text, kText);
  EXPECT_EQ(parsed->check(PublicKey::parse(kPublic).value()), SignedNote::Verdict::valid);
}

TEST(SignedNote, EveryChangedByteIsNoticed) {
  const PublicKey key = PublicKey::parse(kPublic).value();
  const std::string note = std::string(kText) + std::string(kSignature);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] ^= 1;
    const auto parsed = SignedNote::parse(changed);
    EXPECT_FALSE(parsed && parsed->check(key) == SignedNote::Verdict::valid) << "byte " << i;
    EXPECT_FALSE(SignedNote::parse(note.substr(0, i))) << "cut at " << i;
  }
}

TEST(SignedNote, KnowsWhoseSignatureItIs) {
  core::SystemRandom random;
  const SigningKey ours = SigningKey::generate("muniment-a", random);
  const SigningKey impostor = SigningKey::generate("muniment-a", random);
  auto note = SignedNote::parse(ours.sign("text\n")).value();
  EXPECT_EQ(note.check(ours.public_key()), SignedNote::Verdict::valid);
  EXPECT_EQ(note.check(impostor.public_key()), SignedNote::Verdict::other_key);
  note.signatures.front().identifier = impostor.public_key().identifier();
  EXPECT_EQ(note.check(impostor.public_key()), SignedNote::Verdict::invalid);
  // A witness's signature beside ours is of no concern, even of an algorithm that is not known here.
  const auto two = SignedNote::parse(ours.sign("text\n") + "— witness AAAAAAE=\n");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->check(ours.public_key()), SignedNote::Verdict::valid);
}

TEST(SignedNote, RefusesWhatIsNoNoteAndNoKey) {
  for (const char* wrong :
       {"", "\n", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n— a AAAAAAE=", "text\n\n- a AAAAAAE=\n",
        "text\n\n— a b+c AAAAAAE=\n", "te\txt\n\n— a AAAAAAE=\n", "te\xfft\n\n— a AAAAAAE=\n"}) {
    EXPECT_FALSE(SignedNote::parse(wrong)) << wrong;
  }
  for (std::size_t i = 0; i < kPublic.size(); ++i) {
    EXPECT_FALSE(PublicKey::parse(kPublic.substr(0, i)));
    EXPECT_FALSE(PublicKey::parse(kPublic.substr(i + 1)));
    std::string changed(kPublic);
    changed[i] ^= 1;
    EXPECT_FALSE(PublicKey::parse(changed)) << changed;
  }
  EXPECT_FALSE(SigningKey::parse(kPublic));
}

TEST(SignedNote, ReadsAndWritesCheckpoints) {
  const CheckpointText checkpoint{"muniment-a", 128, core::Sha256::of("root")};
  const auto parsed = CheckpointText::parse(checkpoint.text());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->origin, checkpoint.origin);
  EXPECT_EQ(parsed->size, checkpoint.size);
  EXPECT_EQ(parsed->root, checkpoint.root);
  EXPECT_TRUE(CheckpointText::parse(checkpoint.text() + "extension\n"));
  const std::string root = core::to_base64(checkpoint.root.bytes);
  for (const std::string& wrong :
       {std::string(), "\n1\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n01\n" + root + "\n", "a\n+1\n" + root + "\n",
        "a\n1\n" + root, std::string("a\n1\nAAAA\n"), "a\n1\n" + root + "\n\n", "a\n\n" + root + "\n",
        "a\n99999999999999999999\n" + root + "\n"}) {
    EXPECT_FALSE(CheckpointText::parse(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace muniment::storage
