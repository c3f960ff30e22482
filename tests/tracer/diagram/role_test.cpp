// What a row is, in one or two words.
#include "tracer/diagram/role.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

/// "1: lost, 3: again": the rows that have a role.
std::string roles(const std::vector<std::string>& script) {
  const Ladder ladder = support::ladder_of(script);
  std::string text;
  for (const Row& row : ladder.rows)
    if (const std::string role = row_role(ladder, row); !role.empty())
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", row.number, role);
  return text;
}

TEST(Role, OfLossesAndWhatRepairsThem) {
  EXPECT_EQ(roles({"0.000-lost   client > server  S   1000:1000(0)",
                   "1.000-lost   client > server  S   1000:1000(0)",
                   "3.000-3.020  client > server  S   1000:1000(0)",
                   "3.020-3.040  server > client  R.  0:0(0) ack 1001"}),
            "1: lost, 2: lost again, 3: again, 4: reset");
}
TEST(Role, OfDuplicatesAndLatecomers) {
  EXPECT_EQ(roles({"0.000-0.020+0.021  client > server  S   1000:1000(0)",
                   "0.020-0.060  server > client  S.  5000:5000(0) ack 1001",
                   "0.021-0.050  server > client  S.  5000:5000(0) ack 1001"}),
            "1: duplicated, 2: late, 3: again");
}
TEST(Role, FromOneEndALossIsProbable) {
  EXPECT_EQ(roles({"0.000  client > server  S   1000:1000(0)",
                   "1.000  client > server  S   1000:1000(0)"}),
            "1: probably-lost, 2: again");
}
TEST(Role, ARetransmissionNamesItsOriginal) {
  const Ladder ladder = support::ladder_of({"0.000-lost   client > server  S   1000:1000(0)",
                                            "1.000-1.020  client > server  S   1000:1000(0)"});
  EXPECT_EQ(repeats_row(ladder.rows[0]), 0u);
  EXPECT_EQ(repeats_row(ladder.rows[1]), 1u);
}

}  // namespace
}  // namespace tracer
