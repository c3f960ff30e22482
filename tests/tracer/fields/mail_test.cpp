// SMTP as a conversation: which lines are commands depends on what was said before (RFC 5321, 4954, 3030).
#include <gtest/gtest.h>

#include "tests/support/frames.hpp"
#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

using namespace support;

/// Feeds lines, "C: …" and "S: …", in a segment each; gives what a field had in each segment.
class Mail {
 public:
  explicit Mail(Field field) : field_(field) { tracker_.follow_applications(); }
  std::vector<std::string> say(const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const std::string& line : lines)
      found.push_back(segment(line[0] == 'C', line.substr(3) + "\r\n"));
    return found;
  }

 private:
  std::string segment(bool client, const std::string& payload) {
    std::uint32_t& seq = next_[client ? 0 : 1];
    const Tcp header{.source = static_cast<std::uint16_t>(client ? 40000 : 25),
                     .destination = static_cast<std::uint16_t>(client ? 25 : 40000),
                     .seq = seq,
                     .ack = next_[client ? 1 : 0]};
    const char* ends[] = {"10.0.0.1", "10.0.0.2"};
    const Buffer bytes = ethernet(
        0x0800, ipv4({.source = ends[client ? 0 : 1], .destination = ends[client ? 1 : 0]},
                     tcp(header, text(payload), ends[client ? 0 : 1], ends[client ? 1 : 0])));
    seq += static_cast<std::uint32_t>(payload.size());
    FieldSet wanted;
    wanted.add(field_);
    FieldSink sink(wanted);
    Packet packet;
    decode(frame(bytes), ++number_, packet);
    dissect(packet, tracker_.track(packet), {}, sink);
    std::string values;
    for (const FieldValue& value : sink.values()) {
      if (!values.empty()) values += ',';
      append_value(values, value);
    }
    return values;
  }

  Field field_;
  Tracker tracker_;
  std::uint32_t next_[2] = {1000, 5000};
  std::uint64_t number_ = 0;
};

using Lines = std::vector<std::string>;

TEST(Smtp, ALineOfCredentialsIsWhatTheServerAskedFor) {
  EXPECT_EQ(Mail(Field::smtp_req_command)
                .say({"S: 220 x", "C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: dXNlcg==",
                      "S: 334 UGFzc3dvcmQ6", "C: cGFzcw==", "S: 235 ok", "C: MAIL FROM:<a>"}),
            (Lines{"", "AUTH", "", "", "", "", "", "MAIL"}));
  EXPECT_EQ(
      Mail(Field::smtp_req_command).say({"S: 220 x", "C: AUTH LOGIN", "S: 504 no", "C: NOOP"}),
      (Lines{"", "AUTH", "", "NOOP"}));
}

TEST(Smtp, AChunkEndsAfterTheBytesThatWereAnnounced) {
  EXPECT_EQ(
      Mail(Field::smtp_req_command)
          .say({"S: 220 x", "C: BDAT 12", "C: MAIL FROM:", "C: BDAT 6 LAST", "C: QUIT", "C: QUIT"}),
      (Lines{"", "BDAT", "", "BDAT", "", "QUIT"}));
}

TEST(Smtp, AShortLineAloneIsNoCommand) {
  EXPECT_EQ(Mail(Field::smtp_req_command).say({"S: 220 x", "C: .", "C: ABC", "C: NOOP"}),
            (Lines{"", "", "", "NOOP"}));
}

}  // namespace
}  // namespace tracer
