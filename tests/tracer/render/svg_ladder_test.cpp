// The drawing of a ladder: nothing overlaps, nothing leaves the picture, nothing in it is markup.
#include "tracer/render/svg_ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/story.hpp"
#include "tracer/render/ladder_layout.hpp"
#include "tracer/render/svg_text.hpp"

namespace tracer {
namespace {

using support::ladder_of;
using testing::HasSubstr;
using testing::Not;

std::string drawn(const Ladder& ladder, const SvgOptions& options = {}) {
  std::string out;
  append_svg_ladder(out, ladder, options);
  return out;
}

/// Vertical extent of a label at x pixels from the sender's lifeline.
struct Strip {
  double top, slope, height, width;
};
Strip strip(const LadderLayout::Arrow& arrow) {
  double widest = svg_text_width(arrow.label);
  for (const std::string& line : arrow.below) widest = std::max(widest, svg_text_width(line));
  const double tilt = std::hypot(1, arrow.slope);
  return {arrow.departure - 13.5 * tilt, arrow.slope,
          (13.5 + 13 * static_cast<double>(arrow.below.size())) * tilt, widest + 9};
}
bool overlap(const Strip& a, const Strip& b) {
  for (double x = 9; x <= std::min(a.width, b.width); x += 1) {
    const double ya = a.top + a.slope * x, yb = b.top + b.slope * x;
    if (ya < yb + b.height && yb < ya + a.height) return true;
  }
  return false;
}

/// Packets of both sides with delays and fates at random.
std::vector<std::string> random_script(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> script;
  double now = 0;
  for (int i = 0; i < 50; ++i) {
    now += random() % 3 ? 0.00001 * static_cast<double>(random() % 50)
                        : 0.001 * static_cast<double>(random() % 60);
    const double arrival = now + 0.001 * static_cast<double>(1 + random() % 90);
    const bool lost = random() % 8 == 0, client = random() % 2 == 0, twice = random() % 8 == 0;
    const std::string fate = lost    ? "lost"
                             : twice ? fmt::format("{:.6f}+{:.6f}", arrival, arrival + 0.002)
                                     : fmt::format("{:.6f}", arrival);
    script.push_back(
        client ? fmt::format("{:.6f}-{} client > server . {}:{}(100) ack 5001", now, fate,
                             1001 + 100 * i, 1101 + 100 * i)
               : fmt::format("{:.6f}-{} server > client . {}:{}(100) ack 1001 <sack 1101:1201>",
                             now, fate, 5001 + 100 * i, 5101 + 100 * i));
  }
  return script;
}

TEST(SvgLadder, NoTwoLabelsOverlapWhateverTheDelays) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Ladder ladder = ladder_of(random_script(seed));
    const LadderLayout layout(ladder, {});
    for (std::size_t a = 0; a < layout.arrows.size(); ++a)
      for (std::size_t b = a + 1; b < layout.arrows.size(); ++b)
        if (ladder.rows[layout.arrows[a].row].from == ladder.rows[layout.arrows[b].row].from) {
          EXPECT_FALSE(overlap(strip(layout.arrows[a]), strip(layout.arrows[b])))
              << "seed " << seed << ": #" << a + 1 << " and #" << b + 1;
        }
    for (const LadderLayout::Arrow& arrow : layout.arrows)
      EXPECT_LE(strip(arrow).width, 640) << arrow.label;
  }
}

// A line below a label would cover it, as near the lifeline as both are.
TEST(SvgLadder, NoHeadOfAnArrowIsInALineBelowALabel) {
  unsigned lines = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Ladder ladder = ladder_of(random_script(seed));
    const LadderLayout layout(ladder, {});
    for (const LadderLayout::Arrow& with : layout.arrows)
      for (const LadderLayout::Arrow& in : layout.arrows) {
        if (with.below.empty() || ladder.rows[in.row].fate == Fate::lost ||
            ladder.rows[with.row].from == ladder.rows[in.row].from)
          continue;
        ++lines;
        const bool beside =
            in.arrival > with.departure + 1 &&
            in.arrival < with.departure + 13 * static_cast<double>(with.below.size());
        EXPECT_FALSE(beside) << "seed " << seed << ": #" << in.row + 1 << " beside #"
                             << with.row + 1;
      }
  }
  EXPECT_GT(lines, 1000u) << "or nothing was looked at";
}

TEST(SvgLadder, ALostPacketEndsHalfWayAtACross) {
  const std::string svg = drawn(ladder_of({"0.000-lost   client > server  S   1000:1000(0)",
                                           "1.000-1.020  client > server  S   1000:1000(0)"}));
  EXPECT_THAT(svg, HasSubstr("id=\"p1\" class=\"packet lost\""));
  EXPECT_THAT(svg, HasSubstr("data-role=\"again\""));
  EXPECT_THAT(svg, HasSubstr("class=\"link\""));
  EXPECT_THAT(svg, HasSubstr("class=\"mark\""));
}

/// What stands on the arrow of a row, and below it.
std::string label_of_row(const LadderLayout& layout, std::size_t row) {
  std::string text = layout.arrows.at(row).label;
  for (const std::string& line : layout.arrows[row].below) text += " / " + line;
  return text;
}

