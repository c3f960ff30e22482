// Two hosts and a wire, for the length of one run.
//
//     client program           the wire            server program
//       10.0.0.1  eth0 ─ veth ─ [rules] ─ veth ─ eth0  10.0.0.2
//        fd00::1     captured             captured     fd00::2
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "labs/testbed/wire_rules.hpp"
#include "tracer/bytes/frame_store.hpp"
#include "tracer/wire/address.hpp"

namespace testbed {

/// How much a program may use, with all that it starts. One that takes more is ended, and
/// ProgramResult::limit says why. `disk` and `output` are bytes, as is `memory`.
struct Limits {
  unsigned processes = 256;  // threads count too
  std::uint64_t memory = std::uint64_t{512} << 20;
  std::uint64_t disk = std::uint64_t{64} << 20;    // written to its folder and /tmp
  std::uint64_t output = std::uint64_t{64} << 20;  // printed beyond what is kept
};

/// Where a program lives. It sees the system's programs and libraries, the folders named here, and an
/// empty /tmp; nothing else of the machine's files.
struct Place {
  /// Its own: it starts there and may write; what it writes is gone after the run. Empty: the folder
  /// that the caller is in, and files that the command names by path can be read too.
  std::string folder;
  std::vector<std::string> readable;  // more that it may read
  std::optional<std::string> path;    // instead of RunSpec::path
};

/// What to run, and on what kind of wire.
struct RunSpec {
  /// Shell command lines; empty: that host runs nothing. `{port}` stands for the port that the
  /// server listens on, so that client and server need not agree beforehand.
  std::string server, client;
  std::vector<WireRule> wire;
  std::uint64_t seed = 1;
  FilterCompiler compile;     // for `where` rules; may be empty if there are none
  bool ipv6 = false;          // WIRELAB_PEER is then the IPv6 address
  std::uint16_t port = 7000;  // WIRELAB_PORT, until the server is seen to use another
  std::string congestion = "reno";
  std::string path;     // folders put before PATH, joined by ':'; programs may read them
  Place places[2];      // indexed by Side
  Limits limits;        // of each program
  bool strict = false;  // start nothing that cannot be contained (private_root.hpp)
  std::vector<std::pair<std::string, std::string>> environment;
  std::chrono::milliseconds time_limit{30'000};
  /// Programs that all wait for each other, with nothing under way, are ended after this; 0: never.
  std::chrono::milliseconds standstill_limit{0};
  std::size_t output_limit = 256 * 1024;                 // bytes kept of what each program prints
  std::uint64_t capture_limit = std::uint64_t{1} << 30;  // bytes of frames kept; then incomplete
};

/// How one program fared.
struct ProgramResult {
  bool ran = false;
  int status = 0;                  // as from waitpid(2)
  bool stopped = false;            // ended by us when its peer was done; no fault
  bool timed_out = false;          // ended by us at the time limit, or since nothing moved any more
  bool starved = false;            // of a hang: the machine gave it too little time to work
  tracer::Timestamp stopped_at{};  // if stopped: what its kernel sends after that is not its doing
  bool ignored_sigterm = false;    // and had to be killed
  std::string limit;               // "more than 256 processes and threads": it was ended for that
  std::string
      detail;  // where it hung, or waited while its peer did: "accept"; or why it did not start
  std::string output;                // standard output and error, in order
  std::uint64_t dropped_output = 0;  // bytes beyond the limit
};

/// What the wire did with one packet: the ground truth.
struct WireEvent {
  std::uint64_t id = 0;  // packets counted from 1, both directions together
  Side from = Side::client;
  tracer::Timestamp received{};
  std::uint32_t length = 0;
  bool dropped = false, corrupted = false, held = false;
  unsigned copies = 1;
  int rule = -1;
  std::string cause;
  std::uint64_t corrupt_at = 0;
  std::vector<tracer::Timestamp> sent;        // one a copy that left the wire
  std::uint64_t digest = 0, sent_digest = 0;  // of the frame as it came and as it left
};

/// A TCP socket that ended in a host.
struct ClosedSocket {
  Side side = Side::client;
  tracer::Endpoint local, remote;
  /// Bytes that had come and were never read; a FIN that was not read counts as one.
  std::uint32_t unread = 0;
};

struct RunResult {
  ProgramResult programs[2];  // indexed by Side
  /// Every frame seen at the hosts, in the order of time; vantage 0 is the client's interface,
  /// 1 the server's; packet_id is the wire's number for it, the same at both.
  tracer::FrameStore frames;
  std::vector<WireEvent> wire;
  std::vector<ClosedSocket> closed;    // in order, a host at a time
  std::vector<std::uint64_t> applied;  // how often each wire rule acted
  bool complete = false;               // the captures hold every frame that the wire carried
  std::string incomplete_because;
  std::vector<std::string> notes;
  bool interrupted = false;
  tracer::Nanoseconds setup{0}, teardown{0};  // without the programs' own time
};

/// Who wants to know while it happens. All optional.
struct RunObserver {
  std::function<void(Side, std::string_view)> output;
  std::function<void(const tracer::Frame&)> frame;  // vantage as in RunResult
  std::function<void(const WireEvent&)> wire;
  std::function<void()> ready;
  /// After each batch of news, when `descriptor` is readable, and every few milliseconds besides.
  /// Returns wire scripts that are to be obeyed from now on; they must be right.
  std::function<std::vector<std::string>()> turn;
  int descriptor = -1;
};

/// Runs it and waits. Throws tracer::Failure: 4 where namespaces are forbidden, 1 if the testbed
/// cannot be made or dies. If only the wire dies there is a result, not `complete`. SIGINT ends the programs and returns what there is, `interrupted`; whatever
/// happens to this process, nothing of the run survives it.
RunResult run(const RunSpec& spec, const RunObserver& observer = {});

/// Puts the wire's packet numbers on the captured frames and gives them its verdicts as comments.
/// They are matched by content, and first in first out among equals: counting alone would go wrong
/// where two processors send at once, since the capture and the wire may then see another order.
/// A frame that the wire does not know, or one that it knows and no capture holds, makes the
/// result incomplete.
void number_frames(RunResult& result);

}  // namespace testbed
