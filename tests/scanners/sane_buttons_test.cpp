// Which of a scanner's options are buttons: a SANE of our own, with one scanner whose options the tests set.
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sane/sane.h>

#include "scanners/device/sane_device.h"

namespace {

struct FakeOption {
  SANE_Option_Descriptor descriptor{};
  SANE_Word value = 0;
};

std::vector<FakeOption>& options() {
  static std::vector<FakeOption> all;
  return all;
}

void add(const char* name, SANE_Value_Type type, SANE_Int capabilities, SANE_Word value = 0) {
  FakeOption option;
  option.descriptor.name = name;
  option.descriptor.type = type;
  option.descriptor.size = sizeof(SANE_Word);
  option.descriptor.cap = capabilities;
  option.value = value;
  options().push_back(option);
}

constexpr SANE_Int kSensor = SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT;

}  // namespace

extern "C" {
SANE_Status sane_init(SANE_Int*, SANE_Auth_Callback) {
  return SANE_STATUS_GOOD;
}
void sane_exit() {}
SANE_Status sane_get_devices(const SANE_Device***, SANE_Bool) {
  return SANE_STATUS_UNSUPPORTED;
}
SANE_Status sane_open(SANE_String_Const, SANE_Handle* handle) {
  *handle = &options();
  return SANE_STATUS_GOOD;
}
void sane_close(SANE_Handle) {}
void sane_cancel(SANE_Handle) {}
const SANE_Option_Descriptor* sane_get_option_descriptor(SANE_Handle, SANE_Int index) {
  return &options().at(static_cast<std::size_t>(index) - 1).descriptor;
}
SANE_Status sane_control_option(SANE_Handle, SANE_Int index, SANE_Action, void* value, SANE_Int*) {
  const SANE_Word word = index == 0 ? static_cast<SANE_Word>(options().size() + 1)
                                    : options().at(static_cast<std::size_t>(index) - 1).value;
  std::memcpy(value, &word, sizeof word);
  return SANE_STATUS_GOOD;
}
SANE_Status sane_get_parameters(SANE_Handle, SANE_Parameters*) {
  return SANE_STATUS_UNSUPPORTED;
}
SANE_Status sane_start(SANE_Handle) {
  return SANE_STATUS_UNSUPPORTED;
}
SANE_Status sane_read(SANE_Handle, SANE_Byte*, SANE_Int, SANE_Int*) {
  return SANE_STATUS_UNSUPPORTED;
}
SANE_String_Const sane_strstatus(SANE_Status) {
  return "a status";
}
}

namespace muniment::scanners::device {
namespace {

class SaneButtons : public ::testing::Test {
 protected:
  void SetUp() override { options().clear(); }
};

TEST_F(SaneButtons, TheFirstThatIsPressedIsNamed) {
  add("scan", SANE_TYPE_BOOL, kSensor);
  add("button-2", SANE_TYPE_INT, kSensor);
  add("email", SANE_TYPE_BOOL, kSensor);
  SaneDevice device("any");
  EXPECT_EQ(device.pressed_button(), "");
  options()[1].value = 3;
  options()[2].value = 1;
  EXPECT_EQ(device.pressed_button(), "button-2");
}

TEST_F(SaneButtons, SensorsAndSettingsAreNone) {
  add("cover-open", SANE_TYPE_BOOL, kSensor, 1);
  add("page-loaded", SANE_TYPE_BOOL, kSensor, 1);
  add("scan", SANE_TYPE_BOOL, SANE_CAP_SOFT_DETECT | SANE_CAP_SOFT_SELECT, 1);
  add("file", SANE_TYPE_FIXED, kSensor, 1);
  SaneDevice device("any");
  try {
    device.pressed_button();
    ADD_FAILURE() << "it has no buttons";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "not_found");
  }
  add("copy", SANE_TYPE_BOOL, kSensor);
  EXPECT_EQ(device.pressed_button(), "");
}

TEST_F(SaneButtons, AFeederTellsOfItsPaperWhereItHasASensor) {
  SaneDevice device("any");
  EXPECT_FALSE(device.capabilities().paper_loaded.has_value());
  add("page-loaded", SANE_TYPE_BOOL, kSensor, 0);
  EXPECT_EQ(device.capabilities().paper_loaded, false);
  options()[0].value = 1;
  EXPECT_EQ(device.capabilities().paper_loaded, true);
  options()[0].descriptor.cap = SANE_CAP_SOFT_DETECT | SANE_CAP_SOFT_SELECT;
  EXPECT_FALSE(device.capabilities().paper_loaded.has_value()) << "what is set says nothing of the paper";
}

}  // namespace
}  // namespace muniment::scanners::device