// Half of the way is every label's own; the rest belongs to who needs it and finds it free.
TEST(SvgLadder, ALabelRunsOnWhereNothingIsInItsWay) {
  Ladder ladder = ladder_of({"0.000-0.020  client > server  P.  1001:1101(100) ack 1",
                             "0.100-0.120  server > client  P.  1:101(100) ack 1101"});
  for (Row& row : ladder.rows) row.label.message = "Certificate, Server Key Exchange, Finished";
  const LadderLayout alone(ladder, {{}, 560});
  EXPECT_THAT(label_of_row(alone, 0), HasSubstr("Certificate, Server Key"));
  EXPECT_GT(svg_text_width(alone.arrows[0].label), 280);
  EXPECT_LT(svg_text_width(alone.arrows[0].label), 560);
  // The answer leaves while the question is under way: their labels would meet in the middle.
  Ladder crossing = ladder_of({"0.000-0.020  client > server  P.  1001:1101(100) ack 1",
                               "0.000-0.020  server > client  P.  1:101(100) ack 1001"});
  for (Row& row : crossing.rows) row.label.message = "Server Hello Done";
  const LadderLayout met(crossing, {{}, 560});
  for (const std::size_t row : {0u, 1u}) {
    EXPECT_LT(svg_text_width(met.arrows[row].label), 280);
    EXPECT_THAT(met.arrows[row].below, testing::ElementsAre("Server Hello Done"));
  }
}

TEST(SvgLadder, FromOneEndItSaysSo) {
  const std::string svg = drawn(ladder_of({"0.000  client > server  S   1000:1000(0)",
                                           "0.040  server > client  S.  5000:5000(0) ack 1001"}));
  EXPECT_THAT(svg, HasSubstr("the far end not observed"));
  EXPECT_THAT(svg, Not(HasSubstr("data-arrived")));
}

TEST(SvgLadder, NamesAndPayloadAreNeverMarkup) {
  Ladder ladder = ladder_of({"0.000-0.020  client > server  P.   1001:1101(100) ack 1"});
  ladder.names[0] = "</text><script>alert(1)</script>";
  ladder.rows[0].label.text =
      "]]></style>\x1b[31m\"'&\xe2\x80\xae"
      "evil";
  ladder.rows.push_back(ladder.rows[0]);
  ladder.rows[1].number = 2;
  ladder.rows[1].label.message = "DNS query A <script>\x1b[31m";
  const std::string svg = drawn(ladder);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("\x1b")));
  EXPECT_THAT(svg, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;"));
}

TEST(SvgLadder, LongRunsFoldAndLongConversationsEnd) {
  std::vector<std::string> script;
  for (int i = 0; i < 500; ++i)
    script.push_back(fmt::format("{:.6f}  client > server  .   {}:{}(100) ack 5001", 0.001 * i,
                                 1001 + 100 * i, 1101 + 100 * i));
  const Ladder ladder = ladder_of(script);
  SvgOptions options;
  options.fold_from = 6;
  EXPECT_THAT(drawn(ladder, options), HasSubstr("⋮ 498 more"));
  options.fold_from = 0;
  options.most_rows = 100;
  const std::string svg = drawn(ladder, options);
  EXPECT_THAT(svg, HasSubstr("the last 400 are not drawn"));
  EXPECT_THAT(svg, Not(HasSubstr("id=\"p101\"")));
}

TEST(SvgLadder, OrdinaryRowsFoldBothWaysWhereThatIsAsked) {
  std::vector<std::string> script{"0.000  client > server  S   1000:1000(0)",
                                  "0.001  server > client  S.  5000:5000(0) ack 1001",
                                  "0.002  client > server  .   1001:1001(0) ack 5001"};
  for (int i = 0; i < 40; ++i)
    script.push_back(i % 2 ? fmt::format("{:.6f}  server > client  .   5001:5001(0) ack {}",
                                         0.01 + 0.001 * i, 1051 + 50 * i)
                           : fmt::format("{:.6f}  client > server  .   {}:{}(100) ack 5001",
                                         0.01 + 0.001 * i, 1001 + 50 * i, 1101 + 50 * i));
  script.push_back("0.060  client > server  F.  3001:3001(0) ack 5001");
  const Ladder ladder = ladder_of(script);
  SvgOptions options;
  options.fold_from = 6;
  EXPECT_THAT(drawn(ladder, options), Not(HasSubstr("more")));
  options.fold_both_ways = true;
  const std::string svg = drawn(ladder, options);
  EXPECT_THAT(svg, HasSubstr("⋮ 38 more, both ways"));
  for (const char* kept : {"id=\"p3\"", "id=\"p4\"", "id=\"p43\"", "id=\"p44\""})
    EXPECT_THAT(svg, HasSubstr(kept));
  EXPECT_THAT(svg, Not(HasSubstr("id=\"p5\"")));
}

TEST(SvgLadder, InAPageItBringsNoStyleAndItsIdsHaveAPrefix) {
  SvgOptions options;
  options.alone = false;
  options.id_prefix = "a-";
  const std::string svg = drawn(ladder_of({"0.000  client > server  S   1000:1000(0)"}), options);
  EXPECT_THAT(svg, Not(HasSubstr("<style")));
  EXPECT_THAT(svg, HasSubstr("id=\"a-p1\""));
}

}  // namespace
}  // namespace tracer
