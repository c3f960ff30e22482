// What one peer shall do, as its command line says.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace peers {

enum class Mode : std::uint8_t {
  // over TCP, as client and as server
  plain,        // as a friendly program does
  dribble,      // one byte a segment
  coalesce,     // all of it in one write; as a server: the answer and the end together
  pieces,       // cut where no message ends, at random
  pause,        // stops in the middle for a while
  half_close,   // its side is closed before it reads anything
  keep_open,    // never closes first
  early_close,  // closes in the middle of what it sends
  reset,        // a RST in the middle of what it sends
  disappear,    // sends half, and does not say or read anything any more
  flood,        // sends without end, and does not read
  slow_reader,  // lets its window fill, then reads little by little
  silent,       // connects, or accepts, and says nothing
  many,         // several connections at once
  hold,         // a silent connection stays open while another does the work
  // over UDP
  burst,     // all at once
  twice,     // every datagram two times
  empty,     // one of no bytes before the others
  large,     // so large that IP cuts it
  stray,     // from another port than the one that was asked
  reversed,  // the last one first
};

struct Plan {
  Mode mode = Mode::plain;
  bool udp = false;
  std::string host;  // empty: this is a server
  std::string port;
  std::uint64_t seed = 1;
  std::string text;  // what to send; empty: `bytes` bytes that the seed makes
  std::size_t bytes = 100;
  std::size_t count = 4;  // connections of `many`; datagrams
  std::chrono::milliseconds wait{300};
  bool echo = false;  // client: what comes back must be what was sent; server: send back what comes
  std::string expect;  // client: the answer must hold this
  std::string
      until;  // server: a request ends with this; empty: at the client's FIN, or when it pauses
  bool show = false;  // prints the answer
  bool udp_only() const { return mode >= Mode::burst; }
};

/// The name of a mode as on the command line, and its sentence for --help.
struct ModeName {
  Mode mode;
  const char *name, *sentence;
};
extern const ModeName modes[21];

/// What a plan sends: its text, or as many bytes as it says, lines of letters, the same for one seed.
std::string payload(const Plan& plan, std::uint64_t stream = 0);

}  // namespace peers
