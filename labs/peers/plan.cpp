#include "labs/peers/plan.hpp"

#include <random>

namespace peers {

const ModeName modes[21] = {
    {Mode::plain, "plain", "as a friendly program does"},
    {Mode::dribble, "dribble", "one byte a segment"},
    {Mode::coalesce, "coalesce", "all of it in one write, the end with it"},
    {Mode::pieces, "pieces", "cut at random, where no message ends"},
    {Mode::pause, "pause", "stops in the middle for --wait"},
    {Mode::half_close, "half-close", "closes its direction before it reads"},
    {Mode::keep_open, "keep-open", "never closes first"},
    {Mode::early_close, "early-close", "closes in the middle of what it sends"},
    {Mode::reset, "reset", "a RST in the middle of what it sends"},
    {Mode::disappear, "disappear", "sends half, then neither speaks nor reads"},
    {Mode::flood, "flood", "sends for --wait as fast as it can, and reads nothing"},
    {Mode::slow_reader, "slow-reader",
     "lets its window fill for --wait, then reads little by little"},
    {Mode::silent, "silent", "says nothing for --wait, then closes"},
    {Mode::many, "many", "--count connections at once, their pieces mixed"},
    {Mode::hold, "hold", "one silent connection stays open while another does the work"},
    {Mode::burst, "burst", "UDP: --count datagrams at once"},
    {Mode::twice, "twice", "UDP: every datagram two times"},
    {Mode::empty, "empty", "UDP: a datagram of no bytes before the others"},
    {Mode::large, "large", "UDP: datagrams of 4000 bytes, which IP must cut"},
    {Mode::stray, "stray", "UDP: another port speaks first"},
    {Mode::reversed, "reversed", "UDP: the last datagram first"},
};

std::string payload(const Plan& plan, std::uint64_t stream) {
  if (!plan.text.empty()) return plan.text;
  std::mt19937_64 random(plan.seed * 1'000'003 + stream);
  std::string made;
  for (std::size_t line = 0; made.size() < plan.bytes;) {
    const bool ends = line > 0 && random() % 40 == 0;
    made += ends ? '\n' : static_cast<char>('a' + random() % 26);
    line = ends ? 0 : line + 1;
  }
  if (!made.empty()) made.back() = '\n';
  return made;
}

}  // namespace peers
