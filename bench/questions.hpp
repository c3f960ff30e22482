#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench/trips/rounds.hpp"

namespace bench {

enum class Wire : std::uint8_t {
  loopback,  // one host, the kernel's own interface
  veth,      // two hosts, joined directly
  scripted,  // two hosts, and the testbed's wire between them
};

/// What is compared.
enum class Measure : std::uint8_t {
  time,  // the medians of the times
  rate,  // requests answered in a second, round by round
};

/// The packets of one exchange.
struct ExchangeLadder {
  std::string title, rows;
};

/// What is asked of this machine.
struct Question {
  std::string key, title;
  Wire wire = Wire::loopback;
  std::string script = {};  // the wire's rules, if scripted
  std::vector<Subject> subjects = {};
  std::vector<std::pair<std::size_t, std::size_t>> comparisons =
      {};  // of subjects: the second by the first
  Measure measure = Measure::time;
  bool quick = false;  // part of --quick
  double quick_seconds = 2, full_seconds = 6;
  std::uint64_t fewest = 1;                  // round trips in a round, also if that takes longer
  std::string note = {};                     // what the wire says about it, once measured
  std::vector<ExchangeLadder> ladders = {};  // of telling exchanges, if they were traced
};

/// All questions, in the order in which they are asked.
std::vector<Question> all_questions();

enum class Effort : std::uint8_t { quick, full };
Schedule schedule_for(const Question& question, Effort effort);

}  // namespace bench
